package io.spectrawatch.flink.calibrate.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.TreeMap;

/**
 * The samples with the smallest seeded hashes that fit a number and a size: a choice that depends
 * on the ids alone, not on the order or the shards they came in.
 *
 * <p>Whatever comes, the largest hashes go as long as there is too much. What has gone lies beyond
 * the longest run of smallest hashes that fits, and more samples only shorten that run.
 */
public final class ReferenceSamples {

    private static final Comparator<Key> ORDER =
            Comparator.comparingInt(Key::place)
                    .thenComparing(Key::id)
                    .thenComparingInt(Key::shard)
                    .thenComparingLong(Key::number);

    private final int mostSamples;
    private final long mostBytes;
    private final TreeMap<Key, byte[]> kept = new TreeMap<>(ORDER);
    private long bytes;

    /** Where a sample stands; the last two tell apart samples that share an id. */
    private record Key(int place, String id, int shard, long number) {}

    public ReferenceSamples(int mostSamples, long mostBytes) {
        this.mostSamples = mostSamples;
        this.mostBytes = mostBytes;
    }

    /** Whether a sample of this place could stay; spares copying those that cannot. */
    public boolean takes(int place) {
        return kept.size() < mostSamples && bytes < mostBytes || place <= kept.lastKey().place();
    }

    public void add(ReferenceSample sample, byte[] payload) {
        kept.put(new Key(sample.place(), sample.id(), sample.shard(), sample.number()), payload);
        bytes += payload.length;
        while (!kept.isEmpty() && (kept.size() > mostSamples || bytes > mostBytes)) {
            bytes -= kept.pollLastEntry().getValue().length;
        }
    }

    /** Whether another one of the largest size there is would not fit by its bytes. */
    public boolean isFull() {
        int largest = kept.values().stream().mapToInt(each -> each.length).max().orElse(0);
        return bytes + largest > mostBytes;
    }

    /** The samples in the order of their hashes. */
    public Collection<byte[]> payloads() {
        return kept.values();
    }

    public void clear() {
        kept.clear();
        bytes = 0;
    }
}
