package io.spectrawatch.flink.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.calibrate.InterfaceResult.Status;
import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.calibrate.stage.SampleParts;
import io.spectrawatch.flink.log.SegmentPieces;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Segment;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.certificate.Certificates;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.certificate.moments.SampleSplit;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions.Supports;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both stages without a cluster: what they freeze, and what they refuse. */
class CalibrationTest {

    private static final int SNAPSHOTS = 160;

    private static CalibrationResult calibrate(ReferenceLog log, CalibrateConfig config)
            throws Exception {
        return CalibrateJob.run(
                config.settings(), log.range(), new HarnessStages(config, log.records()), null);
    }

    @Test
    void freezesTheInterfacesWhoseLayersCarryTheSameRows() throws Exception {
        ReferenceLog log = ReferenceLog.standard(2, SNAPSHOTS);
        CalibrationResult result = calibrate(log, ReferenceLog.config(2));

        assertTrue(result.accepted(), result::refusal);
        assertEquals(
                List.of("embed->block/0", "block/0->block/1", "block/1->head"),
                result.interfaces().stream().map(InterfaceResult::name).toList());
        // Elements nearer to their threshold than a pool resolves are left out, and it says so.
        assertEquals(Status.PARTIAL, result.interfaces().get(0).status());
        InterfaceResult head = result.interfaces().get(2);
        assertEquals(Status.REFUSED, head.status());
        assertEquals(
                "block/1->head: its layers never carry the same rows in a snapshot", head.reason());

        ModelBaseline baseline = result.baseline();
        assertEquals(ReferenceLog.MODEL, baseline.model());
        assertEquals(ReferenceLog.VERSION, baseline.version());
        assertEquals(ReferenceLog.DIGEST, baseline.digest());
        assertEquals(2, baseline.interfaces().size());
        assertEquals(
                List.of("embed", "block/0", "block/1", "head"),
                baseline.layers().stream().map(LayerBaseline::name).toList());
        assertEquals(6, baseline.layers().get(0).window().rank());
        assertEquals(5, baseline.layers().get(3).window().rank(), "no more than its columns");
        assertEquals(SNAPSHOTS, result.snapshots());
        assertEquals(TestLog.PANE, result.paneLengthMicros());
        assertEquals(result.rows(), baseline.provenance().rows());
        assertEquals(1, baseline.provenance().splitSeed());
        assertEquals(
                baseline.id(), ModelBaseline.fromBytes(baseline.toBytes()).id(), TestLog.repeat());
    }

    /** As if the other samples were not in the log, in all three stages. */
    @Test
    void aSegmentIsCalibratedAsIfItWereAlone() throws Exception {
        ReferenceLog log = ReferenceLog.standard(2, 2 * SNAPSHOTS);
        List<ShardRecord> mixed = tagged(log.records());
        Segment segment = Segment.parse("tier=a");
        List<ShardRecord> alone = new ArrayList<>();
        for (ShardRecord record : mixed) {
            alone.add(
                    Wire.decode(record.value()) instanceof ActivationSnapshot snapshot
                            ? with(record, SegmentPieces.only(snapshot, segment))
                            : record);
        }
        CalibrateConfig config = ReferenceLog.config(2, "samples.where=tier=a");
        CalibrationResult where = calibrate(log, mixed, config);
        CalibrationResult plain = calibrate(log, alone, ReferenceLog.config(2));
        assertTrue(where.accepted(), where::refusal);
        assertEquals("tier=a", where.segment());
        assertEquals("tier=a", where.baseline().provenance().segment());
        assertEquals(plain.rows(), where.rows());
        assertEquals(plain.detector().samples(), where.detector().samples());
        assertEquals(content(plain.baseline()), content(where.baseline()), TestLog.repeat());
        assertNotEquals(plain.baseline().id(), where.baseline().id());
        assertEquals("residual-post-norm", where.baseline().layers().get(1).tap());
        assertNull(where.baseline().layers().get(0).tap());

        CalibrateConfig nobody = ReferenceLog.config(2, "samples.where=tier=x");
        CalibrationException e =
                assertThrows(CalibrationException.class, () -> calibrate(log, mixed, nobody));
        assertTrue(
                e.getMessage().startsWith("no snapshot of chain with samples of tier=x"),
                e.getMessage());
    }

