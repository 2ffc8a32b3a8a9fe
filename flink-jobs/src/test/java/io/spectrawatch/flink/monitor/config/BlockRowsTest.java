package io.spectrawatch.flink.monitor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.ChainLog;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.flink.monitor.Harnesses;
import io.spectrawatch.flink.monitor.MemoryBaselines;
import io.spectrawatch.flink.monitor.Restarts;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.message.EntryId;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.message.SketchSummary;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.NumericConfig;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

/** Blocks whose size the plan chooses: what they change, across restores and in replays. */
@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
class BlockRowsTest {

    private static final int SHARDS = 2;
    private static final String ROOM = "memory.budget=heap=1g,native=1g";
    private static final int ROWS = 40;
    private static final int SNAPSHOTS = 20;

    private static MonitorConfig config(String blockRows, String... more) {
        List<String> settings = new ArrayList<>(List.of("block.rows=" + blockRows, ROOM));
        settings.addAll(List.of(more));
        return Harnesses.config(SHARDS, settings.toArray(String[]::new));
    }

    /** Three panes of 400 rows on each shard: blocks of 256 are filled once and begun again. */
    private static List<ShardRecord> log() {
        TestLog log = new TestLog(SHARDS).tickAll(0);
        Random random = new Random(TestLog.seed());
        for (int pane = 0; pane < 3; pane++) {
            for (int i = 0; i < SNAPSHOTS; i++) {
                log.snapshot(
                        i % SHARDS,
                        pane * TestLog.PANE + i,
                        List.of(
                                TestLog.layer(
                                        TestLog.ENTRY, 0, TestLog.ENTRY_COLUMNS, ROWS, random),
                                TestLog.layer(
                                        TestLog.DEEP, 1, TestLog.DEEP_COLUMNS, ROWS, random)));
            }
            log.tickAll((pane + 1) * TestLog.PANE);
        }
        log.tickAll(3 * TestLog.PANE + TestLog.LATENESS);
        return log.records();
    }

    /** By pane, layer and shard, what the first operator hands on. */
    private static Map<String, SketchSummary> parts(List<ShardMessage> messages) {
        Map<String, SketchSummary> parts = new TreeMap<>();
        for (ShardMessage message : messages) {
            if (message.isEntry(EntryId.Kind.PART)) {
                SketchSummary part = SketchSummary.fromBytes(message.payload());
                parts.put(
                        part.pane().start() + " " + part.part().layer() + " " + part.shard(), part);
            }
        }
        return parts;
    }

    private static int blockRows(SketchSummary part) {
        try (SubtaskKernels tools = Harnesses.tools(config("auto"));
                SecondMomentSketch sketch = tools.restore(part.sketch())) {
            return sketch.options().blockRows();
        }
    }

    @Test
    void numbersOfRowsAndAutoAreUnderstood() {
        assertEquals(new BlockRows(64, 4), BlockRows.parse("block.rows", "auto"));
        assertEquals(new BlockRows(100, 1), BlockRows.parse("block.rows", "100"));
        for (String wrong : List.of("0", "4097", "-1", "many", "", "64.0", "99999999999")) {
            ConfigException e =
                    assertThrows(ConfigException.class, () -> config(wrong), "found " + wrong);
            assertTrue(e.getMessage().contains("block.rows"), e.getMessage());
        }
    }

    @Test
    void onlyLayersByFrequentDirectionsHaveLargerBlocks() throws Exception {
        Map<String, SketchSummary> auto = parts(Harnesses.summaries(config("auto"), log()));
        Map<String, SketchSummary> set = parts(Harnesses.summaries(config("64"), log()));
        assertEquals(2 * 3 * SHARDS, auto.size());
        auto.forEach(
                (name, part) -> {
                    boolean deep = part.part().layer().equals(TestLog.DEEP);
                    assertEquals(deep ? 256 : 64, blockRows(part), name);
                    assertEquals(64, blockRows(set.get(name)), name);
                    if (!deep) {
                        assertEquals(
                                Harnesses.hex(set.get(name).toBytes()),
                                Harnesses.hex(part.toBytes()),
                                name);
                    }
                });
    }

