package io.spectrawatch.ops.bench.pipeline;

/**
 * How the time from a snapshot to the scores of its samples is measured.
 *
 * @param load share of the rate at which ingest and monitor come through a backlog together
 * @param seconds how long snapshots are sent that count
 * @param checkpointIntervalMillis of the monitor; scores are visible with a checkpoint
 */
public record LatencyOptions(double load, int seconds, long checkpointIntervalMillis) {

    /** Checks the numbers. */
    public LatencyOptions {
        if (!(load > 0 && load < 1)) {
            throw new IllegalArgumentException("load must be above 0 and below 1, found " + load);
        }
        if (seconds < 1) {
            throw new IllegalArgumentException("seconds must be at least 1, found " + seconds);
        }
        if (checkpointIntervalMillis < 10) {
            throw new IllegalArgumentException(
                    "the checkpoint interval must be at least 10 ms, found "
                            + checkpointIntervalMillis);
        }
    }
}
