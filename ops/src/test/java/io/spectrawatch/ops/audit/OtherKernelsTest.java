package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.MonitorRecords;
import io.spectrawatch.ingest.capture.CaptureSession;
import io.spectrawatch.ingest.capture.CaptureSettings;
import io.spectrawatch.ingest.capture.Glosses;
import io.spectrawatch.ingest.capture.Glosses.PartOfSpeech;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ingest.capture.ModelTap;
import io.spectrawatch.ingest.capture.RowSelection;
import io.spectrawatch.ingest.capture.TextEncoder;
import io.spectrawatch.ops.audit.compare.ReplayComparison;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.ops.study.ModelMoments;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.baseline.Provenance;
import io.spectrawatch.spectral.certificate.CertificateOptions;
import io.spectrawatch.spectral.certificate.Certificates;
import io.spectrawatch.spectral.certificate.InterfaceCalibration;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Activations of the transformer, sketched and certified by several arithmetics: what is honest
 * passes, within the bounds of {@code ops/docs/audit.md}.
 */
class OtherKernelsTest {

    private static final long SEED = Long.getLong("spectrawatch.seed", 1L);
    private static final String REPEAT =
            "repeat with: mvn -pl ops test -Dtest=OtherKernelsTest -Dspectrawatch.seed=" + SEED;

    private static final int LAYERS = 3;
    private static final int WINDOW_TEXTS = 80;
    private static final int REFERENCE_TEXTS = 240;
    private static final int BLOCK_TEXTS = 80;
    private static final int SENTENCES = 8;
    private static final int PANES = 2;
    private static final int HEADS = 12;

    private static final String[] SETTINGS = {
        "kernels=host",
        "sketch.rows=64",
        "block.rows=64",
        "basis.vectors=32",
        "alert.streams=2",
        "sketch.kind.frequent-directions.layers=*/output/LayerNorm/Add_1_output_0"
    };

    private static List<ShardRecord> log;
    private static List<Entry> recorded;

    @BeforeAll
    static void record() throws Exception {
        // Avro copies records only of classes that Wire has named.
        Wire.currentSchemas();
        List<String> texts = Glosses.shuffled(Glosses.of(EnumSet.of(PartOfSpeech.NOUN)), SEED);
        int held = WINDOW_TEXTS + REFERENCE_TEXTS;
        int monitored = held + 2 * BLOCK_TEXTS;
        try (ModelTap tap =
                        ModelTap.open(
                                MiniLm.model(),
                                MiniLm.taps(),
                                Runtime.getRuntime().availableProcessors());
                TextEncoder encoder = MiniLm.encoder()) {
            CaptureSession session =
                    CaptureSession.ofText(
                            tap,
                            encoder,
                            null,
                            CaptureSettings.defaults(TestLog.MODEL, TestLog.VERSION)
                                    .withRows(RowSelection.defaults().withMaxRowsPerSample(64)));
            List<ActivationSnapshot> snapshots = new ArrayList<>();
            for (int at = monitored; at < monitored + PANES * BLOCK_TEXTS; at += SENTENCES) {
                snapshots.addAll(run(session, texts, at, at - monitored));
            }
            String id = MonitorRecords.keep(baseline(texts, held, monitored, snapshots.get(0)));
            TestLog built = new TestLog(Runs.SHARDS).tickAll(0).activateAll(id, 0);
            int next = 0;
            for (int pane = 0; pane < PANES; pane++) {
                long end = (pane + 1) * TestLog.PANE;
                while (next < snapshots.size() && snapshots.get(next).getCapturedAt() < end) {
                    built.add(next % Runs.SHARDS, snapshots.get(next++));
                }
                built.tickAll(end);
            }
            log = built.tickAll(PANES * TestLog.PANE + TestLog.LATENESS).records();
        }
        recorded = Runs.recorded(log, SETTINGS);
    }

    private static List<ActivationSnapshot> run(
            CaptureSession session, List<String> texts, int from, int place) {
        List<Sample> samples = new ArrayList<>();
        for (int i = from; i < from + SENTENCES; i++) {
            samples.add(WholeSample.of("gloss-" + i, null, null, 1.0));
        }
        long at = (long) place * TestLog.PANE / BLOCK_TEXTS;
        return session.snapshots(samples, texts.subList(from, from + SENTENCES), at).stream()
                .map(
                        each ->
                                ActivationSnapshot.newBuilder(each)
                                        .setLayers(each.getLayers().subList(0, LAYERS))
                                        .build())
                .toList();
    }

