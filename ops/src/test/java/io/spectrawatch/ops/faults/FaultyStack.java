package io.spectrawatch.ops.faults;

import io.spectrawatch.ops.FreePort;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.admin.TopicPlan;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cluster.FlinkCluster;
import io.spectrawatch.ops.monitor.MonitorService;
import io.spectrawatch.ops.process.ChildJvm;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The pipeline with every part in a JVM of its own, so that each can be killed. */
final class FaultyStack implements AutoCloseable {

    static final String PREFIX = "chaos.";
    static final int SHARDS = 3;
    static final long PANE_MILLIS = Long.getLong("spectrawatch.chaos.paneMillis", 1000);

    private static final int OUTPUT_PARTITIONS = 2;
    private static final String CLOCK_SKEW_MILLIS = "1000";
    private static final int PARALLELISM = 2;

    private static final String INGEST_GROUP = "spectrawatch.ingest";

    private final Path folder;
    private final List<Integer> taskManagers = new ArrayList<>();
    private EmbeddedBroker broker;
    private Map<String, Object> client;
    private ChildJvm ingest;
    private FlinkCluster cluster;
    private MonitorService monitor;
    private int ingestRestarts;
    private int ingestStarts;

    FaultyStack(Path folder) {
        this.folder = folder;
    }

    void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, PREFIX)
                    .create(
                            new TopicPlan(SHARDS, OUTPUT_PARTITIONS, (short) 1, List.of()),
                            ValidatedWriter.KEPT);
        }
        startIngest();
        cluster =
                FlinkCluster.start(
                        folder.resolve("flink"),
                        Map.of("env.java.opts.all", String.join(" ", IngestJvm.SHORT_LIVED)));
        for (int i = 0; i < PARALLELISM; i++) {
            taskManagers.add(cluster.startTaskManager());
        }
        monitor =
                MonitorService.submit(
                        settings("live", PARALLELISM),
                        client,
                        folder.resolve("checkpoints"),
                        cluster.rest());
    }

    Map<String, Object> client() {
        return client;
    }

    JobProbe job() {
        return new JobProbe(cluster.rest());
    }

    /**
     * Calibrates a baseline from the log as it is and has the model judged by it from the first
     * pane that no shard can have begun.
     */
    void calibrate() throws IOException {
        Reference.calibrate(client, PREFIX, "--activate", "--max-clock-skew", CLOCK_SKEW_MILLIS);
    }

    // ------------------------------------------------------------------ faults

    void killTaskManager(SplittableRandom random) throws IOException {
        int at = random.nextInt(taskManagers.size());
        cluster.killTaskManager(taskManagers.get(at));
        taskManagers.set(at, cluster.startTaskManager());
    }

    void killBroker(long pauseMillis) throws IOException, InterruptedException {
        broker.kill();
        Thread.sleep(pauseMillis);
        broker.restart();
    }

    void killIngest() throws IOException {
        ingest.kill();
        startIngest();
    }

    /**
     * Does what a service manager does: starts ingest again when it has given up, as it does when
     * no broker answers. The job has to get through everything by itself.
     */
    void supervise() throws IOException {
        monitor.check();
        if (!ingest.isAlive()) {
            ingestRestarts++;
            startIngest();
        }
    }

    /** Times ingest ended without being killed. */
    int ingestRestarts() {
        return ingestRestarts;
    }

    /** Whether ingest has decided about every record of the activations topic. */
    boolean ingestHasCaughtUp() throws Exception {
        Map<Integer, Long> ends = Topic.ends(client, Topics.ACTIVATIONS, PREFIX);
        try (Admin admin = Admin.create(client)) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(INGEST_GROUP)
                            .partitionsToOffsetAndMetadata()
                            .get();
            return ends.entrySet().stream()
                    .allMatch(
                            end -> {
                                OffsetAndMetadata offset =
                                        committed.get(
                                                new TopicPartition(
                                                        Topics.ACTIVATIONS.topicName(PREFIX),
                                                        end.getKey()));
                                return offset != null && offset.offset() >= end.getValue();
                            });
        }
    }

    void stopIngest() {
        ingest.stop();
    }

    // ------------------------------------------------------------------ parts

    /** Every second one writes verdicts, so that the log goes over from one form to the other. */
    private void startIngest() throws IOException {
        String form = ingestStarts++ % 2 == 0 ? "copies" : "verdicts";
        ingest =
                new IngestJvm(broker, PREFIX, folder)
                        .options(List.of("-Xmx384m"))
                        .options(IngestJvm.SHORT_LIVED)
                        .set("log.form", form)
                        .set("pane.ms", PANE_MILLIS)
                        .set("lateness.ms", PANE_MILLIS / 2)
                        .set("tick.interval.ms", 200)
                        .set("max.clock.skew.ms", CLOCK_SKEW_MILLIS)
                        .shortTimeouts()
                        .start();
    }

    /** Runs the job over the log up to these offsets, in this JVM, with no fault. */
    void replay(Map<Integer, Long> ends) throws Exception {
        Map<String, String> settings = settings("replay", 1);
        settings.put("source.offsets.start", Reference.offsets(ends, false));
        settings.put("source.offsets.end", Reference.offsets(ends, true));
        try (MonitorService replay =
                MonitorService.start(settings, client, folder.resolve("replay"), FreePort.next())) {
            replay.join();
        }
    }

    private static Map<String, String> settings(String name, int parallelism) {
        Map<String, String> settings = JobSettings.of(PREFIX, SHARDS, parallelism);
        // the drift test would need some forty panes to calibrate on
        settings.put("alert.structure.needs.drift", "false");
        settings.put("attack.models", "1");
        // what scores it was made of is seen by as many as are published
        settings.put("detect.scores.share", "0.02");
        settings.put("checkpoint.interval.ms", "500");
        settings.put("transactional.id.prefix", name);
        settings.put("group.id", name);
        return settings;
    }

    /** Closes what was started, the broker last, and keeps the first failure. */
    @Override
    public void close() throws IOException {
        RuntimeException first = null;
        for (AutoCloseable part : new AutoCloseable[] {monitor, cluster, ingest, broker}) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                if (first == null) {
                    first = new IllegalStateException("clean-up failed", e);
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
