package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.SampleModel.Drawn;
import io.spectrawatch.flink.log.SampleModel.Nature;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.detect.attack.TrailState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** A client whose requests hardly differ, over panes and within one. */
@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class TrailJobTest {

    private static final SampleModel MODEL = new SampleModel(4);
    private static final ModelBaseline BASELINE = MODEL.baseline(2000, 1, 5);
    private static final int SHARDS = 2;
    private static final int SEARCHED = 6;
    private static final int CALM = 7;

    private static MonitorConfig config(String... more) {
        List<String> all = new ArrayList<>(List.of("detect.scores.share=1"));
        Collections.addAll(all, more);
        return Harnesses.config(SHARDS, all.toArray(new String[0]));
    }

    /** Panes of honest clients, in the first of which a client searches in few steps each. */
    private static TestLog log(int steps, int searched, int calm) {
        TestLog log = new TestLog(SHARDS).tickAll(0).activateAll(MemoryBaselines.add(BASELINE), 0);
        Random random = new Random(TestLog.seed());
        for (int p = 0; p < searched + calm; p++) {
            long at = p * TestLog.PANE;
            for (int i = 0; i < 40; i++) {
                String id = p + "/honest/" + i;
                Drawn drawn = MODEL.draw(id, "c" + i % 5, Nature.CLEAN, 1, random);
                log.add(i % 5 % SHARDS, SampleModel.snapshot(++at, List.of(drawn)));
            }
            for (int i = 0; i < steps && p < searched; i++) {
                Drawn drawn = step(p + "/search/" + i, random);
                log.add(0, SampleModel.snapshot(++at, List.of(drawn)));
            }
            log.tickAll((p + 1) * TestLog.PANE);
        }
        return log.tickAll((searched + calm + 2) * TestLog.PANE);
    }

    /** One input, moved by little. */
    private static Drawn step(String id, Random random) {
        Drawn drawn = MODEL.draw(id, "mallory", Nature.CLEAN, 1, new Random(3));
        float[] input = drawn.rows()[0][0];
        for (int j = 0; j < input.length; j++) {
            input[j] += (float) (0.1 * random.nextGaussian());
        }
        return drawn;
    }

    private static <T extends SpecificRecord> List<T> decoded(
            Class<T> type, List<OutputRecord> records) {
        return records.stream()
                .map(record -> Wire.decode(record.value()))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static List<Alert> searching(List<OutputRecord> records) {
        return decoded(Alert.class, records).stream()
                .filter(alert -> alert.getKind().equals("CLIENT_SEARCHING"))
                .toList();
    }

    private static List<OutputRecord> stream(List<OutputRecord> records) {
        return records.stream()
                .filter(each -> each.topic() == Topics.SCORES || each.topic() == Topics.ALERTS)
                .toList();
    }

    @Test
    void aSearchOverPanesIsRaisedAndResolved() throws Exception {
        List<ShardRecord> log = log(6, SEARCHED, CALM).records();
        List<Alert> alerts = searching(Harnesses.output(config(), log));
        assertEquals(2, alerts.size(), alerts.toString());
        Alert raised = alerts.get(0);
        assertEquals("RAISED", raised.getTransition().name());
        assertEquals("mallory", raised.getEvidence().get("client"));
        assertEquals("1", raised.getEvidence().get("clientsStanding"));
        assertEquals("trail-test-1", raised.getDetector());
        // Four of six requests a pane: it takes more than one.
        assertTrue(raised.getPaneStart() >= TestLog.PANE, raised.toString());
        assertTrue(raised.getPaneEnd() <= SEARCHED * TestLog.PANE, raised.toString());
        assertTrue(raised.getStatistic().getEstimate() >= raised.getThreshold());
        assertTrue(raised.getExamples().stream().allMatch(e -> "mallory".equals(e.getClient())));
        Alert resolved = alerts.get(1);
        assertEquals("RESOLVED", resolved.getTransition().name());
        assertEquals("0", resolved.getEvidence().get("clientsStanding"));
    }

    /** The first close requests are no findings; those after enough evidence all are. */
    @Test
    void requestsOfASearchWithinAPaneAreFindings() throws Exception {
        List<ShardRecord> log = log(30, 1, 0).records();
        List<SampleScores> own =
                decoded(SampleScores.class, Harnesses.records(config(), log)).stream()
                        .filter(each -> each.getSampleId().contains("search"))
                        .toList();
        assertEquals(30, own.size());
        for (int i = 0; i < own.size(); i++) {
            SampleScores each = own.get(i);
            if (i < 7) {
                assertNull(each.getEvidence().get("trail"), each.toString());
            } else if (i > 12) {
                assertEquals("ADVERSARIAL", each.getKind(), each.toString());
                assertEquals("true", each.getEvidence().get("trail"));
                assertNotNull(each.getNearest());
            }
        }
        assertTrue(
                own.stream().anyMatch(each -> "client-trail-1".equals(each.getDetector())),
                own.toString());
        assertEquals(1, searching(Harnesses.output(config(), log)).size());
    }

    @Test
    void stepsAreAChainAndAReplayMayBeginAfterEach() throws Exception {
        MonitorConfig config = config();
        List<ShardRecord> log = log(6, SEARCHED, CALM).records();
        List<OutputRecord> whole = stream(Harnesses.output(config, log));
        List<AttackEvidence> steps = decoded(AttackEvidence.class, whole);
        assertEquals(SEARCHED + CALM, steps.size());
        assertNull(steps.get(0).getTrailsBefore());
        for (int i = 1; i < steps.size(); i++) {
            byte[] before = new byte[steps.get(i - 1).getTrails().remaining()];
            steps.get(i - 1).getTrails().duplicate().get(before);
            assertEquals(TrailState.fromBytes(before).digest(), steps.get(i).getTrailsBefore());
        }
        for (AttackEvidence step : steps) {
            ReplayStart start =
                    Harnesses.judgedBy(
                            BASELINE.id(),
                            SHARDS,
                            new ReplayStart(step.getPaneEnd(), List.of()).plus(step));
            List<OutputRecord> replayed =
                    stream(Harnesses.replay(config, Harnesses.from(step.getPaneEnd(), log), start));
            assertEquals(
                    Harnesses.after(step.getPaneEnd(), whole),
                    Harnesses.after(step.getPaneEnd(), replayed),
                    TestLog.repeat());
        }
    }

    @Test
    void checkpointsAndRestoresDoNotShow() throws Exception {
        List<ShardRecord> log = log(30, 2, 1).records();
        MonitorConfig config = config();
        List<OutputRecord> expected = new ArrayList<>(Harnesses.records(config, log));
        expected.addAll(Harnesses.output(config, log));
        Restarts.Said said = Restarts.ofMonitor(config, log, new Random(TestLog.seed()), 40);
        List<OutputRecord> found = new ArrayList<>(said.records());
        found.addAll(Harnesses.merged(config, said.messages()));
        assertEquals(
                Harnesses.sortedByKey(expected), Harnesses.sortedByKey(found), TestLog.repeat());
    }

    @Test
    void anotherBaselineEndsTheAlert() throws Exception {
        TestLog log = log(30, 2, 0);
        long now = 4 * TestLog.PANE;
        log.activateAll(MemoryBaselines.add(MODEL.baseline(1200, 1, 77)), now);
        Drawn drawn = MODEL.draw("later", "c0", Nature.CLEAN, 1, new Random(1));
        log.add(0, SampleModel.snapshot(now + 1, List.of(drawn)));
        log.tickAll(now + 3 * TestLog.PANE);
        List<Alert> alerts = searching(Harnesses.output(config(), log.records()));
        assertEquals(2, alerts.size(), alerts.toString());
        assertTrue(alerts.get(1).getText().contains("ends with its baseline"));
    }

    /** An honest client may vary an input. */
    @Test
    void aVariationIsNoTrail() throws Exception {
        List<ShardRecord> log = log(2, SEARCHED, 1).records();
        assertEquals(List.of(), searching(Harnesses.output(config(), log)));
    }

    /** As in releases whose records do not say. */
    @Test
    void withoutABudgetNothingIsFollowed() throws Exception {
        MonitorConfig config = config("detect.trails.per.day=0");
        List<ShardRecord> log = log(30, 2, 0).records();
        assertEquals(List.of(), searching(Harnesses.output(config, log)));
        for (AttackEvidence step :
                decoded(AttackEvidence.class, stream(Harnesses.output(config, log)))) {
            assertNull(step.getTrails());
            assertNull(step.getTrailsBefore());
        }
        for (SampleScores each : decoded(SampleScores.class, Harnesses.records(config, log))) {
            assertTrue(!"client-trail-1".equals(each.getDetector()), each.toString());
        }
    }
}
