package io.spectrawatch.flink.monitor.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.FakeMapState;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.Harnesses;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.monitor.message.EvictionSummary;
import io.spectrawatch.flink.monitor.message.GrowthSummary;
import io.spectrawatch.flink.monitor.message.InterfaceSummary;
import io.spectrawatch.flink.monitor.message.JudgementSummary;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.message.ShardBeat;
import io.spectrawatch.flink.monitor.message.ShardClosed;
import io.spectrawatch.flink.monitor.message.ShardCounts;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.SketchSummary;
import io.spectrawatch.flink.monitor.message.TickCounts;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.monitor.pane.MergeClock;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LateSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShardTest {

    private static final long SECOND = TestLog.SECOND;

    private final SubtaskKernels tools = Harnesses.tools(Harnesses.config(1));
    private final FakeMapState entries = new FakeMapState();
    private final ChunkedState state = new ChunkedState(entries);
    private final List<SketchSummary> parts = new ArrayList<>();
    private final List<ShardClosed> marks = new ArrayList<>();
    private final Shard shard = new Shard(0, 1, tools, ReplayStart.NOTHING);
    private long offset;

    private final ShardOutput output =
            new ShardOutput() {
                @Override
                public void part(SketchSummary summary) {
                    parts.add(summary);
                }

                @Override
                public void moments(InterfaceSummary summary) {
                    throw new AssertionError("no baseline is in force");
                }

                @Override
                public void judged(JudgementSummary judgement) {
                    throw new AssertionError("no baseline is in force");
                }

                @Override
                public void scored(ScoreSummary scores) {
                    throw new AssertionError("no detector is in force");
                }

                @Override
                public void beat(BeatSummary beat) {
                    throw new AssertionError("no detector is in force");
                }

                @Override
                public void beat(ShardBeat mark) {
                    throw new AssertionError("samples are not scored");
                }

                @Override
                public void grown(GrowthSummary growth) {
                    throw new AssertionError("no detector is in force");
                }

                @Override
                public void unwatched(UnwatchedSummary unwatched) {
                    throw new AssertionError("everything fits");
                }

                @Override
                public void evicted(EvictionSummary evicted) {
                    throw new AssertionError("everything fits");
                }

                @Override
                public void closed(ShardClosed mark) {
                    marks.add(mark);
                }
            };

    @AfterEach
    void close() {
        shard.close();
        tools.close();
    }

    @Test
    void blocksOfExactlyBRowsInLogOrderAndTheRestAtTheClosingTick() throws Exception {
        Random random = new Random(TestLog.seed());
        RowBlock block = new RowBlock(8, TestLog.DEEP_COLUMNS);
        tick(0);
        int total = 0;
        try (SecondMomentSketch expected =
                tools.newSketch(
                        tools.settings().options(TestLog.DEEP, TestLog.DEEP_COLUMNS),
                        TestLog.DEEP_COLUMNS,
                        null)) {
            for (int rows : new int[] {3, 7, 1, 20, 8, 2}) {
                Layer layer = TestLog.layer(TestLog.DEEP, 1, TestLog.DEEP_COLUMNS, rows, random);
                assertNull(take(SECOND, layer));
                total += rows;
                for (int row = 0; row < rows; row++) {
                    block.append(layer.getData(), ElementType.FLOAT32, row, 1);
                    if (block.isFull()) {
                        expected.update(block);
                        block.clear();
                    }
                }
            }
            assertEquals(1, block.rows());
            expected.update(block);
            tick(12 * SECOND);
            assertEquals(total, parts.get(0).rows());
            assertArrayEquals(expected.toBytes(), parts.get(0).sketch(), TestLog.repeat());
        }
    }

    @Test
    void theMarkNamesWhatEnteredAndTheChainOverItsBytes() throws Exception {
        tick(0);
        byte[] first = Wire.encode(TestLog.snapshot(SECOND, TestLog.DIGEST, List.of(row(1))));
        byte[] second = Wire.encode(TestLog.snapshot(2 * SECOND, TestLog.DIGEST, List.of(row(2))));
        take(first);
        tick(3 * SECOND);
        take(second);
        tick(12 * SECOND);

        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(new byte[32]);
        byte[] h1 = sha.digest(MessageDigest.getInstance("SHA-256").digest(first));
        sha.update(h1);
        byte[] h2 = sha.digest(MessageDigest.getInstance("SHA-256").digest(second));
        ShardClosed mark = marks.get(marks.size() - 1);
        ModelInput input = mark.inputs().get(0);
        assertArrayEquals(h2, input.chain());
        assertEquals(1, input.firstOffset());
        assertEquals(3, input.lastOffset());
        assertEquals(2, input.snapshots());
        assertEquals(4, mark.tickOffset());
        assertEquals(TestLog.PANE, mark.closedThrough());
    }

    @Test
    void panesCloseInOrderAndMarksOnlyWhenTheBoundaryMoves() throws Exception {
        tick(0);
        take(21 * SECOND, row(1));
        take(1 * SECOND, row(1));
        take(11 * SECOND, row(1));
        tick(1 * SECOND);
        tick(35 * SECOND);
        assertEquals(
                List.of(10 * SECOND, 20 * SECOND, 30 * SECOND),
                parts.stream().map(part -> part.pane().end()).toList());
        assertEquals(
                List.of(-10 * SECOND, 30 * SECOND),
                marks.stream().map(ShardClosed::closedThrough).toList());
        assertEquals(3, marks.get(1).inputs().size());
    }

    @Test
    void differentWeightsAndShapesAreKeptApart() throws Exception {
        tick(0);
        take(SECOND, TestLog.layer("a", 0, 2, 1, 2), TestLog.layer("b", 1, 2, 1, 2));
        take(SECOND, TestLog.layer("a", 0, 3, 1, 2, 3));
        take(Wire.encode(TestLog.snapshot(SECOND, "d2", List.of(row(1)))));
        tick(12 * SECOND);
        assertEquals(4, parts.size());
        assertEquals(2, marks.get(1).inputs().size());
    }

    @Test
    void aSnapshotThatCannotBeTakenChangesNothing() throws Exception {
        tick(0);
        Layer good = row(1);
        Layer nan = TestLog.layer("b", 1, 2, 1, Float.NaN);
        assertTrue(take(SECOND, good, nan).contains("layer b: element 1 is not finite"));
        Layer mismatch = Layer.newBuilder(row(1)).setRows(2).build();
        assertTrue(take(SECOND, good, mismatch).contains("expected 16 bytes, found 8"));
        assertEquals(0, shard.openPanes());
        tick(12 * SECOND);
        assertTrue(take(SECOND, good).contains("is closed"));
        assertEquals(List.of(), parts);
    }

    @Test
    void layersWithoutRowsLeaveNoPart() throws Exception {
        tick(0);
        take(SECOND, TestLog.layer("a", 0, 2));
        tick(12 * SECOND);
        assertEquals(List.of(), parts);
        assertEquals(1, marks.get(1).inputs().get(0).snapshots());
    }

    @Test
    void dataBeforeATickAndForeignTicksFail() {
        IllegalStateException early =
                assertThrows(IllegalStateException.class, () -> take(SECOND, row(1)));
        assertTrue(early.getMessage().contains("precedes the first tick"), early.getMessage());
        Tick foreign = new TickOf(0, 2).at(0);
        IllegalStateException count =
                assertThrows(
                        IllegalStateException.class, () -> shard.tick(foreign, 0, state, output));
        assertTrue(count.getMessage().contains("shard 0 of 1"), count.getMessage());
        assertTrue(count.getMessage().contains("set shards"), count.getMessage());
    }

    @Test
    void onlyWhatChangedIsWrittenAndClosedPanesAreRemoved() throws Exception {
        tick(0);
        take(SECOND, row(1), TestLog.layer("b", 1, 2, 1, 2));
        take(11 * SECOND, row(1));
        shard.store(state);
        assertEquals(3 + 2 + 3, entries.entries.size());
        entries.written.clear();

        take(2 * SECOND, TestLog.layer("b", 1, 2, 3, 4));
        shard.store(state);
        assertEquals(
                Set.of(
                        "layer/0/10000000/minilm%2Fen/1/d1/1/b/2#0",
                        "model/0/10000000/minilm%2Fen/1/d1#0"),
                new HashSet<>(entries.written));
        entries.written.clear();
        shard.store(state);
        assertEquals(List.of(), entries.written);

        tick(12 * SECOND);
        shard.store(state);
        assertEquals(3 + 2, entries.entries.size());
        tick(22 * SECOND);
        shard.store(state);
        assertEquals(Set.of("clock#0", "counts#0", "models#0"), entries.entries.keySet());
    }

    @Test
    void aLateSnapshotEntersThePaneItsRecordNames() throws Exception {
        tick(0);
        take(SECOND, row(1));
        tick(12 * SECOND);
        byte[] value = Wire.encode(TestLog.snapshot(SECOND, TestLog.DIGEST, List.of(row(2))));
        assertNotNull(take(value), "its own pane is closed");
        byte[] late = Wire.encode(new LateSnapshot(TestLog.PANE, ByteBuffer.wrap(value)));

        assertNull(take(late));
        tick(22 * SECOND);

        assertEquals(List.of(1L, 1L), parts.stream().map(SketchSummary::rows).toList());
        assertEquals(TestLog.PANE, parts.get(1).pane().start());
        ModelInput input = marks.get(marks.size() - 1).inputs().get(0);
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(new byte[32]);
        byte[] chain = sha.digest(MessageDigest.getInstance("SHA-256").digest(late));
        assertArrayEquals(chain, input.chain(), "the chain covers ingest's decision");
    }

    /** Numbers describe the rows captured; the weight is for readers who reweight. */
    @Test
    void theWeightOfASampleMovesNoNumber() throws Exception {
        tick(0);
        for (double weight : new double[] {1, 1000}) {
            for (int second = 1; second <= 3; second++) {
                long at = parts.size() * TestLog.PANE + second * SECOND;
                ActivationSnapshot plain =
                        TestLog.snapshot(at, TestLog.DIGEST, List.of(row(second * second)));
                Sample weighted =
                        Sample.newBuilder(plain.getSamples().get(0))
                                .setSamplingWeight(second == 1 ? 1 : weight)
                                .build();
                take(
                        Wire.encode(
                                ActivationSnapshot.newBuilder(plain)
                                        .setSamples(List.of(weighted))
                                        .build()));
            }
            tick((parts.size() + 1) * TestLog.PANE + TestLog.LATENESS);
        }
        assertEquals(2, parts.size());
        assertEquals(3, parts.get(1).rows());
        assertArrayEquals(parts.get(0).sketch(), parts.get(1).sketch());
    }

    @Test
    void storedArraysAreNeverWrittenAgain() throws Exception {
        tick(0);
        take(SECOND, row(1));
        shard.store(state);
        List<byte[]> held = new ArrayList<>(entries.entries.values());
        List<String> before = held.stream().map(Harnesses::hex).toList();
        take(SECOND, row(2));
        tick(2 * SECOND);
        shard.store(state);
        assertEquals(before, held.stream().map(Harnesses::hex).toList());
    }

    @Test
    void aLayerWhoseModelIsMissingIsRefused() throws Exception {
        tick(0);
        take(SECOND, row(1));
        shard.store(state);
        String model = state.names().stream().filter(OpenModel::isState).findFirst().orElseThrow();
        state.remove(model);
        try (Shard restored = new Shard(0, 1, tools, ReplayStart.NOTHING)) {
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> restored.restore(state));
            assertTrue(e.getMessage().endsWith(model + " is missing"), e.getMessage());
        }
    }

    @Test
    void aLayerUnderTheNameOfAnotherIsRefused() throws Exception {
        tick(0);
        take(SECOND, row(1));
        shard.store(state);
        String layer = state.names().stream().filter(OpenLayer::isState).findFirst().orElseThrow();
        state.put(layer + "0", state.get(layer));
        try (Shard restored = new Shard(0, 1, tools, ReplayStart.NOTHING)) {
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> restored.restore(state));
            assertEquals("state " + layer + "0 is that of " + layer, e.getMessage());
        }
    }

    /** State of a release that did not count: a pane that is open stays without counts. */
    @Test
    void stateWithoutCountsBeginsToCount() throws Exception {
        counting(shard, 0, 1, 0);
        counting(shard, 1 * SECOND, 2, 0);
        shard.store(state);
        state.remove(ShardCounts.STATE);
        try (Shard restored = new Shard(0, 1, tools, ReplayStart.NOTHING)) {
            restored.restore(state);
            counting(restored, 3 * SECOND, 4, 1);
            counting(restored, 11 * SECOND, 8, 2);
            restored.store(state);
        }
        try (Shard restored = new Shard(0, 1, tools, ReplayStart.NOTHING)) {
            restored.restore(state);
            counting(restored, 12 * SECOND, 16, 0);
            counting(restored, 20 * SECOND, 32, 0);
            counting(restored, 40 * SECOND, 64, 0);
        }
        MergeClock clock = MergeClock.of(null, 1);
        for (ShardClosed each : marks) {
            ShardClosed read = ShardClosed.fromBytes(each.toBytes());
            clock.advance(0, read.closedThrough(), read.tickOffset(), read.ticks());
            clock = MergeClock.of(clock.toBytes(), 1);
        }

        assertNull(clock.counted(0, Pane.of(0, TestLog.PANE)));
        assertEquals(
                new TickCounts.Between(24, 2, 2),
                clock.counted(0, Pane.of(15 * SECOND, TestLog.PANE)));
        assertEquals(
                new TickCounts.Between(32, 0, 4),
                clock.counted(0, Pane.of(25 * SECOND, TestLog.PANE)));
    }

    private void counting(Shard counted, long time, long refused, long late) throws Exception {
        long sequence = offset++;
        Tick tick = new Tick(time, TestLog.PANE, TestLog.LATENESS, 0, 1, sequence, refused, late);
        counted.tick(tick, sequence, state, output);
    }

    private String take(long capturedAt, Layer... layers) throws Exception {
        return take(Wire.encode(TestLog.snapshot(capturedAt, TestLog.DIGEST, List.of(layers))));
    }

    private String take(byte[] value) throws Exception {
        return shard.snapshot(
                LoggedSnapshot.of(Wire.decode(value)), new ShardRecord(0, offset++, value));
    }

    private void tick(long time) throws Exception {
        shard.tick(new TickOf(0, 1).at(time), offset++, state, output);
    }

    private static Layer row(float value) {
        return TestLog.layer("a", 0, 2, value, 1);
    }

    private record TickOf(int shard, int shards) {
        Tick at(long time) {
            return Tick.newBuilder()
                    .setTime(time)
                    .setPaneLength(TestLog.PANE)
                    .setLateness(TestLog.LATENESS)
                    .setShard(shard)
                    .setShards(shards)
                    .setSequence(0)
                    .build();
        }
    }
}
