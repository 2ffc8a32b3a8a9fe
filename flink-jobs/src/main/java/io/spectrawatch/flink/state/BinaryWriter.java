package io.spectrawatch.flink.state;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes one versioned binary record, big-endian.
 *
 * <pre>
 *   0  int32  magic
 *   4  int32  version
 *   8  fields; text and bytes are int32 length + content, an absent text has length -1
 * </pre>
 */
public final class BinaryWriter {

    /** Bytes of magic and version. */
    public static final int HEADER_BYTES = 8;

    private final ByteArrayOutputStream out;
    private final ByteBuffer word = ByteBuffer.allocate(Long.BYTES);

    /**
     * @param sizeHint expected size of the fields in bytes, so that large ones are copied once
     */
    public BinaryWriter(int magic, int version, int sizeHint) {
        this.out = new ByteArrayOutputStream(HEADER_BYTES + sizeHint);
        int32(magic).int32(version);
    }

    /** Writes a big-endian int. */
    public BinaryWriter int32(int value) {
        word.putInt(0, value);
        out.write(word.array(), 0, Integer.BYTES);
        return this;
    }

    /** Writes a big-endian long. */
    public BinaryWriter int64(long value) {
        word.putLong(0, value);
        out.write(word.array(), 0, Long.BYTES);
        return this;
    }

    /** Writes text; null is absent. */
    public BinaryWriter text(String value) {
        return value == null ? int32(-1) : bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes content with its length before it. */
    public BinaryWriter bytes(byte[] value) {
        int32(value.length);
        out.write(value, 0, value.length);
        return this;
    }

    /** All that was written, a fresh array. */
    public byte[] toBytes() {
        return out.toByteArray();
    }
}
