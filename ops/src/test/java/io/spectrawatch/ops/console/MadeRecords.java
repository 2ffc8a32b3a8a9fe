package io.spectrawatch.ops.console;

import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.BindingTest;
import io.spectrawatch.schemas.BlockEnergies;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.ElementChange;
import io.spectrawatch.schemas.ErrorTerms;
import io.spectrawatch.schemas.ExponentInterval;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.MarginConsumption;
import io.spectrawatch.schemas.Movement;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SketchLedger;
import io.spectrawatch.schemas.SpeakingRow;
import io.spectrawatch.schemas.SpectrumChart;
import io.spectrawatch.schemas.TestEvidence;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Records as a monitor would have published them, of one model or another. */
public final class MadeRecords {

    private static final int GROUPS = 8;
    private static final int COLUMNS = 96;

    private MadeRecords() {}

    public static long end(int pane) {
        return MadeAlerts.NOON + pane * MadeAlerts.MINUTE;
    }

    /**
     * @param decay exponent of the power law that the eigenvalues follow
     */
    public static LayerSketch sketch(
            String model, String layer, int index, int pane, double decay) {
        List<Double> spectrum = new ArrayList<>();
        for (int rank = 1; rank <= 64; rank++) {
            spectrum.add(1e4 * Math.pow(rank, -decay));
        }
        double entropy = 5 - decay;
        return LayerSketch.newBuilder()
                .setModelId(model)
                .setModelVersion("3")
                .setModelDigest("d")
                .setLayer(layer)
                .setLayerIndex(index)
                .setPaneStart(end(pane - 1))
                .setPaneEnd(end(pane))
                .setRows(19_113)
                .setColumns(384)
                .setAspectRatio(0.02)
                .setAlgorithm("frequent-directions")
                .setSketchRows(64)
                .setAlpha(0.5)
                .setCentring("mean")
                .setLedger(new SketchLedger(120.0, 1.0, 3000.0, 1e5, 1e-6))
                .setSpectrum(spectrum)
                .setDescriptors(
                        List.of(
                                new Interval(
                                        "spectral_entropy", entropy - 0.4, entropy, entropy + 0.2),
                                new Interval("effective_rank", 20.0, 40 / decay, 80.0),
                                new Interval("participation_ratio", 5.0, 8 / decay, 20.0),
                                new Interval("stable_rank", 2.0, 3.0, 4.0),
                                new Interval("energy", 9e4, 1e5, 1.1e5),
                                new Interval("top_8_energy_ratio", 0.5, 0.6, 0.7)))
                .setDescriptors95(List.of(new Interval("effective_rank", 30.0, 36.0, 44.0)))
                .setBasisVectors(1)
                .setBasis(ByteBuffer.allocate(4 * 384))
                .setManifest(MadeAlerts.manifest())
                .setSketchDigest(ByteBuffer.allocate(32))
                .setSketchChunks(0)
                .build();
    }

    /**
     * @param evidence log evidence of the drift test
     */
    public static InterfaceCertificate certificate(
            String model, String name, String x, String y, int pane, double evidence) {
        return new InterfaceCertificate(
                model,
                "3",
                "d",
                name,
                x,
                y,
                end(pane - 1),
                end(pane),
                1,
                19_113L,
                "b1",
                "i1",
                evidence > 4.5 ? CertificateStatus.PARTIAL : CertificateStatus.ISSUED,
                evidence > 4.5 ? "1 element is not resolved" : "",
                findings(x, evidence),
                List.of(
                        new TestEvidence("drift", evidence, 4.5, 0.02, 1, (long) pane, false, ""),
                        new TestEvidence("spectrum", -0.5, 4.5, 0.002, 1, (long) pane, false, "")),
                evidence > 4.5 ? List.of("CERTIFICATE_DRIFT") : List.of(),
                "s0",
                "s1",
                ByteBuffer.allocate(8),
                MadeAlerts.manifest(),
                null);
    }

