package io.spectrawatch.ops.audit.compare;

import java.util.Comparator;

/**
 * Records of the validated log, or the snapshots that they lead to, that are not what they were
 * when ingest wrote them.
 *
 * @param from first offset
 * @param to last offset
 * @param exact whether it is exactly these records; otherwise one or more among them
 */
public record Altered(int shard, long from, long to, boolean exact) implements Comparable<Altered> {

    private static final Comparator<Altered> ORDER =
            Comparator.comparingInt(Altered::shard).thenComparingLong(Altered::from);

    @Override
    public int compareTo(Altered other) {
        return ORDER.compare(this, other);
    }
}
