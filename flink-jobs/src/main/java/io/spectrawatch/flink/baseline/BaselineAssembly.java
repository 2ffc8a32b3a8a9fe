package io.spectrawatch.flink.baseline;

import io.spectrawatch.flink.baseline.BaselineException.Reason;
import io.spectrawatch.schemas.BaselineChunk;
import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * Puts one baseline together from the records of the baselines topic.
 *
 * <p>The newest record of a key counts, so a damaged baseline is mended by writing it again.
 */
final class BaselineAssembly {

    private final String id;
    private final Map<Integer, BaselineChunk> chunks = new TreeMap<>();
    private final Map<String, BaselineException> damaged = new TreeMap<>();
    private BaselineEntry entry;
    private boolean changed;
    private BaselineException mismatch;

    /**
     * @throws BaselineException if this is no id
     */
    BaselineAssembly(String id) throws BaselineException {
        if (!BaselineFormat.isId(id)) {
            throw new BaselineException(
                    Reason.UNKNOWN, "a baseline id is 64 hex digits, found '" + id + "'");
        }
        this.id = id;
    }

    /**
     * Takes a record of the topic; those of other baselines are passed over undecoded.
     *
     * @param value null for a tombstone, which takes back what the key held
     */
    void accept(byte[] key, byte[] value) {
        String name = BaselineFormat.text(key);
        if (!name.startsWith(id + "/")) {
            return;
        }
        boolean isEntry = name.equals(BaselineFormat.entryKey(id));
        damaged.remove(name);
        changed = true;
        if (isEntry) {
            entry = null;
        } else {
            chunks.keySet().removeIf(index -> name.equals(BaselineFormat.chunkKey(id, index)));
        }
        if (value == null) {
            return;
        }
        try {
            if (isEntry) {
                entry = checked(decode(name, value, BaselineEntry.class));
            } else {
                add(name, decode(name, value, BaselineChunk.class));
            }
        } catch (BaselineException e) {
            damaged.put(name, e);
        }
    }

    private BaselineEntry checked(BaselineEntry found) throws BaselineException {
        boolean sizes = found.getBytes() >= 0 && found.getBytes() <= BaselineFormat.MAX_BYTES;
        if (!found.getBaselineId().equals(id) || !sizes || found.getChunks() < 1) {
            throw new BaselineException(
                    Reason.CORRUPT,
                    String.format(
                            "the entry of baseline %s names baseline %s with %d bytes in %d pieces",
                            id, found.getBaselineId(), found.getBytes(), found.getChunks()));
        }
        return found;
    }

    private void add(String name, BaselineChunk chunk) throws BaselineException {
        boolean placed = name.equals(BaselineFormat.chunkKey(id, chunk.getIndex()));
        boolean counted = chunk.getIndex() >= 0 && chunk.getIndex() < chunk.getCount();
        if (!placed || !counted || !chunk.getBaselineId().equals(id)) {
            throw new BaselineException(
                    Reason.CORRUPT,
                    String.format(
                            "the record %s holds piece %d of %d of baseline %s",
                            name, chunk.getIndex(), chunk.getCount(), chunk.getBaselineId()));
        }
        chunks.put(chunk.getIndex(), chunk);
    }

    private static <T extends SpecificRecord> T decode(String name, byte[] value, Class<T> type)
            throws BaselineException {
        try {
            return Wire.decode(value, type);
        } catch (WireException e) {
            throw new BaselineException(
                    Reason.UNREADABLE, "the record " + name + ": " + e.getMessage(), e);
        }
    }

    /** Returns the baseline, or null while it is not there whole and undamaged. */
    byte[] whole() {
        if (!changed || entry == null || !damaged.isEmpty() || !allPresent()) {
            return null;
        }
        changed = false;
        byte[] joined = join();
        String hash = BaselineFormat.id(joined);
        mismatch = null;
        if (hash.equals(id) && joined.length == entry.getBytes()) {
            return joined;
        }
        mismatch =
                new BaselineException(
                        Reason.CORRUPT,
                        String.format(
                                "baseline %s is damaged: its %d pieces are %d bytes with SHA-256"
                                        + " %s, expected %d bytes",
                                id, entry.getChunks(), joined.length, hash, entry.getBytes()));
        return null;
    }

    private boolean allPresent() {
        return pieces().size() == entry.getChunks();
    }

    /** The pieces of the entry's count; others are left from another way of cutting. */
    private List<BaselineChunk> pieces() {
        return chunks.values().stream().filter(c -> c.getCount() == entry.getChunks()).toList();
    }

    private byte[] join() {
        int total = 0;
        for (BaselineChunk piece : pieces()) {
            total = Math.addExact(total, piece.getData().remaining());
        }
        ByteBuffer joined = ByteBuffer.allocate(total);
        pieces().forEach(piece -> joined.put(piece.getData().duplicate()));
        return joined.array();
    }

    /** Says why {@link #whole} returned null. */
    BaselineException problem(String topic) {
        if (!damaged.isEmpty()) {
            return damaged.values().iterator().next();
        }
        if (entry == null) {
            return withoutEntry(topic);
        }
        if (allPresent()) {
            return mismatch;
        }
        int first = 0;
        while (chunks.containsKey(first) && chunks.get(first).getCount() == entry.getChunks()) {
            first++;
        }
        return new BaselineException(
                Reason.INCOMPLETE,
                String.format(
                        "baseline %s in %s has %d of %d pieces, the first missing is piece %d",
                        id, topic, pieces().size(), entry.getChunks(), first));
    }

    private BaselineException withoutEntry(String topic) {
        if (chunks.isEmpty()) {
            return new BaselineException(Reason.UNKNOWN, "no baseline " + id + " in " + topic);
        }
        return new BaselineException(
                Reason.INCOMPLETE,
                String.format(
                        "baseline %s in %s has %d pieces but no entry: its writer is still at it,"
                                + " or was interrupted",
                        id, topic, chunks.size()));
    }
}
