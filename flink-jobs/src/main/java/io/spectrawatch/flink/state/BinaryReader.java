package io.spectrawatch.flink.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what {@link BinaryWriter} wrote and refuses everything else. */
public final class BinaryReader {

    private final ByteBuffer in;
    private final String what;
    private final int version;

    /**
     * @param what name of the record in errors
     * @throws IllegalStateException if the magic or the version is not the expected one
     */
    public BinaryReader(byte[] bytes, int magic, int version, String what) {
        this(bytes, magic, version, version, what);
    }

    /**
     * Reads one of several versions.
     *
     * @param oldest version that is known
     * @param newest version that is known
     * @param what name of the record in errors
     * @throws IllegalStateException if the magic is not the expected one or the version unknown
     */
    public BinaryReader(byte[] bytes, int magic, int oldest, int newest, String what) {
        this.in = ByteBuffer.wrap(bytes);
        this.what = what;
        int foundMagic = int32();
        if (foundMagic != magic) {
            throw new IllegalStateException(
                    String.format("%s: expected magic %08x, found %08x", what, magic, foundMagic));
        }
        this.version = int32();
        if (version < oldest || version > newest) {
            throw new IllegalStateException(
                    what
                            + ": known version "
                            + newest
                            + ", found "
                            + version
                            + (oldest < newest ? "; " + oldest + " and later are read" : ""));
        }
    }

    /** The version that the record has. */
    public int version() {
        return version;
    }

    /** Whether the bytes start with this magic. */
    public static boolean hasMagic(byte[] bytes, int magic) {
        return bytes.length >= BinaryWriter.HEADER_BYTES
                && ByteBuffer.wrap(bytes).getInt() == magic;
    }

    /** A big-endian int. */
    public int int32() {
        try {
            return in.getInt();
        } catch (BufferUnderflowException e) {
            throw endsEarly(Integer.BYTES);
        }
    }

    /** A big-endian long. */
    public long int64() {
        try {
            return in.getLong();
        } catch (BufferUnderflowException e) {
            throw endsEarly(Long.BYTES);
        }
    }

    /** Text, or null where it was absent. */
    public String text() {
        int length = int32();
        return length == -1 ? null : text(length);
    }

    /** Text that must be there. */
    public String required() {
        return text(int32());
    }

    private String text(int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content(length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalStateException(what + ": text is not UTF-8", e);
        }
    }

    /**
     * Refuses a record whose fields contradict each other.
     *
     * @param expected what holds for every record that was written
     * @param found the fields concerned
     */
    public void require(boolean holds, String expected, Object found) {
        if (!holds) {
            throw new IllegalStateException(what + ": expected " + expected + ", found " + found);
        }
    }

    /** Content with its length before it. */
    public byte[] bytes() {
        return content(int32());
    }

    /** A count of entries of at least {@code entryBytes} each, checked against what is left. */
    public int count(int entryBytes) {
        int count = int32();
        if (count < 0 || (long) count * entryBytes > in.remaining()) {
            throw new IllegalStateException(
                    what + ": " + count + " entries do not fit " + in.remaining() + " bytes");
        }
        return count;
    }

    /**
     * Says that all fields are read.
     *
     * @throws IllegalStateException if bytes are left
     */
    public void end() {
        if (in.hasRemaining()) {
            throw new IllegalStateException(what + ": " + in.remaining() + " bytes follow its end");
        }
    }

    private byte[] content(int length) {
        if (length < 0 || length > in.remaining()) {
            throw endsEarly(length);
        }
        byte[] content = new byte[length];
        in.get(content);
        return content;
    }

    private IllegalStateException endsEarly(int wanted) {
        return new IllegalStateException(
                what
                        + ": wanted "
                        + wanted
                        + " bytes at offset "
                        + in.position()
                        + ", found "
                        + in.remaining());
    }
}
