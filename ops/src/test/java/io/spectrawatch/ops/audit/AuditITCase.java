package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.ops.audit.bundle.Bundle;
import io.spectrawatch.ops.audit.bundle.BundleCheck;
import io.spectrawatch.ops.audit.compare.Altered;
import io.spectrawatch.ops.audit.compare.Repeated;
import io.spectrawatch.ops.audit.compare.ReplayComparison;
import io.spectrawatch.ops.audit.record.AuditException;
import io.spectrawatch.ops.audit.record.AuditRequest;
import io.spectrawatch.ops.audit.record.Entries;
import io.spectrawatch.ops.audit.record.Missing;
import io.spectrawatch.ops.audit.record.Outputs;
import io.spectrawatch.ops.audit.record.Reach;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.cluster.FlinkCluster;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Audits of a run with certificates and alerts on a real broker: as it was, from the middle, of one
 * alert, tampered with, cut off, and under another baseline.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class AuditITCase {

    private static final String LIVE = "live.";
    private static final List<Topics> RECORDED =
            List.of(
                    Topics.VALIDATED,
                    Topics.SKETCHES,
                    Topics.CERTIFICATES,
                    Topics.SCORES,
                    Topics.ALERTS);

    private static final String STEP = AttackEvidence.getClassSchema().getFullName();

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;
    private static RecordedRun run;
    private static String other;

    @BeforeAll
    static void record() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        run = new RecordedRun(client, folder);
        run.createTopics(LIVE);
        String baseline = run.publish(LIVE, new ChainModel().whole(11));
        other = run.publish(LIVE, new ChainModel().whole(12));
        run.writeLog(LIVE, baseline);
        run.monitor(LIVE);
        assertTrue(run.records(LIVE, Topics.CERTIFICATES).size() >= 8);
        assertFalse(run.records(LIVE, Topics.ALERTS).isEmpty());
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private static Audit audit(String prefix) {
        return new Audit(client, prefix, new FlinkTarget(null, 0, List.of(), 2), null);
    }

    private static AuditRequest from(long start) {
        return AuditRequest.range(TestLog.MODEL, null, start, RecordedRun.END);
    }

    @Test
    void everyRecordIsIdenticalAndTheBundleHolds() throws Exception {
        Path first = folder.resolve("bundle");
        AuditReport report =
                audit(LIVE).run(from(RecordedRun.START).withOutput(first), AuditProgress.NONE);

        assertEquals(ReplayVerdict.IDENTICAL, report.verdict(), report.toString());
        assertEquals(
                Map.of(ReplayVerdict.IDENTICAL, run.records(LIVE, Topics.SKETCHES).size()),
                report.counts().get("sketches"));
        assertEquals(
                Map.of(ReplayVerdict.IDENTICAL, run.records(LIVE, Topics.CERTIFICATES).size()),
                report.counts().get("certificates"));
        assertEquals(
                Map.of(ReplayVerdict.IDENTICAL, run.records(LIVE, Topics.ALERTS).size()),
                report.counts().get("alerts"));
        assertNull(report.firstDivergence());
        assertTrue(report.rows() > 0);
        assertEquals(List.of(), BundleCheck.of(first).problems());
        String revision = Bundle.manifest(first).versions().get("revision");
        assertTrue(revision.matches("[0-9a-f]{40}(-changed)?|unknown"), revision);
        assertSelfContained(Files.readString(first.resolve(Bundle.REPORT)));
        assertVerifyFindsAChangedByte(first);

        Path second = folder.resolve("again");
        audit(LIVE).run(from(RecordedRun.START).withOutput(second), AuditProgress.NONE);
        assertArrayEquals(
                Files.readAllBytes(second.resolve(Bundle.SUMS)),
                Files.readAllBytes(first.resolve(Bundle.SUMS)));
    }

    private static void assertSelfContained(String html) {
        assertTrue(html.contains("IDENTICAL") && html.contains("<svg"));
        assertFalse(html.contains("http://") || html.contains("https://"));
        assertFalse(html.contains("<script"));
    }

    private static void assertVerifyFindsAChangedByte(Path bundle) throws Exception {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        Path changed = folder.resolve("changed");
        Files.createDirectories(changed);
        for (String name : Bundle.FILES) {
            Files.copy(bundle.resolve(name), changed.resolve(name));
        }
        Files.copy(bundle.resolve(Bundle.SUMS), changed.resolve(Bundle.SUMS));
        assertEquals(0, Main.execute(writer, writer, "audit", "verify", changed.toString()));
        byte[] bytes = Files.readAllBytes(changed.resolve(Bundle.RECORDED));
        bytes[bytes.length / 2] ^= 1;
        Files.write(changed.resolve(Bundle.RECORDED), bytes);
        assertEquals(1, Main.execute(writer, writer, "audit", "verify", changed.toString()));
        assertTrue(out.toString().contains("wrong: recorded.avro: SHA-256"), out.toString());
    }

    @Test
    void anAuditMayBeginAnywhere() throws Exception {
        long middle = RecordedRun.START + 6 * RecordedRun.PANE;
        AuditReport report = audit(LIVE).run(from(middle), AuditProgress.NONE);

        assertEquals(ReplayVerdict.IDENTICAL, report.verdict(), report.toString());
        assertTrue(report.offsets().get(0).start() > 0);
        assertTrue(report.counts().containsKey("certificates"), report.toString());
        assertTrue(report.counts().containsKey("scores"), report.toString());
        assertEquals(List.of(), report.notCompared());
    }

    @Test
    void anAlertOnTheStreamIsRecomputedFromTheStepBeforeIt() throws Exception {
        Alert alert =
                run.records(LIVE, Topics.ALERTS).stream()
                        .map(record -> Wire.decode(record.value(), Alert.class))
                        .filter(Reach::isOnStream)
                        .findFirst()
                        .orElseThrow();
        assertTrue(alert.getPaneStart() > RecordedRun.START, alert.toString());
        AuditReport report =
                audit(LIVE)
                        .run(
                                AuditRequest.range(
                                        TestLog.MODEL,
                                        null,
                                        alert.getPaneStart(),
                                        alert.getPaneEnd()),
                                AuditProgress.NONE);
        assertEquals(ReplayVerdict.IDENTICAL, report.verdict(), report.toString());
        assertEquals(List.of(), report.notCompared());
        assertTrue(report.offsets().get(0).start() > 0, "the replay begins late");
    }

    @Test
    void whereTheTestForAttacksStoodIsNeverInvented() throws Exception {
        List<Long> ends = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : run.records(LIVE, Topics.SCORES)) {
            if (Wire.isA(record.value(), STEP)) {
                ends.add(Wire.decode(record.value(), AttackEvidence.class).getPaneEnd());
            }
        }
        assertEquals(RecordedRun.PANES, ends.size());
        for (int lost : new int[] {3, ends.size()}) {
            String prefix = "steps" + lost + ".";
            long last = ends.get(lost - 1);
            run.createTopics(prefix);
            run.copy(LIVE, prefix, List.of(Topics.BASELINES), ConsumerRecord::value);
            run.copy(
                    LIVE,
                    prefix,
                    RECORDED,
                    record ->
                            Wire.isA(record.value(), STEP)
                                            && Wire.decode(record.value(), AttackEvidence.class)
                                                            .getPaneEnd()
                                                    <= last
                                    ? null
                                    : record.value());

            AuditReport report = audit(prefix).run(from(RecordedRun.START), AuditProgress.NONE);

            assertEquals(ReplayVerdict.INCOMPLETE, report.verdict(), report.toString());
            assertNull(report.firstDivergence());
            assertEquals(List.of(), report.missing());
            assertEquals(1, report.notCompared().size(), report.toString());
            assertTrue(report.notCompared().get(0).contains("test for attacks"));
            assertEquals(
                    Map.of(ReplayVerdict.IDENTICAL, run.records(LIVE, Topics.SKETCHES).size()),
                    report.counts().get("sketches"));
            // the first that is left is taken as it is, the others follow from it
            assertEquals(
                    lost < ends.size() ? 1 : null,
                    report.counts().get("scores").get(ReplayVerdict.INCOMPLETE));
        }
    }

    @Test
    void aClusterOfOtherProcessesRecomputesTheSame() throws Exception {
        try (FlinkCluster cluster =
                FlinkCluster.start(
                        folder.resolve("flink"), Map.of("taskmanager.numberOfTaskSlots", "2"))) {
            cluster.startTaskManager();
            cluster.awaitTaskManagers(1);
            JsonNode json =
                    command(
                            "--flink-rest",
                            cluster.rest().getHost() + ":" + cluster.rest().getPort(),
                            "--parallelism",
                            "2",
                            "--model",
                            TestLog.MODEL,
                            "--from",
                            Times.text(RecordedRun.START),
                            "--to",
                            Times.text(RecordedRun.END));
            assertEquals("IDENTICAL", json.get("verdict").asText(), json.toString());
            for (Topics topic : Outputs.TOPICS) {
                assertEquals(
                        run.records(LIVE, topic).size(),
                        json.at("/counts/" + Entries.name(topic) + "/IDENTICAL").asInt(),
                        json.toString());
            }
        }
    }

    /** Runs the command on the recorded run and reads its result. */
    private static JsonNode command(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("audit", "--json", "-"));
        arguments.addAll(List.of("--bootstrap-server", broker.bootstrapServers()));
        arguments.addAll(List.of("--topic-prefix", LIVE));
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Main.execute(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        arguments.toArray(String[]::new));
        assertEquals(0, code, err.toString());
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void otherKernelsGiveRecordsWithinTheBoundsOfBoth() throws Exception {
        Path bundle = folder.resolve("other kernels");
        AuditReport report =
                new Audit(client, LIVE, new FlinkTarget(null, 0, List.of(), 2), "onnx-cpu")
                        .run(from(RecordedRun.START).withOutput(bundle), AuditProgress.NONE);

        assertEquals(ReplayVerdict.EQUIVALENT, report.verdict(), report.toString());
        ReplayFinding nearest = report.nearestToBound();
        assertTrue(nearest.used() <= 1, nearest.toString());
        assertEquals(List.of(), BundleCheck.of(bundle).problems());
        int lossy = 0;
        ReplayComparison comparison =
                ReplayComparison.of(
                        Entries.of(Bundle.records(bundle.resolve(Bundle.RECORDED))),
                        Entries.of(Bundle.records(bundle.resolve(Bundle.RECOMPUTED))),
                        false);
        for (ReplayFinding finding : comparison.findings()) {
            if (finding.topic().equals("sketches") && finding.bound() != null) {
                assertTrue(finding.distance() <= finding.bound(), finding.toString());
                assertTrue(finding.directions().hold(), finding.toString());
                lossy += finding.part().equals("out") && finding.distance() > 0 ? 1 : 0;
            }
        }
        assertTrue(lossy > 0, "no sketch differs");
        String html = Files.readString(bundle.resolve(Bundle.REPORT));
        assertTrue(html.contains("OpenBLAS") && html.contains("onnxruntime"), "both are named");
    }

    @Test
    void oneAlertIsRecomputedByTheCommand() throws Exception {
        Alert alert = Wire.decode(run.records(LIVE, Topics.ALERTS).get(0).value(), Alert.class);
        JsonNode json = command("--alert", alert.getId());
        assertEquals("IDENTICAL", json.get("verdict").asText());
        long ofItsPool =
                run.records(LIVE, Topics.ALERTS).stream()
                        .map(record -> Wire.decode(record.value(), Alert.class))
                        .filter(each -> each.getPaneEnd() == alert.getPaneEnd())
                        .count();
        assertEquals(
                ofItsPool,
                json.get("counts").get("alerts").get("IDENTICAL").asLong(),
                json.toString());
    }

    @Test
    void aChangedByteOfTheLogIsNamedByItsOffset() throws Exception {
        String prefix = "tampered.";
        run.createTopics(prefix);
        run.copy(LIVE, prefix, List.of(Topics.BASELINES), ConsumerRecord::value);
        long target = snapshotOffset(1, 30);
        run.copy(
                LIVE,
                prefix,
                RECORDED,
                record ->
                        record.topic().equals(Topics.VALIDATED.topicName(LIVE))
                                        && record.partition() == 1
                                        && record.offset() == target
                                ? tampered(record)
                                : record.value());

        AuditReport report = audit(prefix).run(from(RecordedRun.START), AuditProgress.NONE);

        assertEquals(ReplayVerdict.DIVERGED, report.verdict());
        assertEquals(List.of(new Altered(1, target, target, true)), report.altered());
        assertEquals("manifest.shards[1].chain", report.firstDivergence().field());
    }

    /** Offset of the first snapshot of a shard from an offset on. */
    private static long snapshotOffset(int shard, long from) {
        return run.records(LIVE, Topics.VALIDATED).stream()
                .filter(record -> record.partition() == shard && record.offset() >= from)
                .filter(record -> Wire.decode(record.value()) instanceof ActivationSnapshot)
                .findFirst()
                .orElseThrow()
                .offset();
    }

    /** One bit of the last activation, which lies before the closing byte of the layers' array. */
    private static byte[] tampered(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value().clone();
        value[value.length - 4] ^= 1;
        return value;
    }

    @Test
    void missingOffsetsAreNamedAndTheRestIsRecomputed() throws Exception {
        String prefix = "cut.";
        run.createTopics(prefix);
        run.copy(LIVE, prefix, List.of(Topics.BASELINES), ConsumerRecord::value);
        run.copy(LIVE, prefix, RECORDED, ConsumerRecord::value);
        try (Admin admin = Admin.create(client)) {
            TopicPartition shard = new TopicPartition(Topics.VALIDATED.topicName(prefix), 0);
            admin.deleteRecords(Map.of(shard, RecordsToDelete.beforeOffset(25))).all().get();
        }
        Path bundle = folder.resolve("cut");
        AuditReport report =
                audit(prefix).run(from(RecordedRun.START).withOutput(bundle), AuditProgress.NONE);

        assertEquals(List.of(new Missing(0, 0, 24)), report.missing());
        requireTheRest(report);
        // 20 snapshots and a tick at the end of each pane: the second pane is not whole; the third
        // has no tick before its start, from which its refused records would be counted
        assertEquals(
                Map.of(ReplayVerdict.INCOMPLETE, 3 * 6, ReplayVerdict.IDENTICAL, 21 * 6),
                report.counts().get("sketches"));
        assertEquals(ReplayVerdict.INCOMPLETE, BundleCheck.of(bundle).verdict());
        assertEquals(List.of(), BundleCheck.of(bundle).problems());
        assertTrue(Files.readString(bundle.resolve(Bundle.REPORT)).contains("not compared"));
    }

    @Test
    void aLogThatEndsTooEarlyIsRecomputedUntilThere() throws Exception {
        String prefix = "short.";
        run.createTopics(prefix);
        run.copy(LIVE, prefix, List.of(Topics.BASELINES), ConsumerRecord::value);
        long end =
                run.records(LIVE, Topics.VALIDATED).stream().filter(r -> r.partition() == 1).count()
                        - 30;
        run.copy(
                LIVE,
                prefix,
                RECORDED,
                record ->
                        record.topic().equals(Topics.VALIDATED.topicName(LIVE))
                                        && record.partition() == 1
                                        && record.offset() >= end
                                ? null
                                : record.value());

        AuditReport report = audit(prefix).run(from(RecordedRun.START), AuditProgress.NONE);

        assertEquals(List.of(new Missing(1, end, end + 29)), report.missing());
        requireTheRest(report);
    }

    private static void requireTheRest(AuditReport report) {
        assertEquals(ReplayVerdict.INCOMPLETE, report.verdict(), report.toString());
        assertFalse(report.verdict().passed());
        assertNull(report.firstDivergence());
        assertFalse(report.notCompared().isEmpty());
        for (Topics topic : Outputs.TOPICS) {
            Map<ReplayVerdict, Integer> counts =
                    report.counts().getOrDefault(Entries.name(topic), Map.of());
            Set<ReplayVerdict> both = EnumSet.of(ReplayVerdict.IDENTICAL, ReplayVerdict.INCOMPLETE);
            if (topic == Topics.ALERTS) {
                // There are too few of them to stand on both sides of what is missing.
                assertTrue(both.containsAll(counts.keySet()), report.toString());
            } else {
                assertEquals(both, counts.keySet(), report.toString());
            }
        }
    }

    @Test
    void aRecordWrittenTwiceIsSaidSoAndPasses() throws Exception {
        String prefix = "twice.";
        run.createTopics(prefix);
        run.copy(LIVE, prefix, List.of(Topics.BASELINES), ConsumerRecord::value);
        run.copy(LIVE, prefix, RECORDED, ConsumerRecord::value);
        run.copy(LIVE, prefix, List.of(Topics.ALERTS), ConsumerRecord::value);

        AuditReport report =
                audit(prefix)
                        .run(from(RecordedRun.START + 4 * RecordedRun.PANE), AuditProgress.NONE);

        assertEquals(ReplayVerdict.IDENTICAL, report.verdict(), report.toString());
        assertEquals(List.of(), report.altered());
        assertFalse(report.repeated().isEmpty());
        for (Repeated each : report.repeated()) {
            assertEquals("alerts", each.topic());
            assertEquals(2, each.offsets().size(), each.text());
            assertTrue(each.same(), each.text());
        }
    }

    @Test
    void anotherBaselineIsAskedAboutOverTheSameInput() throws Exception {
        AuditReport report =
                audit(LIVE).run(from(RecordedRun.START).withBaseline(other), AuditProgress.NONE);

        assertEquals(ReplayVerdict.HYPOTHETICAL, report.verdict(), report.toString());
        assertTrue(report.verdict().passed());
        assertTrue(
                report.thenAndNow().stream()
                        .anyMatch(each -> !each.then().isEmpty() && !each.now().isEmpty()),
                report.thenAndNow().toString());
    }

    @Test
    void aRecordWithANumberThatIsNoneIsRefusedByItsOffset() throws Exception {
        String prefix = "nan.";
        run.createTopics(prefix);
        run.copy(LIVE, prefix, List.of(Topics.BASELINES), ConsumerRecord::value);
        boolean[] done = {false};
        run.copy(
                LIVE,
                prefix,
                RECORDED,
                record -> {
                    boolean first =
                            !done[0]
                                    && record.topic().equals(Topics.SCORES.topicName(LIVE))
                                    && Wire.decode(record.value()) instanceof SampleScores;
                    done[0] |= first;
                    return first ? statisticIsNaN(record.value()) : record.value();
                });
        AuditException error =
                assertThrows(
                        AuditException.class,
                        () -> audit(prefix).run(from(RecordedRun.START), AuditProgress.NONE));
        assertTrue(
                error.getMessage().startsWith("nan.scores, offset ")
                        && error.getMessage().endsWith("statistic is NaN"),
                error.getMessage());
    }

    /** Writers refuse to, so it is done to the bytes. */
    private static byte[] statisticIsNaN(byte[] value) {
        SampleScores scores = Wire.decode(value, SampleScores.class);
        byte[] number = new byte[Double.BYTES];
        ByteBuffer.wrap(number).order(ByteOrder.LITTLE_ENDIAN).putDouble(scores.getStatistic());
        byte[] changed = value.clone();
        for (int i = 0; i + number.length <= value.length; i++) {
            if (Arrays.equals(number, Arrays.copyOfRange(value, i, i + number.length))) {
                ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putDouble(i, Double.NaN);
                return changed;
            }
        }
        throw new AssertionError("the statistic is not in the bytes");
    }

    @Test
    void whatIsNotRecordedIsNamed() {
        AuditRequest nothing = AuditRequest.range("nobody", null, 0, 1);
        AuditException error =
                assertThrows(
                        AuditException.class, () -> audit(LIVE).run(nothing, AuditProgress.NONE));
        assertTrue(
                error.getMessage().contains("nothing is recorded of nobody"), error.getMessage());
    }

    @Test
    void recordsNameTheSettingsTheyWereMadeWith() {
        for (ConsumerRecord<byte[], byte[]> record : run.records(LIVE, Topics.CERTIFICATES)) {
            InterfaceCertificate certificate =
                    Wire.decode(record.value(), InterfaceCertificate.class);
            Map<String, String> settings = certificate.getManifest().getNumerics().getSettings();
            assertEquals("8", settings.get("sketch.rows"));
            assertEquals("2", settings.get("alert.streams"));
        }
    }
}