    private static CertificateFindings findings(String layer, double evidence) {
        Random random = new Random(7);
        List<List<Integer>> supports = new ArrayList<>();
        List<List<Integer>> open = new ArrayList<>();
        List<Integer> components = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            List<Integer> own = new ArrayList<>();
            for (int column = 0; column < COLUMNS; column++) {
                if (column / (COLUMNS / GROUPS) == group || random.nextInt(12) == 0) {
                    own.add(column);
                }
            }
            supports.add(own);
            open.add(group == 3 ? List.of(41, 42) : List.of());
            components.add(group < 5 ? 0 : 5);
        }
        double consumed = Math.min(0.95, 0.05 + Math.max(0, evidence) / 10);
        return new CertificateFindings(
                "PHYSICAL",
                "WINDOWED",
                GROUPS,
                COLUMNS,
                0.25,
                new BindingTest("ACTIVITY", 1, -1, 2),
                0.5,
                new ErrorTerms(0.02, 0.01, 1e-12, 0.03, 0.06),
                new ErrorTerms(0.0, 0.0, 2e-12, 0.0, 2e-12),
                0.125,
                0.0625,
                0.03125,
                700,
                2,
                2,
                4,
                0.875,
                List.of(
                        new ElementChange("ACTIVITY", 5, -1, 10, true, 0.08),
                        new ElementChange("EDGE", 2, 4, -1, false, 0.04)),
                consumed,
                consumed + 0.04,
                new MarginConsumption(consumed / 2, consumed, consumed, 1, 2, 4e-12),
                supports,
                open,
                List.of(0, 1),
                List.of(),
                components,
                List.of(2),
                2,
                new Interval("core", 0.5, 0.51, 0.52),
                new Interval("overlap", 0.25, 0.25, 0.26),
                new Interval("noise", 0.125, 0.125, 0.13),
                0.25,
                0.5,
                0.375,
                true,
                "WAR?",
                0.0625,
                0.125,
                0.0,
                new Movement(0.5, null, 0.25, -0.125),
                new Movement(0.25, 0.125, 0.5, 0.5),
                "INPUT",
                List.of(
                        new SpectrumChart(
                                layer,
                                64,
                                new ExponentInterval(1.0, 1.1, null),
                                new Interval("effective_rank", 30.0, 31.0, 32.0),
                                0.125,
                                0.25,
                                List.of(0.25, 0.5),
                                1e-9)),
                blocks(evidence));
    }

    /** A matrix of which most lies near the diagonal, and a block that grows with the evidence. */
    private static BlockEnergies blocks(double evidence) {
        int width = 16;
        List<Integer> groups = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        List<Double> now = new ArrayList<>();
        List<Double> then = new ArrayList<>();
        for (int column = 0; column < width; column++) {
            columns.add(column * COLUMNS / width);
        }
        for (int group = 0; group < GROUPS; group++) {
            groups.add(group);
            for (int column = 0; column < width; column++) {
                double energy = 0.4 / (1 + Math.abs(column - 2 * group));
                boolean moved = group == 5 && (column == 1 || column == 2);
                then.add(energy);
                now.add(moved ? energy + Math.max(0, evidence) / 20 : energy * 0.98);
            }
        }
        return new BlockEnergies(groups, columns, now, then);
    }

    public static SampleScores scores(
            String model, String id, String client, int number, double p) {
        boolean finding = p <= 0.01;
        return SampleScores.newBuilder()
                .setModelId(model)
                .setModelVersion("3")
                .setSampleId(id)
                .setClient(client)
                .setCapturedAt(MadeAlerts.NOON + number * 3_000_000L)
                .setShard(0)
                .setOffset(number)
                .setBaselineId("b1")
                .setP(p)
                .setResolution(0.001)
                .setStatistic(-Math.log(p))
                .setKind(finding ? number % 2 == 0 ? "ADVERSARIAL" : "OUT_OF_DISTRIBUTION" : null)
                .setLoudest(finding ? "mahalanobis/h.0" : null)
                .setScores(
                        finding
                                ? Map.of("mahalanobis/h.0", p, ClientPairs.LIFT, p)
                                : Map.of("mahalanobis/h.0", p))
                .setNearest(finding ? "r" + (number - 1) : null)
                .setNearestOffset(finding ? number - 1L : null)
                .setPairResolution(finding ? 0.004 : null)
                .setContext(
                        new SampleContext(
                                "s1",
                                "4bf92f3577b34da6a3ce929d0e0e4736",
                                "00f067aa0ba902b7",
                                Map.of("route", "/chat")))
                .setSpeaking(
                        List.of(
                                new SpeakingRow(17L, "GENERATED", 0.5),
                                new SpeakingRow(3L, "PROMPT", 0.25)))
                .build();
    }

    public static AttackEvidence exceedances(
            String model, int pane, long samples, long exceedances) {
        return AttackEvidence.newBuilder()
                .setModelId(model)
                .setModelVersion("3")
                .setModelDigest("d")
                .setPaneStart(end(pane - 1))
                .setPaneEnd(end(pane))
                .setBaselineId("b1")
                .setDetector("exceedance-test-1")
                .setSamples(samples)
                .setExceedances(exceedances)
                .setStateAfter("s")
                .setState(ByteBuffer.allocate(1))
                .build();
    }
}
