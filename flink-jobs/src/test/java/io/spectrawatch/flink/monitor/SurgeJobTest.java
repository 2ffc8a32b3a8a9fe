package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.SampleModel.Drawn;
import io.spectrawatch.flink.log.SampleModel.Nature;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.monitor.message.ShardBeat;
import io.spectrawatch.flink.monitor.message.ShardClosed;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** Overwhelming evidence becomes an alert while its pane is open. */
@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class SurgeJobTest {

    private static final SampleModel MODEL = new SampleModel(4);
    private static final ModelBaseline BASELINE = MODEL.baseline(2000, 1, 5);
    private static final int SHARDS = 3;
    private static final int SAMPLES_PER_SECOND = 12;
    private static final long SECONDS_OF_PANE = TestLog.PANE / TestLog.SECOND;
    private static final int CHANGED = 22;

    /** Who sends what in a second. */
    private interface Traffic {
        Nature nature(long second, int client);
    }

    /** Six clients, two samples a second each, seconds 0 to the end. */
    private static TestLog log(int seconds, Traffic traffic) {
        Random random = new Random(TestLog.seed());
        TestLog log = new TestLog(SHARDS).tickAll(0);
        log.activateAll(MemoryBaselines.add(BASELINE), 0);
        for (int second = 0; second < seconds; second++) {
            for (int i = 0; i < SAMPLES_PER_SECOND; i++) {
                int client = i % 6;
                Drawn drawn =
                        MODEL.draw(
                                second + "/" + i,
                                "c" + client,
                                traffic.nature(second, client),
                                1,
                                random);
                long at = second * TestLog.SECOND + i;
                log.add(i % SHARDS, SampleModel.snapshot(at, List.of(drawn)));
            }
            log.tickAll((second + 1) * TestLog.SECOND);
        }
        return log.tickAll((seconds + 20) * TestLog.SECOND);
    }

    private static Traffic from(int second, int to, int clients) {
        return (now, client) ->
                now >= second && now < to && client < clients ? Nature.SWAPPED : Nature.CLEAN;
    }

    private static MonitorConfig config(String... more) {
        return Harnesses.config(SHARDS, more);
    }

    private static List<Alert> alerts(List<OutputRecord> records) {
        return Harnesses.of(Topics.ALERTS, records).stream()
                .map(record -> Wire.decode(record.value(), Alert.class))
                .toList();
    }

    private static List<String> said(List<Alert> alerts) {
        return alerts.stream().map(each -> each.getKind() + " " + each.getTransition()).toList();
    }

    @Test
    void aChangeForEveryoneIsAnInputShiftWithinSecondsAndOneAlert() throws Exception {
        TestLog log = log(130, from(CHANGED, 50, 6));
        List<Alert> found = alerts(Harnesses.output(config(), log.records()));

        assertEquals(List.of("INPUT_SHIFT RAISED", "INPUT_SHIFT RESOLVED"), said(found));
        Alert raised = found.get(0);
        assertEquals("surge-test-1", raised.getDetector());
        assertEquals(20 * TestLog.SECOND, raised.getPaneStart());
        long beat = Long.parseLong(raised.getEvidence().get("beat"));
        assertTrue(beat <= CHANGED + 8, "at second " + beat);
        assertEquals("6", raised.getEvidence().get("clientsExceeding"));
        assertTrue(raised.getStatistic().getLower() >= raised.getThreshold());
        assertTrue(raised.getText().startsWith("the input has changed"), raised.getText());
        assertEquals(requireWithinThePane(log, beat), raised.getId());
    }

    /** The alert leaves the operators before the log says more than the beat. */
    private static String requireWithinThePane(TestLog log, long beat) throws Exception {
        List<ShardRecord> begin = new ArrayList<>();
        int ticks = 0;
        for (ShardRecord record : log.records()) {
            begin.add(record);
            boolean due =
                    Wire.decode(record.value()) instanceof io.spectrawatch.schemas.Tick tick
                            && tick.getTime() == beat * TestLog.SECOND;
            ticks += due ? 1 : 0;
            if (ticks == SHARDS) {
                break;
            }
        }
        List<Alert> early = alerts(Harnesses.output(config(), begin));
        assertEquals(1, early.size());
        return early.get(0).getId();
    }

    @Test
    void whereSomeClientsAreBeyondTheLimitItIsAnAttack() throws Exception {
        TestLog log = log(130, from(CHANGED, 50, 3));
        List<Alert> model =
                alerts(Harnesses.output(config(), log.records())).stream()
                        .filter(each -> !each.getKind().startsWith("CLIENT"))
                        .toList();
        assertEquals(List.of("UNDER_ATTACK RAISED", "UNDER_ATTACK RESOLVED"), said(model));
        assertEquals("surge-test-1", model.get(0).getDetector());
    }

    @Test
    void clientsAreHeldBackUntilTheShiftIsOver() throws Exception {
        Traffic traffic =
                (now, client) ->
                        now >= CHANGED && (now < 110 || client == 5)
                                ? Nature.SWAPPED
                                : Nature.CLEAN;
        List<Alert> found =
                alerts(Harnesses.output(config("attack.alpha=0.2"), log(400, traffic).records()));
        List<String> said = said(found);
        assertEquals("INPUT_SHIFT RAISED", said.get(0));
        int resolved = said.indexOf("INPUT_SHIFT RESOLVED");
        List<String> during = resolved < 0 ? said : said.subList(0, resolved);
        assertTrue(during.stream().noneMatch(each -> each.startsWith("CLIENT")), said.toString());
        assertTrue(
                found.stream()
                        .filter(each -> each.getKind().equals("CLIENT_UNDER_ATTACK"))
                        .allMatch(each -> each.getEvidence().get("client").equals("c5")),
                said.toString());
    }

    @Test
    void cleanTrafficRaisesNothing() throws Exception {
        List<OutputRecord> records =
                Harnesses.output(config("alerts.per.day=1000"), log(300, from(0, 0, 0)).records());
        assertEquals(List.of(), said(alerts(records)));
    }

    @Test
    void theOrderInWhichShardsAreHeardDoesNotMatter() throws Exception {
        List<ShardMessage> messages =
                Harnesses.summaries(config(), log(130, from(CHANGED, 50, 6)).records());
        List<String> expected =
                Harnesses.of(Topics.ALERTS, Harnesses.merged(config(), messages)).stream()
                        .map(record -> Harnesses.hex(record.value()))
                        .sorted()
                        .toList();
        assertTrue(expected.size() >= 2);
        Random random = new Random(TestLog.seed());
        for (int i = 0; i < 5; i++) {
            List<ShardMessage> mixed = interleaved(messages, random);
            assertEquals(
                    expected,
                    Harnesses.of(Topics.ALERTS, Harnesses.merged(config(), mixed)).stream()
                            .map(record -> Harnesses.hex(record.value()))
                            .sorted()
                            .toList(),
                    TestLog.repeat());
        }
    }

    /** What each shard said stays in its order; between shards it is drawn. */
    private static List<ShardMessage> interleaved(List<ShardMessage> messages, Random random) {
        TreeMap<Integer, Deque<ShardMessage>> byShard = new TreeMap<>();
        for (ShardMessage each : messages) {
            byShard.computeIfAbsent(shard(each), s -> new ArrayDeque<>()).add(each);
        }
        List<ShardMessage> mixed = new ArrayList<>();
        List<Deque<ShardMessage>> left = new ArrayList<>(byShard.values());
        while (!left.isEmpty()) {
            Deque<ShardMessage> next = left.get(random.nextInt(left.size()));
            int run = 1 + random.nextInt(60);
            for (int i = 0; i < run && !next.isEmpty(); i++) {
                mixed.add(next.removeFirst());
            }
            left.removeIf(Deque::isEmpty);
        }
        return mixed;
    }

    private static int shard(ShardMessage message) {
        return switch (message.kind()) {
            case ENTRY -> message.entry().shard();
            case BEAT -> BeatSummary.fromBytes(message.payload()).shard();
            case BEAT_MARK -> ShardBeat.fromBytes(message.payload()).shard();
            case CLOSED -> ShardClosed.fromBytes(message.payload()).shard();
        };
    }

    @Test
    void restartsDoNotShow() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = log(90, from(CHANGED, 50, 6));
        List<OutputRecord> expected = Harnesses.output(config(), log.records());
        Restarts.Said said = Restarts.ofMonitor(config(), log.records(), random, 40);
        List<OutputRecord> found = new ArrayList<>();
        OperatorSubtaskState state = null;
        int at = 0;
        while (at < said.messages().size()) {
            int to = Math.min(said.messages().size(), at + 1 + random.nextInt(200));
            try (var harness = Harnesses.merger(config(), 1, 0)) {
                if (state != null) {
                    harness.initializeState(state);
                }
                harness.open();
                for (ShardMessage message : said.messages().subList(at, to)) {
                    harness.processElement(message, 0);
                }
                state = harness.snapshot(at, at);
                found.addAll(harness.extractOutputValues());
            }
            at = to;
        }
        assertEquals(
                Harnesses.sortedByKey(expected), Harnesses.sortedByKey(found), TestLog.repeat());
    }

    @Test
    void aReplayMayBeginAfterAnyStep() throws Exception {
        TestLog log = log(130, from(CHANGED, 50, 6));
        List<OutputRecord> whole = watched(Harnesses.output(config(), log.records()));
        List<AttackEvidence> steps = new ArrayList<>();
        for (OutputRecord record : whole) {
            SpecificRecord decoded = Wire.decode(record.value());
            if (decoded instanceof AttackEvidence step) {
                steps.add(step);
            }
        }
        assertTrue(steps.size() >= 12);
        for (int i = 0; i < steps.size() - 1; i++) {
            long from = steps.get(i).getPaneEnd();
            ReplayStart start =
                    Harnesses.judgedBy(
                            BASELINE.id(),
                            SHARDS,
                            new ReplayStart(from, List.of()).plus(steps.get(i)));
            List<OutputRecord> replayed =
                    watched(Harnesses.replay(config(), Harnesses.from(from, log.records()), start));
            assertEquals(
                    Harnesses.after(from, whole).stream().sorted().toList(),
                    Harnesses.after(from, replayed).stream().sorted().toList(),
                    "from step " + i + "; " + TestLog.repeat());
        }
    }

    private static List<OutputRecord> watched(List<OutputRecord> records) {
        return records.stream()
                .filter(each -> each.topic() == Topics.SCORES || each.topic() == Topics.ALERTS)
                .toList();
    }

    @Test
    void anotherBaselineEndsTheAlert() throws Exception {
        TestLog log = log(60, from(CHANGED, 60, 6));
        ModelBaseline next = MODEL.baseline(1200, 1, 77);
        log.activateAll(MemoryBaselines.add(next), 80 * TestLog.SECOND);
        Random random = new Random(1);
        long at = 80 * TestLog.SECOND;
        log.add(
                0,
                SampleModel.snapshot(at, List.of(MODEL.draw("z", "c", Nature.CLEAN, 1, random))));
        log.tickAll(100 * TestLog.SECOND);
        List<Alert> found = alerts(Harnesses.output(config(), log.records()));
        assertEquals(List.of("INPUT_SHIFT RAISED", "INPUT_SHIFT RESOLVED"), said(found));
        assertEquals(AlertTransition.RESOLVED, found.get(1).getTransition());
        assertTrue(found.get(1).getText().contains(BASELINE.id()), found.get(1).getText());
    }
}
