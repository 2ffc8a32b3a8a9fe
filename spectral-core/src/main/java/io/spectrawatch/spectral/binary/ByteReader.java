package io.spectrawatch.spectral.binary;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads what {@link ByteWriter} wrote and refuses everything else. Every method throws the error it
 * was given if the bytes do not hold what it reads; no more memory is taken than the bytes that are
 * left can fill, whatever they claim.
 */
public final class ByteReader {
    private final ByteBuffer in;
    private final String what;
    private final Function<String, ? extends RuntimeException> error;
    private int version;

    /**
     * @param order of the bytes of a number
     * @param what names the bytes in errors
     * @param error makes the error of a message
     */
    public ByteReader(
            byte[] bytes,
            ByteOrder order,
            String what,
            Function<String, ? extends RuntimeException> error) {
        this.in = ByteBuffer.wrap(bytes).order(order);
        this.what = what;
        this.error = error;
    }

    /** Reads an int that begins every form of a kind. */
    public ByteReader magic(int expected, String kind) {
        if (in.remaining() < Integer.BYTES || in.getInt() != expected) {
            throw refusal("not a " + kind + " (" + in.limit() + " bytes)");
        }
        return this;
    }

    /** Keeps the version that was read, if it is a known one. */
    public ByteReader version(int found, int... known) {
        if (Arrays.stream(known).noneMatch(each -> each == found)) {
            String all =
                    Arrays.stream(known)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(", "));
            throw refusal(
                    "known version" + (known.length == 1 ? " " : "s ") + all + ", found " + found);
        }
        version = found;
        return this;
    }

    /** Returns the version kept. */
    public int version() {
        return version;
    }

    /** Takes the CRC-32C at the end off, after checking it. */
    public ByteReader checked() {
        int end = in.limit() - Integer.BYTES;
        if (end < in.position() || in.getInt(end) != Crc32c.of(in.array(), end)) {
            throw refusal("the checksum does not match, the bytes are damaged");
        }
        in.limit(end);
        return this;
    }

    /** Reads a signed byte. */
    public int int8() {
        return need(1).get();
    }

    /** Reads a byte of 0 or 1. */
    public boolean flag() {
        int value = int8();
        if (value != 0 && value != 1) {
            throw bad("a flag of 0 or 1", value);
        }
        return value == 1;
    }

    /** Reads an int. */
    public int int32() {
        return need(Integer.BYTES).getInt();
    }

    /** Reads an int between two bounds, inclusive. */
    public int int32(String name, int least, int most) {
        int value = int32();
        if (value < least || value > most) {
            throw bad(name + " from " + least + " to " + most, value);
        }
        return value;
    }

    /** Reads a long. */
    public long int64() {
        return need(Long.BYTES).getLong();
    }

    /** Reads a double, bit for bit. */
    public double fp64() {
        return need(Double.BYTES).getDouble();
    }

    /** Reads so many doubles. */
    public double[] fp64(long count) {
        need(Math.multiplyExact(count, Double.BYTES));
        double[] values = new double[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getDouble();
        }
        return values;
    }

    /** Reads so many doubles that are neither NaN nor infinite. */
    public double[] finite(long count) {
        double[] values = fp64(count);
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw refusal("finite values expected");
            }
        }
        return values;
    }

    /** Reads so many ints. */
    public int[] int32(long count) {
        need(Math.multiplyExact(count, Integer.BYTES));
        int[] values = new int[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getInt();
        }
        return values;
    }

    /** Reads so many bits, lowest first; those that fill the last byte are 0. */
    public boolean[] bits(long count) {
        byte[] packed = content((count + 7) / 8);
        boolean[] values = new boolean[(int) count];
        for (int i = 0; i < packed.length * 8; i++) {
            boolean bit = (packed[i / 8] >> i % 8 & 1) == 1;
            if (i < count) {
                values[i] = bit;
            } else if (bit) {
                throw refusal("padding bits must be 0");
            }
        }
        return values;
    }

    /** Reads bytes with their count (int32) before them. */
    public byte[] bytes() {
        return content(int32());
    }

    /** Reads UTF-8 text that must be there. */
    public String requiredText() {
        return text(int32());
    }

    /** Reads UTF-8 text, null where it was absent. */
    public String optionalText() {
        int length = int32();
        return length == -1 ? null : text(length);
    }

    private String text(int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content(length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refusal("UTF-8 text expected");
        }
    }

    /** Reads a count (int32) of entries of at least {@code entryBytes} each, which must be left. */
    public int count(int entryBytes) {
        int count = int32();
        if (count < 0 || (long) count * entryBytes > in.remaining()) {
            throw refusal(count + " entries do not fit " + in.remaining() + " bytes");
        }
        return count;
    }

    /** Returns how many bytes are left. */
    public int remaining() {
        return in.remaining();
    }

    /**
     * Refuses bytes whose fields are out of range or contradict each other.
     *
     * @param expected what holds for all that was written
     * @param found the fields concerned
     */
    public void require(boolean holds, String expected, Object found) {
        if (!holds) {
            throw refusal("expected " + expected + ", found " + found);
        }
    }

    /** Returns the error for a field that is not as expected. */
    public RuntimeException bad(String expected, Object found) {
        return refusal(expected + " expected, found " + found);
    }

    /** Refuses bytes that follow what was read. */
    public void end() {
        if (in.hasRemaining()) {
            throw refusal(in.remaining() + " bytes too many");
        }
    }

    private byte[] content(long length) {
        need(length);
        byte[] content = new byte[(int) length];
        in.get(content);
        return content;
    }

    private ByteBuffer need(long bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw refusal(
                    bytes
                            + " more expected at offset "
                            + in.position()
                            + ", found "
                            + in.remaining());
        }
        return in;
    }

    private RuntimeException refusal(String message) {
        return error.apply(what + ": " + message);
    }
}
