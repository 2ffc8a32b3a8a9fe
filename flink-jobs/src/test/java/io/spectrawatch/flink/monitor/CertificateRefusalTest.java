package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.LayerPairs;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where nothing can be certified: the stream goes on, and says so. */
class CertificateRefusalTest {

    private static final int SHARDS = 2;
    private static final MonitorConfig CONFIG =
            Harnesses.config(SHARDS, "sketch.kind.frequent-directions.layers=");

    private static ModelBaseline baseline;
    private static String id;

    @BeforeAll
    static void calibrate() {
        baseline = new ChainModel().baseline();
        id = MemoryBaselines.add(baseline);
    }

    private static List<InterfaceCertificate> certificates(ChainLog log) throws Exception {
        return Harnesses.of(Topics.CERTIFICATES, Harnesses.output(CONFIG, log.records())).stream()
                .map(record -> Wire.decode(record.value(), InterfaceCertificate.class))
                .toList();
    }

    private static void assertRefused(
            List<InterfaceCertificate> certificates, String reason, String... names) {
        assertEquals(
                List.of(names),
                certificates.stream().map(InterfaceCertificate::getInterfaceName).toList());
        for (InterfaceCertificate each : certificates) {
            assertEquals(CertificateStatus.REFUSED, each.getStatus());
            assertTrue(each.getReason().contains(reason), each.getReason());
            assertNull(each.getFindings());
            assertEquals(SHARDS, each.getManifest().getShards().size());
        }
    }

    private static int sketches(ChainLog log) throws Exception {
        return Harnesses.of(Topics.SKETCHES, Harnesses.output(CONFIG, log.records())).size();
    }

    @Test
    void aBaselineOfOtherWeights() throws Exception {
        String other = MemoryBaselines.add(new ChainModel().baseline("d2", ChainModel.options()));
        ChainLog log = new ChainLog(SHARDS).activate(other).panes(1, new ChainModel());
        assertRefused(
                certificates(log),
                "digest of minilm/en 1 d2 expected, found d1",
                ChainModel.FIRST,
                ChainModel.SECOND);
        assertEquals(
                sketches(new ChainLog(SHARDS).panes(1, new ChainModel())),
                sketches(new ChainLog(SHARDS).activate(other).panes(1, new ChainModel())));
    }

    @Test
    void aBaselineOfAnotherModelOrVersion() throws Exception {
        String[][] others = {
            {"other", TestLog.VERSION, "model other expected, found " + TestLog.MODEL},
            {TestLog.MODEL, "2", "version of model " + TestLog.MODEL + " 2 expected, found "}
        };
        for (String[] other : others) {
            ModelBaseline made =
                    new ModelBaseline(
                            other[0],
                            other[1],
                            baseline.digest(),
                            baseline.layers(),
                            baseline.interfaces(),
                            null,
                            baseline.provenance());
            ChainLog log = new ChainLog(SHARDS).activate(MemoryBaselines.add(made));
            assertRefused(
                    certificates(log.panes(1, new ChainModel())),
                    other[2],
                    ChainModel.FIRST,
                    ChainModel.SECOND);
        }
    }

    @Test
    void aBaselineOfAnotherSchema() throws Exception {
        byte[] later = baseline.toBytes();
        later[11] = 9;
        String other = MemoryBaselines.add(ModelBaseline.fromBytes(later));
        ChainLog log = new ChainLog(SHARDS).activate(other).panes(1, new ChainModel());
        assertRefused(
                certificates(log),
                "schema version 9 expected, found 1",
                ChainModel.FIRST,
                ChainModel.SECOND);
    }

    @Test
    void bytesThatAreNoBaselineAndIdsThatAreNone() throws Exception {
        String damaged = MemoryBaselines.add("0".repeat(64), new byte[] {1, 2, 3});
        ChainLog log = new ChainLog(SHARDS).activate(damaged).panes(1, new ChainModel());
        assertRefused(certificates(log), "not a baseline (3 bytes)", "*");
        String renamed = MemoryBaselines.add("1".repeat(64), baseline.toBytes());
        ChainLog other = new ChainLog(SHARDS).activate(renamed).panes(1, new ChainModel());
        assertRefused(certificates(other), "its content has the id " + id, "*");
        ChainLog word = new ChainLog(SHARDS).activate("newest").panes(1, new ChainModel());
        assertRefused(certificates(word), "64 lower-case hex digits expected", "*");
    }

    @Test
    void aLayerOfAnotherWidthEndsTheJudgementOfItsPane() throws Exception {
        Random random = new Random(1);
        ChainLog log = new ChainLog(SHARDS).activate(id);
        log.add(new ChainModel().snapshot(0, random));
        Layer wide = TestLog.layer("block", 1, 17, 3, random);
        log.add(TestLog.snapshot(1, TestLog.DIGEST, List.of(wide)));
        log.panes(1, new ChainModel()).panes(4, new ChainModel());
        List<InterfaceCertificate> all = certificates(log);
        assertRefused(
                all.subList(0, 2),
                "columns of layer block 16 expected, found 17",
                ChainModel.FIRST,
                ChainModel.SECOND);
        assertTrue(all.get(0).getReason().startsWith("shard 1: "), all.get(0).getReason());
        assertEquals(TestLog.PANE, all.get(2).getPaneStart());
        assertNotNull(all.get(2).getFindings());
    }

