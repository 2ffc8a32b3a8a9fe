package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.ops.FirstSnapshots;
import io.spectrawatch.ops.audit.bundle.BundleCheck;
import io.spectrawatch.ops.audit.record.AuditRequest;
import io.spectrawatch.ops.audit.record.CutSamples.Cut;
import io.spectrawatch.ops.audit.record.Entries;
import io.spectrawatch.ops.audit.record.Outputs;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.cli.screen.AuditScreen;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Audits of a log of both versions of snapshots, with samples in parts over snapshots and panes,
 * that a monitor read which was stopped in the middle of some of them.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class PartedAuditITCase {

    private static final String LIVE = "parted.";
    private static final String SNAPSHOT = ActivationSnapshot.class.getName();
    private static final int LAYERS = ChainModel.NAMES.size();
    private static final String AGAIN = "again.";

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;
    private static RecordedRun run;

    @BeforeAll
    static void record() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        run = new RecordedRun(client, folder);
        run.createTopics(LIVE);
        PartedRun parted = new PartedRun(run, client, folder);
        String baseline = run.publish(LIVE, new ChainModel().whole(11));
        int half = RecordedRun.PANES / 2;
        parted.write(LIVE, baseline, 0, half);
        String savepoint = parted.monitorUntil(LIVE, LAYERS * (half - 1), null);
        parted.write(LIVE, baseline, half, RecordedRun.PANES);
        parted.monitorUntil(LIVE, LAYERS * RecordedRun.PANES, savepoint);
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private static AuditReport audit(long from, long to) throws Exception {
        return audit(AuditRequest.range(TestLog.MODEL, null, from, to));
    }

    private static AuditReport audit(AuditRequest request) throws Exception {
        return new Audit(client, LIVE, new FlinkTarget(null, 0, List.of(), 2), null)
                .run(request, AuditProgress.NONE);
    }

    private static long pane(int number) {
        return RecordedRun.START + number * RecordedRun.PANE;
    }

    private static <T extends SpecificRecord> List<T> all(Topics topic, Class<T> type) {
        return run.records(LIVE, topic).stream()
                .filter(record -> Wire.isA(record.value(), type.getName()))
                .map(record -> Wire.decode(record.value(), type))
                .toList();
    }

    private static List<SampleScores> incomplete() {
        return all(Topics.SCORES, SampleScores.class).stream()
                .filter(each -> each.getIncomplete() != null)
                .toList();
    }

    @Test
    void everyRecordOfBothVersionsIsIdentical() throws Exception {
        long[] versions = new long[2];
        long parts = 0;
        for (var record : run.records(LIVE, Topics.VALIDATED)) {
            if (Wire.isA(record.value(), SNAPSHOT)) {
                ActivationSnapshot read = Wire.decode(record.value(), ActivationSnapshot.class);
                boolean first = FirstSnapshots.isOne(record.value());
                versions[first ? 0 : 1]++;
                parts += read.getSamples().stream().filter(each -> !isWhole(each)).count();
            }
        }
        assertTrue(versions[0] > 300 && versions[1] > 600, "snapshots of both versions");
        assertTrue(parts > 600, "parts " + parts);

        AuditReport report = audit(RecordedRun.START, RecordedRun.END);

        assertEquals(ReplayVerdict.IDENTICAL, report.verdict(), report.toString());
        for (Topics topic : Outputs.TOPICS) {
            int recorded = run.records(LIVE, topic).size();
            assertTrue(recorded > 0, topic + " is empty");
            assertEquals(
                    Map.of(ReplayVerdict.IDENTICAL, recorded),
                    report.counts().get(Entries.name(topic)));
        }
        assertEquals(
                List.of(PartedRun.LOST_ID),
                report.cut().begunBefore().stream().map(Cut::sampleId).toList());
    }

    /** The stop in between does not show. */
    @Test
    void aRunWithoutAStopWritesTheSameBytes() throws Exception {
        run.createTopics(AGAIN);
        run.monitor(LIVE, "output.topic.prefix=" + AGAIN, "transactional.id.prefix=" + AGAIN);
        for (Topics topic : Outputs.TOPICS) {
            assertEquals(bytes(LIVE, topic), bytes(AGAIN, topic), topic.name());
        }
    }

    /** Sorted, because records of different keys have no order. */
    private static List<String> bytes(String prefix, Topics topic) {
        HexFormat hex = HexFormat.of();
        return run.records(prefix, topic).stream()
                .map(record -> hex.formatHex(record.key()) + '/' + hex.formatHex(record.value()))
                .sorted()
                .toList();
    }

    @Test
    void aSampleThatDoesNotEndIsInTheEvidenceOfItsPaneAndInNoAlert() {
        TreeMap<Long, Long> byPane = new TreeMap<>();
        TreeSet<String> reasons = new TreeSet<>();
        TreeSet<String> ids = new TreeSet<>();
        for (SampleScores each : incomplete()) {
            assertEquals(1, each.getP(), each.toString());
            assertNull(each.getKind(), each.toString());
            assertNull(each.getDetector(), each.toString());
            byPane.merge(paneOf(each.getCapturedAt()), 1L, Long::sum);
            reasons.add(each.getIncomplete());
            ids.add(each.getSampleId());
        }
        assertEquals(new TreeSet<>(List.of("MISSING_PART", "NO_LAST_PART")), reasons);
        assertTrue(ids.contains(PartedRun.LOST_ID) && ids.size() > 20, ids.toString());

        TreeMap<Long, Long> whole = completed();
        List<AttackEvidence> steps = all(Topics.SCORES, AttackEvidence.class);
        assertEquals(RecordedRun.PANES - 2, steps.size());
        for (AttackEvidence step : steps) {
            long pane = step.getPaneStart();
            assertEquals(byPane.getOrDefault(pane, 0L), step.getIncomplete(), step.toString());
            assertEquals(whole.get(pane), step.getSamples(), step.toString());
        }

        List<String> shown = new ArrayList<>();
        for (Alert alert : all(Topics.ALERTS, Alert.class)) {
            alert.getExamples().stream().map(SampleExample::getSampleId).forEach(shown::add);
        }
        assertFalse(shown.isEmpty(), "no alert names a sample");
        assertTrue(shown.stream().noneMatch(ids::contains), shown.toString());
    }

    private static long paneOf(long capturedAt) {
        return Math.floorDiv(capturedAt, RecordedRun.PANE) * RecordedRun.PANE;
    }

    /** Samples of which the log has all parts, by the pane in which they began. */
    private static TreeMap<Long, Long> completed() {
        TreeMap<Long, Long> completed = new TreeMap<>();
        TreeMap<String, Long> open = new TreeMap<>();
        for (var record : run.records(LIVE, Topics.VALIDATED)) {
            if (Wire.isA(record.value(), SNAPSHOT)) {
                ActivationSnapshot read = Wire.decode(record.value(), ActivationSnapshot.class);
                for (Sample sample : read.getSamples()) {
                    if (sample.getPart() == 0) {
                        open.put(sample.getId(), paneOf(read.getCapturedAt()));
                    }
                    if (sample.getLast() && open.containsKey(sample.getId())) {
                        completed.merge(open.remove(sample.getId()), 1L, Long::sum);
                    }
                }
            }
        }
        return completed;
    }

    @Test
    void anAuditThatBeginsOrEndsWithinASampleNamesIt() throws Exception {
        int from = PartedRun.LOST + 3;
        AuditReport report = audit(pane(from), pane(from + 5));

        assertEquals(ReplayVerdict.IDENTICAL, report.verdict(), report.toString());
        List<Cut> before = report.cut().begunBefore();
        assertTrue(!before.isEmpty() && before.size() <= RecordedRun.SHARDS, before.toString());
        for (Cut each : before) {
            assertTrue(each.sampleId().startsWith("long-" + each.shard()), each.toString());
            assertTrue(each.part() > 0, each.toString());
        }
        assertFalse(report.cut().goOn().isEmpty());
        StringWriter screen = new StringWriter();
        AuditScreen.print(report, new PrintWriter(screen, true));
        assertTrue(
                screen.toString()
                        .contains(
                                "samples that began before the replayed offsets: " + before.size()),
                screen.toString());
        assertTrue(
                screen.toString().contains("samples that go on behind the replayed offsets: "),
                screen.toString());
    }

    /**
     * In the first pane that was judged parts came of samples of the pane before, which had no
     * baseline: the monitor recorded that it knew no beginning, and a replay cannot know that.
     */
    @Test
    void whatOnlyThePanesBeforeCanTellIsIncompleteAndNothingElse() throws Exception {
        long orphans =
                incomplete().stream()
                        .filter(each -> paneOf(each.getCapturedAt()) == PartedRun.JUDGED)
                        .filter(each -> each.getRows() == 0)
                        .count();
        assertTrue(orphans > 0, "a sample goes on into the first pane that is judged");

        Path bundle = folder.resolve("bundle");
        AuditReport report =
                audit(
                        AuditRequest.range(TestLog.MODEL, null, PartedRun.JUDGED, RecordedRun.END)
                                .withOutput(bundle));

        assertEquals(ReplayVerdict.INCOMPLETE, report.verdict(), report.toString());
        assertNull(report.firstDivergence());
        assertEquals(
                List.of(orphans + 1 + " records of samples that began before the replayed panes"),
                report.notCompared());
        assertEquals(List.of(), BundleCheck.of(bundle).problems());
        assertEquals(
                orphans + 1,
                report.counts().get("scores").get(ReplayVerdict.INCOMPLETE).longValue());
        for (Topics topic : List.of(Topics.SKETCHES, Topics.CERTIFICATES, Topics.ALERTS)) {
            assertEquals(
                    List.of(ReplayVerdict.IDENTICAL),
                    List.copyOf(report.counts().get(Entries.name(topic)).keySet()));
        }
    }

    private static boolean isWhole(Sample sample) {
        return sample.getPart() == 0 && sample.getLast();
    }
}
