package io.spectrawatch.ops.console.store;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.binary.Crc32c;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What stands in the file of a store, one frame behind the other.
 *
 * <pre>
 *   header  "SWCH", int32 version 1, text owner, int32 CRC-32C of all before
 *   frames  int32 length, payload, int32 CRC-32C of the payload; a payload is one of
 *     int8 1, text key, bytes value                                    an entry, in place of an older
 *     int8 2, text key                                                 an entry that is no more
 *     int8 3, int32 count, each text topic, int32 partition, int64     a commit: offsets to go on from
 *   all little-endian, texts and bytes after their int32 length
 * </pre>
 */
final class StoreFrames {

    static final int ENTRY = 1;
    static final int GONE = 2;
    static final int COMMIT = 3;

    /** Bytes around a payload. */
    static final int AROUND = 2 * Integer.BYTES;

    private static final int MAGIC = 0x48435753;
    private static final int VERSION = 1;
    private static final String WHAT = "console's history";

    private StoreFrames() {}

    /** Begins a file, and returns where its header ends. */
    static long begin(FileChannel file, String owner) throws IOException {
        byte[] header =
                writer(owner.length()).int32(MAGIC).int32(VERSION).text(owner).toCheckedBytes();
        return write(file, 0, ByteBuffer.wrap(header));
    }

    /**
     * Reads the header, and returns where it ends.
     *
     * @param size bytes of the file
     * @param owner whose it is to be
     * @throws StoreFormatException if it is damaged
     * @throws IOException if it is another's or of a later release
     */
    static long readHeader(DataInputStream in, long size, String owner, Path path)
            throws IOException {
        byte[] begin = in.readNBytes(3 * Integer.BYTES);
        ByteReader fields = reader(begin).magic(MAGIC, WHAT);
        int version = fields.int32();
        if (version != VERSION) {
            throw new IOException(
                    path
                            + " is of another release: version "
                            + VERSION
                            + " expected, found "
                            + version
                            + "; choose another folder, or remove the file to read the past from"
                            + " the topics");
        }
        long length = fields.int32() + (long) Integer.BYTES;
        if (length < Integer.BYTES || begin.length + length > size) {
            throw new StoreFormatException("it ends within its header");
        }
        byte[] rest = in.readNBytes((int) length);
        byte[] whole = new byte[begin.length + rest.length];
        System.arraycopy(begin, 0, whole, 0, begin.length);
        System.arraycopy(rest, 0, whole, begin.length, rest.length);
        ByteReader header = reader(whole).checked();
        header.int32();
        header.int32();
        String found = header.requiredText();
        header.end();
        if (!found.equals(owner)) {
            throw new IOException(
                    path
                            + " is the history of another deployment: "
                            + owner
                            + " expected, found "
                            + found
                            + "; choose another folder");
        }
        return whole.length;
    }

    /**
     * Reads the payload of the next frame.
     *
     * @param at where the frame begins
     * @param size bytes of the file
     * @return null if there is no whole one
     */
    static byte[] next(DataInputStream in, long at, long size) throws IOException {
        if (at + AROUND > size) {
            return null;
        }
        int length = Integer.reverseBytes(in.readInt());
        if (length < 1 || at + AROUND + length > size) {
            return null;
        }
        byte[] payload = in.readNBytes(length);
        return Integer.reverseBytes(in.readInt()) == Crc32c.of(payload, length) ? payload : null;
    }

    /** The fields of a payload. */
    static ByteReader reader(byte[] bytes) {
        return new ByteReader(bytes, ByteOrder.LITTLE_ENDIAN, WHAT, StoreFormatException::new);
    }

    /** The offsets of a commit, whose kind has been read. */
    static Map<TopicPartition, Long> offsets(ByteReader fields) {
        Map<TopicPartition, Long> found = new HashMap<>();
        for (int i = fields.count(1); i > 0; i--) {
            found.put(new TopicPartition(fields.requiredText(), fields.int32()), fields.int64());
        }
        fields.end();
        return found;
    }

    /** The value that an entry's payload holds. */
    static byte[] value(byte[] payload) {
        ByteReader fields = reader(payload);
        fields.int8();
        fields.requiredText();
        byte[] value = fields.bytes();
        fields.end();
        return value;
    }

    static byte[] entry(String key, byte[] value) {
        return writer(key.length() + value.length).int8(ENTRY).text(key).bytes(value).toBytes();
    }

    static byte[] gone(String key) {
        return writer(key.length()).int8(GONE).text(key).toBytes();
    }

    static byte[] commit(Map<TopicPartition, Long> positions) {
        ByteWriter commit = writer(0).int8(COMMIT).int32(positions.size());
        List<TopicPartition> ordered = new ArrayList<>(positions.keySet());
        ordered.sort((a, b) -> a.toString().compareTo(b.toString()));
        for (TopicPartition each : ordered) {
            commit.text(each.topic()).int32(each.partition()).int64(positions.get(each));
        }
        return commit.toBytes();
    }

    private static ByteWriter writer(int hint) {
        return new ByteWriter(ByteOrder.LITTLE_ENDIAN, hint + 32);
    }

    /** Writes a frame, and returns where it ends. */
    static long append(FileChannel file, long at, byte[] payload) throws IOException {
        ByteBuffer frame =
                ByteBuffer.allocate(AROUND + payload.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(payload.length)
                        .put(payload)
                        .putInt(Crc32c.of(payload, payload.length))
                        .flip();
        return at + write(file, at, frame);
    }

    private static int write(FileChannel file, long at, ByteBuffer bytes) throws IOException {
        int size = bytes.remaining();
        while (bytes.hasRemaining()) {
            file.write(bytes, at + bytes.position());
        }
        return size;
    }
}