    private static ModelBaseline baseline(
            List<String> texts, int held, int end, ActivationSnapshot example) {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                ModelMoments model = new ModelMoments(MiniLm.model(), kernels, SEED)) {
            List<FrozenWindow> windows = model.windows(texts.subList(0, WINDOW_TEXTS), 32);
            List<List<InterfaceMoments>> reference =
                    model.blocks(
                            windows,
                            texts.subList(WINDOW_TEXTS, held),
                            "reference",
                            REFERENCE_TEXTS);
            List<List<InterfaceMoments>> heldBack =
                    model.blocks(windows, texts.subList(held, end), "held", BLOCK_TEXTS);
            List<LayerBaseline> layers = new ArrayList<>();
            List<ModelInterface> interfaces = new ArrayList<>();
            for (int i = 0; i < LAYERS; i++) {
                layers.add(
                        new LayerBaseline(
                                example.getLayers().get(i).getIndex(),
                                example.getLayers().get(i).getName(),
                                MiniLm.COLUMNS,
                                windows.get(i),
                                windows.get(i).anchor(),
                                1,
                                new double[0]));
            }
            for (int i = 0; i < LAYERS - 1; i++) {
                InterfaceCalibration calibration =
                        Certificates.calibrate(
                                ModelInterface.name(layers.get(i).name(), layers.get(i + 1).name()),
                                reference.get(i).get(0),
                                heldBack.get(i),
                                RowGroups.equalBlocks(MiniLm.COLUMNS, HEADS),
                                CertificateOptions.defaults()
                                        .withRows(300, 600, 4_000)
                                        .withMinimumCertified(.1)
                                        .withTolerances(.2, .05));
                assertTrue(calibration.accepted(), calibration.refusal() + "; " + REPEAT);
                interfaces.add(new ModelInterface(i, i + 1, calibration.baseline()));
            }
            return new ModelBaseline(
                    TestLog.MODEL,
                    TestLog.VERSION,
                    example.getModelDigest(),
                    layers,
                    interfaces,
                    null,
                    new Provenance(List.of(), SEED, 1_000));
        }
    }

    private static String[] with(String... more) {
        return Stream.concat(Stream.of(SETTINGS), Stream.of(more)).toArray(String[]::new);
    }

    private static void requireEquivalent(String what, List<Entry> then, List<Entry> now) {
        ReplayComparison comparison = ReplayComparison.of(then, now, false);
        assertEquals(
                ReplayVerdict.EQUIVALENT,
                comparison.verdict(),
                () -> what + ": " + comparison.firstDivergence() + "; " + REPEAT);
        ReplayFinding nearest = comparison.nearestToBound();
        System.out.printf(
                Locale.ROOT,
                "%s: %s; nearest to its bound %s, %.3g of %.3g%n",
                what,
                comparison.counts(),
                nearest.part(),
                nearest.distance(),
                nearest.bound());
    }

    @Test
    void aPaneHasFindings() {
        long judged =
                recorded.stream()
                        .filter(
                                each ->
                                        each.decoded() instanceof InterfaceCertificate certificate
                                                && certificate.getFindings() != null)
                        .count();
        assertTrue(judged >= 2, "certificates with findings: " + judged + "; " + REPEAT);
    }

    @Test
    void theGraphKernelsOfTheProcessorAreEquivalent() throws Exception {
        List<Entry> now = Runs.recomputed(log, with("kernels=onnx-cpu"));
        requireEquivalent("onnx-cpu, whole sketches", recorded, now);
        requireEquivalent(
                "onnx-cpu, summaries",
                Runs.recorded(log, with("publish.sketch=false")),
                Runs.recomputed(log, with("publish.sketch=false", "kernels=onnx-cpu")));
    }

    /** A replay takes the block size from the record; here only the order of summation differs. */
    @Test
    void anotherBlockSizeIsEquivalentByTheInequalityOfTheSketches() throws Exception {
        for (int rows : new int[] {48, 96}) {
            List<Entry> now = Runs.recomputed(log, with("block.rows=" + rows));
            requireEquivalent(
                    "blocks of " + rows + " rows", recorded, Runs.underSettingsOf(recorded, now));
        }
    }

    @Test
    void aRecordThatNamesAnotherBlockSizeIsNoReplayOfIt() throws Exception {
        List<Entry> now = Runs.recomputed(log, with("block.rows=96"));
        ReplayFinding first = ReplayComparison.of(recorded, now, false).firstDivergence();
        assertEquals("manifest.numerics.blockRows", first.field(), first.toString());
    }
}
