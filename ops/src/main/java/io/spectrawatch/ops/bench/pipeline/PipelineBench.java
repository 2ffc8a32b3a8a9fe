package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Sends the same snapshots through every stage of the pipeline, one stage at a time and then all at
 * once, and beside them through the least that Kafka and Flink need for it.
 *
 * <pre>
 * reference.*   a shorter run: the baselines come from its log, and it warms the compiler up
 * bench.*       activations ─► copy
 *                    └─► ingest ─► validated ─► plain, pass-through, monitor three times
 * memory        the same rows ─► kernel
 * live.*        activations ─► ingest ─► validated ─► monitor, at once
 * </pre>
 *
 * <p>Topics are filled before anything is measured, and a stage counts from its first record to its
 * last: what starting a service or a job takes is left out.
 */
public final class PipelineBench {

    private final BenchRig rig;
    private final Consumer<String> progress;
    private final BenchTopics bench;
    private final BenchTopics live;

    private PipelineBench(BenchRig rig, Consumer<String> progress) {
        this.rig = rig;
        this.progress = progress;
        this.bench = rig.topics("bench.");
        this.live = rig.topics("live.");
    }

    /**
     * Runs everything in a temporary folder, which needs about ten times the records' bytes.
     *
     * @param progress is told in a line what begins
     * @throws java.io.IOException if the broker or a service does not start
     */
    public static PipelineReport run(PipelineOptions options, Consumer<String> progress)
            throws Exception {
        return BenchRig.with(options, rig -> new PipelineBench(rig, progress).all());
    }

    private PipelineReport all() throws Exception {
        BenchTopics reference = rig.reference();
        progress.accept(
                "filling topics with "
                        + (reference.snapshots() + 2 * bench.snapshots())
                        + " snapshots ...");
        BenchSnapshots source = new BenchSnapshots(rig.options());
        for (BenchTopics each : List.of(reference, bench, live)) {
            each.create();
            each.fill(source);
        }
        progress.accept("warming up, and calibrating baselines ...");
        rig.ingestAll(reference);
        BenchBaselines baselines = rig.baselines();
        String certificates = baselines.certificates(List.of(reference, bench));
        String everything = baselines.everything(List.of(reference, bench, live));
        stages(reference, certificates, everything);
        deleteRows(reference);
        return measured(certificates, everything);
    }

    private PipelineReport measured(String certificates, String everything) throws Exception {
        progress.accept("measuring ingest ...");
        StageCost ingest = rig.ingestAll(bench);
        progress.accept("measuring the other stages ...");
        Stages stages = stages(bench, certificates, everything);
        deleteRows(bench);
        progress.accept("measuring ingest and monitor together ...");
        byte[] activation = BenchBaselines.activation(everything, live);
        StageCost endToEnd = rig.cost(live, () -> rig.jobs(live, Map.of()).live(activation));
        return new PipelineReport(
                rig.options(),
                bench.bytes() / bench.snapshots(),
                stages.plain(),
                stages.passThrough(),
                stages.copy(),
                ingest,
                stages.kernel(),
                stages.sketch(),
                stages.certified(),
                stages.full(),
                endToEnd,
                stages.sketch().cpuSecondsPerMillionRows()
                        / (stages.kernel().cpuSecondsPerMillionRows()
                                + stages.passThrough().cpuSecondsPerMillionRows()),
                stages.sketch().over(stages.passThrough()),
                stages.certified().over(stages.passThrough()),
                stages.full().over(stages.passThrough()),
                ingest.over(stages.copy()));
    }

    private Stages stages(BenchTopics topics, String certificates, String everything)
            throws Exception {
        KafkaStages kafka = new KafkaStages(rig.client(), rig.options(), topics, rig.clock());
        JobStages jobs = rig.jobs(topics, Map.of());
        StageCost copy = rig.cost(topics, kafka::copy);
        StageCost plain = rig.cost(topics, kafka::plain);
        StageCost passThrough = rig.cost(topics, jobs::passThrough);
        StageCost kernel = rig.cost(topics, jobs.kernel()::run);
        StageCost sketch = rig.cost(topics, () -> jobs.monitor(null));
        byte[] certifying = BenchBaselines.activation(certificates, topics);
        StageCost certified = rig.cost(topics, () -> jobs.monitor(certifying));
        byte[] judging = BenchBaselines.activation(everything, topics);
        StageCost full = rig.cost(topics, () -> jobs.monitor(judging));
        return new Stages(plain, passThrough, copy, kernel, sketch, certified, full);
    }

    /** What reads a log that ingest has written. */
    private record Stages(
            StageCost plain,
            StageCost passThrough,
            StageCost copy,
            StageCost kernel,
            StageCost sketch,
            StageCost certified,
            StageCost full) {}

    private static void deleteRows(BenchTopics topics) throws Exception {
        topics.delete(
                List.of(
                        topics.name(Topics.ACTIVATIONS),
                        topics.name(Topics.VALIDATED),
                        topics.copyName()));
    }
}
