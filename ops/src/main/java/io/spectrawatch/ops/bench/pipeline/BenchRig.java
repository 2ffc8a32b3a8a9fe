package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.process.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * A broker of its own in a temporary folder, and the topics of a reference run: shorter than what
 * is measured, it gives the log from which baselines are calibrated and warms the compiler up.
 */
final class BenchRig implements AutoCloseable {

    /** What calibration needs, and a monitor's pools. */
    private static final int REFERENCE_SAMPLES = 1_024;

    private static final int REFERENCE_SNAPSHOTS_PER_PANE = 25;

    /** At the rates of a machine with two cores a pane of about ten seconds, shorter than usual. */
    private static final int SNAPSHOTS_PER_PANE = 300;

    private final PipelineOptions options;
    private final Path folder;
    private final EmbeddedBroker broker;
    private final Map<String, Object> client;
    private final Admin admin;
    private final StageClock clock;
    private final BenchTopics reference;

    private BenchRig(PipelineOptions options, Path folder) throws IOException {
        this.options = options;
        this.folder = folder;
        this.broker = EmbeddedBroker.start(folder.resolve("broker"));
        this.client = Map.of("bootstrap.servers", broker.bootstrapServers());
        this.admin = Admin.create(client);
        this.clock = new StageClock(broker, folder);
        int samples = options.samplesPerSnapshot();
        this.reference =
                new BenchTopics(
                        admin,
                        client,
                        options,
                        "reference.",
                        (REFERENCE_SAMPLES + samples - 1) / samples,
                        REFERENCE_SNAPSHOTS_PER_PANE);
    }

    /** What runs on a rig. */
    interface Run<R> {
        R on(BenchRig rig) throws Exception;
    }

    /**
     * Runs something on a rig of its own and removes every trace of it.
     *
     * @throws IOException if the broker does not start
     */
    static <R> R with(PipelineOptions options, Run<R> run) throws Exception {
        Path folder = Files.createTempDirectory("spectrawatch-bench");
        try (BenchRig rig = new BenchRig(options, folder)) {
            return run.on(rig);
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    PipelineOptions options() {
        return options;
    }

    /** Where the broker, ingest and the jobs keep what they have. */
    Path folder() {
        return folder;
    }

    Map<String, Object> client() {
        return client;
    }

    StageClock clock() {
        return clock;
    }

    BenchTopics reference() {
        return reference;
    }

    /** The topics of another run, as long as asked for. */
    BenchTopics topics(String prefix) {
        return new BenchTopics(
                admin, client, options, prefix, options.snapshots(), SNAPSHOTS_PER_PANE);
    }

    BenchBaselines baselines() {
        return new BenchBaselines(client, options, reference);
    }

    /** Takes all activations of a run through ingest. */
    StageCost ingestAll(BenchTopics topics) throws Exception {
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

    /**
     * Jobs over a run.
     *
     * @param settings of the monitor, over its defaults
     */
    JobStages jobs(BenchTopics topics, Map<String, String> settings) {
        return new JobStages(client, options, topics, clock, folder, settings);
    }

    StageCost cost(BenchTopics topics, StageClock.Stage stage) throws Exception {
        return clock.measure(options.rows(topics.snapshots()), topics.bytes(), stage);
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }
}
