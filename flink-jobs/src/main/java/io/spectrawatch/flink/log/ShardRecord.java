package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.LoggedSnapshot;

/**
 * One record of the validated log, not yet decoded.
 *
 * @param shard partition of the log
 * @param offset offset within the partition
 * @param value the record's value; empty for a tombstone
 * @param digest SHA-256 of the value, 32 bytes, where it was computed as the record was read; else
 *     null
 * @param ballast bytes without a meaning that go with a verdict from task to task; else null
 */
public record ShardRecord(int shard, long offset, byte[] value, byte[] digest, byte[] ballast) {

    /**
     * A verdict is small and what it leads to is large. Where Flink's buffers between two tasks
     * held thousands, a checkpoint's barrier would wait behind the sketching of them all: so each
     * fills a buffer.
     */
    private static final byte[] OF_A_VERDICT = new byte[32 << 10];

    /** A record whose value's digest is not known yet. */
    public ShardRecord(int shard, long offset, byte[] value) {
        this(shard, offset, value, null, null);
    }

    /** A record as it stands in the log. */
    static ShardRecord logged(int shard, long offset, byte[] value) {
        byte[] ballast = LoggedSnapshot.isVerdict(value) ? OF_A_VERDICT : null;
        return new ShardRecord(shard, offset, value, null, ballast);
    }

    /**
     * The record with the accepted snapshot in the place of its verdict.
     *
     * @param snapshot value of the record that a log of copies would have here
     * @param itsDigest SHA-256 of it, 32 bytes
     */
    public ShardRecord accepted(byte[] snapshot, byte[] itsDigest) {
        return new ShardRecord(shard, offset, snapshot, itsDigest, null);
    }

    /** Where it is, as the beginning of a message. */
    public String at() {
        return "shard " + shard + ", offset " + offset + ": ";
    }
}
