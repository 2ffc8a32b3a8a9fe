package io.spectrawatch.flink.log;

/**
 * One record of the validated log, not yet decoded.
 *
 * @param shard partition of the log
 * @param offset offset within the partition
 * @param value the record's value; empty for a tombstone
 */
public record ShardRecord(int shard, long offset, byte[] value) {

    /** Where it is, as the beginning of a message. */
    public String at() {
        return "shard " + shard + ", offset " + offset + ": ";
    }
}
