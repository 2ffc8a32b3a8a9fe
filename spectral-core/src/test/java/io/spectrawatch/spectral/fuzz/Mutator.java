package io.spectrawatch.spectral.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages bytes in the ways of a broken or hostile writer: flipped bits, other bytes, truncation,
 * extension, ranges dropped, doubled or taken from another record, and at random places the numbers
 * that lengths, counts, dates and activations break on, in every encoding the project reads.
 */
public final class Mutator {

    private static final int MOST_STEPS = 3;
    private static final int MOST_BITS = 8;
    private static final int LONGEST_EXTENSION = 64;
    private static final int LONGEST_RANGE = 256;

    private static final long[] INTEGERS = {
        0,
        1,
        -1,
        2,
        Byte.MAX_VALUE,
        Byte.MIN_VALUE,
        Short.MAX_VALUE,
        1 << 16,
        1 << 20,
        1 << 24,
        1 << 28,
        1 << 29,
        1 << 30,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE - 8,
        Integer.MIN_VALUE,
        Integer.MIN_VALUE + 1,
        1L << 31,
        1L << 32,
        1L << 61,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final double[] NUMBERS = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_NORMAL / 2,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        -0.0,
        1,
        -1,
        2
    };

    private final Random random;
    private final List<byte[]> others;

    /**
     * @param others records that ranges are taken from
     */
    public Mutator(Random random, List<byte[]> others) {
        this.random = random;
        this.others = others;
    }

    /** Returns a damaged copy; in rare cases the damage changes nothing. */
    public byte[] mutate(byte[] record) {
        byte[] bytes = record.clone();
        int steps = 1 + random.nextInt(MOST_STEPS);
        for (int i = 0; i < steps; i++) {
            bytes = step(bytes);
        }
        return bytes;
    }

    private byte[] step(byte[] bytes) {
        if (bytes.length == 0) {
            return extend(bytes);
        }
        return switch (random.nextInt(13)) {
            case 0, 1 -> flip(bytes);
            case 2 -> other(bytes);
            case 3 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 4 -> extend(bytes);
            case 5 -> drop(bytes);
            case 6 -> repeat(bytes);
            case 7 -> splice(bytes);
            case 8 -> integer(bytes, Integer.BYTES);
            case 9 -> integer(bytes, random.nextBoolean() ? Long.BYTES : Short.BYTES);
            case 10 -> number(bytes);
            case 11 -> decimal(bytes);
            default -> varint(bytes);
        };
    }

    private byte[] flip(byte[] bytes) {
        for (int i = random.nextInt(MOST_BITS); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        return bytes;
    }

    private byte[] other(byte[] bytes) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        return bytes;
    }

    private byte[] extend(byte[] bytes) {
        byte[] tail = new byte[1 + random.nextInt(LONGEST_EXTENSION)];
        random.nextBytes(tail);
        return join(bytes, bytes.length, tail, bytes, bytes.length);
    }

    private byte[] drop(byte[] bytes) {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(LONGEST_RANGE));
        return join(bytes, from, new byte[0], bytes, to);
    }

    private byte[] repeat(byte[] bytes) {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(LONGEST_RANGE));
        return join(bytes, to, Arrays.copyOfRange(bytes, from, to), bytes, to);
    }

    private byte[] splice(byte[] bytes) {
        byte[] other = others.get(random.nextInt(others.size()));
        int end = random.nextInt(bytes.length + 1);
        int from = random.nextBoolean() ? Math.min(end, other.length) : anyPlace(other);
        return join(bytes, end, new byte[0], other, from);
    }

    private int anyPlace(byte[] bytes) {
        return random.nextInt(bytes.length + 1);
    }

    private byte[] integer(byte[] bytes, int width) {
        long value = INTEGERS[random.nextInt(INTEGERS.length)];
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES);
        if (random.nextBoolean()) {
            word.order(ByteOrder.LITTLE_ENDIAN).putLong(value);
            return overwrite(bytes, Arrays.copyOf(word.array(), width));
        }
        word.putLong(value);
        return overwrite(bytes, Arrays.copyOfRange(word.array(), Long.BYTES - width, Long.BYTES));
    }

    private byte[] number(byte[] bytes) {
        double value = NUMBERS[random.nextInt(NUMBERS.length)];
        ByteBuffer word =
                ByteBuffer.allocate(Double.BYTES)
                        .order(
                                random.nextBoolean()
                                        ? ByteOrder.LITTLE_ENDIAN
                                        : ByteOrder.BIG_ENDIAN);
        if (random.nextBoolean()) {
            return overwrite(bytes, word.putDouble(value).array());
        }
        return overwrite(bytes, Arrays.copyOf(word.putFloat((float) value).array(), Float.BYTES));
    }

    /** Base-128 as protobuf writes it, or zigzag before that as Avro does. */
    private byte[] varint(byte[] bytes) {
        long value = INTEGERS[random.nextInt(INTEGERS.length)];
        long rest = random.nextBoolean() ? value << 1 ^ value >> 63 : value;
        byte[] encoded = new byte[10];
        int length = 0;
        do {
            encoded[length++] = (byte) (rest & 0x7F | (rest >>> 7 == 0 ? 0 : 0x80));
            rest >>>= 7;
        } while (rest != 0);
        encoded = Arrays.copyOf(encoded, length);
        if (random.nextBoolean()) {
            return overwrite(bytes, encoded);
        }
        // In the place of a number of one byte, which most lengths and counts are.
        int at = random.nextInt(bytes.length);
        return join(bytes, at, encoded, bytes, at + 1);
    }

    /** Another number where text has one, in the records that have text. */
    private byte[] decimal(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, at + LONGEST_RANGE);
        while (at < end && !isDigit(bytes[at])) {
            at++;
        }
        if (at == end) {
            return bytes;
        }
        int after = at;
        while (after < bytes.length && isDigit(bytes[after])) {
            after++;
        }
        String value = Long.toString(INTEGERS[random.nextInt(INTEGERS.length)]);
        return join(bytes, at, value.getBytes(StandardCharsets.US_ASCII), bytes, after);
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    private byte[] overwrite(byte[] bytes, byte[] value) {
        int at = random.nextInt(bytes.length);
        // Fixed-width fields are mostly aligned.
        at = random.nextBoolean() ? at : at & -Integer.BYTES;
        System.arraycopy(value, 0, bytes, at, Math.min(value.length, bytes.length - at));
        return bytes;
    }

    private static byte[] join(byte[] head, int headEnd, byte[] middle, byte[] tail, int from) {
        byte[] joined = Arrays.copyOf(head, headEnd + middle.length + tail.length - from);
        System.arraycopy(middle, 0, joined, headEnd, middle.length);
        System.arraycopy(tail, from, joined, headEnd + middle.length, tail.length - from);
        return joined;
    }
}