    @Test
    void largerBlocksCertifyMore() throws Exception {
        Map<String, SketchSummary> auto = parts(Harnesses.summaries(config("auto"), log()));
        Map<String, SketchSummary> set = parts(Harnesses.summaries(config("64"), log()));
        try (SubtaskKernels tools = Harnesses.tools(config("auto"))) {
            auto.forEach(
                    (name, part) -> {
                        try (SecondMomentSketch larger = tools.restore(part.sketch());
                                SecondMomentSketch usual = tools.restore(set.get(name).sketch())) {
                            if (larger.kind() == SketchKind.FREQUENT_DIRECTIONS) {
                                assertTrue(
                                        larger.ledger().deltaPlus() < usual.ledger().deltaPlus(),
                                        name + "; " + TestLog.repeat());
                            }
                        }
                    });
        }
    }

    @Test
    void aRestoreAnywhereInTheLogChangesNoByte() throws Exception {
        List<ShardRecord> log = log();
        MonitorConfig config = config("auto");
        List<String> undisturbed = Restarts.sorted(Harnesses.summaries(config, log));
        for (int cut = 1; cut < log.size(); cut++) {
            List<ShardMessage> out = Restarts.ofMonitor(config, log, cut);
            assertEquals(
                    undisturbed, Restarts.sorted(out), "cut at " + cut + "; " + TestLog.repeat());
        }
    }

    /** Open panes of a savepoint go on with their blocks; those that begin later have larger. */
    @Test
    void panesOfASavepointWithBlocksOfASetSizeKeepThem() throws Exception {
        List<ShardRecord> log = log();
        Map<String, SketchSummary> auto = parts(Harnesses.summaries(config("auto"), log));
        Map<String, SketchSummary> set = parts(Harnesses.summaries(config("64"), log));
        int cut = SHARDS + SNAPSHOTS / 2 + 3;
        OperatorSubtaskState savepoint;
        try (var before = Harnesses.monitor(config("64"), 1, 0)) {
            before.open();
            Restarts.feed(before, log.subList(0, cut));
            savepoint = Harnesses.checkpoint(before, 1);
        }
        try (var after = Harnesses.monitor(config("auto"), 1, 0)) {
            after.initializeState(savepoint);
            after.open();
            Restarts.feed(after, log.subList(cut, log.size()));
            parts(after.extractOutputValues())
                    .forEach(
                            (name, part) ->
                                    assertEquals(
                                            Harnesses.hex(
                                                    (part.pane().start() == 0 ? set : auto)
                                                            .get(name)
                                                            .toBytes()),
                                            Harnesses.hex(part.toBytes()),
                                            name + "; " + TestLog.repeat()));
        }
    }

    @Test
    void aSavepointOfLargerBlocksIsRefusedWhereASmallerSizeIsSet() throws Exception {
        List<ShardRecord> log = log();
        OperatorSubtaskState savepoint;
        try (var before = Harnesses.monitor(config("auto"), 1, 0)) {
            before.open();
            Restarts.feed(before, log.subList(0, SHARDS + SNAPSHOTS / 2));
            savepoint = Harnesses.checkpoint(before, 1);
        }
        try (var after = Harnesses.monitor(config("64"), 1, 0)) {
            after.initializeState(savepoint);
            after.open();
            Exception e =
                    assertThrows(
                            IllegalStateException.class,
                            () ->
                                    Restarts.feed(
                                            after, log.subList(log.size() - SHARDS, log.size())));
            assertTrue(
                    e.getMessage().contains("expected blocks of at most 64 rows, found 256"),
                    e.getMessage());
        }
    }

