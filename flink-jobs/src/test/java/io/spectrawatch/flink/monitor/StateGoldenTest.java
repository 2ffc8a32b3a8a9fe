package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spectrawatch.flink.log.FormContract;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.admission.ModelTable;
import io.spectrawatch.flink.monitor.attack.ModelSurges;
import io.spectrawatch.flink.monitor.attack.SurgeBeats;
import io.spectrawatch.flink.monitor.attack.SurgeStateTest;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.certify.InterfacePool;
import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.monitor.message.EvictionSummary;
import io.spectrawatch.flink.monitor.message.GrowthSummary;
import io.spectrawatch.flink.monitor.message.InterfaceSummary;
import io.spectrawatch.flink.monitor.message.JudgementSummary;
import io.spectrawatch.flink.monitor.message.LayerId;
import io.spectrawatch.flink.monitor.message.RankedSample;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.message.ShardBeat;
import io.spectrawatch.flink.monitor.message.ShardClosed;
import io.spectrawatch.flink.monitor.message.ShardCounts;
import io.spectrawatch.flink.monitor.message.SketchSummary;
import io.spectrawatch.flink.monitor.message.TickCounts;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.monitor.pane.AttackStanding;
import io.spectrawatch.flink.monitor.pane.ClosedPane;
import io.spectrawatch.flink.monitor.pane.MergeClock;
import io.spectrawatch.flink.monitor.pane.ModelWatch;
import io.spectrawatch.flink.monitor.pane.WatchedInterface;
import io.spectrawatch.flink.monitor.shard.OpenLayer;
import io.spectrawatch.flink.state.Activation;
import io.spectrawatch.flink.state.InputChain;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.ShardClock;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.SpeakingRow;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.certificate.Attribution;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.certificate.alert.AlertState;
import io.spectrawatch.spectral.detect.attack.BeatCounts;
import io.spectrawatch.spectral.detect.attack.HeavyHitters;
import io.spectrawatch.spectral.detect.attack.StreamKind;
import io.spectrawatch.spectral.kernel.KernelDescription;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What lies in the checkpoints of a monitor, and what its operators send each other. */
class StateGoldenTest extends FormContract {

    private static final SubtaskKernels TOOLS =
            Harnesses.tools(Harnesses.config(1, "block.rows=2"));

    /** Before the sketch and the block: header, pane, three texts, index, layer, columns, rows. */
    private static final int LAYER_PANE_OWN_BYTES = 8 + 16 + 11 + 5 + 7 + 4 + 11 + 4 + 8;

    private static final Pane PANE = new Pane(0, 10);
    private static final ModelKey MODEL = new ModelKey("modèle", "1", "abc");
    private static final KernelDescription KERNEL =
            new KernelDescription("HOST", "OpenBLAS", "0.3", "GENERIC", "cpu", 1);
    private static final LayerId PART = new LayerId(MODEL, 3, "block/3", 2);

    private static final List<RankedSample> SUSPICIOUS =
            List.of(suspicious("one/mallory", "a", 9.5), suspicious(null, "b", 2));

    private static RankedSample suspicious(String client, String id, double statistic) {
        SampleContext context =
                new SampleContext("session", "ab".repeat(16), null, Map.of("route", "/chat"));
        List<SpeakingRow> rows =
                List.of(new SpeakingRow(7L, "PROMPT", 0.75), new SpeakingRow(9L, null, 0.25));
        return new RankedSample(
                client, new SampleExample(id, client, 2, 17L, statistic, context, rows));
    }

