package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.message.EntryId;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.UnwatchedLayer;
import io.spectrawatch.schemas.UnwatchedLayers;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/**
 * What a client may send within every limit of ingest, and more: memory stays bounded, what is not
 * watched is said, and the records of other models are what they are without it.
 */
@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class MemoryAbuseTest {

    private static final long SECOND = TestLog.SECOND;

    /** What -Xmx2g leaves. */
    private static final String TWO_GIB = "memory.budget=heap=1g,native=1392m";

    private static final String HOSTILE = "hostile";

    private static ActivationSnapshot of(String model, long capturedAt, List<Layer> layers) {
        return ActivationSnapshot.newBuilder(TestLog.snapshot(capturedAt, TestLog.DIGEST, layers))
                .setModelId(model)
                .build();
    }

    private static List<Layer> wide(int count, int columns) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            layers.add(
                    Layer.newBuilder()
                            .setName("w" + i)
                            .setIndex(i)
                            .setRole(LayerRole.HIDDEN)
                            .setRows(1)
                            .setColumns(columns)
                            .setElementType(ElementType.FLOAT16)
                            .setData(ByteBuffer.allocate(2 * columns))
                            .build());
        }
        return layers;
    }

    /** The standard log, with what a hostile client sends after every tick of each second. */
    private interface Attack {
        void send(TestLog log, int shard, long second);
    }

    private static List<ShardRecord> log(int shards, Attack attack) {
        Random random = new Random(TestLog.seed());
        TestLog log = new TestLog(shards);
        log.tickAll(0);
        for (long second = 0; second < 40; second++) {
            for (int shard = 0; shard < shards; shard++) {
                log.snapshot(
                        shard,
                        second * SECOND,
                        List.of(
                                TestLog.layer(TestLog.ENTRY, 0, TestLog.ENTRY_COLUMNS, 2, random),
                                TestLog.layer(TestLog.DEEP, 1, TestLog.DEEP_COLUMNS, 3, random)));
                attack.send(log, shard, second);
            }
            log.tickAll((second + 1) * SECOND);
        }
        return log.tickAll(50 * SECOND).records();
    }

    private static List<String> ofRightful(List<OutputRecord> records) {
        List<String> own = new ArrayList<>();
        for (OutputRecord record : records) {
            SpecificRecord decoded = Wire.decode(record.value());
            if (decoded instanceof LayerSketch sketch
                    && sketch.getModelId().equals(TestLog.MODEL)) {
                // Offsets and the chain over them move with what lies between.
                Manifest manifest =
                        Manifest.newBuilder(sketch.getManifest()).setShards(List.of()).build();
                own.add(LayerSketch.newBuilder(sketch).setManifest(manifest).build().toString());
            }
        }
        return own;
    }

    private static <T> List<T> all(Class<T> type, List<OutputRecord> records) {
        return records.stream()
                .map(record -> Wire.decode(record.value()))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @Test
    void oneRecordOfThreeMebibytesLeavesOutLayersAndNothingElse() throws Exception {
        MonitorConfig config = Harnesses.config(2, TWO_GIB, "sketch.rows=64", "block.rows=64");
        List<OutputRecord> quiet = Harnesses.output(config, log(2, (log, shard, second) -> {}));
        ActivationSnapshot large = of(HOSTILE, 5 * SECOND, wide(1024, 1500));
        assertTrue(Wire.encode(large).length > 3_000_000);
        List<OutputRecord> attacked =
                Harnesses.output(
                        config,
                        log(
                                2,
                                (log, shard, second) -> {
                                    if (second == 5 && shard == 1) {
                                        log.add(shard, large);
                                    }
                                }));
        assertEquals(ofRightful(quiet), ofRightful(attacked));
        List<UnwatchedLayers> said = all(UnwatchedLayers.class, attacked);
        assertEquals(1, said.size());
        UnwatchedLayers pane = said.get(0);
        assertEquals(HOSTILE, pane.getModelId());
        assertNull(pane.getReason());
        long watched =
                all(LayerSketch.class, attacked).stream()
                        .filter(each -> each.getModelId().equals(HOSTILE))
                        .count();
        assertEquals(1024, watched + pane.getLayers().size());
        assertTrue(watched > 10, "watched " + watched);
        assertTrue(pane.getBudget().contains("heap=1073741824"), pane.getBudget());
    }

    @Test
    void oneAlertPerModelForAsLongAsLayersAreLeftOut() throws Exception {
        MonitorConfig config = Harnesses.config(2, "memory.budget=heap=8m,native=16m");
        List<OutputRecord> records =
                Harnesses.output(
                        config,
                        log(
                                2,
                                (log, shard, second) ->
                                        log.add(
                                                shard,
                                                of(
                                                        HOSTILE,
                                                        second * SECOND,
                                                        // Wide in the first three of four panes.
                                                        wide(4, second < 30 ? 4096 : 8)))));
        List<Alert> alerts = all(Alert.class, records);
        assertEquals(
                List.of(AlertTransition.RAISED, AlertTransition.RESOLVED),
                alerts.stream().map(Alert::getTransition).toList());
        assertEquals("LAYERS_UNWATCHED", alerts.get(0).getKind());
        assertEquals(10 * SECOND, alerts.get(0).getPaneEnd());
        assertEquals(40 * SECOND, alerts.get(1).getPaneEnd());
        List<UnwatchedLayers> said = all(UnwatchedLayers.class, records);
        assertEquals(4, said.size());
        assertEquals(
                List.of("w0", "w1", "w2", "w3"),
                said.get(0).getLayers().stream().map(UnwatchedLayer::getLayer).toList());
        // Ten seconds of a row each on either shard.
        assertEquals(20, said.get(0).getLayers().get(0).getRows());
        assertEquals(List.of(), said.get(3).getLayers());
    }

    @Test
    void modelsThatAreMadeUpTakeNobodysPlace() throws Exception {
        MonitorConfig config = Harnesses.config(2, TWO_GIB, "models.max=3", "models.idle.panes=1");
        List<OutputRecord> quiet = Harnesses.output(config, log(2, (log, shard, second) -> {}));
        List<ShardRecord> attack =
                log(
                        2,
                        (log, shard, second) -> {
                            for (int i = 0; i < 25; i++) {
                                String model = HOSTILE + second + "-" + i;
                                log.add(shard, of(model, second * SECOND, wide(1, 4)));
                            }
                        });
        List<OutputRecord> attacked = Harnesses.output(config, attack);
        assertEquals(ofRightful(quiet), ofRightful(attacked));
        List<UnwatchedLayers> said = all(UnwatchedLayers.class, attacked);
        // Per pane and shard 64 are named and the rest counted together.
        assertTrue(said.size() <= 4 * (2 * 64 + 1), "records " + said.size());
        long watched =
                all(LayerSketch.class, attacked).stream()
                        .filter(each -> !each.getModelId().equals(TestLog.MODEL))
                        .count();
        long leftOut = said.stream().mapToLong(UnwatchedLayers::getSnapshots).sum();
        long sent = 2 * 40 * 25;
        long rows =
                all(LayerSketch.class, attacked).stream()
                        .filter(each -> !each.getModelId().equals(TestLog.MODEL))
                        .mapToLong(LayerSketch::getRows)
                        .sum();
        assertEquals(sent, leftOut + rows, "every snapshot is watched or counted");
        assertTrue(watched > 0 && leftOut > sent / 2);
        assertTrue(
                said.stream().allMatch(each -> each.getReason() != null),
                "and each record says why");
        assertEquals(List.of(), all(Alert.class, attacked), "no alert for each made-up model");
    }

    /** The same after a restart in every second, in the middle of panes. */
    @Test
    void restartsDoNotShow() throws Exception {
        MonitorConfig config =
                Harnesses.config(1, "memory.budget=heap=4m,native=16m", "models.max=2");
        List<ShardRecord> log =
                log(
                        1,
                        (each, shard, second) -> {
                            each.add(shard, of(HOSTILE, second * SECOND, wide(6, 500)));
                            each.add(shard, of("late " + second % 3, second * SECOND, wide(1, 4)));
                        });
        List<ShardMessage> expected = Harnesses.summaries(config, log);
        assertTrue(
                expected.stream().anyMatch(each -> each.isEntry(EntryId.Kind.UNWATCHED)),
                "the log leaves something out");
        List<ShardMessage> found = new ArrayList<>();
        var state = Harnesses.checkpoint(opened(config, null), 1);
        for (int from = 0; from < log.size(); from += 7) {
            try (var harness = opened(config, state)) {
                for (ShardRecord record : log.subList(from, Math.min(from + 7, log.size()))) {
                    harness.processElement(record, 0);
                }
                found.addAll(harness.extractOutputValues());
                state = Harnesses.checkpoint(harness, from + 2L);
            }
        }
        assertEquals(hex(expected), hex(found));
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, ShardRecord, ShardMessage>
            opened(MonitorConfig config, OperatorSubtaskState state) throws Exception {
        var harness = Harnesses.monitor(config, 1, 0);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private static List<String> hex(List<ShardMessage> messages) {
        return messages.stream()
                .map(each -> each.bucket() + " " + Harnesses.hex(each.payload()))
                .toList();
    }

    /** A layer that one shard can keep exactly and another one cannot is one sketch. */
    @Test
    void shardsThatSawOtherLayersMergeIntoOneSketch() throws Exception {
        MonitorConfig config =
                Harnesses.config(2, "memory.budget=heap=8m,native=16m", "models.max=2");
        Random random = new Random(TestLog.seed());
        TestLog log = new TestLog(2).tickAll(0);
        Layer layer = TestLog.layer("w0", 0, 100, 30, random);
        log.snapshot(0, SECOND, List.of(layer));
        List<Layer> more = new ArrayList<>(wide(12, 100).subList(1, 12));
        more.add(TestLog.layer("w0", 0, 100, 30, random));
        log.snapshot(1, SECOND, more);
        List<OutputRecord> records = Harnesses.output(config, log.tickAll(20 * SECOND).records());
        List<LayerSketch> own =
                all(LayerSketch.class, records).stream()
                        .filter(each -> each.getLayer().equals("w0"))
                        .toList();
        assertEquals(1, own.size());
        assertEquals(60, own.get(0).getRows());
        assertEquals("exact", own.get(0).getAlgorithm());
        assertTrue(own.get(0).getLedger().getDeltaPlus() > 0, "a part of it was sketched");
    }

    /** What had a place before the range is no matter for a replay of one model. */
    @Test
    void aReplayWatchesItsModelAlone() throws Exception {
        MonitorConfig config = Harnesses.config(1, "models.max=1");
        List<ShardRecord> log =
                log(
                        1,
                        (each, shard, second) ->
                                each.add(shard, of(HOSTILE, second * SECOND, wide(1, 4))));
        List<OutputRecord> live = Harnesses.output(config, log);
        ReplayStart start = new ReplayStart(0, List.of()).watching(TestLog.MODEL, TestLog.VERSION);
        try (var harness = Harnesses.monitor(config, 1, 0, start)) {
            harness.open();
            // The hostile model comes first in this part of the log, which begins in pane 0.
            List<ShardRecord> part = Harnesses.from(10 * SECOND, log);
            harness.processElement(part.get(0), 0);
            harness.processElement(
                    new ShardRecord(
                            0,
                            part.get(0).offset() + 1,
                            Wire.encode(of(HOSTILE, 10 * SECOND, wide(1, 4)))),
                    0);
            for (ShardRecord record : part.subList(1, part.size())) {
                harness.processElement(record, 0);
            }
            List<OutputRecord> replayed = Harnesses.merged(config, harness.extractOutputValues());
            List<String> whole = ofRightful(live);
            List<String> again = ofRightful(replayed);
            assertEquals(whole.subList(2, whole.size()), again.subList(2, again.size()));
            assertEquals(0, Harnesses.of(Topics.ALERTS, replayed).size());
        }
    }
}