    /** A record names its layer's block size and the setting, from which a replay decides alike. */
    @Test
    void aReplayFromTheRecordedSettingsChoosesTheSameBlocks() throws Exception {
        List<ShardRecord> log = log();
        List<OutputRecord> recorded = Harnesses.sketches(config("auto"), log);
        NumericConfig numerics = null;
        for (OutputRecord record : recorded) {
            if (Wire.decode(record.value()) instanceof LayerSketch sketch) {
                numerics = sketch.getManifest().getNumerics();
                assertEquals(
                        sketch.getLayer().equals(TestLog.DEEP) ? 256 : 64, numerics.getBlockRows());
                assertEquals("auto", numerics.getSettings().get("block.rows"));
            }
        }
        Map<String, String> settings = new HashMap<>(numerics.getSettings());
        settings.put(MonitorDefinition.BOOTSTRAP_SERVERS.key(), "unused:9092");
        settings.put(MonitorDefinition.SHARDS.key(), Integer.toString(SHARDS));
        settings.put(SketchDefinition.KERNELS.key(), "host");
        settings.put(MonitorDefinition.MERGE_BUCKETS.key(), "5");
        assertEquals(
                Harnesses.byKey(recorded),
                Harnesses.byKey(Harnesses.sketches(MonitorConfig.fromMap(settings), log)));
    }

    /** Shards of different blocks merge; the record names the largest. */
    @Test
    void shardsOfDifferentBlocksAreMerged() throws Exception {
        List<ShardMessage> messages = new ArrayList<>();
        List<ShardMessage> set = Harnesses.summaries(config("64"), log());
        for (ShardMessage message : Harnesses.summaries(config("auto"), log())) {
            boolean first =
                    message.isEntry(EntryId.Kind.PART)
                            && SketchSummary.fromBytes(message.payload()).shard() == 0;
            messages.add(first ? of(set, SketchSummary.fromBytes(message.payload())) : message);
        }
        int seen = 0;
        for (OutputRecord record : Harnesses.merged(config("auto"), messages)) {
            if (Wire.decode(record.value()) instanceof LayerSketch sketch
                    && sketch.getLayer().equals(TestLog.DEEP)) {
                assertEquals(256, sketch.getManifest().getNumerics().getBlockRows());
                assertEquals(SNAPSHOTS * ROWS, sketch.getRows());
                seen++;
            }
        }
        assertEquals(3, seen);
    }

    private static ShardMessage of(List<ShardMessage> messages, SketchSummary wanted) {
        for (ShardMessage message : messages) {
            if (message.isEntry(EntryId.Kind.PART)) {
                SketchSummary part = SketchSummary.fromBytes(message.payload());
                if (part.shard() == wanted.shard()
                        && part.pane().equals(wanted.pane())
                        && part.part().equals(wanted.part())) {
                    return message;
                }
            }
        }
        throw new AssertionError("no part of " + wanted.part());
    }

    /** Projections and scores go by the usual blocks, so only the sketches' bounds differ. */
    @Test
    void momentsAndScoresDoNotDependOnTheBlocks() throws Exception {
        String id = MemoryBaselines.add(new ChainModel().baseline());
        List<ShardRecord> log =
                new ChainLog(SHARDS)
                        .activate(id)
                        .panes(3, new ChainModel())
                        .panes(2, new ChainModel().driftInput(2))
                        .records();
        String[] directions = {"sketch.kind=frequent-directions", "sketch.kind.exact.layers=embed"};
        MonitorConfig auto = config("auto", directions);
        MonitorConfig set = config("64", directions);
        List<ShardMessage> larger = Harnesses.summaries(auto, log);
        List<ShardMessage> usual = Harnesses.summaries(set, log);
        assertTrue(moments(larger).size() >= 5 * 2 * SHARDS);
        assertEquals(moments(usual), moments(larger));
        assertEquals(
                Harnesses.byKey(Harnesses.of(Topics.SCORES, Harnesses.records(set, log))),
                Harnesses.byKey(Harnesses.of(Topics.SCORES, Harnesses.records(auto, log))));
        assertNotEquals(Restarts.sorted(usual), Restarts.sorted(larger), "blocks were filled");
    }

    private static List<String> moments(List<ShardMessage> messages) {
        return messages.stream()
                .filter(message -> message.isEntry(EntryId.Kind.INTERFACE))
                .map(message -> Harnesses.hex(message.payload()))
                .sorted()
                .toList();
    }
}
