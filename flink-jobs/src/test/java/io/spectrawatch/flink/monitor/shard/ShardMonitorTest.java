package io.spectrawatch.flink.monitor.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SpreadKeys;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.Harnesses;
import io.spectrawatch.flink.monitor.Restarts;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class ShardMonitorTest {

    private static final int SHARDS = 5;
    private static final MonitorConfig CONFIG = Harnesses.config(SHARDS);

    private final List<ShardRecord> log = TestLog.standard(SHARDS).records();

    @Test
    void aRestoreAnywhereInTheLogChangesNoByte() throws Exception {
        List<String> undisturbed = Restarts.sorted(Harnesses.summaries(CONFIG, log));
        // Steps of a prime, so that cuts fall inside blocks, between ticks and around closings.
        for (int cut = 1; cut < log.size(); cut += 13) {
            List<ShardMessage> out = Restarts.ofMonitor(CONFIG, log, cut);
            assertEquals(
                    undisturbed, Restarts.sorted(out), "cut at " + cut + "; " + TestLog.repeat());
        }
    }

    @Test
    void rescalingFromOneToTwoToOneChangesNoByte() throws Exception {
        List<String> undisturbed = Restarts.sorted(Harnesses.summaries(CONFIG, log));
        List<ShardMessage> out = new ArrayList<>();
        int third = log.size() / 3;
        OperatorSubtaskState one;
        try (var harness = Harnesses.monitor(CONFIG, 1, 0)) {
            harness.open();
            Restarts.feed(harness, log.subList(0, third));
            out.addAll(harness.extractOutputValues());
            one = Harnesses.checkpoint(harness, 1);
        }
        OperatorSubtaskState[] two = new OperatorSubtaskState[2];
        int max = CONFIG.maxParallelism();
        SpreadKeys keys = new SpreadKeys(SHARDS, max);
        for (int subtask = 0; subtask < 2; subtask++) {
            try (var harness = Harnesses.monitor(CONFIG, 2, subtask)) {
                harness.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                one, max, 1, 2, subtask));
                harness.open();
                List<ShardRecord> own = ownedBy(subtask, 2, keys, log.subList(third, 2 * third));
                assertTrue(!own.isEmpty());
                Restarts.feed(harness, own);
                out.addAll(harness.extractOutputValues());
                two[subtask] = Harnesses.checkpoint(harness, 2);
            }
        }
        try (var harness = Harnesses.monitor(CONFIG, 1, 0)) {
            harness.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            AbstractStreamOperatorTestHarness.repackageState(two), max, 2, 1, 0));
            harness.open();
            Restarts.feed(harness, log.subList(2 * third, log.size()));
            out.addAll(harness.extractOutputValues());
        }
        assertEquals(undisturbed, Restarts.sorted(out), TestLog.repeat());
    }

    @Test
    void nothingIsLeftInStateButTheClocksOnceAllPanesAreClosed() throws Exception {
        try (var harness = Harnesses.monitor(CONFIG, 1, 0)) {
            harness.open();
            Restarts.feed(harness, log.subList(0, log.size() / 2));
            long half = Harnesses.checkpoint(harness, 1).getStateSize();
            Restarts.feed(harness, log.subList(log.size() / 2, log.size()));
            long end = Harnesses.checkpoint(harness, 2).getStateSize();
            assertTrue(end < half / 2, half + " then " + end);
        }
    }

    @Test
    void recordsThatDoNotBelongAreLeftOut() throws Exception {
        TestLog clean = TestLog.standard(1);
        TestLog soiled = new TestLog(1);
        for (ShardRecord record : clean.records()) {
            soiled.add(0, record.value());
        }
        List<ShardRecord> records = new ArrayList<>(soiled.records());
        byte[] truncated = records.get(1).value().clone();
        truncated = Arrays.copyOf(truncated, truncated.length - 3);
        byte[] alien =
                Wire.encode(
                        SketchChunk.newBuilder()
                                .setDigest(ByteBuffer.wrap(new byte[32]))
                                .setIndex(0)
                                .setCount(1)
                                .setData(ByteBuffer.wrap(new byte[1]))
                                .build());
        // Appended under offsets of their own, so that the manifests do not move.
        records.add(5, new ShardRecord(0, 1000, truncated));
        records.add(9, new ShardRecord(0, 1001, new byte[0]));
        records.add(12, new ShardRecord(0, 1002, alien));
        assertEquals(
                Restarts.sorted(Harnesses.summaries(Harnesses.config(1), clean.records())),
                Restarts.sorted(Harnesses.summaries(Harnesses.config(1), records)));
    }

    @Test
    void aSchemaOfALaterReleaseStopsTheJob() throws Exception {
        byte[] later = log.get(0).value().clone();
        later[2] ^= 1;
        try (var harness = Harnesses.monitor(CONFIG, 1, 0)) {
            harness.open();
            IllegalStateException e =
                    assertThrows(
                            IllegalStateException.class,
                            () -> harness.processElement(new ShardRecord(0, 7, later), 0));
            assertTrue(e.getMessage().contains("shard 0, offset 7"), e.getMessage());
            assertTrue(e.getMessage().contains("upgrade this job first"), e.getMessage());
        }
    }

    private static List<ShardRecord> ownedBy(
            int subtask, int parallelism, SpreadKeys keys, List<ShardRecord> records) {
        return records.stream()
                .filter(
                        record ->
                                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                                keys.key(record.shard()),
                                                CONFIG.maxParallelism(),
                                                parallelism)
                                        == subtask)
                .toList();
    }
}
