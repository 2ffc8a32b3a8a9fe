package io.spectrawatch.ingest.check;

import io.spectrawatch.schemas.RejectionReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Finds snapshots of a shard that were accepted before, by captureId and sequence.
 *
 * <p>Snapshots may come out of order within the window. A number below the window counts as a
 * duplicate: what cannot be told apart must not be counted twice. Of more captureIds than are
 * remembered, the one whose last accepted record has the smallest offset is forgotten, so the
 * outcome depends on the log alone.
 */
public final class DuplicateFilter {

    private final KeyValueStore<String, byte[]> store;
    private final int window;
    private final int captures;

    /** By ascending offset of the last accepted record. */
    private final Map<String, CaptureWindow> windows = new LinkedHashMap<>();

    public DuplicateFilter(KeyValueStore<String, byte[]> store, int window, int captures) {
        this.store = store;
        this.window = window;
        this.captures = captures;
        restore();
    }

    private void restore() {
        List<KeyValue<String, CaptureWindow>> stored = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            all.forEachRemaining(
                    entry ->
                            stored.add(
                                    KeyValue.pair(
                                            entry.key,
                                            CaptureWindow.fromBytes(entry.value, window))));
        }
        stored.sort(Comparator.comparingLong(entry -> entry.value.lastOffset()));
        stored.forEach(entry -> windows.put(entry.key, entry.value));
        forgetEldest();
    }

    /** The offset after the last accepted record that is remembered; 0 without one. */
    public long nextOffset() {
        long next = 0;
        for (CaptureWindow capture : windows.values()) {
            next = Math.max(next, capture.lastOffset() + 1);
        }
        return next;
    }

    /** How many captureIds are remembered. */
    public int captures() {
        return windows.size();
    }

    /** Refuses what was accepted before. */
    public void check(String captureId, long sequence) throws Refused {
        CaptureWindow known = windows.get(captureId);
        if (known != null && known.contains(sequence)) {
            throw new Refused(
                    RejectionReason.DUPLICATE,
                    "sequence "
                            + sequence
                            + " of captureId '"
                            + captureId
                            + "' was accepted before, or is more than "
                            + window
                            + " below the highest");
        }
    }

    /**
     * Remembers a snapshot that passed the check.
     *
     * @return sequence numbers skipped since the captureId's highest one, refused ones included
     */
    public long accept(String captureId, long sequence, long offset) {
        CaptureWindow capture = windows.remove(captureId);
        if (capture == null) {
            capture = CaptureWindow.startingAt(sequence, window);
        }
        long skipped = capture.accept(sequence, offset);
        windows.put(captureId, capture);
        store.put(captureId, capture.toBytes());
        forgetEldest();
        return skipped;
    }

    /**
     * Notes the number of a snapshot that was refused, so that it does not count as skipped.
     *
     * @return sequence numbers skipped since the captureId's highest one
     */
    public long refuse(String captureId, long sequence) {
        CaptureWindow capture = windows.get(captureId);
        if (capture == null) {
            return 0;
        }
        long skipped = capture.refuse(sequence);
        store.put(captureId, capture.toBytes());
        return skipped;
    }

    private void forgetEldest() {
        Iterator<String> eldest = windows.keySet().iterator();
        while (windows.size() > captures) {
            String captureId = eldest.next();
            eldest.remove();
            store.delete(captureId);
        }
    }
}
