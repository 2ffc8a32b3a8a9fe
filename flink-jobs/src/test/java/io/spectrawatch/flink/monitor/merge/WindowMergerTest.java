package io.spectrawatch.flink.monitor.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.Harnesses;
import io.spectrawatch.flink.monitor.Restarts;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class WindowMergerTest {

    private static final int SHARDS = 3;
    private static final MonitorConfig CONFIG = Harnesses.config(SHARDS);

    @Test
    void aPaneIsCompleteOnlyWhenEveryShardClosedIt() throws Exception {
        TestLog log = new TestLog(SHARDS).tickAll(0);
        log.snapshot(1, TestLog.SECOND, List.of(TestLog.layer("a", 0, 2, 1, 2)));
        log.tick(0, 12 * TestLog.SECOND).tick(1, 12 * TestLog.SECOND);
        assertEquals(0, Harnesses.sketches(CONFIG, log.records()).size());
        log.tick(2, 11 * TestLog.SECOND);
        assertEquals(0, Harnesses.sketches(CONFIG, log.records()).size());
        log.tick(2, 50 * TestLog.SECOND);
        assertEquals(1, sketches(Harnesses.sketches(CONFIG, log.records())).size());
    }

    /** Layers r0 and r1 are tapped, and then r1 alone, which makes it the first of its chain. */
    @Test
    void aLayerIsOneSketchWhateverItsIndexInASnapshot() throws Exception {
        Random random = new Random(TestLog.seed());
        TestLog log = new TestLog(SHARDS).tickAll(0);
        TestLog same = new TestLog(SHARDS).tickAll(0);
        for (int i = 0; i < 48; i++) {
            Layer r0 = TestLog.layer("r0", 0, 4, 10, random);
            Layer r1 = TestLog.layer("r1", 1, 6, 10, random);
            Layer alone = Layer.newBuilder(r1).setIndex(0).build();
            boolean whole = i % 3 != 0;
            log.snapshot(i % 2, TestLog.SECOND + i, whole ? List.of(r0, r1) : List.of(alone));
            same.snapshot(i % 2, TestLog.SECOND + i, whole ? List.of(r0, r1) : List.of(r1));
        }
        log.snapshot(2, TestLog.SECOND, List.of(TestLog.layer("r1", 0, 6, 1, 2, 3, 4, 5, 6)));
        same.snapshot(2, TestLog.SECOND, List.of(TestLog.layer("r1", 1, 6, 1, 2, 3, 4, 5, 6)));
        log.tickAll(30 * TestLog.SECOND);
        same.tickAll(30 * TestLog.SECOND);

        List<LayerSketch> sketches = sketches(Harnesses.sketches(CONFIG, log.records()));
        List<LayerSketch> expected = sketches(Harnesses.sketches(CONFIG, same.records()));

        assertEquals(List.of("r0", "r1"), sketches.stream().map(LayerSketch::getLayer).toList());
        LayerSketch r1 = sketches.get(1);
        assertEquals(481, r1.getRows());
        assertEquals(320, sketches.get(0).getRows());
        assertEquals(1, r1.getLayerIndex(), "its place where more was tapped");
        assertEquals(expected.get(1).getLedger(), r1.getLedger(), "energy among it");
        assertEquals(expected.get(1).getSketchDigest(), r1.getSketchDigest());
        assertEquals(
                List.of(240L, 240L, 1L),
                r1.getManifest().getShards().stream().map(ShardInput::getRows).toList());
    }

    @Test
    void theManifestNamesEveryShardAlsoWhereItSawNoRow() throws Exception {
        TestLog log = new TestLog(SHARDS).tickAll(0);
        log.snapshot(0, TestLog.SECOND, List.of(TestLog.layer("a", 0, 2, 1, 2, 3, 4)));
        log.snapshot(1, TestLog.SECOND, List.of(TestLog.layer("b", 1, 2, 1, 2)));
        log.tickAll(3 * TestLog.SECOND).tickAll(30 * TestLog.SECOND);
        List<LayerSketch> sketches = sketches(Harnesses.sketches(CONFIG, log.records()));
        LayerSketch a =
                sketches.stream().filter(s -> s.getLayer().equals("a")).findFirst().orElseThrow();
        List<ShardInput> inputs = a.getManifest().getShards();
        assertInput(inputs.get(0), 0, 1, 1, 3, 1, 2);
        assertInput(inputs.get(1), 1, 1, 1, 3, 1, 0);
        assertInput(inputs.get(2), 2, -1, -1, 2, 0, 0);
        assertEquals(ByteBuffer.wrap(new byte[32]), inputs.get(2).getChain());
        assertTrue(!inputs.get(1).getChain().equals(inputs.get(2).getChain()));
        assertEquals(2, a.getRows());
        assertEquals(1.0, a.getAspectRatio());
        assertEquals("exact", a.getAlgorithm());
        assertEquals("mean", a.getCentring());
        assertNull(a.getManifest().getBaselineId());
        assertEquals("host", a.getManifest().getNumerics().getProvider());
    }

    @Test
    void theBaselineInForceIsNamedAndShardsThatDisagreeOnItAreKeptApart() throws Exception {
        List<LayerSketch> sketches =
                sketches(Harnesses.sketches(CONFIG, TestLog.standard(SHARDS).records()));
        for (LayerSketch sketch : sketches) {
            String expected = sketch.getPaneStart() >= 2 * TestLog.PANE ? "b1" : null;
            assertEquals(expected, sketch.getManifest().getBaselineId());
        }
        TestLog log = new TestLog(2).tickAll(0).activate(0, "b1", 0);
        log.snapshot(0, TestLog.SECOND, List.of(TestLog.layer("a", 0, 2, 1, 2)));
        log.snapshot(1, TestLog.SECOND, List.of(TestLog.layer("a", 0, 2, 1, 2, 3, 4)));
        log.tickAll(12 * TestLog.SECOND);
        List<LayerSketch> split = sketches(Harnesses.sketches(Harnesses.config(2), log.records()));
        assertEquals(2, split.size());
        assertNull(split.get(0).getManifest().getBaselineId());
        assertEquals(2, split.get(0).getRows());
        assertEquals(0, split.get(0).getManifest().getShards().get(0).getSnapshots());
        assertEquals("b1", split.get(1).getManifest().getBaselineId());
        assertEquals(1, split.get(1).getRows());
    }

    @Test
    void theOrderInWhichShardsArriveDoesNotMatter() throws Exception {
        List<ShardRecord> log = TestLog.standard(SHARDS).records();
        var expected = Harnesses.byKey(Harnesses.output(CONFIG, log));
        assertEquals(4, expected.size());
        Random random = new Random(TestLog.seed());
        for (int round = 0; round < 5; round++) {
            var shuffled = Harnesses.merged(CONFIG, interleave(log, random));
            assertEquals(expected, Harnesses.byKey(shuffled), TestLog.repeat());
        }
    }

    @Test
    void chunksCarryTheWholeSketch() throws Exception {
        List<OutputRecord> out = Harnesses.sketches(CONFIG, TestLog.standard(SHARDS).records());
        for (int i = 0; i < out.size(); i += 2) {
            LayerSketch sketch = Wire.decode(out.get(i).value(), LayerSketch.class);
            SketchChunk chunk = Wire.decode(out.get(i + 1).value(), SketchChunk.class);
            byte[] data = new byte[chunk.getData().remaining()];
            chunk.getData().get(data);
            assertEquals(1, sketch.getSketchChunks());
            assertEquals(sketch.getSketchDigest(), chunk.getDigest());
            assertArrayEquals(
                    sketch.getSketchDigest().array(),
                    MessageDigest.getInstance("SHA-256").digest(data));
            assertEquals(sketch.getPaneEnd() / 1000, out.get(i).timestamp());
            assertEquals(
                    sketch.getBasis().remaining(),
                    sketch.getBasisVectors() * sketch.getColumns() * Float.BYTES);
        }
        var silent = Harnesses.config(SHARDS, "publish.sketch=false");
        List<OutputRecord> without = Harnesses.sketches(silent, TestLog.standard(SHARDS).records());
        assertEquals(out.size() / 2, without.size());
        assertEquals(0, sketches(without).get(0).getSketchChunks());
    }

    @Test
    void aLayerWithProbesSaysWhatHoldsWith95PercentBesideWhatIsCertain() throws Exception {
        int probed = 0;
        for (LayerSketch sketch :
                sketches(Harnesses.sketches(CONFIG, TestLog.standard(SHARDS).records()))) {
            boolean exact = sketch.getAlgorithm().equals("exact");
            assertEquals(exact, sketch.getDescriptors95().isEmpty());
            for (Interval value : sketch.getDescriptors95()) {
                Interval certain =
                        sketch.getDescriptors().stream()
                                .filter(each -> each.getName().equals(value.getName()))
                                .findFirst()
                                .orElseThrow();
                assertTrue(certain.getLower() <= value.getLower(), value.toString());
                assertTrue(value.getUpper() <= certain.getUpper(), value.toString());
                probed++;
            }
        }
        assertTrue(probed > 0, "no layer by Frequent Directions");
        var none = Harnesses.config(SHARDS, "sketch.probes=0", "publish.sketch=false");
        for (LayerSketch sketch :
                sketches(Harnesses.sketches(none, TestLog.standard(SHARDS).records()))) {
            assertTrue(sketch.getDescriptors95().isEmpty());
        }
    }

    @Test
    void aSketchOfSeveralChunksIsPublishedInOrder() throws Exception {
        int columns = 700;
        TestLog log = new TestLog(1).tickAll(0);
        Random random = new Random(TestLog.seed());
        log.snapshot(0, 1, List.of(TestLog.layer("wide", 0, columns, 9, random)));
        log.tickAll(12 * TestLog.SECOND);
        MonitorConfig config =
                Harnesses.config(1, "sketch.kind=exact", "sketch.kind.frequent-directions.layers=");
        List<OutputRecord> out = Harnesses.sketches(config, log.records());
        LayerSketch sketch = Wire.decode(out.get(0).value(), LayerSketch.class);
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        assertTrue(sketch.getSketchChunks() > 1, "chunks " + sketch.getSketchChunks());
        assertEquals(1 + sketch.getSketchChunks(), out.size());
        for (int i = 1; i < out.size(); i++) {
            SketchChunk chunk = Wire.decode(out.get(i).value(), SketchChunk.class);
            assertEquals(i - 1, chunk.getIndex());
            assertTrue(out.get(i).value().length <= 1 << 20);
            sha.update(chunk.getData());
        }
        assertEquals(sketch.getSketchDigest(), ByteBuffer.wrap(sha.digest()));
    }

    @Test
    void restoreAndRescaleChangeNoByte() throws Exception {
        List<ShardMessage> messages =
                Harnesses.summaries(CONFIG, TestLog.standard(SHARDS).records());
        var expected = Harnesses.byKey(Harnesses.merged(CONFIG, messages));
        for (int cut = 1; cut < messages.size(); cut += 17) {
            List<OutputRecord> out = Restarts.ofMerger(CONFIG, messages, cut);
            assertEquals(expected, Harnesses.byKey(out), "cut at " + cut);
        }
    }

    private static void assertInput(
            ShardInput input,
            int shard,
            long first,
            long last,
            long closed,
            long snapshots,
            long rows) {
        assertEquals(shard, input.getShard());
        assertEquals(first, input.getFirstOffset());
        assertEquals(last, input.getLastOffset());
        assertEquals(closed, input.getClosedAtOffset());
        assertEquals(snapshots, input.getSnapshots());
        assertEquals(rows, input.getRows());
    }

    private static List<LayerSketch> sketches(List<OutputRecord> records) {
        List<LayerSketch> sketches = new ArrayList<>();
        for (OutputRecord record : records) {
            SpecificRecord decoded = Wire.decode(record.value());
            if (decoded instanceof LayerSketch sketch) {
                sketches.add(sketch);
            }
        }
        return sketches;
    }

    /** Summaries of all shards in a random interleaving that keeps each shard's own order. */
    private static List<ShardMessage> interleave(List<ShardRecord> log, Random random)
            throws Exception {
        List<Integer> turns = new ArrayList<>();
        List<List<ShardMessage>> byShard = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            int number = shard;
            byShard.add(
                    new ArrayList<>(
                            Harnesses.summaries(
                                    CONFIG,
                                    log.stream().filter(r -> r.shard() == number).toList())));
            turns.addAll(Collections.nCopies(byShard.get(shard).size(), shard));
        }
        Collections.shuffle(turns, random);
        List<ShardMessage> messages = new ArrayList<>();
        for (int shard : turns) {
            messages.add(byShard.get(shard).remove(0));
        }
        return messages;
    }
}
