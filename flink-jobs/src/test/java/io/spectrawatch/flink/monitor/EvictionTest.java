package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.UnwatchedLayers;
import io.spectrawatch.schemas.Wire;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** A model that gives its place to another one has a record that says so. */
@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class EvictionTest {

    private static final int SHARDS = 2;
    private static final long SECOND = TestLog.SECOND;

    /** Two places, and a pane without data loses one. */
    private static MonitorConfig config() {
        return Harnesses.config(SHARDS, "models.max=2", "models.idle.panes=1");
    }

    private static ActivationSnapshot of(String model, long second) {
        var layer = TestLog.layer("h", 0, 2, 1, 2, 3, 4, 5, 6);
        return ActivationSnapshot.newBuilder(
                        TestLog.snapshot(second * SECOND, TestLog.DIGEST, List.of(layer)))
                .setModelId(model)
                .build();
    }

    /**
     * Of seven panes, on both shards: steady in all; idle in the first, on shard 1 in the second
     * too; new from the sixth on, late in the seventh, where no place is left.
     */
    private static List<ShardRecord> log() {
        TestLog log = new TestLog(SHARDS).tickAll(0);
        for (long second = 0; second < 70; second++) {
            for (int shard = 0; shard < SHARDS; shard++) {
                log.add(shard, of("steady", second));
                if (second < 10 || shard == 1 && second < 20) {
                    log.add(shard, of("idle", second));
                }
                if (second >= 50) {
                    log.add(shard, of("new", second));
                }
                if (second >= 60) {
                    log.add(shard, of("late", second));
                }
            }
            log.tickAll((second + 1) * SECOND);
        }
        return log.tickAll(80 * SECOND).records();
    }

    private static <T> List<T> all(Class<T> type, List<OutputRecord> records) {
        return records.stream()
                .map(record -> Wire.decode(record.value()))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @Test
    void whoLosesItsPlaceHasARecordOfEveryShard() throws Exception {
        List<OutputRecord> records = Harnesses.output(config(), log());
        List<UnwatchedLayers> said =
                all(UnwatchedLayers.class, records).stream()
                        .filter(each -> each.getModelId().equals("idle"))
                        .toList();
        assertEquals(
                List.of(
                        "evicted: idle since its pane that ended at 1970-01-01T00:00:10Z, its"
                                + " place on shard 0 is given to new version 1",
                        "evicted: idle since its pane that ended at 1970-01-01T00:00:20Z, its"
                                + " place on shard 1 is given to new version 1"),
                said.stream().map(UnwatchedLayers::getReason).toList());
        for (UnwatchedLayers each : said) {
            assertEquals(50 * SECOND, each.getPaneStart());
            assertEquals(0, each.getSnapshots());
            assertEquals(List.of(), each.getLayers());
            assertEquals(TestLog.DIGEST, each.getModelDigest());
        }
        assertEquals(
                List.of("all 2 places are taken (models.max)"),
                all(UnwatchedLayers.class, records).stream()
                        .filter(each -> each.getModelId().equals("late"))
                        .map(UnwatchedLayers::getReason)
                        .toList());
        assertEquals(List.of(), all(Alert.class, records));
        assertEquals(
                60,
                all(LayerSketch.class, records).stream()
                        .filter(each -> each.getModelId().equals("new"))
                        .filter(each -> each.getPaneStart() == 50 * SECOND)
                        .mapToLong(LayerSketch::getRows)
                        .sum());
    }

    /** Wherever a job is stopped and goes on, and in a replay of the log. */
    @Test
    void restartsAndReplaysSayTheSame() throws Exception {
        List<ShardRecord> log = log();
        List<OutputRecord> expected = Harnesses.output(config(), log);
        List<ShardMessage> messages = new ArrayList<>();
        OperatorSubtaskState state = null;
        for (int from = 0; from < log.size(); from += 7) {
            try (var harness = Harnesses.monitor(config(), 1, 0)) {
                if (state != null) {
                    harness.initializeState(state);
                }
                harness.open();
                for (ShardRecord record : log.subList(from, Math.min(from + 7, log.size()))) {
                    harness.processElement(record, 0);
                }
                messages.addAll(harness.extractOutputValues());
                state = Harnesses.checkpoint(harness, from + 1L);
            }
        }
        List<OutputRecord> found = new ArrayList<>();
        state = null;
        for (int from = 0; from < messages.size(); from += 3) {
            try (var harness = Harnesses.merger(config(), 1, 0)) {
                if (state != null) {
                    harness.initializeState(state);
                }
                harness.open();
                int to = Math.min(from + 3, messages.size());
                for (ShardMessage message : messages.subList(from, to)) {
                    harness.processElement(message, 0);
                }
                found.addAll(harness.extractOutputValues());
                state = harness.snapshot(from + 1L, from + 1L);
            }
        }
        assertEquals(Harnesses.byKey(expected), Harnesses.byKey(found));
        assertEquals(
                Harnesses.byKey(expected),
                Harnesses.byKey(Harnesses.replay(config(), log, ReplayStart.NOTHING)));
    }
}
