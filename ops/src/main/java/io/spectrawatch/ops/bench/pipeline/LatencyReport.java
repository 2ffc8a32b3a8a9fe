package io.spectrawatch.ops.bench.pipeline;

/**
 * What was measured; the component names are the keys of the JSON form.
 *
 * @param options what was sent
 * @param latency how
 * @param mostSnapshotsPerSecond rate at which both came through a backlog
 * @param snapshotsPerSecond rate of sending
 * @param samples how many scores were awaited
 * @param p50Millis from the sending of a snapshot until the score of one of its samples is visible
 *     to a read-committed consumer; half of the samples took no longer
 * @param p99Millis the same of 99 in 100
 * @param maxMillis the longest
 * @param cores processors busy in the process with sender, ingest, monitor and consumer
 * @param brokerCores processors busy in the broker
 */
public record LatencyReport(
        PipelineOptions options,
        LatencyOptions latency,
        double mostSnapshotsPerSecond,
        double snapshotsPerSecond,
        int samples,
        double p50Millis,
        double p99Millis,
        double maxMillis,
        double cores,
        double brokerCores) {}
