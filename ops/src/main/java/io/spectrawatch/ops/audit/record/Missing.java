package io.spectrawatch.ops.audit.record;

/**
 * Records of the validated log that an audit needs and the topic no longer has.
 *
 * @param from first offset, inclusive
 * @param to last offset, inclusive
 */
public record Missing(int shard, long from, long to) {}
