package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.PartedSample;
import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.SampleModel.Drawn;
import io.spectrawatch.flink.log.SampleModel.Nature;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.EntryId;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SpeakingRow;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Samples that come in parts are scored as the same samples that come whole. */
@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class PartedSamplesTest {

    private static final SampleModel MODEL = new SampleModel(4);
    private static final ModelBaseline BASELINE = MODEL.baseline(900, 4, 6);
    private static final int CASES = 12;
    private static final String CAPTURE = "capture-a";

    private final Random random = new Random(TestLog.seed());

    /** Every score is published. */
    private static MonitorConfig config(int shards, String... more) {
        List<String> all = new ArrayList<>(List.of("detect.scores.share=1"));
        Collections.addAll(all, more);
        return Harnesses.config(shards, all.toArray(new String[0]));
    }

    private static TestLog log(int shards) {
        return new TestLog(shards).tickAll(0).activateAll(MemoryBaselines.add(BASELINE), 0);
    }

    private List<Drawn> draw(int count) {
        List<Drawn> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Nature nature = Nature.values()[random.nextInt(8) < 6 ? 0 : random.nextInt(3)];
            int rows = 1 + random.nextInt(random.nextBoolean() ? 4 : 90);
            drawn.add(MODEL.draw("s" + i, i % 5 == 4 ? null : "c" + i % 3, nature, rows, random));
        }
        return drawn;
    }

    /** Parts of all samples, those of a sample in their order, else in any. */
    private List<PartedSample> shuffled(List<Drawn> all) {
        List<List<PartedSample>> left = new ArrayList<>();
        for (Drawn each : all) {
            left.add(new ArrayList<>(PartedSample.cut(each, 1 + random.nextInt(7), random)));
        }
        List<PartedSample> shuffled = new ArrayList<>();
        while (!left.isEmpty()) {
            // Near the front, so that not all are open at a time.
            List<PartedSample> next = left.get(random.nextInt(Math.min(4, left.size())));
            shuffled.add(next.remove(0));
            left.removeIf(List::isEmpty);
        }
        return shuffled;
    }

    /** Some parts in each snapshot, with ticks between them. */
    private TestLog parted(List<PartedSample> parts, long step) {
        TestLog log = log(1);
        long at = 0;
        for (int from = 0; from < parts.size(); ) {
            int to = Math.min(parts.size(), from + 1 + random.nextInt(5));
            log.add(0, PartedSample.snapshot(at, CAPTURE, parts.subList(from, to)));
            from = to;
            at += step;
            if (random.nextInt(3) == 0) {
                log.tickAll(at);
            }
        }
        return log.tickAll(Math.max(at, TestLog.PANE)).tickAll(at + 4 * TestLog.PANE);
    }

    /** The same samples, each whole, in the order in which they were completed. */
    private static TestLog whole(List<PartedSample> parts, Map<String, SampleScores> like) {
        TestLog log = log(1);
        for (PartedSample each : parts) {
            if (each.last()) {
                long at = like.get(each.drawn().id()).getCapturedAt();
                PartedSample all = PartedSample.whole(each.drawn());
                log.add(0, PartedSample.snapshot(at, CAPTURE, List.of(all)));
            }
        }
        return log.tickAll(TestLog.PANE).tickAll(6 * TestLog.PANE);
    }

    private static TreeMap<String, SampleScores> scores(List<OutputRecord> records) {
        TreeMap<String, SampleScores> byId = new TreeMap<>();
        for (OutputRecord record : Harnesses.of(Topics.SCORES, records)) {
            if (Wire.decode(record.value()) instanceof SampleScores each) {
                assertNull(byId.put(each.getSampleId(), each), "scored twice");
            }
        }
        return byId;
    }

    private static byte[] withoutPlaces(SampleScores scores) {
        return Wire.encode(
                SampleScores.newBuilder(scores)
                        .setParts(1)
                        .setOffset(0)
                        .setNearestOffset(null)
                        .build());
    }

    private static List<ScoreSummary> counts(MonitorConfig config, TestLog log) throws Exception {
        return Harnesses.summaries(config, log.records()).stream()
                .filter(each -> each.isEntry(EntryId.Kind.SCORES))
                .map(each -> ScoreSummary.fromBytes(each.payload()))
                .toList();
    }

    @Test
    void howASampleIsCutDoesNotShow() throws Exception {
        MonitorConfig config = config(1);
        for (int i = 0; i < CASES; i++) {
            List<PartedSample> parts = shuffled(draw(25));
            TestLog cut = parted(parts, 1);
            Map<String, SampleScores> found = scores(Harnesses.records(config, cut.records()));
            TestLog once = whole(parts, found);
            Map<String, SampleScores> expected = scores(Harnesses.records(config, once.records()));
            assertEquals(expected.keySet(), found.keySet(), TestLog.repeat());
            for (SampleScores each : found.values()) {
                assertArrayEquals(
                        withoutPlaces(expected.get(each.getSampleId())),
                        withoutPlaces(each),
                        () -> each + " " + TestLog.repeat());
            }
            requireSameCounts(counts(config, once).get(0), counts(config, cut).get(0));
        }
    }

    private static void requireSameCounts(ScoreSummary expected, ScoreSummary found) {
        assertEquals(25, found.samples());
        assertEquals(0, found.incomplete());
        assertEquals(expected.exceedances(), found.exceedances());
        assertArrayEquals(expected.found(), found.found());
        assertEquals(expected.near(), found.near());
        assertEquals(expected.steep(), found.steep());
        assertEquals(expected.clients(), found.clients());
        assertEquals(
                expected.suspicious().stream().map(s -> s.sample().getSampleId()).toList(),
                found.suspicious().stream().map(s -> s.sample().getSampleId()).toList());
    }

    /** Also over panes: parts join their sample while its pane is open, and are lost after. */
    @Test
    void checkpointsAndRestoresDoNotShow() throws Exception {
        for (long step : new long[] {1, TestLog.SECOND}) {
            List<PartedSample> parts = shuffled(draw(40));
            MonitorConfig config = config(1, "detect.open.samples=3");
            TestLog log = parted(parts, step);
            List<OutputRecord> expected = new ArrayList<>(Harnesses.records(config, log.records()));
            expected.addAll(Harnesses.output(config, log.records()));
            for (int longest : new int[] {2, 9}) {
                Restarts.Said said = Restarts.ofMonitor(config, log.records(), random, longest);
                List<OutputRecord> found = new ArrayList<>(said.records());
                found.addAll(Harnesses.merged(config, said.messages()));
                assertEquals(
                        Harnesses.sortedByKey(expected),
                        Harnesses.sortedByKey(found),
                        TestLog.repeat());
            }
        }
    }

    private TestLog onePerSnapshot(List<PartedSample> parts) {
        TestLog log = log(1);
        long at = 0;
        for (PartedSample each : parts) {
            log.add(0, PartedSample.snapshot(at++, CAPTURE, List.of(each)));
        }
        return log.tickAll(TestLog.PANE).tickAll(3 * TestLog.PANE);
    }

    private SampleScores only(MonitorConfig config, TestLog log, String reason) throws Exception {
        Map<String, SampleScores> found = scores(Harnesses.records(config, log.records()));
        assertEquals(1, found.size(), found.toString());
        SampleScores only = found.values().iterator().next();
        assertEquals(reason, only.getIncomplete());
        assertEquals(1, only.getP());
        assertNull(only.getKind());
        assertNull(only.getDetector());
        assertNull(only.getNearest());
        ScoreSummary counts = counts(config, log).get(0);
        assertEquals(0, counts.samples());
        assertEquals(1, counts.incomplete());
        assertEquals(0, counts.exceedances());
        assertEquals(List.of(), counts.clients());
        assertEquals(List.of(), counts.suspicious());
        return only;
    }

    private List<PartedSample> fourParts() {
        Drawn drawn = MODEL.draw("foreign", "c", Nature.FOREIGN, 20, random);
        List<PartedSample> parts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            parts.add(new PartedSample(drawn, i, 5 * i, 5 * i + 5, i == 3));
        }
        return parts;
    }

    @Test
    void aLostPartIsNeverAScoreThatPretends() throws Exception {
        for (int lost = 1; lost < 3; lost++) {
            List<PartedSample> parts = fourParts();
            parts.remove(lost);
            SampleScores found = only(config(1), onePerSnapshot(parts), "MISSING_PART");
            assertEquals(15, found.getRows());
            assertEquals(3, found.getParts());
            assertTrue(found.getStatistic() > 0);
        }
    }

    @Test
    void aSampleWhoseEndDoesNotComeIsReportedAsItsPaneCloses() throws Exception {
        SampleScores found =
                only(config(1), onePerSnapshot(fourParts().subList(0, 3)), "NO_LAST_PART");
        assertEquals(15, found.getRows());
        assertEquals(2, found.getOffset() - 2, "behind a tick and an activation");
    }

    @Test
    void aSampleWithoutItsBeginningIsReportedOnce() throws Exception {
        SampleScores found =
                only(config(1), onePerSnapshot(fourParts().subList(1, 4)), "MISSING_PART");
        assertEquals(0, found.getRows());
        assertEquals(0, found.getStatistic());
        assertNull(found.getPredictedClass());
    }

    @Test
    void ofTooManyTheOneIsEvictedWhoseLastPartIsTheOldest() throws Exception {
        List<PartedSample> parts = new ArrayList<>();
        for (String id : List.of("a", "b", "a", "c", "a", "c")) {
            Drawn drawn = MODEL.draw(id, null, Nature.CLEAN, 10, random);
            int number = (int) parts.stream().filter(p -> p.drawn().id().equals(id)).count();
            boolean last = parts.size() > 3;
            parts.add(new PartedSample(drawn, number, number, number + 1, last));
        }
        TestLog log = onePerSnapshot(parts);
        Map<String, SampleScores> found =
                scores(Harnesses.records(config(1, "detect.open.samples=2"), log.records()));
        assertEquals(List.of("a", "b", "c"), List.copyOf(found.keySet()));
        assertNull(found.get("a").getIncomplete());
        assertEquals("EVICTED", found.get("b").getIncomplete());
        assertNull(found.get("c").getIncomplete());
        for (OutputRecord each :
                Harnesses.records(config(1, "detect.open.samples=0"), log.records())) {
            assertNotNull(Wire.decode(each.value(), SampleScores.class).getIncomplete());
        }
    }

    /** It belongs to the pane in which it began, as long as that is open. */
    @Test
    void aSampleMayGoOnInTheNextPane() throws Exception {
        List<PartedSample> parts = fourParts();
        TestLog log = log(1);
        long edge = TestLog.PANE;
        log.add(0, PartedSample.snapshot(edge - 2, CAPTURE, parts.subList(0, 1)));
        log.tickAll(edge + 1);
        log.add(0, PartedSample.snapshot(edge + 2, CAPTURE, parts.subList(1, 3)));
        TestLog late = log(1);
        log.records().stream().skip(2).forEach(each -> late.add(0, each.value()));
        log.tickAll(edge + TestLog.LATENESS - 1);
        log.add(0, PartedSample.snapshot(edge + 5, CAPTURE, parts.subList(3, 4)));
        log.tickAll(4 * edge);
        SampleScores whole =
                scores(Harnesses.records(config(1), log.records())).get(parts.get(0).drawn().id());
        assertNull(whole.getIncomplete());
        assertEquals(edge - 2, whole.getCapturedAt());
        assertEquals(4, whole.getParts());
        assertEquals(
                List.of(1L, 0L), counts(config(1), log).stream().map(c -> c.samples()).toList());

        late.tickAll(edge + TestLog.LATENESS);
        late.add(0, PartedSample.snapshot(edge + 5, CAPTURE, parts.subList(3, 4)));
        late.tickAll(4 * edge);
        List<String> reasons = new ArrayList<>();
        for (OutputRecord record : Harnesses.records(config(1), late.records())) {
            reasons.add(Wire.decode(record.value(), SampleScores.class).getIncomplete());
        }
        assertEquals(List.of("NO_LAST_PART", "MISSING_PART"), reasons);
        assertEquals(
                List.of(1L, 1L),
                counts(config(1), late).stream().map(c -> c.incomplete()).toList());
    }

    @Test
    void theRowsThatSpokeAreNamedByTheirPlace() throws Exception {
        Drawn clean = MODEL.draw("s", null, Nature.CLEAN, 20, random);
        float[][][] rows = clean.rows().clone();
        rows[13] = MODEL.draw("s", null, Nature.FOREIGN, 1, random).rows()[0];
        Drawn mixed = new Drawn("s", null, rows);
        SampleScores found =
                scores(
                                Harnesses.records(
                                        config(1),
                                        onePerSnapshot(PartedSample.cut(mixed, 5, random))
                                                .records()))
                        .get("s");
        SpeakingRow first = found.getSpeaking().get(0);
        assertEquals(23, first.getPosition());
        assertEquals("GENERATED", first.getPhase());
        assertTrue(first.getShare() > 0.5, found.toString());
        assertTrue(found.getSpeaking().size() <= 5);
        assertEquals("session of s", found.getContext().getSession());
        assertEquals(
                Map.of("route", "/chat", "model", "small"), found.getContext().getAttributes());
        SampleScores single =
                scores(
                                Harnesses.records(
                                        config(1),
                                        onePerSnapshot(
                                                        List.of(
                                                                PartedSample.whole(
                                                                        MODEL.draw(
                                                                                "t",
                                                                                null,
                                                                                Nature.FOREIGN,
                                                                                1,
                                                                                random))))
                                                .records()))
                        .get("t");
        assertEquals(List.of(), single.getSpeaking());
        assertEquals(1, single.getRows());
    }

    /** Snapshots of both versions in one log, and a replay of its later panes. */
    @Test
    void aLogOfBothVersionsReplaysIdentically() throws Exception {
        MonitorConfig config = config(1);
        TestLog log = log(1);
        for (int pane = 0; pane < 3; pane++) {
            List<PartedSample> parts = shuffled(draw(12));
            long at = pane * TestLog.PANE;
            for (int i = 0; i < parts.size(); i++) {
                log.add(0, PartedSample.snapshot(at + i, CAPTURE + pane, parts.subList(i, i + 1)));
                if (i % 3 == 0) {
                    String id = "old" + pane + "-" + i;
                    ActivationSnapshot old =
                            SampleModel.snapshot(
                                    at + i, List.of(MODEL.draw(id, "c1", Nature.CLEAN, 3, random)));
                    log.add(0, old);
                }
            }
            log.tickAll((pane + 1) * TestLog.PANE);
        }
        log.tickAll(5 * TestLog.PANE);
        ReplayStart start =
                Harnesses.judgedBy(BASELINE.id(), 1, new ReplayStart(TestLog.PANE, List.of()));
        List<ShardRecord> replayed =
                Harnesses.begun(Harnesses.from(TestLog.PANE, log.records()), start);
        List<String> later = ofLaterPanes(Harnesses.records(config, log.records()));
        assertTrue(later.size() > 40, later.toString());
        assertEquals(later, ofLaterPanes(replay(config, replayed, start)));
    }

    /** What goes on from a pane before the replay is no sample without a beginning. */
    @Test
    void aReplayLeavesSamplesThatBeganBeforeItToTheirPane() throws Exception {
        List<PartedSample> parts = fourParts();
        TestLog log = log(1);
        long edge = TestLog.PANE;
        log.add(0, PartedSample.snapshot(edge - 2, CAPTURE, parts.subList(0, 1)));
        log.tickAll(edge - 1);
        log.add(0, PartedSample.snapshot(edge + 2, CAPTURE, parts.subList(1, 2)));
        log.tickAll(edge + TestLog.LATENESS);
        log.add(0, PartedSample.snapshot(edge + 5, CAPTURE, parts.subList(2, 4)));
        log.tickAll(4 * edge);
        ReplayStart start = Harnesses.judgedBy(BASELINE.id(), 1, new ReplayStart(edge, List.of()));
        List<ShardRecord> replayed = Harnesses.begun(Harnesses.from(edge, log.records()), start);
        List<OutputRecord> found = replay(config(1), replayed, start);
        List<String> later = ofLaterPanes(Harnesses.records(config(1), log.records()));
        assertEquals(1, later.size());
        assertEquals(later, ofLaterPanes(found));
    }

    private static List<OutputRecord> replay(
            MonitorConfig config, List<ShardRecord> log, ReplayStart start) throws Exception {
        try (var harness = Harnesses.monitor(config, 1, 0, start)) {
            harness.open();
            for (ShardRecord record : log) {
                harness.processElement(record, 0);
            }
            return Harnesses.sideOutput(harness);
        }
    }

    private static List<String> ofLaterPanes(List<OutputRecord> records) {
        return records.stream()
                .filter(each -> each.timestamp() * 1000 >= TestLog.PANE)
                .map(each -> Harnesses.hex(each.value()))
                .toList();
    }
}
