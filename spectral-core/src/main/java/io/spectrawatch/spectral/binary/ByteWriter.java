package io.spectrawatch.spectral.binary;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the canonical binary form of values, for {@link ByteReader}: no padding, no choice of
 * representation.
 */
public final class ByteWriter {
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    private ByteBuffer out;

    /**
     * @param order of the bytes of a number
     * @param sizeHint expected size in bytes, so that large forms are copied once
     */
    public ByteWriter(ByteOrder order, int sizeHint) {
        out = ByteBuffer.allocate(Math.max(sizeHint, Long.BYTES)).order(order);
    }

    private ByteBuffer room(long bytes) {
        if (bytes > out.remaining()) {
            long needed = out.position() + bytes;
            long wanted = Math.max(Math.min(out.capacity() * 2L, MOST_BYTES), needed);
            ByteBuffer larger = ByteBuffer.allocate(Math.toIntExact(wanted)).order(out.order());
            out = larger.put(out.flip());
        }
        return out;
    }

    /** Writes the lowest 8 bits. */
    public ByteWriter int8(int value) {
        room(1).put((byte) value);
        return this;
    }

    /** Writes 1 for true, 0 for false, in one byte. */
    public ByteWriter flag(boolean value) {
        return int8(value ? 1 : 0);
    }

    /** Writes an int. */
    public ByteWriter int32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    /** Writes a long. */
    public ByteWriter int64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    /** Writes a double, bit for bit. */
    public ByteWriter fp64(double value) {
        room(Double.BYTES).putDouble(value);
        return this;
    }

    /** Writes the values without their count. */
    public ByteWriter fp64(double[] values) {
        room((long) values.length * Double.BYTES);
        for (double value : values) {
            out.putDouble(value);
        }
        return this;
    }

    /** Writes the values without their count. */
    public ByteWriter int32(int[] values) {
        room((long) values.length * Integer.BYTES);
        for (int value : values) {
            out.putInt(value);
        }
        return this;
    }

    /** Writes bits, lowest first, without their count. */
    public ByteWriter bits(boolean[] values) {
        byte[] packed = new byte[(values.length + 7) / 8];
        for (int i = 0; i < values.length; i++) {
            packed[i / 8] |= (byte) (values[i] ? 1 << i % 8 : 0);
        }
        room(packed.length).put(packed);
        return this;
    }

    /** Writes the byte count (int32) and the UTF-8 bytes; null is absent, a count of -1. */
    public ByteWriter text(String value) {
        return value == null ? int32(-1) : bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the byte count (int32) and the bytes. */
    public ByteWriter bytes(byte[] value) {
        int32(value.length);
        room(value.length).put(value);
        return this;
    }

    /** Returns all that was written, a fresh array. */
    public byte[] toBytes() {
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Returns all that was written and its CRC-32C (int32). */
    public byte[] toCheckedBytes() {
        return int32(Crc32c.of(out.array(), out.position())).toBytes();
    }
}
