package io.spectrawatch.flink.state;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * Named binary values of the current key, kept in a map state in chunks of at most 256 KiB; those
 * of older state may have 1 MiB.
 *
 * <p>State backends handle many small entries well and a large one badly. Chunk i of a value has
 * the map key {@code name#i} and
 *
 * <pre>
 *   0  int8   version (1)
 *   1  int32  i
 *   5  int32  number of chunks
 *   9  bytes  content
 * </pre>
 *
 * <p>Every array handed to the state is fresh and never written again: an asynchronous snapshot may
 * still hold it.
 */
public final class ChunkedState {

    /**
     * Most bytes of one entry, its header included. Arrays of half a region and more take whole
     * regions of the G1 collector, which have 1 MiB in small heaps: one of 1 MiB took two.
     */
    public static final int CHUNK_BYTES = 1 << 18;

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 9;
    private static final String FIRST = "#0";

    /** As many as the longest array needs. */
    private static final int MOST_CHUNKS = Integer.MAX_VALUE / (CHUNK_BYTES - HEADER_BYTES) + 1;

    private final MapState<String, byte[]> entries;

    /** Works on the current key of a map state. */
    public ChunkedState(MapState<String, byte[]> entries) {
        this.entries = entries;
    }

    /** Descriptor of the map state that keeps such values. */
    public static MapStateDescriptor<String, byte[]> descriptor(String name) {
        return new MapStateDescriptor<>(
                name, Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    /**
     * Stores a value over what had the name.
     *
     * @param parts of the value, one behind the other
     */
    public void put(String name, byte[]... parts) throws Exception {
        int before = chunks(name);
        long left = 0;
        for (byte[] part : parts) {
            left += part.length;
        }
        int content = CHUNK_BYTES - HEADER_BYTES;
        int count = (int) Math.max(1, (left + content - 1) / content);
        int part = 0;
        int at = 0;
        for (int i = 0; i < count; i++) {
            byte[] chunk = new byte[HEADER_BYTES + (int) Math.min(content, left)];
            ByteBuffer out = ByteBuffer.wrap(chunk).put(VERSION).putInt(i).putInt(count);
            left -= out.remaining();
            while (out.hasRemaining()) {
                int length = Math.min(out.remaining(), parts[part].length - at);
                out.put(parts[part], at, length);
                at += length;
                if (at == parts[part].length) {
                    part++;
                    at = 0;
                }
            }
            entries.put(chunkName(name, i), chunk);
        }
        removeChunks(name, count, before);
    }

    /** The value of a name, or null. */
    public byte[] get(String name) throws Exception {
        int count = chunks(name);
        if (count == 0) {
            return null;
        }
        byte[][] chunks = new byte[count][];
        int length = 0;
        for (int i = 0; i < count; i++) {
            chunks[i] = chunk(name, i, count);
            length = Math.addExact(length, chunks[i].length - HEADER_BYTES);
        }
        byte[] value = new byte[length];
        int at = 0;
        for (byte[] chunk : chunks) {
            System.arraycopy(chunk, HEADER_BYTES, value, at, chunk.length - HEADER_BYTES);
            at += chunk.length - HEADER_BYTES;
        }
        return value;
    }

    /** Removes a value, if there is one. */
    public void remove(String name) throws Exception {
        removeChunks(name, 0, chunks(name));
    }

    /** The names that have a value, in no particular order. */
    public List<String> names() throws Exception {
        List<String> names = new ArrayList<>();
        for (String key : entries.keys()) {
            if (key.endsWith(FIRST)) {
                names.add(key.substring(0, key.length() - FIRST.length()));
            }
        }
        return names;
    }

    private void removeChunks(String name, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            entries.remove(chunkName(name, i));
        }
    }

    private int chunks(String name) throws Exception {
        byte[] first = entries.get(name + FIRST);
        if (first == null) {
            return 0;
        }
        int count = header(name, first).getInt(5);
        if (count < 1 || count > MOST_CHUNKS) {
            throw new IllegalStateException(
                    "state " + name + ": expected 1 to " + MOST_CHUNKS + " chunks, found " + count);
        }
        return count;
    }

    private byte[] chunk(String name, int index, int count) throws Exception {
        byte[] chunk = entries.get(chunkName(name, index));
        if (chunk == null) {
            throw new IllegalStateException(
                    "state " + name + ": chunk " + index + " of " + count + " is missing");
        }
        ByteBuffer header = header(name, chunk);
        if (header.getInt(1) != index || header.getInt(5) != count) {
            throw new IllegalStateException(
                    String.format(
                            "state %s: expected chunk %d of %d, found %d of %d",
                            name, index, count, header.getInt(1), header.getInt(5)));
        }
        return chunk;
    }

    private static ByteBuffer header(String name, byte[] chunk) {
        if (chunk.length < HEADER_BYTES || chunk[0] != VERSION) {
            throw new IllegalStateException(
                    "state "
                            + name
                            + ": expected a chunk of version "
                            + VERSION
                            + ", found "
                            + chunk.length
                            + " bytes of version "
                            + (chunk.length == 0 ? "none" : chunk[0]));
        }
        return ByteBuffer.wrap(chunk);
    }

    private static String chunkName(String name, int index) {
        return name + '#' + index;
    }
}