    static Stream<Form> forms() {
        return Stream.of(
                new Form("shard-clock-1", clock(), b -> ShardClock.fromBytes(b).toBytes()),
                new Form(
                        "model-input-1", input().toBytes(), b -> ModelInput.fromBytes(b).toBytes()),
                new Form(
                        "shard-clock-1-segment",
                        clockOfSegment(),
                        b -> ShardClock.fromBytes(b).toBytes()),
                new Form(
                        "model-input-1-segment",
                        ModelInput.start(PANE, MODEL.in("route=/chat")).toBytes(),
                        b -> ModelInput.fromBytes(b).toBytes()),
                new Form(
                        "part-summary-1",
                        summary().toBytes(),
                        b -> SketchSummary.fromBytes(b).toBytes()),
                new Form(
                        "shard-closed-2",
                        mark().toBytes(),
                        b -> ShardClosed.fromBytes(b).toBytes()),
                new Form(
                        "interface-summary-1",
                        interfaceSummary().toBytes(),
                        b -> InterfaceSummary.fromBytes(b).toBytes()),
                new Form(
                        "pane-judgement-1",
                        new JudgementSummary(2, PANE, MODEL, "baseline", "another width", 3)
                                .toBytes(),
                        b -> JudgementSummary.fromBytes(b).toBytes()),
                new Form(
                        "pane-scores-6",
                        scores().toBytes(),
                        b -> ScoreSummary.fromBytes(b).toBytes()),
                new Form(
                        "pane-beat-2",
                        new BeatSummary(
                                        2,
                                        41,
                                        PANE,
                                        MODEL,
                                        "baseline",
                                        new BeatCounts(9, 4, 3, 1),
                                        SUSPICIOUS)
                                .toBytes(),
                        b -> BeatSummary.fromBytes(b).toBytes()),
                new Form(
                        "shard-beat-1",
                        new ShardBeat(2, 41).toBytes(),
                        b -> ShardBeat.fromBytes(b).toBytes()),
                new Form(
                        "surge-beats-1",
                        beats().toBytes(),
                        b -> SurgeBeats.fromBytes(b, 2).toBytes()),
                new Form(
                        "model-surges-2",
                        surges().toBytes(),
                        b -> ModelSurges.fromBytes(b).toBytes()),
                new Form(
                        "attack-standing-1",
                        standing().toBytes(),
                        b -> AttackStanding.fromBytes(b).toBytes()),
                new Form(
                        "pane-growth-1",
                        new GrowthSummary(2, PANE, MODEL, "baseline", new byte[] {1, 2, 3})
                                .toBytes(),
                        b -> GrowthSummary.fromBytes(b).toBytes()),
                new Form(
                        "interface-pool-2",
                        pool().toBytes(),
                        b -> InterfacePool.fromBytes(b).toBytes()),
                new Form("model-watch-1", watch(), b -> ModelWatch.fromBytes(b).toBytes()),
                new Form(
                        "pane-unwatched-1",
                        unwatched().toBytes(),
                        b -> UnwatchedSummary.fromBytes(b).toBytes()),
                new Form(
                        "pane-evicted-1",
                        new EvictionSummary(
                                        2, new Pane(20, 30), MODEL, 10, new ModelKey("m", "2", "d"))
                                .toBytes(),
                        b -> EvictionSummary.fromBytes(b).toBytes()),
                new Form("model-table-1", models(), b -> ModelTable.fromBytes(b).toBytes()),
                new Form("merge-clock-2", mergeClock(), b -> MergeClock.fromBytes(b).toBytes()),
                new Form("shard-counts-1", shardCounts(), b -> ShardCounts.fromBytes(b).toBytes()),
                new Form(
                        "layer-pane-1",
                        layerPane(),
                        LAYER_PANE_OWN_BYTES,
                        StateGoldenTest::rewriteLayerPane));
    }

    @AfterAll
    static void close() {
        TOOLS.close();
    }

    private static byte[] clock() {
        ShardClock clock = new ShardClock();
        clock.advance(
                Tick.newBuilder()
                        .setTime(25)
                        .setPaneLength(10)
                        .setLateness(2)
                        .setShard(0)
                        .setShards(1)
                        .setSequence(9)
                        .build());
        clock.closeThrough(Long.MIN_VALUE);
        clock.activate(new Activation("modèle", "1", "baseline", 40));
        clock.activate(new Activation("modèle", "1", null, 50));
        return clock.toBytes();
    }

    private static byte[] clockOfSegment() {
        ShardClock clock = new ShardClock();
        clock.activate(new Activation("modèle", "1", "baseline", 40));
        clock.activate(new Activation("modèle", "1", "route=/chat", "other", 50));
        return clock.toBytes();
    }

    private static ModelInput input() {
        return ModelInput.start(PANE, MODEL)
                .plus(17, new byte[32], new InputChain())
                .withBaseline("baseline");
    }

    private static SketchSummary summary() {
        return new SketchSummary(2, PANE, PART, 5, KERNEL, new byte[] {1, 2, 3});
    }

    private static InterfaceSummary interfaceSummary() {
        byte[] moments = TinyBaseline.moments(0, 8).toBytes();
        return new InterfaceSummary(0, PANE, MODEL, "baseline", 0, KERNEL, moments);
    }