    /** Who says nothing about the tap contradicts nobody. */
    @Test
    void aLayerThatIsTappedElsewhereEndsTheJudgementOfItsPane() throws Exception {
        ModelBaseline made = ChainModel.tapped(baseline, "residual-post-norm");
        Random random = new Random(1);
        ChainLog log = new ChainLog(SHARDS).activate(MemoryBaselines.add(made));
        log.add(ChainModel.tapped(new ChainModel().snapshot(0, random), "residual-post-norm"));
        log.add(ChainModel.tapped(new ChainModel().snapshot(0, random), "mlp-output"));
        log.panes(1, new ChainModel()).panes(4, new ChainModel());
        List<InterfaceCertificate> all = certificates(log);
        assertRefused(
                all.subList(0, 2),
                "tap of layer block residual-post-norm expected, found mlp-output",
                ChainModel.FIRST,
                ChainModel.SECOND);
        assertNotNull(all.get(2).getFindings());
    }

    @Test
    void anActivationThatComesAfterThePaneBegan() throws Exception {
        ChainLog log = new ChainLog(SHARDS);
        log.add(new ChainModel().snapshot(0, new Random(1)));
        log.activate(id).panes(1, new ChainModel());
        assertRefused(
                certificates(log),
                "an activation came too late: the pane began under no baseline on shard 0 and"
                        + " under baseline "
                        + id
                        + " on shard 1",
                ChainModel.FIRST,
                ChainModel.SECOND);
    }

    @Test
    void snapshotsWhoseLayersDoNotPairGiveNoRowsAndAreCounted() throws Exception {
        ChainModel model = new ChainModel();
        Random random = new Random(1);
        ChainLog log = new ChainLog(SHARDS).activate(id);
        for (int i = 0; i < 7; i++) {
            log.add(unpaired(model.snapshot(i, random), i));
        }
        assertRefused(
                certificates(log.nextPane()),
                "do not hold the same rows: 7",
                ChainModel.FIRST,
                ChainModel.SECOND);
    }

    @Test
    void aPaneThatGivesNoRowsLeavesAnOpenPoolAsItWasAndIsNotedInIt() throws Exception {
        ChainModel model = new ChainModel();
        Random random = new Random(1);
        ChainLog log = new ChainLog(SHARDS).activate(id).panes(1, model);
        for (int i = 0; i < 7; i++) {
            log.add(unpaired(model.snapshot(TestLog.PANE + i, random), i));
        }
        log.nextPane().panes(3, model);
        List<InterfaceCertificate> all = certificates(log);
        assertRefused(
                all.subList(0, 2),
                "do not hold the same rows: 7",
                ChainModel.FIRST,
                ChainModel.SECOND);
        for (InterfaceCertificate pooled : all.subList(2, 4)) {
            assertNotNull(pooled.getFindings(), pooled.getReason());
            assertEquals(0, pooled.getPaneStart());
            long end = pooled.getPaneEnd();
            long first = ChainLog.direct(log.records(), baseline, 0, 0, TestLog.PANE).rows();
            long later = ChainLog.direct(log.records(), baseline, 0, 2 * TestLog.PANE, end).rows();
            assertEquals(end / TestLog.PANE, pooled.getPanes());
            assertEquals(first + later, pooled.getRows());
            assertEquals(
                    40 * (pooled.getPanes() - 1) + 7,
                    pooled.getManifest().getShards().stream()
                            .mapToLong(ShardInput::getSnapshots)
                            .sum());
        }
    }

    /** Takes the middle layer away, its last row, or its rows' samples. */
    static ActivationSnapshot unpaired(ActivationSnapshot snapshot, int way) {
        return unpaired(snapshot, 1, way);
    }

    private static ActivationSnapshot unpaired(ActivationSnapshot snapshot, int layer, int way) {
        List<Layer> layers = new ArrayList<>(snapshot.getLayers());
        Layer block = layers.get(layer);
        switch (way % 3) {
            case 0 -> layers.remove(layer);
            case 1 -> {
                List<Integer> fewer = new ArrayList<>(block.getRowSample());
                fewer.remove(fewer.size() - 1);
                layers.set(
                        layer,
                        Layer.newBuilder(block)
                                .setRows(fewer.size())
                                .setRowSample(fewer)
                                .setData(
                                        block.getData()
                                                .slice(0, fewer.size() * block.getColumns() * 4))
                                .build());
            }
            default -> {
                List<Integer> other = new ArrayList<>(block.getRowSample());
                other.replaceAll(sample -> snapshot.getSamples().size() - 1 - sample);
                if (other.equals(block.getRowSample())) {
                    layers.remove(layer);
                } else {
                    layers.set(layer, Layer.newBuilder(block).setRowSample(other).build());
                }
            }
        }
        return ActivationSnapshot.newBuilder(snapshot).setLayers(layers).build();
    }

