package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * Sends the same snapshots through every stage of the pipeline, one stage at a time and then all at
 * once, and beside them through the least that Kafka and Flink need for it.
 *
 * <pre>
 * reference.*   a shorter run: the baselines come from its log, and it warms the compiler up
 * bench.*       activations ─► copy
 *                    └─► ingest ─► validated ─► plain, pass-through, monitor three times
 * live.*        activations ─► ingest ─► validated ─► monitor, at once
 * </pre>
 *
 * <p>Topics are filled before anything is measured, and a stage counts from its first record to its
 * last: what starting a service or a job takes is left out.
 */
public final class PipelineBench {

    /** What calibration needs, and a monitor's pools. */
    private static final int REFERENCE_SAMPLES = 1_024;

    private static final int REFERENCE_SNAPSHOTS_PER_PANE = 25;

    /** At the rates of a machine with two cores a pane of about ten seconds, shorter than usual. */
    private static final int SNAPSHOTS_PER_PANE = 300;

    /** A job over a part of the log ends with a checkpoint; where nothing counts, soon. */
    private static final Map<String, String> HASTY =
            Map.of(MonitorDefinition.CHECKPOINT_INTERVAL.key(), "1000");

    private final PipelineOptions options;
    private final Consumer<String> progress;

    private PipelineBench(PipelineOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Runs everything in a temporary folder, which needs about ten times the records' bytes.
     *
     * @param progress is told in a line what begins
     * @throws IOException if the broker or a service does not start
     */
    public static PipelineReport run(PipelineOptions options, Consumer<String> progress)
            throws Exception {
        Path folder = Files.createTempDirectory("spectrawatch-bench");
        try {
            return new PipelineBench(options, progress).run(folder);
        } finally {
            deleteAll(folder);
        }
    }

    private PipelineReport run(Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                return new Runs(admin, client, new StageClock(broker, folder), folder).all();
            }
        }
    }

    /** The three runs against one broker. */
    private final class Runs {
        private final Map<String, Object> client;
        private final StageClock clock;
        private final Path folder;
        private final BenchTopics reference;
        private final BenchTopics bench;
        private final BenchTopics live;

        Runs(Admin admin, Map<String, Object> client, StageClock clock, Path folder) {
            this.client = client;
            this.clock = clock;
            this.folder = folder;
            int samples = options.samplesPerSnapshot();
            int warm = (REFERENCE_SAMPLES + samples - 1) / samples;
            reference =
                    new BenchTopics(
                            admin,
                            client,
                            options,
                            "reference.",
                            warm,
                            REFERENCE_SNAPSHOTS_PER_PANE);
            bench = topics(admin, "bench.");
            live = topics(admin, "live.");
        }

        private BenchTopics topics(Admin admin, String prefix) {
            return new BenchTopics(
                    admin, client, options, prefix, options.snapshots(), SNAPSHOTS_PER_PANE);
        }

        PipelineReport all() throws Exception {
            progress.accept(
                    "filling topics with "
                            + (reference.snapshots() + 2 * bench.snapshots())
                            + " snapshots ...");
            BenchSnapshots source = new BenchSnapshots(options);
            for (BenchTopics each : List.of(reference, bench, live)) {
                each.fill(source);
            }
            progress.accept("warming up, and calibrating baselines ...");
            ingest(reference);
            BenchBaselines baselines = new BenchBaselines(client, options, reference);
            String certificates = baselines.certificates(List.of(reference, bench));
            String everything = baselines.everything(List.of(reference, bench, live));
            stages(reference, certificates, everything);
            reference.delete(
                    List.of(
                            reference.name(Topics.ACTIVATIONS),
                            reference.name(Topics.VALIDATED),
                            reference.copyName()));
            return measured(certificates, everything);
        }

        private PipelineReport measured(String certificates, String everything) throws Exception {
            progress.accept("measuring ingest ...");
            StageCost ingest = ingest(bench);
            progress.accept("measuring the other stages ...");
            Stages stages = stages(bench, certificates, everything);
            bench.delete(
                    List.of(
                            bench.name(Topics.ACTIVATIONS),
                            bench.name(Topics.VALIDATED),
                            bench.copyName()));
            progress.accept("measuring ingest and monitor together ...");
            byte[] activation = BenchBaselines.activation(everything, live);
            StageCost endToEnd = cost(live, () -> jobs(live).live(activation));
            return new PipelineReport(
                    options,
                    bench.bytes() / bench.snapshots(),
                    stages.plain(),
                    stages.passThrough(),
                    stages.copy(),
                    ingest,
                    stages.sketch(),
                    stages.certified(),
                    stages.full(),
                    endToEnd,
                    stages.sketch().over(stages.passThrough()),
                    stages.certified().over(stages.passThrough()),
                    stages.full().over(stages.passThrough()),
                    ingest.over(stages.copy()));
        }

        private StageCost ingest(BenchTopics topics) throws Exception {
            try (IngestStage ingest = new IngestStage(client, options, topics, folder)) {
                return cost(
                        topics,
                        () -> {
                            ingest.start();
                            StageClock.Mark from = clock.now();
                            ingest.awaitAll();
                            return new StageClock.Span(from, clock.now());
                        });
            }
        }

        private Stages stages(BenchTopics topics, String certificates, String everything)
                throws Exception {
            KafkaStages kafka = new KafkaStages(client, options, topics, clock);
            JobStages jobs = jobs(topics);
            StageCost copy = cost(topics, kafka::copy);
            StageCost plain = cost(topics, kafka::plain);
            StageCost passThrough = cost(topics, jobs::passThrough);
            StageCost sketch = cost(topics, () -> jobs.monitor(null));
            byte[] certifying = BenchBaselines.activation(certificates, topics);
            StageCost certified = cost(topics, () -> jobs.monitor(certifying));
            byte[] judging = BenchBaselines.activation(everything, topics);
            StageCost full = cost(topics, () -> jobs.monitor(judging));
            return new Stages(plain, passThrough, copy, sketch, certified, full);
        }

        private JobStages jobs(BenchTopics topics) {
            return new JobStages(
                    client, options, topics, clock, folder, topics == reference ? HASTY : Map.of());
        }

        private StageCost cost(BenchTopics topics, StageClock.Stage stage) throws Exception {
            return clock.measure(options.rows(topics.snapshots()), topics.bytes(), stage);
        }
    }

    /** What reads a log that ingest has written. */
    private record Stages(
            StageCost plain,
            StageCost passThrough,
            StageCost copy,
            StageCost sketch,
            StageCost certified,
            StageCost full) {}

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
