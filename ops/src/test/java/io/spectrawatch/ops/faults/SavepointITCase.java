package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.monitor.MonitorJob;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.ops.FreePort;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.faults.Outputs.Output;
import io.spectrawatch.ops.process.ChildJvm;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Going on from a savepoint, or from the newest checkpoint of a process that was killed, changes no
 * byte of what is published.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SavepointITCase {

    /** Part of the checked-in savepoint. */
    private static final String FIXTURE_PREFIX = "savepoint.";

    private static final String RESCALING_PREFIX = "rescaling.";
    private static final String KILLING_PREFIX = "killing.";
    private static final int KILLS = 3;
    private static final int LONGEST_PAUSE_MILLIS = 500;
    private static final int SHARDS = 3;
    private static final int LAYERS = Synthetic.LAYERS.size();

    /** The seed of the checked-in savepoint's log, whatever seed the other tests run with. */
    private static final long FIXTURE_SEED = 20260101;

    /** Enough held-back panes for the drift test of a baseline. */
    private static final int REFERENCE_PANES = 5;

    private static final int FIXTURE_PANES = REFERENCE_PANES + 4;

    /** End of the panes that are published before the savepoint; the last one is open in it. */
    private static final long CLOSED_MILLIS = (FIXTURE_PANES - 1) * LogWriter.PANE_SECONDS * 1000L;

    /** End of the pane that is open then. */
    private static final long OPEN_MILLIS = FIXTURE_PANES * LogWriter.PANE_SECONDS * 1000L;

    /** Savepoints name the place they were written to. */
    private static final Path NEUTRAL_FOLDER = Path.of("/tmp");

    private static final Path FIXTURE = Path.of("src/test/resources/savepoints/0.1.0");

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, FIXTURE_PREFIX).create(SHARDS, (short) 1, ValidatedWriter.KEPT);
            new TopicAdmin(admin, RESCALING_PREFIX).create(SHARDS, (short) 1, ValidatedWriter.KEPT);
            new TopicAdmin(admin, KILLING_PREFIX).create(SHARDS, (short) 1, ValidatedWriter.KEPT);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void rescalingByWayOfSavepointsChangesNoByte() throws Exception {
        try (LogWriter log = new LogWriter(client, RESCALING_PREFIX, SHARDS, Synthetic.seed());
                Outputs outputs = new Outputs(client, RESCALING_PREFIX)) {
            log.count();
            log.panes(REFERENCE_PANES);
            log.activate(Reference.calibrate(client, RESCALING_PREFIX).getBaselineId());
            log.panes(1);
            JobClient job = run(RESCALING_PREFIX, 1, null);
            await(outputs, job, REFERENCE_PANES * LAYERS);
            Path first = stop(job, savepoints());

            log.drift();
            log.panes(3);
            job = run(RESCALING_PREFIX, 2, first);
            await(outputs, job, (REFERENCE_PANES + 3) * LAYERS);
            Path second = stop(job, savepoints());

            log.panes(3);
            log.end();
            int all = (REFERENCE_PANES + 7) * LAYERS;
            job = run(RESCALING_PREFIX, 1, second);
            await(outputs, job, all);
            stop(job, savepoints());
            List<Output> rescaled = outputs.drain();
            outputs.forget();
            assertSomethingWasFound(RESCALING_PREFIX, rescaled);

            job = run(RESCALING_PREFIX, 1, null);
            await(outputs, job, all);
            stop(job, savepoints());
            Outputs.Difference difference = Outputs.difference(outputs.drain(), rescaled);
            assertTrue(difference.identical(), difference::toString);
        }
    }

    /** See the README beside the savepoint. */
    @Test
    void theSavepointOfThisReleaseIsRestored() throws Exception {
        boolean write = Boolean.getBoolean("spectrawatch.savepoint.write");
        try (LogWriter log = new LogWriter(client, FIXTURE_PREFIX, SHARDS, FIXTURE_SEED);
                Outputs outputs = new Outputs(client, FIXTURE_PREFIX)) {
            log.panes(REFERENCE_PANES);
            if (write) {
                writeBaseline();
            }
            byte[] baseline = Files.readAllBytes(FIXTURE.resolve("baseline.bin"));
            log.activate(Reference.publish(client, FIXTURE_PREFIX, baseline).getBaselineId());
            log.panes(1);
            log.drift();
            log.panes(FIXTURE_PANES - REFERENCE_PANES - 1);
            if (write) {
                writeSavepoint(outputs);
            }
            log.panes(2);
            log.end();
            JobClient job = run(FIXTURE_PREFIX, 2, FIXTURE);
            await(outputs, job, 3 * LAYERS);
            stop(job, savepoints());
            List<Output> restored = outputs.drain();
            outputs.forget();

            job = run(FIXTURE_PREFIX, 1, null);
            await(outputs, job, (FIXTURE_PANES + 2) * LAYERS);
            stop(job, savepoints());
            List<Output> whole = outputs.drain();
            assertSomethingWasFound(FIXTURE_PREFIX, restored);
            Findings.assertEquivalent(
                    whole.stream()
                            .filter(o -> o.timestamp() > CLOSED_MILLIS)
                            .filter(SavepointITCase::afterTheSavepoint)
                            .toList(),
                    restored.stream().filter(SavepointITCase::afterTheSavepoint).toList());
        }
    }

    /** The monitor with Flink inside, as its command runs it: all of it dies at once. */
    @Test
    void killingTheMonitorsProcessChangesNoByte() throws Exception {
        SplittableRandom random = new SplittableRandom(Synthetic.seed());
        try (LogWriter log = new LogWriter(client, KILLING_PREFIX, SHARDS, Synthetic.seed());
                Outputs outputs = new Outputs(client, KILLING_PREFIX)) {
            log.count();
            log.panes(REFERENCE_PANES);
            log.activate(Reference.calibrate(client, KILLING_PREFIX).getBaselineId());
            log.panes(1);
            log.drift();
            int webPort = FreePort.next();
            ChildJvm monitor = startMonitor(webPort);
            for (int kill = 1; kill <= KILLS; kill++) {
                log.panes(1);
                await(outputs, monitor, (REFERENCE_PANES + kill) * LAYERS);
                log.panes(1);
                Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
                monitor.kill();
                monitor = startMonitor(webPort);
                log.panes(1);
            }
            log.end();
            int all = (REFERENCE_PANES + 1 + 3 * KILLS) * LAYERS;
            await(outputs, monitor, all);
            new JobProbe(URI.create("http://127.0.0.1:" + webPort)).stop(savepoints());
            while (monitor.isAlive()) {
                outputs.poll();
            }
            List<Output> disturbed = outputs.drain();
            outputs.forget();

            JobClient job = run(KILLING_PREFIX, 1, null);
            await(outputs, job, all);
            stop(job, savepoints());
            Outputs.Difference difference = Outputs.difference(outputs.drain(), disturbed);
            assertTrue(difference.identical(), difference::toString);
        }
    }

    private static ChildJvm startMonitor(int webPort) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("monitor", "--bootstrap-server", broker.bootstrapServers()));
        arguments.addAll(List.of("--command-property", "default.api.timeout.ms=60000"));
        arguments.addAll(List.of("--topic-prefix", KILLING_PREFIX));
        arguments.addAll(List.of("--checkpoints", folder.resolve("killed").toString()));
        arguments.addAll(List.of("--web-port", Integer.toString(webPort)));
        Map<String, String> settings = settings(KILLING_PREFIX, 1);
        settings.remove("topic.prefix");
        settings.forEach((key, value) -> arguments.addAll(List.of("-D", key + "=" + value)));
        return ChildJvm.named("monitor")
                .options("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                .log(folder.resolve("monitor.log"))
                .start(Main.class.getName(), arguments.toArray(String[]::new));
    }

    /** Waits until at least so many sketches are visible. */
    private static void await(Outputs outputs, ChildJvm monitor, int sketches) throws Exception {
        while (outputs.sketches() < sketches) {
            if (!monitor.isAlive()) {
                throw new AssertionError(monitor.describe());
            }
            outputs.poll();
        }
    }

    /** Samples of the pane that was open went out at once, before the savepoint or after it. */
    private static boolean afterTheSavepoint(Output output) {
        return output.timestamp() > OPEN_MILLIS || !Findings.isOfSample(output);
    }

    private static void assertSomethingWasFound(String prefix, List<Output> outputs) {
        for (Topics topic : List.of(Topics.CERTIFICATES, Topics.SCORES, Topics.ALERTS)) {
            assertTrue(
                    outputs.stream().anyMatch(o -> o.topic().equals(topic.topicName(prefix))),
                    topic + " is empty");
        }
    }

    /** With the least detector that there is: the file lies in the repository. */
    private static void writeBaseline() throws Exception {
        String id =
                Reference.calibrate(
                                client,
                                FIXTURE_PREFIX,
                                "-D",
                                "detect.samples=800",
                                "-D",
                                "detect.coordinates=2")
                        .getBaselineId();
        Files.createDirectories(FIXTURE);
        Files.write(FIXTURE.resolve("baseline.bin"), Reference.load(client, FIXTURE_PREFIX, id));
    }

    private void writeSavepoint(Outputs outputs) throws Exception {
        JobClient job = run(FIXTURE_PREFIX, 1, null);
        await(outputs, job, (FIXTURE_PANES - 1) * LAYERS);
        Path savepoint = stop(job, NEUTRAL_FOLDER);
        Files.copy(
                savepoint.resolve("_metadata"),
                FIXTURE.resolve("_metadata"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.delete(savepoint.resolve("_metadata"));
        Files.delete(savepoint);
        outputs.drain();
        outputs.forget();
    }

    private JobClient run(String prefix, int parallelism, Path savepoint) throws Exception {
        Configuration flink = new Configuration();
        // All state inside the savepoint's one file.
        flink.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1));
        if (savepoint != null) {
            flink.set(
                    StateRecoveryOptions.SAVEPOINT_PATH,
                    savepoint.toAbsolutePath().toUri().toString());
        }
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, flink);
        MonitorJob.build(env, MonitorConfig.fromMap(settings(prefix, parallelism), client));
        return env.executeAsync("savepoint test");
    }

    private static Map<String, String> settings(String prefix, int parallelism) {
        Map<String, String> settings = JobSettings.of(prefix, SHARDS, parallelism);
        settings.put("merge.buckets", "4");
        settings.put("checkpoint.interval.ms", "200");
        settings.put("checkpoint.dir", folder.resolve("checkpoints").toUri().toString());
        return settings;
    }

    /** Waits until so many sketches of this run are visible. */
    private static void await(Outputs outputs, JobClient job, int sketches) throws Exception {
        while (outputs.sketches() < sketches) {
            assertTrue(!job.getJobStatus().get().isGloballyTerminalState(), "the job has ended");
            outputs.poll();
        }
        assertEquals(sketches, outputs.sketches());
    }

    private static Path savepoints() {
        return folder.resolve("savepoints");
    }

    private static Path stop(JobClient job, Path target) throws Exception {
        String savepoint =
                job.stopWithSavepoint(
                                false, target.toUri().toString(), SavepointFormatType.CANONICAL)
                        .get();
        job.getJobExecutionResult().get();
        return Path.of(URI.create(savepoint));
    }
}
