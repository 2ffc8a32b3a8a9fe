package io.spectrawatch.spectral.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.sketch.SketchKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks run and are consistent; their timings are nobody's test. */
class BenchTest {
    @Test
    void kernelBenchReportsErrorsBelowTheCertificate() {
        KernelBenchOptions options = KernelBenchOptions.of(96, 8, 512);
        KernelBenchOptions directions =
                new KernelBenchOptions(
                        options.dimension(),
                        options.rows(),
                        options.sketch().withKind(SketchKind.FREQUENT_DIRECTIONS),
                        options.elementType(),
                        options.provider(),
                        1,
                        true,
                        1);
        KernelBenchReport report = KernelBench.run(directions);
        assertEquals("FREQUENT_DIRECTIONS", report.kind());
        assertEquals(512, report.rows());
        assertTrue(report.covarianceError() > 0, report.toString());
        assertTrue(report.covarianceError() <= report.certifiedError(), report.toString());
        assertTrue(report.stackedSvdRowsPerSecond() > 0 && report.rowBufferedRowsPerSecond() > 0);
    }

    @Test
    void scoringIsMeasuredBesideSketching() {
        KernelBenchOptions options = KernelBenchOptions.of(32, 8, 512);
        KernelBenchReport sketched = KernelBench.run(options);
        assertEquals(0, sketched.scoringCost());
        KernelBenchReport report = ScoringBench.measure(options, sketched);
        assertEquals(sketched.rowsPerSecond(), report.rowsPerSecond());
        assertTrue(report.scoringRowsPerSecond() > 0 && report.scoringCost() > 0);
        assertTrue(report.tokenScoringRowsPerSecond() > 0 && report.tokenScoringCost() > 0);
        assertTrue(report.scoringBareCost() > 0 && report.tokenScoringBareCost() > 0);
        // Every second request nearly repeats one of its client.
        assertTrue(report.scoringPairShare() > 0.25, report.toString());
        assertTrue(report.tokenScoringPairShare() > 0.25, report.toString());
    }

    @Test
    void certificatesAreMeasuredBesideSketching() {
        KernelBenchOptions options = KernelBenchOptions.of(32, 8, 512);
        KernelBenchReport sketched = KernelBench.run(options);
        assertEquals(0, sketched.certificateCost());
        KernelBenchReport report = new CertificateBench(options, 4).measure(sketched);
        assertEquals(sketched.rowsPerSecond(), report.rowsPerSecond());
        assertTrue(report.certificateRowsPerSecond() > 0 && report.certificateCost() > -1);
        assertThrows(IllegalArgumentException.class, () -> new CertificateBench(options, 0));
        assertThrows(IllegalArgumentException.class, () -> new CertificateBench(options, 9));
    }

    @Test
    void threadsAreFixed() {
        KernelBenchOptions one = KernelBenchOptions.of(96, 8, 512);
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new KernelBenchOptions(
                                96,
                                512,
                                one.sketch(),
                                one.elementType(),
                                one.provider(),
                                2,
                                false,
                                1));
    }

    @Test
    void qualityReportHoldsItsCertificates(@TempDir Path folder) throws IOException {
        QualityReport report =
                QualityReport.run(
                        new QualityOptions(folder, 48, 640, List.of(8, 16), List.of(0.0, 0.5), 3));
        // Five streams of two sizes with two alphas, two larger blocks and two peers, and the exact
        // moment.
        assertEquals(5 * (2 * 6 + 1), report.rows().size());
        assertEquals(report.rows().size() + 1, Files.readAllLines(report.table()).size());
        String plot = Files.readString(report.plot());
        assertTrue(
                plot.startsWith("<svg") && plot.contains("polyline") && plot.endsWith("</svg>\n"));
    }
}
