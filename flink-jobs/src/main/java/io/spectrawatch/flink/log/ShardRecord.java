package io.spectrawatch.flink.log;

/**
 * One record of the validated log, not yet decoded.
 *
 * @param shard partition of the log
 * @param offset offset within the partition
 * @param value the record's value; empty for a tombstone
 * @param digest SHA-256 of the value, 32 bytes, where it was computed as the record was read; else
 *     null
 */
public record ShardRecord(int shard, long offset, byte[] value, byte[] digest) {

    /** A record whose value's digest is not known yet. */
    public ShardRecord(int shard, long offset, byte[] value) {
        this(shard, offset, value, null);
    }

    /** Where it is, as the beginning of a message. */
    public String at() {
        return "shard " + shard + ", offset " + offset + ": ";
    }
}
