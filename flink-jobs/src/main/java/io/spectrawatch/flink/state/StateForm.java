package io.spectrawatch.flink.state;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The beginning of every binary form of the jobs' state and messages, big-endian.
 *
 * <pre>
 *   0  int32  magic
 *   4  int32  version
 *   8  fields; text and bytes are int32 length + content, an absent text has length -1
 * </pre>
 */
public final class StateForm {

    /** Bytes of magic and version. */
    public static final int HEADER_BYTES = 8;

    private StateForm() {}

    /**
     * Begins a record.
     *
     * @param sizeHint expected size of the fields in bytes, so that large ones are copied once
     */
    public static ByteWriter writer(int magic, int version, int sizeHint) {
        return new ByteWriter(ByteOrder.BIG_ENDIAN, HEADER_BYTES + sizeHint)
                .int32(magic)
                .int32(version);
    }

    /**
     * Opens a record behind its version; what it reads it refuses with {@link
     * IllegalStateException}.
     *
     * @param what name of the record in errors
     * @throws IllegalStateException if the magic or the version is not the expected one
     */
    public static ByteReader reader(byte[] bytes, int magic, int version, String what) {
        return reader(bytes, magic, version, version, what);
    }

    /**
     * Opens a record of one of several versions.
     *
     * @param oldest version that is known
     * @param newest version that is known
     * @param what name of the record in errors
     * @throws IllegalStateException if the magic is not the expected one or the version unknown
     */
    public static ByteReader reader(byte[] bytes, int magic, int oldest, int newest, String what) {
        ByteReader in =
                new ByteReader(bytes, ByteOrder.BIG_ENDIAN, what, IllegalStateException::new);
        int foundMagic = in.int32();
        if (foundMagic != magic) {
            throw new IllegalStateException(
                    String.format("%s: expected magic %08x, found %08x", what, magic, foundMagic));
        }
        int version = in.int32();
        if (version < oldest || version > newest) {
            throw new IllegalStateException(
                    what
                            + ": known version "
                            + newest
                            + ", found "
                            + version
                            + (oldest < newest ? "; " + oldest + " and later are read" : ""));
        }
        return in.version(version, version);
    }

    /** Returns whether the bytes start with this magic. */
    public static boolean hasMagic(byte[] bytes, int magic) {
        return bytes.length >= HEADER_BYTES && ByteBuffer.wrap(bytes).getInt() == magic;
    }
}