    @Test
    void rowsAreTakenInStepAgainAfterASnapshotThatDidNotPair() throws Exception {
        ChainModel model = new ChainModel();
        Random random = new Random(TestLog.seed());
        ChainLog mixed = new ChainLog(1).activate(id);
        ChainLog pairs = new ChainLog(1).activate(id);
        for (int i = 0; i < 300; i++) {
            ActivationSnapshot snapshot = model.snapshot(i, random);
            if (i % 5 == 3) {
                mixed.add(unpaired(snapshot, i / 5));
            } else {
                mixed.add(snapshot);
                pairs.add(snapshot);
            }
        }
        MonitorConfig one = Harnesses.config(1, "sketch.kind.frequent-directions.layers=");
        List<InterfaceCertificate> found = issued(one, mixed.nextPane());
        List<InterfaceCertificate> expected = issued(one, pairs.nextPane());
        assertEquals(2, expected.size());
        for (int i = 0; i < 2; i++) {
            assertEquals(expected.get(i).getRows(), found.get(i).getRows());
            assertEquals(
                    expected.get(i).getFindings().getRadius(),
                    found.get(i).getFindings().getRadius(),
                    expected.get(i).getFindings().getEpsilon().getTotal(),
                    TestLog.repeat());
            assertEquals(
                    expected.get(i).getFindings().getDriftScore(),
                    found.get(i).getFindings().getDriftScore(),
                    1e-9);
        }
    }

    /** One rule for both: an interface takes the rows that calibration would take. */
    @Test
    void anInterfaceTakesItsRowsWhateverTheOthersDo() throws Exception {
        ChainModel model = new ChainModel();
        Random random = new Random(TestLog.seed());
        ChainLog mixed = new ChainLog(1).activate(id);
        ChainLog first = new ChainLog(1).activate(id);
        ChainLog second = new ChainLog(1).activate(id);
        long[] rows = new long[2];
        for (int i = 0; i < 600; i++) {
            ActivationSnapshot whole = model.snapshot(i, random);
            int layer = random.nextInt(6);
            ActivationSnapshot snapshot =
                    layer < 3 ? unpaired(whole, layer, random.nextInt(3)) : whole;
            mixed.add(snapshot);
            for (LayerPairs.Pair pair : LayerPairs.of(snapshot)) {
                int place = ChainModel.NAMES.indexOf(pair.x().getName());
                (place == 0 ? first : second).add(whole);
                rows[place] += pair.x().getRows();
            }
        }
        assertTrue(rows[0] > 0 && rows[1] > 0 && rows[0] != rows[1], TestLog.repeat());
        MonitorConfig one = Harnesses.config(1, "sketch.kind.frequent-directions.layers=");
        List<InterfaceCertificate> found = issued(one, mixed.nextPane());
        InterfaceCertificate[] expected = {
            issued(one, first.nextPane()).get(0), issued(one, second.nextPane()).get(1)
        };
        for (int i = 0; i < 2; i++) {
            assertEquals(rows[i], found.get(i).getRows(), TestLog.repeat());
            assertEquals(expected[i].getRows(), found.get(i).getRows(), TestLog.repeat());
            assertEquals(
                    expected[i].getFindings().getRadius(),
                    found.get(i).getFindings().getRadius(),
                    expected[i].getFindings().getEpsilon().getTotal(),
                    TestLog.repeat());
            assertEquals(
                    expected[i].getFindings().getDriftScore(),
                    found.get(i).getFindings().getDriftScore(),
                    1e-9,
                    TestLog.repeat());
        }
    }

    private static List<InterfaceCertificate> issued(MonitorConfig config, ChainLog log)
            throws Exception {
        return Harnesses.of(Topics.CERTIFICATES, Harnesses.output(config, log.records())).stream()
                .map(record -> Wire.decode(record.value(), InterfaceCertificate.class))
                .toList();
    }

    @Test
    void aBaselineThatCannotBeReachedIsWaitedFor() throws Exception {
        ModelBaseline own =
                new ChainModel()
                        .baseline(TestLog.DIGEST, ChainModel.options().withTolerances(.3, .01));
        String late = MemoryBaselines.add(own);
        MemoryBaselines.failing(late, 1);
        ChainLog log = new ChainLog(SHARDS).activate(late).panes(5, new ChainModel());
        List<InterfaceCertificate> found = certificates(log);
        assertEquals(0, MemoryBaselines.outagesLeft(late));
        assertTrue(!found.isEmpty());
        for (InterfaceCertificate each : found) {
            assertNotNull(each.getFindings());
        }
    }
}
