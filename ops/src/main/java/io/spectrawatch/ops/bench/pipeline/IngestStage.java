package io.spectrawatch.ops.bench.pipeline;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.service.IngestService;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** The ingest service over the activations of a run. */
final class IngestStage implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final long STALL_NANOS = 180_000_000_000L;
    private static final long POLL_MILLIS = 50;

    private final BenchTopics topics;
    private final String application;
    private final IngestService service;

    IngestStage(
            Map<String, Object> client, PipelineOptions options, BenchTopics topics, Path folder) {
        this.topics = topics;
        this.application = topics.prefix() + "ingest";
        Map<String, String> settings =
                Map.of(
                        IngestConfig.APPLICATION_ID,
                        application,
                        IngestConfig.TOPIC_PREFIX,
                        topics.prefix(),
                        IngestConfig.STATE_DIR,
                        folder.resolve(application).toString(),
                        IngestConfig.LOG_FORM,
                        options.logForm().name().toLowerCase(Locale.ROOT),
                        IngestConfig.THREADS,
                        Integer.toString(options.parallelism()),
                        IngestConfig.PANE,
                        Long.toString(BenchTopics.PANE_MICROS / 1000),
                        IngestConfig.LATENESS,
                        "1000",
                        IngestConfig.REQUIRE_APPEND_TIME,
                        "false");
        this.service =
                new IngestService(
                        IngestConfig.fromMap(settings),
                        client,
                        IngestClock.system(),
                        new CollectorRegistry(true));
    }

    /** Returns once every shard is being read. */
    void start() throws IOException, InterruptedException {
        service.start();
        if (!service.awaitRunning(START_LIMIT)) {
            throw new IOException("ingest did not start within " + START_LIMIT.toSeconds() + " s");
        }
    }

    /** Returns once every activation's place in the log is committed. */
    void awaitAll() throws Exception {
        long deadline = System.nanoTime() + STALL_NANOS;
        long seen = -1;
        while (seen < topics.snapshots()) {
            check();
            long committed = topics.committed(application, topics.name(Topics.ACTIVATIONS));
            if (committed > seen) {
                seen = committed;
                deadline = System.nanoTime() + STALL_NANOS;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("ingest stands still at " + seen + " snapshots");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Fails if the service has ended. */
    void check() {
        if (service.state().hasCompletedShutdown()) {
            throw new IllegalStateException("ingest has ended", service.failure().orElse(null));
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
