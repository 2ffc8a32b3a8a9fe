package io.spectrawatch.spectral.numpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The one array in a {@code .npz} archive, found by the directory at the archive's end: what NumPy
 * streams into a pipe says its sizes only there (APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12, 4.3.14
 * and 4.3.16, PKWARE).
 */
final class NpzArchive {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final int LOCATOR_BYTES = 20;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int MOST_COMMENT = 0xffff;
    private static final int ZIP64 = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int MOST_NAMES = 8;

    private final ByteBuffer in;
    private final String source;

    private NpzArchive(byte[] archive, String source) {
        this.in = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        this.source = source;
    }

    /** What the directory says of an entry. */
    private record Entry(String name, int method, long crc, long stored, long size, long at) {}

    /**
     * Returns the content of the only entry.
     *
     * @param most bytes it may have
     * @param source of the bytes, for errors
     * @throws IOException if there are several, it is larger, or the archive is damaged
     */
    static byte[] only(byte[] archive, int most, String source) throws IOException {
        NpzArchive zip = new NpzArchive(archive, source);
        try {
            return zip.content(zip.entry(), most);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException(source + ": damaged archive: a place outside of it is named", e);
        }
    }

    private Entry entry() throws IOException {
        int end = end();
        int count = Short.toUnsignedInt(in.getShort(end + 10));
        long start = Integer.toUnsignedLong(in.getInt(end + 16));
        int end64 = end - LOCATOR_BYTES - END64_BYTES;
        if (start == 0xffffffffL || count == 0xffff) {
            require(end64 >= 0 && in.getInt(end64) == END64_SIGNATURE, "no directory");
            count = (int) Math.min(Integer.MAX_VALUE, in.getLong(end64 + 32));
            start = in.getLong(end64 + 48);
        }
        int at = Math.toIntExact(Math.min(start, Integer.MAX_VALUE));
        List<String> names = new ArrayList<>();
        Entry first = null;
        for (int i = 0; i < count && names.size() <= MOST_NAMES; i++) {
            require(in.getInt(at) == ENTRY_SIGNATURE, "no entry where the directory should be");
            Entry entry = entry(at);
            names.add(entry.name());
            first = first == null ? entry : first;
            at += ENTRY_BYTES + lengths(at);
        }
        if (names.size() != 1) {
            throw new IOException(
                    source
                            + ": save the array alone, as .npy; one array expected in the archive,"
                            + " found "
                            + names);
        }
        return first;
    }

    /** The last end record; a comment may follow it. */
    private int end() throws IOException {
        int last = in.limit() - END_BYTES;
        for (int at = last; at >= Math.max(0, last - MOST_COMMENT); at--) {
            if (in.getInt(at) == END_SIGNATURE) {
                return at;
            }
        }
        throw new IOException(
                source
                        + ": damaged archive: it has no directory at its end; copy or save it again");
    }

    private int lengths(int at) {
        return Short.toUnsignedInt(in.getShort(at + 28))
                + Short.toUnsignedInt(in.getShort(at + 30))
                + Short.toUnsignedInt(in.getShort(at + 32));
    }

    private Entry entry(int at) {
        int nameLength = Short.toUnsignedInt(in.getShort(at + 28));
        int extra = at + ENTRY_BYTES + nameLength;
        int extraEnd = extra + Short.toUnsignedInt(in.getShort(at + 30));
        long size = Integer.toUnsignedLong(in.getInt(at + 24));
        long stored = Integer.toUnsignedLong(in.getInt(at + 20));
        long local = Integer.toUnsignedLong(in.getInt(at + 42));
        while (extra + 4 <= extraEnd) {
            int value = extra + 4;
            if (in.getShort(extra) == ZIP64) {
                if (size == 0xffffffffL) {
                    size = in.getLong(value);
                    value += Long.BYTES;
                }
                if (stored == 0xffffffffL) {
                    stored = in.getLong(value);
                    value += Long.BYTES;
                }
                local = local == 0xffffffffL ? in.getLong(value) : local;
            }
            extra += 4 + Short.toUnsignedInt(in.getShort(extra + 2));
        }
        byte[] name = new byte[nameLength];
        in.get(at + ENTRY_BYTES, name);
        return new Entry(
                new String(name, StandardCharsets.UTF_8),
                Short.toUnsignedInt(in.getShort(at + 10)),
                Integer.toUnsignedLong(in.getInt(at + 16)),
                stored,
                size,
                local);
    }

    private byte[] content(Entry entry, int most) throws IOException {
        long length = in.limit();
        require(entry.at() >= 0 && entry.at() <= length - LOCAL_BYTES, "no entry");
        int local = (int) entry.at();
        require(in.getInt(local) == LOCAL_SIGNATURE, "no entry where the directory says");
        long from =
                local
                        + (long) LOCAL_BYTES
                        + Short.toUnsignedInt(in.getShort(local + 26))
                        + Short.toUnsignedInt(in.getShort(local + 28));
        require(entry.stored() >= 0 && entry.stored() <= length - from, "it ends early");
        if (entry.size() > most) {
            throw new IOException(
                    source
                            + ": the archive of "
                            + length
                            + " bytes may inflate to "
                            + most
                            + ", found "
                            + entry.size()
                            + "; save the array as .npy");
        }
        require(entry.size() >= 0, "a negative size");
        int start = (int) from;
        int end = (int) (from + entry.stored());
        byte[] content =
                switch (entry.method()) {
                    case STORED -> Arrays.copyOfRange(in.array(), start, end);
                    case DEFLATED -> inflated(start, end, (int) entry.size());
                    default ->
                            throw new IOException(
                                    source
                                            + ": stored or deflated arrays expected, found method "
                                            + entry.method()
                                            + "; save it with np.save");
                };
        CRC32 crc = new CRC32();
        crc.update(content);
        require(
                content.length == entry.size() && crc.getValue() == entry.crc(),
                "the content is not what its checksum says");
        return content;
    }

    private byte[] inflated(int start, int end, int size) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(in.array(), start, end - start);
            byte[] content = new byte[size];
            int at = 0;
            int more = 1;
            while (at < size && more > 0) {
                more = inflater.inflate(content, at, size - at);
                at += more;
            }
            require(at == size, "it ends early");
            return content;
        } catch (DataFormatException e) {
            throw new IOException(
                    source
                            + ": damaged archive: "
                            + (e.getMessage() == null ? "it cannot be inflated" : e.getMessage())
                            + "; copy or save it again",
                    e);
        } finally {
            inflater.end();
        }
    }

    private void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(
                    source + ": damaged archive: " + otherwise + "; copy or save it again");
        }
    }
}
