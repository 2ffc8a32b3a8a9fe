package io.spectrawatch.ops.audit;

import io.spectrawatch.ops.audit.record.Entries;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.AuditRecord;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.NumericConfig;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.SketchLedger;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.descriptor.Descriptors;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** Records as the monitor would write them, made by hand. */
public final class Made {

    private Made() {}

    public static Manifest manifest(String core, int chain) {
        ByteBuffer link = ByteBuffer.wrap(new byte[] {(byte) chain});
        return new Manifest(
                List.of(new ShardInput(0, 3L, 5L, 6L, 2L, 3L, link, 1L)),
                "b",
                new NumericConfig(
                        "host", "OpenBLAS", "0.3", core, "cpu", 1, 64, "17", Map.of("alpha", "1")),
                5L,
                3L);
    }

    /** Of energy 10.25, of which .25 was lost: two eigenvalues that sum up to 10. */
    public static LayerSketch sketch(long pane, double eigenvalue, Manifest manifest) {
        return sketch(pane, eigenvalue, 10.25, manifest);
    }

    public static LayerSketch sketch(
            long pane, double eigenvalue, double energy, Manifest manifest) {
        double[] spectrum = {eigenvalue, Math.max(10 - eigenvalue, 0)};
        Ledger ledger = new Ledger(.25, 0, .25, energy, 1e-9);
        List<Interval> descriptors =
                Descriptors.of(new Spectrum(4, 100, spectrum, new double[0], ledger)).stream()
                        .map(
                                each ->
                                        new Interval(
                                                each.name(),
                                                each.lower(),
                                                each.estimate(),
                                                each.upper()))
                        .toList();
        return new LayerSketch(
                "m",
                "1",
                "d",
                "layer/1",
                0,
                pane,
                pane + 10,
                100L,
                4,
                .04,
                "frequent-directions",
                2,
                .5,
                "mean",
                new SketchLedger(.25, 0.0, .25, energy, 1e-9),
                List.of(spectrum[0], spectrum[1]),
                descriptors,
                0,
                ByteBuffer.allocate(0),
                manifest,
                ByteBuffer.wrap(new byte[] {1}),
                0,
                List.of(),
                null);
    }

    public static InterfaceCertificate certificate(
            String name, long start, long end, String baseline) {
        return InterfaceCertificate.newBuilder()
                .setModelId("m")
                .setModelVersion("1")
                .setModelDigest("d")
                .setInterfaceName(name)
                .setLayerX("x")
                .setLayerY("y")
                .setPaneStart(start)
                .setPaneEnd(end)
                .setPanes(1)
                .setRows(10)
                .setBaselineId(baseline)
                .setStatus(CertificateStatus.PARTIAL)
                .setReason("")
                .setEvidence(List.of())
                .setActiveAlerts(List.of())
                .setAlertState(ByteBuffer.wrap(new byte[] {1}))
                .build();
    }

    /** A pane that gave an interface no rows. */
    public static InterfaceCertificate refused(String name, long start, long end, String baseline) {
        return InterfaceCertificate.newBuilder(certificate(name, start, end, baseline))
                .setRows(0)
                .setStatus(CertificateStatus.REFUSED)
                .build();
    }

    public static Alert alert(String id, double statistic, String text) {
        return new Alert(
                id,
                "CERTIFICATE_DRIFT",
                AlertTransition.RAISED,
                "m",
                "1",
                "x->y",
                "test",
                0L,
                10L,
                null,
                new Interval("evidence", statistic, statistic, statistic),
                7.0,
                "",
                text,
                Map.of(),
                null,
                null,
                List.of());
    }

    /** With ranks of .01. */
    public static SampleScores scores(double p, double statistic) {
        return new SampleScores(
                "m",
                "1",
                "sample",
                null,
                5L,
                0,
                3L,
                "b",
                p,
                .01,
                statistic,
                null,
                "knn",
                null,
                Map.of("knn", .5),
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                null,
                null,
                1,
                null,
                null,
                List.of());
    }

    public static GainGrowth growth(long rows, long outside, double logVolume, double angle) {
        return new GainGrowth(
                "m", "1", "ab12", 0L, 60L, "b", rows, outside, 0L, logVolume, .1, angle, null);
    }

    public static AuditRecord record(Topics topic, long offset, SpecificRecord value) {
        return Entries.record(topic, offset, new byte[] {7}, Wire.encode(value));
    }

    public static Entry entry(Topics topic, long offset, SpecificRecord value) {
        return Entries.of(List.of(record(topic, offset, value))).get(0);
    }
}