    private static ScoreSummary scores() {
        return new ScoreSummary(
                2,
                PANE,
                MODEL,
                "baseline",
                90,
                1,
                7,
                new long[] {4, 5},
                6,
                2,
                80,
                6,
                List.of(
                        new HeavyHitters.Entry("alice", 60, 50, 1),
                        new HeavyHitters.Entry("mallory", 30, 30, 6)),
                1050,
                1029,
                3,
                SUSPICIOUS,
                new long[] {8, 1},
                List.of(new HeavyHitters.Entry("mallory", 30, 28, 21)));
    }

    /** What jobs counted that followed no trails. */
    @Test
    void countsWithoutTrailsRead() throws Exception {
        ScoreSummary read = ScoreSummary.fromBytes(golden("pane-scores-5"));
        assertEquals(List.of(), read.trails());
        assertArrayEquals(scores().left(), read.left());
    }

    /** What jobs counted that did not say why samples were not scored. */
    @Test
    void countsWithoutReasonsRead() throws Exception {
        ScoreSummary read = ScoreSummary.fromBytes(golden("pane-scores-4"));
        assertArrayEquals(new long[2], read.left());
        assertEquals(3, read.incomplete());
        assertEquals(SUSPICIOUS, read.suspicious());
    }

    /**
     * Counts of a pane that was open when the job was upgraded: what its limit rests on is unknown.
     */
    @Test
    void countsOfTheSecondVersionRead() throws Exception {
        ScoreSummary read = ScoreSummary.fromBytes(golden("pane-scores-2"));
        assertEquals(0, read.references());
        assertEquals(7, read.exceedances());
        ScoreSummary now = scores();
        assertEquals(now.clients(), read.clients());
        assertEquals(now.model(), read.model());
        assertArrayEquals(now.found(), read.found());
        assertEquals(now.steep(), read.steep());
        assertEquals(0, read.toldSamples());
        assertEquals(0, read.toldExceedances());
    }

    /** What jobs counted that knew samples of one part only. */
    @Test
    void countsOfSamplesOfOnePartRead() throws Exception {
        ScoreSummary read = ScoreSummary.fromBytes(golden("pane-scores-3"));
        assertEquals(0, read.incomplete());
        assertEquals(List.of(), read.suspicious());
        assertEquals(scores().clients(), read.clients());
        assertEquals(scores().rank(), read.rank());
        BeatSummary beat = BeatSummary.fromBytes(golden("pane-beat-1"));
        assertEquals(new BeatCounts(9, 4, 3, 1), beat.counts());
        assertEquals(List.of(), beat.suspicious());
        ModelSurges.fromBytes(golden("model-surges-1"));
    }

    private static SurgeBeats beats() {
        SurgeBeats beats = new SurgeBeats(2);
        beats.take(1, 41);
        return beats;
    }

    /** A pane with a surge, and one of which nothing is taken yet. */
    static ModelSurges surges() {
        ModelSurges surges = new ModelSurges(MODEL);
        surges.add(SurgeStateTest.fired(PANE, MODEL));
        surges.add(SurgeStateTest.waiting(new Pane(10, 20), MODEL));
        return surges;
    }

    private static AttackStanding standing() {
        return new AttackStanding(
                StreamKind.INPUT_SHIFT,
                List.of(new AttackStanding.Fired(10, 3), new AttackStanding.Fired(30, 5)),
                new TreeSet<>(List.of("alice", "bob")));
    }

    /** Two panes with one between them, of which the second gives no rows. */
    private static InterfacePool pool() {
        MergeClock clock = new MergeClock(2);
        clock.advance(0, 30, 100, counts(0, 7, 15, 25));
        clock.advance(1, 30, 120, counts(1, -1, 3, 28));
        InterfaceBaseline baseline =
                TinyBaseline.of("m", "1", "d").interfaces().get(0).certificate();
        TreeMap<Integer, InterfaceSummary> rows = new TreeMap<>(Map.of(0, interfaceSummary()));
        ClosedPane first = pane(PANE);
        ClosedPane second = pane(new Pane(20, 30));
        return InterfacePool.start(first, clock)
                .plus(first, rows, clock, baseline)
                .plusNothing(second, clock);
    }

    private static ClosedPane pane(Pane pane) {
        ModelInput entered =
                ModelInput.start(pane, MODEL)
                        .plus(pane.start() + 7, new byte[32], new InputChain())
                        .withBaseline("baseline");
        return new ClosedPane(
                pane, MODEL, new TreeMap<>(Map.of(0, entered)), new TreeMap<>(), new TreeMap<>());
    }

