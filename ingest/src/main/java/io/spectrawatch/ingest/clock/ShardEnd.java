package io.spectrawatch.ingest.clock;

/**
 * Where a shard of the activations topic ends.
 *
 * @param first offset of the oldest record kept
 * @param newest offset of the record with the latest stamp, -1 if readers may not have it yet or
 *     there is none
 * @param stable the last stable offset, asked for after {@code high}: the first record of the
 *     oldest open transaction, or {@code high} or more
 * @param high the high watermark: what all replicas have, open transactions included
 */
public record ShardEnd(long first, long newest, long stable, long high) {

    /** Whether records lie behind one of a transaction that is still open. */
    boolean hasOpenTransaction() {
        return stable < high;
    }

    /** Whether the leader has appended a record that the high watermark does not cover yet. */
    boolean awaitsReplicas() {
        return newest < 0 && first < high && !hasOpenTransaction();
    }
}
