package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.flink.monitor.config.DetectionDefinition;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures how long after a snapshot was sent the scores of its samples can be read, at a share of
 * what ingest and monitor manage together.
 *
 * <pre>
 * reference.*   a shorter run: the baseline comes from its log, and it warms the compiler up
 * most.*        a backlog, through ingest and monitor at once: the rate at which they manage
 * live.*        snapshots by the clock ─► ingest ─► monitor ─► scores ─► read-committed consumer
 * </pre>
 */
public final class LatencyBench {

    /** Until checkpoints come regularly and the compiler rests. */
    private static final int WARM_UP_SECONDS = 10;

    private static final double SECOND_NANOS = 1e9;
    private static final double MILLI_NANOS = 1e6;

    private final BenchRig rig;
    private final LatencyOptions options;
    private final Consumer<String> progress;

    private LatencyBench(BenchRig rig, LatencyOptions options, Consumer<String> progress) {
        this.rig = rig;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Runs in a temporary folder.
     *
     * @param sent what a snapshot is; as many of them make the backlog
     * @param progress is told in a line what begins
     * @throws java.io.IOException if the broker or a service does not start, or scores do not come
     */
    public static LatencyReport run(
            PipelineOptions sent, LatencyOptions options, Consumer<String> progress)
            throws Exception {
        return BenchRig.with(sent, rig -> new LatencyBench(rig, options, progress).measured());
    }

    private LatencyReport measured() throws Exception {
        BenchTopics reference = rig.reference();
        BenchTopics most = rig.topics("most.");
        BenchTopics live = rig.topics("live.");
        BenchSnapshots source = new BenchSnapshots(rig.options());
        progress.accept("filling topics, and calibrating a baseline ...");
        for (BenchTopics each : List.of(reference, most)) {
            each.create();
            each.fill(source);
        }
        live.create();
        rig.ingestAll(reference);
        String baseline = rig.baselines().everything(List.of(reference, most, live));
        progress.accept("measuring the most that ingest and monitor manage ...");
        byte[] ofMost = BenchBaselines.activation(baseline, most);
        StageCost cost = rig.cost(most, () -> jobs(most).live(ofMost));
        double rate = options.load() * most.snapshots() / cost.seconds();
        progress.accept("measuring latency ...");
        live.startPanes(System.currentTimeMillis() * 1000);
        LatencyProbe probe =
                new LatencyProbe(
                        rig,
                        live,
                        source,
                        rate,
                        (int) (WARM_UP_SECONDS * rate),
                        (int) Math.ceil(options.seconds() * rate));
        byte[] ofLive = BenchBaselines.activation(baseline, live);
        long[] nanos = jobs(live).live(ofLive, (meter, check) -> probe.run(check));
        return report(most.snapshots() / cost.seconds(), rate, nanos, probe.span());
    }

    private JobStages jobs(BenchTopics topics) {
        return rig.jobs(
                topics,
                Map.of(
                        MonitorDefinition.CHECKPOINT_INTERVAL.key(),
                        Long.toString(options.checkpointIntervalMillis()),
                        // every sample is awaited
                        DetectionDefinition.DETECT_SCORES_SHARE.key(),
                        "1"));
    }

    private LatencyReport report(double most, double rate, long[] nanos, StageClock.Span span) {
        Arrays.sort(nanos);
        double seconds = (span.to().nanos() - span.from().nanos()) / SECOND_NANOS;
        return new LatencyReport(
                rig.options(),
                options,
                most,
                rate,
                nanos.length,
                at(nanos, 0.5),
                at(nanos, 0.99),
                at(nanos, 1),
                (span.to().own() - span.from().own()) / SECOND_NANOS / seconds,
                (span.to().broker() - span.from().broker()) / SECOND_NANOS / seconds);
    }

    /** The least of the sorted times that so large a share do not exceed, milliseconds. */
    private static double at(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)] / MILLI_NANOS;
    }
}
