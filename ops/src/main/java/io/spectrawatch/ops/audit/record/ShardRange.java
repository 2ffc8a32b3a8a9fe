package io.spectrawatch.ops.audit.record;

/**
 * The part of a shard of the validated log that an audit replays.
 *
 * @param start offset of a tick, inclusive
 * @param end exclusive
 */
public record ShardRange(int shard, long start, long end) {}