    /** All but the provenance. */
    private static List<String> content(ModelBaseline baseline) {
        List<String> content = new ArrayList<>();
        baseline.layers().forEach(layer -> content.add(layer.window().id()));
        baseline.interfaces().forEach(each -> content.add(each.certificate().id()));
        content.add(
                HexFormat.of()
                        .formatHex(baseline.detector().map(Detector::toBytes).orElse(new byte[0])));
        return content;
    }

    /** Every second sample is of tier a, and the second layer says where it is tapped. */
    private static List<ShardRecord> tagged(List<ShardRecord> records) {
        List<ShardRecord> tagged = new ArrayList<>();
        for (ShardRecord record : records) {
            if (!(Wire.decode(record.value()) instanceof ActivationSnapshot snapshot)) {
                tagged.add(record);
                continue;
            }
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < snapshot.getSamples().size(); i++) {
                samples.add(
                        Sample.newBuilder(snapshot.getSamples().get(i))
                                .setAttributes(Map.of("tier", i % 2 == 0 ? "a" : "b"))
                                .build());
            }
            List<Layer> layers = new ArrayList<>(snapshot.getLayers());
            layers.set(1, Layer.newBuilder(layers.get(1)).setTap("residual-post-norm").build());
            tagged.add(
                    with(
                            record,
                            ActivationSnapshot.newBuilder(snapshot)
                                    .setSamples(samples)
                                    .setLayers(layers)
                                    .build()));
        }
        return tagged;
    }

    private static ShardRecord with(ShardRecord record, ActivationSnapshot snapshot) {
        return new ShardRecord(record.shard(), record.offset(), Wire.encode(snapshot));
    }

    private static CalibrationResult calibrate(
            ReferenceLog log, List<ShardRecord> records, CalibrateConfig config) throws Exception {
        return CalibrateJob.run(
                config.settings(), log.range(), new HarnessStages(config, records), null);
    }

    @Test
    void theThirdsOfTheSamplesAreDisjointAndComplete() throws Exception {
        ReferenceLog log = ReferenceLog.standard(2, SNAPSHOTS);
        CalibrationResult result = calibrate(log, ReferenceLog.config(2));
        InterfaceResult first = result.interfaces().get(0);
        long perLayer = (result.rows() - (long) SNAPSHOTS * ReferenceLog.SAMPLES) / 3;
        assertEquals(
                perLayer,
                result.layers().get(0).rows() + first.referenceRows() + first.heldBackRows());
        assertTrue(first.referenceRows() > perLayer / 4, TestLog.repeat());
        assertTrue(first.heldBackRows() > perLayer / 4, TestLog.repeat());
    }

    @Test
    void theSameLogAndSettingsGiveTheSameIdAndOthersAnother() throws Exception {
        ReferenceLog log = ReferenceLog.standard(2, SNAPSHOTS);
        String id = calibrate(log, ReferenceLog.config(2)).baseline().id();
        assertEquals(id, calibrate(log, ReferenceLog.config(2)).baseline().id());
        for (String other :
                List.of("split.seed=2", "window.rank=5", "groups=3", "drift.tolerance=0.03")) {
            assertNotEquals(
                    id, calibrate(log, ReferenceLog.config(2, other)).baseline().id(), other);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void otherShardsGiveTheSameNumbersUpToRounding(int shards) throws Exception {
        CalibrationResult two =
                calibrate(ReferenceLog.standard(2, SNAPSHOTS), ReferenceLog.config(2));
        CalibrationResult other =
                calibrate(ReferenceLog.standard(shards, SNAPSHOTS), ReferenceLog.config(shards));
        for (int i = 0; i < two.baseline().interfaces().size(); i++) {
            InterfaceBaseline expected = two.baseline().interfaces().get(i).certificate();
            InterfaceBaseline found = other.baseline().interfaces().get(i).certificate();
            assertEquals(expected.rows(), found.rows());
            assertEquals(expected.certified().count(), found.certified().count());
            assertEquals(expected.radius().value(), found.radius().value(), 1e-9);
            assertEquals(expected.pooling().nullMean(), found.pooling().nullMean(), 1e-9);
            assertEquals(expected.structure().energy(0, 0), found.structure().energy(0, 0), 1e-9);
        }
    }

    @Test
    void theReferenceIsThatOfItsRows() throws Exception {
        assertIsThatOfItsRows(ReferenceLog.config(3));
    }

    /** With a choice of channels the certificate is about their sub-matrix, exactly. */
    @Test
    void theReferenceOfChosenChannelsIsThatOfTheirSubMatrix() throws Exception {
        ModelBaseline baseline =
                assertIsThatOfItsRows(
                        ReferenceLog.config(
                                3, "channels.layers=block/0:0-3,block/0:12-15,*/0:1,block/0:8"));
        FrozenWindow window = baseline.layers().get(1).window();
        assertTrue(window.ofChannels());
        assertEquals(9, window.rank());
        InterfaceBaseline first = baseline.interfaces().get(0).certificate();
        assertEquals(3, first.groups().groups(), "the second block of four has no channel");
        assertEquals(9, first.groups().rows());
        assertEquals(9, baseline.interfaces().get(1).certificate().structure().columns());
    }

    private static ModelBaseline assertIsThatOfItsRows(CalibrateConfig config) throws Exception {
        ReferenceLog log = ReferenceLog.standard(3, SNAPSHOTS);
        CalibrationResult result = calibrate(log, config);
        ModelBaseline baseline = result.baseline();
        for (ModelInterface each : baseline.interfaces()) {
            InterfaceBaseline found = each.certificate();
            InterfaceMoments moments = new InterfaceMoments(found.windowX(), found.windowY());
            addRows(log, each.x(), moments);
            RowGroups blocks = RowGroups.equalBlocks(16, 4);
            InterfaceBaseline direct =
                    Certificates.calibrate(
                                    each.name(),
                                    moments,
                                    List.of(),
                                    found.windowY().ofChannels()
                                            ? blocks.of(found.windowY())
                                            : blocks,
                                    config.settings().certifying())
                            .baseline();
            assertEquals(direct.rows(), found.rows());
            assertArrayEquals(direct.transport(), found.transport(), 1e-12, TestLog.repeat());
            double inside = 1 - found.escapeX();
            // The share is of the first third's rows, the escape of the second's.
            assertEquals(inside, result.layers().get(each.x()).windowShare(), .05);
        }
        return baseline;
    }

    @Test
    void optionsOfTheCertificateReachTheBaseline() throws Exception {
        ReferenceLog log = ReferenceLog.standard(2, SNAPSHOTS);
        InterfaceBaseline plain = first(calibrate(log, ReferenceLog.config(2)));
        InterfaceBaseline ranked = first(calibrate(log, ReferenceLog.config(2, "supports=rank")));
        assertEquals(Supports.RANK, ranked.options().thresholds().supports());
        for (int a = 0; a < 4; a++) {
            assertArrayEquals(plain.structure().support(a), ranked.structure().support(a));
        }
        InterfaceBaseline modes =
                first(calibrate(log, ReferenceLog.config(2, "mode=source-modes")));
        assertEquals(6, modes.structure().columns(), "one per direction of the window");
        assertEquals(12, plain.structure().columns(), "one per channel");
        InterfaceBaseline whole =
                first(calibrate(log, ReferenceLog.config(2, "scope=full", "window.rank=16")));
        assertEquals(0, whole.budget().truncation(), 1e-6, "whole windows leave nothing out");
    }

    private static InterfaceBaseline first(CalibrationResult result) {
        assertTrue(result.accepted(), result::refusal);
        return result.baseline().interfaces().get(0).certificate();
    }

    @Test
    void optionsThatTheReferenceDoesNotBearAreRefusedWithTheReason() throws Exception {
        ReferenceLog log = ReferenceLog.standard(2, SNAPSHOTS);
        assertRefused(
                calibrate(
                        log,
                        ReferenceLog.config(
                                2,
                                "mode=source-modes",
                                "sketch.kind=frequent-directions",
                                "sketch.rows=3",
                                "window.rank=3")),
                "embed->block/0: source modes do not pass the eigengap test: mode ",
                " is not separated from the next: their gap ");
        assertRefused(
                calibrate(
                        log,
                        ReferenceLog.config(2, "mode=source-modes", "channels.layers=embed:0-7")),
                "embed->block/0: source modes are directions of the first layer's window, and its"
                        + " window is a choice of channels");
        assertRefused(
                calibrate(log, ReferenceLog.config(2, "channels.layers=embed:3-12")),
                "layer embed: channel 12 was chosen, it has channels 0 to 11");
        assertRefused(
                calibrate(log, ReferenceLog.config(2, "scope=full")), "resolve ", " elements");
        CalibrationException e =
                assertThrows(
                        CalibrationException.class,
                        () ->
                                calibrate(
                                        log,
                                        ReferenceLog.config(
                                                2, "channels.layers=blok/0:3,*/1:2,*tail:1")));
        assertEquals(
                "channels.layers names *tail, blok/0; chain has the layers embed, block/0, block/1,"
                        + " head",
                e.getMessage());
    }

    private static void assertRefused(CalibrationResult result, String... parts) {
        InterfaceResult first = result.interfaces().get(0);
        assertEquals(Status.REFUSED, first.status());
        for (String part : parts) {
            assertTrue(first.reason().contains(part), first.reason());
        }
    }

    /** All rows of the second third at once, whatever their shard. */
    private static void addRows(ReferenceLog log, int x, InterfaceMoments moments) {
        RowBlock rowsX = new RowBlock(1 << 14, moments.windowX().dimension());
        RowBlock rowsY = new RowBlock(1 << 14, moments.windowY().dimension());
        byte[] halves = new byte[1 << 14];
        for (ShardRecord record : log.records()) {
            if (Wire.decode(record.value()) instanceof ActivationSnapshot snapshot) {
                Layer layerX = snapshot.getLayers().get(x);
                Layer layerY = snapshot.getLayers().get(x + 1);
                for (int row = 0; row < layerX.getRows(); row++) {
                    int sample = layerX.getRowSample().get(row);
                    String id = snapshot.getSamples().get(sample).getId();
                    if (SampleSplit.part(1, id, 3) == SampleParts.REFERENCE) {
                        halves[rowsX.rows()] = (byte) SampleSplit.half(1, id);
                        rowsX.append(layerX.getData(), ElementType.FLOAT32, row, 1);
                        rowsY.append(layerY.getData(), ElementType.FLOAT32, row, 1);
                    }
                }
            }
        }
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                WindowRows windowX = new WindowRows(kernels, moments.windowX(), 1 << 14);
                WindowRows windowY = new WindowRows(kernels, moments.windowY(), 1 << 14)) {
            windowX.project(rowsX, halves);
            windowY.project(rowsY, halves);
            moments.update(windowX, windowY);
        }
    }

    @Test
    void theOrderInWhichShardsAreReadDoesNotMatter() throws Exception {
        ReferenceLog log = ReferenceLog.standard(3, SNAPSHOTS);
        CalibrateConfig config = ReferenceLog.config(3);
        String id = calibrate(log, config).baseline().id();
        // One shard after the other instead of all side by side.
        log.records().sort(Comparator.comparingInt(r -> r.shard()));
        assertEquals(id, calibrate(log, config).baseline().id());
    }

    @Test
    void anOtherModelOrVersionIsNamedWithWhatIsThere() {
        ReferenceLog log = ReferenceLog.standard(1, 3);
        CalibrationException e =
                assertThrows(
                        CalibrationException.class,
                        () -> calibrate(log, ReferenceLog.config(1, "model.version=8")));
        assertEquals(
                "no snapshot of chain version 8 in the range; found chain version 7 digest abc"
                        + " (3 snapshots)",
                e.getMessage());
        assertThrows(
                CalibrationException.class,
                () -> calibrate(log, ReferenceLog.config(1, "model.id=other")));
    }

    @Test
    void severalDigestsAreNoReference() {
        ReferenceLog log = ReferenceLog.standard(1, 3).next("def");
        CalibrationException e =
                assertThrows(
                        CalibrationException.class, () -> calibrate(log, ReferenceLog.config(1)));
        assertEquals(
                "the range holds several digests of chain: chain version 7 digest abc"
                        + " (3 snapshots), chain version 7 digest def (1 snapshots); a baseline is"
                        + " of one, choose a range of one",
                e.getMessage());
    }

    @Test
    void tooFewRowsAreCountedAgainstWhatIsNeeded() throws Exception {
        ReferenceLog log = ReferenceLog.standard(1, 4);
        CalibrationResult result = calibrate(log, ReferenceLog.config(1));
        assertFalse(result.accepted());
        long found = result.layers().get(0).rows();
        assertEquals(
                "none of the 3 interfaces of chain 7 could be certified; the first,"
                        + " embed->block/0: layer embed: too few rows for a window: 200 needed,"
                        + " found "
                        + found,
                result.refusal());
    }

    @Test
    void aRangeWithoutTicksHasNoPanes() {
        ReferenceLog log = ReferenceLog.standard(1, 2);
        log.records().removeIf(record -> record.value().length < 200);
        CalibrationException e =
                assertThrows(
                        CalibrationException.class, () -> calibrate(log, ReferenceLog.config(1)));
        assertTrue(e.getMessage().startsWith("the range holds no tick"), e.getMessage());
    }

    @Test
    void panesOfTwoLengthsAreNoReference() {
        ReferenceLog log = ReferenceLog.standard(1, 2);
        log.log().tick(0, TestLog.SECOND, 2 * TestLog.PANE);
        CalibrationException e =
                assertThrows(
                        CalibrationException.class, () -> calibrate(log, ReferenceLog.config(1)));
        assertTrue(e.getMessage().contains("from 10000000 to 20000000"), e.getMessage());
    }

    @Test
    void recordsThatDoNotBelongThereAreLeftOutAndCounted() throws Exception {
        ReferenceLog log = ReferenceLog.standard(1, SNAPSHOTS);
        String id = calibrate(log, ReferenceLog.config(1)).baseline().id();
        log.log().add(0, new byte[] {1, 2, 3}).add(0, new byte[0]);
        CalibrationResult result = calibrate(log, ReferenceLog.config(1));
        assertEquals(2, result.leftOut());
        assertNotEquals(id, result.baseline().id(), "the range is part of the baseline");
    }

    @Test
    void ticksOfAnotherShardCountStopTheJob() {
        ReferenceLog log = ReferenceLog.standard(2, 2);
        CalibrationException e =
                assertThrows(
                        CalibrationException.class, () -> calibrate(log, ReferenceLog.config(3)));
        assertTrue(
                e.getMessage().contains("a tick of shard 0 of 2, expected shard 0 of 3"),
                e.getMessage());
    }

    @Test
    void fewerPanesThanATestNeedsAreSaidPerInterface() throws Exception {
        ReferenceLog log = ReferenceLog.standard(1, SNAPSHOTS);
        CalibrationResult result = calibrate(log, ReferenceLog.config(1, "pool.rows=100000"));
        assertTrue(result.accepted());
        assertEquals(
                "held-back rows make 0 disjoint pools of 100000 rows, at least 16 (1600000 rows) are"
                        + " needed to bound a mean with error probability 4.2e-04",
                result.interfaces().get(0).driftRefusal());
    }
}
