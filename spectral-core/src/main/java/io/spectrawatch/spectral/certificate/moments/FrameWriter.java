package io.spectrawatch.spectral.certificate.moments;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes the canonical little-endian form of values: no padding, no choice of representation. */
public final class FrameWriter {
    private static final int FIRST_BYTES = 1024;

    private ByteBuffer out = ByteBuffer.allocate(FIRST_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private ByteBuffer room(long bytes) {
        if (bytes > out.remaining()) {
            long wanted = Math.max(out.capacity() * 2L, out.position() + bytes);
            ByteBuffer larger =
                    ByteBuffer.allocate(Math.toIntExact(Math.min(wanted, Integer.MAX_VALUE - 8L)))
                            .order(ByteOrder.LITTLE_ENDIAN);
            out = larger.put(out.flip());
        }
        return out;
    }

    public FrameWriter int8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public FrameWriter flag(boolean value) {
        return int8(value ? 1 : 0);
    }

    public FrameWriter int32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public FrameWriter int64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    public FrameWriter fp64(double value) {
        room(Double.BYTES).putDouble(value);
        return this;
    }

    /** Writes the values without their count. */
    public FrameWriter fp64(double[] values) {
        room((long) values.length * Double.BYTES);
        for (double value : values) {
            out.putDouble(value);
        }
        return this;
    }

    /** Writes the values without their count. */
    public FrameWriter int32(int[] values) {
        room((long) values.length * Integer.BYTES);
        for (int value : values) {
            out.putInt(value);
        }
        return this;
    }

    /** Writes bits, lowest first, without their count. */
    public FrameWriter bits(boolean[] values) {
        byte[] packed = new byte[(values.length + 7) / 8];
        for (int i = 0; i < values.length; i++) {
            packed[i / 8] |= (byte) (values[i] ? 1 << i % 8 : 0);
        }
        room(packed.length).put(packed);
        return this;
    }

    /** Writes the byte count (int32) and the UTF-8 bytes. */
    public FrameWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the byte count (int32) and the bytes. */
    public FrameWriter bytes(byte[] value) {
        int32(value.length);
        room(value.length).put(value);
        return this;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Appends the CRC-32C of everything written. */
    public byte[] toCheckedBytes() {
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.position());
        return int32((int) crc.getValue()).toBytes();
    }
}