    private static byte[] watch() {
        ModelBaseline baseline = TinyBaseline.of("m", "1", "d");
        AlertState alerts =
                AlertState.start(
                        baseline.interfaces().get(0).certificate(), AlertOptions.defaults(.5));
        ModelWatch watch = new ModelWatch();
        watch.judgedBy("baseline");
        watch.put(
                WatchedInterface.start(baseline, baseline.interfaces().get(0), alerts)
                        .after(alerts, Attribution.MECHANISM, 40));
        return watch.toBytes();
    }

    private static ShardClosed mark() {
        return new ShardClosed(
                2, 10, 18, List.of(ModelInput.start(PANE, MODEL), input()), counts(2, 5, 9));
    }

    private static byte[] mergeClock() {
        MergeClock clock = new MergeClock(3);
        clock.advance(0, 10, 100, counts(0, 7));
        clock.advance(0, 20, 120, counts(0, 17));
        clock.advance(2, 10, 7, List.of());
        return clock.toBytes();
    }

    /** Ticks of panes of 10, with counts that grow with their time. */
    private static List<TickCounts> counts(int shard, long... times) {
        return LongStream.of(times)
                .mapToObj(time -> new TickCounts(time, 90 + time, 10, 30 + time, 20 + time, -shard))
                .toList();
    }

    private static byte[] shardCounts() {
        ShardCounts counts = new ShardCounts();
        counts.add(tick(0, 0, 0L, 0L), 3, 0);
        counts.add(tick(5, 1, 4L, 2L), 5, 8);
        counts.add(tick(12, 2, null, null), 12, 9);
        counts.add(tick(14, 3, 1L, 0L), 14, 11);
        return counts.toBytes();
    }

    private static Tick tick(long time, long sequence, Long refused, Long late) {
        return new Tick(time, 10L, 2L, 0, 1, sequence, refused, late);
    }

    /** What former releases wrote is read as what knows no counts. */
    @Test
    void formsWithoutCountsRead() throws Exception {
        ShardClosed mark = ShardClosed.fromBytes(golden("shard-closed-1"));
        assertEquals(List.of(), mark.ticks());
        assertEquals(mark().tickOffset(), mark.tickOffset());
        assertEquals(mark().inputs().size(), mark.inputs().size());
        MergeClock clock = MergeClock.fromBytes(golden("merge-clock-1"));
        assertEquals(100, clock.closedAt(0, PANE));
        assertNull(clock.counted(0, PANE));
        InterfacePool pool = InterfacePool.fromBytes(golden("interface-pool-1"));
        assertEquals(pool().rows(), pool.rows());
        Manifest manifest = pool.manifest(KERNEL, TOOLS.settings());
        assertNull(manifest.getRefusedRecords());
        assertNull(manifest.getLateRecords());
        manifest.getShards().forEach(each -> assertNull(each.getCountedFromOffset()));
    }

    private static byte[] golden(String name) throws Exception {
        try (InputStream in =
                StateGoldenTest.class.getResourceAsStream("/golden/" + name + ".hex")) {
            String hex = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return HexFormat.of().parseHex(hex.strip());
        }
    }

    private static UnwatchedSummary unwatched() {
        return new UnwatchedSummary(
                2,
                PANE,
                MODEL,
                "no place",
                7,
                3,
                List.of(new UnwatchedSummary.Unwatched(3, "block/3", 30_000, 64)));
    }

    private static byte[] models() {
        ModelTable table = new ModelTable();
        table.note(MODEL, PANE);
        table.note(new ModelKey("other", "2", "def"), new Pane(10, 20));
        return table.toBytes();
    }

    private static byte[] layerPane() {
        try (OpenLayer pane =
                new OpenLayer(
                        PANE,
                        PART,
                        TOOLS.settings().options(PART.layer(), PART.columns()),
                        null,
                        TOOLS)) {
            // Small whole numbers: every processor's kernels agree on the bits.
            pane.append(TestLog.layer("block/3", 3, 2, 1, 2, 3, 4, 5, 6));
            return joined(pane.parts());
        }
    }

    private static byte[] rewriteLayerPane(byte[] bytes) {
        try (OpenLayer pane = OpenLayer.fromBytes(bytes, TOOLS)) {
            return joined(pane.parts());
        }
    }

    private static byte[] joined(byte[][] parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
