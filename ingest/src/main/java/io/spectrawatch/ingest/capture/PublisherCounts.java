package io.spectrawatch.ingest.capture;

/**
 * What became of the snapshots so far.
 *
 * @param acknowledged the broker has them
 * @param dropped the buffer was full
 * @param failed the producer gave up on them
 * @param bytes of those acknowledged
 */
public record PublisherCounts(long acknowledged, long dropped, long failed, long bytes) {}
