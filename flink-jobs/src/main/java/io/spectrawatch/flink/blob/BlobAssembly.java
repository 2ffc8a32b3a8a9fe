package io.spectrawatch.flink.blob;

import io.spectrawatch.flink.blob.BlobException.Reason;
import io.spectrawatch.schemas.WireException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Puts one blob together from the records of its topic.
 *
 * <p>The newest record of a key counts, so a damaged blob is mended by writing it again.
 */
final class BlobAssembly {

    private final BlobTopic topic;
    private final String hash;
    private final String entryKey;
    private final Map<Integer, BlobTopic.Piece> pieces = new TreeMap<>();
    private final Map<String, BlobException> damaged = new TreeMap<>();
    private BlobTopic.Entry entry;
    private boolean changed;
    private BlobException mismatch;

    /**
     * @throws BlobException if this is no hash
     */
    BlobAssembly(BlobTopic topic, String hash, String entryKey) throws BlobException {
        if (!BlobFormat.isHash(hash)) {
            throw new BlobException(
                    Reason.UNKNOWN,
                    "the hash of a " + topic.noun() + " is 64 hex digits, found '" + hash + "'");
        }
        this.topic = topic;
        this.hash = hash;
        this.entryKey = entryKey;
    }

    /**
     * Takes a record of the topic; those of other blobs are passed over undecoded.
     *
     * @param value null for a tombstone, which takes back what the key held
     */
    void accept(byte[] key, byte[] value) {
        String name = BlobFormat.text(key);
        boolean isEntry = name.equals(entryKey);
        if (!isEntry && !name.startsWith(hash + "/")) {
            return;
        }
        damaged.remove(name);
        changed = true;
        if (isEntry) {
            entry = null;
        } else {
            pieces.keySet().removeIf(index -> name.equals(BlobFormat.chunkKey(hash, index)));
        }
        if (value == null) {
            return;
        }
        try {
            if (isEntry) {
                entry = checked(decode(name, value, topic::entry));
            } else {
                add(name, decode(name, value, topic::piece));
            }
        } catch (BlobException e) {
            damaged.put(name, e);
        }
    }

    private BlobTopic.Entry checked(BlobTopic.Entry found) throws BlobException {
        boolean sizes = found.bytes() >= 0 && found.bytes() <= BlobFormat.MAX_BYTES;
        if (!found.hash().equals(hash) || !sizes || found.chunks() < 1) {
            throw new BlobException(
                    Reason.CORRUPT,
                    String.format(
                            "the entry %s of %s %s names %s with %d bytes in %d pieces",
                            entryKey,
                            topic.noun(),
                            hash,
                            found.hash(),
                            found.bytes(),
                            found.chunks()));
        }
        return found;
    }

    private void add(String name, BlobTopic.Piece piece) throws BlobException {
        boolean placed = name.equals(BlobFormat.chunkKey(hash, piece.index()));
        boolean counted = piece.index() >= 0 && piece.index() < piece.count();
        if (!placed || !counted || !piece.hash().equals(hash)) {
            throw new BlobException(
                    Reason.CORRUPT,
                    String.format(
                            "the record %s holds piece %d of %d of %s %s",
                            name, piece.index(), piece.count(), topic.noun(), piece.hash()));
        }
        pieces.put(piece.index(), piece);
    }

    private static <T> T decode(String name, byte[] value, Function<byte[], T> decoder)
            throws BlobException {
        try {
            return decoder.apply(value);
        } catch (WireException e) {
            throw new BlobException(
                    Reason.UNREADABLE, "the record " + name + ": " + e.getMessage(), e);
        }
    }

    /** Returns the blob, or null while it is not there whole and undamaged. */
    byte[] whole() {
        if (!changed || entry == null || !damaged.isEmpty() || !allPresent()) {
            return null;
        }
        changed = false;
        byte[] joined = join();
        String found = BlobFormat.hash(joined);
        mismatch = null;
        if (found.equals(hash) && joined.length == entry.bytes()) {
            return joined;
        }
        mismatch =
                new BlobException(
                        Reason.CORRUPT,
                        String.format(
                                "%s %s is damaged: its %d pieces are %d bytes with SHA-256 %s,"
                                        + " expected %d bytes",
                                topic.noun(),
                                hash,
                                entry.chunks(),
                                joined.length,
                                found,
                                entry.bytes()));
        return null;
    }

    private boolean allPresent() {
        return counted().size() == entry.chunks();
    }

    /** The pieces of the entry's count; others are left from another way of cutting. */
    private List<BlobTopic.Piece> counted() {
        return pieces.values().stream().filter(p -> p.count() == entry.chunks()).toList();
    }

    private byte[] join() {
        int total = 0;
        for (BlobTopic.Piece piece : counted()) {
            total = Math.addExact(total, piece.data().remaining());
        }
        ByteBuffer joined = ByteBuffer.allocate(total);
        counted().forEach(piece -> joined.put(piece.data().duplicate()));
        return joined.array();
    }

    /** Says why {@link #whole} returned null. */
    BlobException problem(String topicName) {
        if (!damaged.isEmpty()) {
            return damaged.values().iterator().next();
        }
        if (entry == null) {
            return withoutEntry(topicName);
        }
        if (allPresent()) {
            return mismatch;
        }
        int first = 0;
        while (pieces.containsKey(first) && pieces.get(first).count() == entry.chunks()) {
            first++;
        }
        return new BlobException(
                Reason.INCOMPLETE,
                String.format(
                        "%s %s in %s has %d of %d pieces, the first missing is piece %d",
                        topic.noun(), hash, topicName, counted().size(), entry.chunks(), first));
    }

    private BlobException withoutEntry(String topicName) {
        if (pieces.isEmpty()) {
            return new BlobException(
                    Reason.UNKNOWN, "no " + topic.noun() + " " + hash + " in " + topicName);
        }
        return new BlobException(
                Reason.INCOMPLETE,
                String.format(
                        "%s %s in %s has %d pieces but no entry: its writer is still at it, or was"
                                + " interrupted",
                        topic.noun(), hash, topicName, pieces.size()));
    }
}
