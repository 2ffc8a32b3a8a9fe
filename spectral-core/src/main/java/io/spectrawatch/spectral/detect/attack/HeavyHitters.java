package io.spectrawatch.spectral.detect.attack;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts samples and exceedances of the clients that send most, in bounded memory (Space-Saving;
 * Metwally, Agrawal, El Abbadi, ICDT 2005).
 *
 * <p>A client that sent more than samples / capacity is always here. A newcomer takes the place of
 * the client with the smallest estimate, among equals of the one that came first, and inherits the
 * estimate; its samples and exceedances are counted from then on. Who is counted depends on the
 * order and number of the samples alone, never on their scores, so the share of exceedances among
 * the counted ones is that of a fixed selection.
 */
public final class HeavyHitters {
    private final int capacity;
    private final LinkedHashMap<String, long[]> clients = new LinkedHashMap<>();

    /**
     * One client.
     *
     * @param client its id
     * @param estimate upper bound of the samples it sent, the order of eviction
     * @param samples samples counted
     * @param exceedances exceedances among them
     */
    public record Entry(String client, long estimate, long samples, long exceedances) {
        /** Checks the counts. */
        public Entry {
            if (samples < 1 || exceedances < 0 || exceedances > samples || estimate < samples) {
                throw new IllegalArgumentException(
                        "heavy hitter: estimate >= samples >= exceedances >= 0 and at least one"
                                + " sample expected, found "
                                + estimate
                                + ", "
                                + samples
                                + " and "
                                + exceedances);
            }
        }
    }

    /** Creates an empty count of at most {@code capacity} clients. */
    public HeavyHitters(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "heavy hitters: room for at least one client expected, found " + capacity);
        }
        this.capacity = capacity;
    }

    /** Restores a count from its entries, in their order. */
    public static HeavyHitters of(int capacity, List<Entry> entries) {
        HeavyHitters restored = new HeavyHitters(capacity);
        if (entries.size() > capacity) {
            throw new IllegalArgumentException(
                    "heavy hitters: at most "
                            + capacity
                            + " clients expected, found "
                            + entries.size());
        }
        for (Entry entry : entries) {
            restored.clients.put(
                    entry.client(),
                    new long[] {entry.estimate(), entry.samples(), entry.exceedances()});
        }
        return restored;
    }

    /** Counts one sample of a client, and returns what is counted of it now. */
    public Entry count(String client, boolean exceeds) {
        long[] counts = clients.get(client);
        if (counts == null) {
            counts = new long[] {clients.size() < capacity ? 0 : evict(), 0, 0};
            clients.put(client, counts);
        }
        counts[0]++;
        counts[1]++;
        counts[2] += exceeds ? 1 : 0;
        return new Entry(client, counts[0], counts[1], counts[2]);
    }

    private long evict() {
        String smallest = null;
        long estimate = Long.MAX_VALUE;
        for (Map.Entry<String, long[]> each : clients.entrySet()) {
            if (each.getValue()[0] < estimate) {
                estimate = each.getValue()[0];
                smallest = each.getKey();
            }
        }
        clients.remove(smallest);
        return estimate;
    }

    /** A condition on the counts of a client. */
    @FunctionalInterface
    public interface Condition {
        /** Whether it holds for a client of so many samples and exceedances. */
        boolean test(long samples, long exceedances);
    }

    /** Returns of how many clients a condition holds. */
    public long number(Condition condition) {
        long number = 0;
        for (long[] counts : clients.values()) {
            number += condition.test(counts[1], counts[2]) ? 1 : 0;
        }
        return number;
    }

    /** Returns the clients in the order they came. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        clients.forEach((client, n) -> entries.add(new Entry(client, n[0], n[1], n[2])));
        return entries;
    }

    /**
     * Adds the counts of several shards and keeps the clients with most samples, by id among
     * equals.
     */
    public static List<Entry> merge(Collection<List<Entry>> shards, int capacity) {
        Map<String, Entry> all = new LinkedHashMap<>();
        for (List<Entry> shard : shards) {
            for (Entry entry : shard) {
                all.merge(
                        entry.client(),
                        entry,
                        (a, b) ->
                                new Entry(
                                        a.client(),
                                        a.estimate() + b.estimate(),
                                        a.samples() + b.samples(),
                                        a.exceedances() + b.exceedances()));
            }
        }
        return all.values().stream()
                .sorted(
                        Comparator.comparingLong(Entry::samples)
                                .reversed()
                                .thenComparing(Entry::client))
                .limit(capacity)
                .toList();
    }
}
