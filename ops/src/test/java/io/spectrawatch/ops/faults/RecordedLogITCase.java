package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.baseline.BaselineCatalogue;
import io.spectrawatch.flink.monitor.MonitorJob;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.audit.Audit;
import io.spectrawatch.ops.audit.AuditProgress;
import io.spectrawatch.ops.audit.AuditReport;
import io.spectrawatch.ops.audit.FlinkTarget;
import io.spectrawatch.ops.audit.record.AuditRequest;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.NumericConfig;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the monitor of an earlier commit published about a log, this one computes again. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RecordedLogITCase {

    /** See the README beside the recording. */
    private static final Path RECORDING = Path.of("src/test/resources/recordings/0.1.0/records.gz");

    private static final String PREFIX = "recording.";
    private static final long SEED = 20261129;
    private static final int SHARDS = 3;

    /** Enough held-back pools for the drift test of a baseline. */
    private static final int REFERENCE_PANES = 18;

    private static final int CALM_PANES = 1;
    private static final int DRIFTED_PANES = 5;
    private static final long END =
            (REFERENCE_PANES + CALM_PANES + DRIFTED_PANES) * LogWriter.PANE_SECONDS * 1_000_000L;

    private static final List<Topics> PUBLISHED =
            List.of(Topics.SKETCHES, Topics.CERTIFICATES, Topics.SCORES, Topics.ALERTS);

    @TempDir private static Path folder;

    @Test
    void whatWasPublishedThenIsComputedNow() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            createTopics(client);
            if (Boolean.getBoolean("spectrawatch.recording.write")) {
                record(client);
            } else {
                auditRecording(client);
            }
        }
    }

    private static void createTopics(Map<String, Object> client) throws Exception {
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, PREFIX).create(SHARDS, (short) 1, ValidatedWriter.KEPT);
        }
    }

    private static void auditRecording(Map<String, Object> client) throws Exception {
        Recording recording = Recording.read(RECORDING);
        recording.publish(client, PREFIX);
        String baseline = BaselineCatalogue.read(client, PREFIX).entries().get(0).getBaselineId();
        try (LogWriter log = new LogWriter(client, PREFIX, SHARDS, SEED)) {
            log.panes(REFERENCE_PANES);
            judgedPanes(log, baseline);
        }
        AuditReport report =
                new Audit(client, PREFIX, new FlinkTarget(null, 0, List.of(), 2), null)
                        .run(
                                AuditRequest.range(Synthetic.MODEL, Synthetic.VERSION, 0, END),
                                AuditProgress.NONE);
        ReplayVerdict expected =
                sameArithmetic(recording) ? ReplayVerdict.IDENTICAL : ReplayVerdict.EQUIVALENT;
        assertEquals(expected, report.verdict(), report.toString());
        for (Topics topic : PUBLISHED) {
            Map<ReplayVerdict, Integer> counts =
                    report.counts().get(topic.name().toLowerCase(Locale.ROOT));
            assertTrue(
                    counts.keySet().stream().allMatch(each -> each.compareTo(expected) <= 0),
                    topic + " " + counts);
            int compared = counts.values().stream().mapToInt(Integer::intValue).sum();
            assertEquals(recording.records(topic).size(), compared, topic + " " + counts);
        }
    }

    /** Whether this machine multiplies as the one did that made the recording. */
    private static boolean sameArithmetic(Recording recording) throws Exception {
        NumericConfig then =
                recording.records(Topics.SKETCHES).stream()
                        .map(each -> Wire.decode(each.value(), LayerSketch.class))
                        .findFirst()
                        .orElseThrow()
                        .getManifest()
                        .getNumerics();
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            return then.getCoreName().equals(kernels.description().coreName())
                    && then.getJavaVersion().equals(Integer.toString(Runtime.version().feature()));
        }
    }

    private static void judgedPanes(LogWriter log, String baseline) {
        log.activate(baseline);
        log.panes(CALM_PANES);
        log.drift();
        log.panes(DRIFTED_PANES);
        log.end();
    }

    /** With the least detector that there is: the recording lies in the repository. */
    private static void record(Map<String, Object> client) throws Exception {
        try (LogWriter log = new LogWriter(client, PREFIX, SHARDS, SEED)) {
            log.panes(REFERENCE_PANES);
            String baseline =
                    Reference.calibrate(
                                    client,
                                    PREFIX,
                                    "-D",
                                    "detect.samples=800",
                                    "-D",
                                    "detect.coordinates=2")
                            .getBaselineId();
            judgedPanes(log, baseline);
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2);
        Map<Integer, Long> ends = Topic.ends(client, Topics.VALIDATED, PREFIX);
        Map<String, String> settings = new HashMap<>();
        settings.put("topic.prefix", PREFIX);
        settings.put("shards", Integer.toString(SHARDS));
        settings.put("source.offsets.start", Reference.offsets(ends, false));
        settings.put("source.offsets.end", Reference.offsets(ends, true));
        settings.put("parallelism", "2");
        settings.put("sketch.rows", "8");
        settings.put("block.rows", "8");
        settings.put("kernels", "host");
        settings.put("memory.budget", "heap=192m,native=128m");
        settings.put("sketch.kind.frequent-directions.layers", "*wide");
        settings.put("alert.alpha", "0.4");
        settings.put("alert.horizon", "run-length");
        settings.put("alert.streams", "1");
        settings.put("checkpoint.dir", folder.resolve("checkpoints").toUri().toString());
        MonitorJob.build(env, MonitorConfig.fromMap(settings, client));
        env.execute("recording");
        Recording recording = Recording.of(client, PREFIX, PUBLISHED);
        for (Topics topic : PUBLISHED) {
            assertFalse(recording.records(topic).isEmpty(), topic + " is empty");
        }
        recording.write(RECORDING);
    }
}
