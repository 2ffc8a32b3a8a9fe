package io.spectrawatch.ops.bench.pipeline;

import java.util.List;

/**
 * What one stage took; the component names are keys of the JSON form.
 *
 * @param seconds from its first record to its last
 * @param rowsPerSecond rows of a layer per second
 * @param megabytesPerSecond 10^6 bytes of uncompressed records per second
 * @param cpuSecondsPerMillionRows processor time of the stage's own process per million rows of a
 *     layer
 * @param cpuSecondsPerGigabyte the same per 10^9 bytes of uncompressed records
 * @param brokerCpuSecondsPerMillionRows processor time of the broker meanwhile
 * @param brokerCpuSecondsPerGigabyte the same per 10^9 bytes
 * @param frames what the process was doing when it was looked at, the most frequent first
 */
public record StageCost(
        double seconds,
        double rowsPerSecond,
        double megabytesPerSecond,
        double cpuSecondsPerMillionRows,
        double cpuSecondsPerGigabyte,
        double brokerCpuSecondsPerMillionRows,
        double brokerCpuSecondsPerGigabyte,
        List<Frame> frames) {

    /**
     * A method on top of the stack.
     *
     * @param method class and name
     * @param share of all samples of threads that ran
     */
    public record Frame(String method, double share) {}

    /** Rows per second over those of another stage. */
    double over(StageCost other) {
        return rowsPerSecond / other.rowsPerSecond;
    }
}
