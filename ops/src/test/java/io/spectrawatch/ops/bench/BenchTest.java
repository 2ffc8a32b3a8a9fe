package io.spectrawatch.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.sketch.SketchFootprint;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks run and are consistent; their timings are nobody's test. */
class BenchTest {

    /**
     * Each turn runs the work at least once; all of them together go twice through the requests.
     */
    private static final Turns SHORT = new Turns(1_000_000L, 2, 8);

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
        KernelBenchReport report = KernelBench.run(directions, SHORT.nanos());
        assertEquals("FREQUENT_DIRECTIONS", report.kind());
        assertEquals(512, report.rows());
        assertTrue(report.covarianceError() > 0, report.toString());
        assertTrue(report.covarianceError() <= report.certifiedError(), report.toString());
        assertTrue(report.stackedSvdRowsPerSecond() > 0 && report.rowBufferedRowsPerSecond() > 0);
    }

    @Test
    void scoringIsMeasuredBesideSketching() {
        KernelBenchOptions options = KernelBenchOptions.of(32, 8, 512);
        KernelBenchReport sketched = KernelBench.run(options, SHORT.nanos());
        assertEquals(0, sketched.scoringCost());
        KernelBenchReport report = ScoringBench.measure(options, sketched, SHORT);
        assertEquals(sketched.rowsPerSecond(), report.rowsPerSecond());
        assertTrue(report.scoringRowsPerSecond() > 0 && report.scoringCost() > 0);
        assertTrue(report.tokenScoringRowsPerSecond() > 0 && report.tokenScoringCost() > 0);
        assertTrue(report.inputScoringCost() > report.scoringCost(), report.toString());
        assertTrue(report.scoringBareCost() > 0 && report.tokenScoringBareCost() > 0);
        // Every second request nearly repeats one of its client.
        assertTrue(report.scoringPairShare() > 0.25, report.toString());
        assertTrue(report.tokenScoringPairShare() > 0.25, report.toString());
    }

    @Test
    void certificatesAreMeasuredBesideSketching() {
        KernelBenchOptions options = KernelBenchOptions.of(32, 8, 512);
        KernelBenchReport sketched = KernelBench.run(options, SHORT.nanos());
        assertEquals(0, sketched.certificateCost());
        KernelBenchReport report = new CertificateBench(options, 4).measure(sketched, SHORT);
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
        QualityReport report = QualityReport.run(quality(folder, 72, 640));
        // Five streams of two sizes with two alphas, two larger blocks and two peers, the exact
        // moment, and what memory can be spent on without more than 72 rows.
        int splits = MemorySplit.EQUAL.size() + 3;
        assertEquals(5 * (2 * 6 + 1 + splits), report.rows().size());
        assertEquals(5 * splits, report.rows().stream().filter(QualityRow::isOfSplit).count());
        long missed =
                report.rows().stream()
                        .map(QualityRow::rank)
                        .filter(rank -> rank != null)
                        .filter(
                                rank ->
                                        rank.lower95() > rank.truth()
                                                || rank.upper95() < rank.truth())
                        .count();
        assertTrue(20 * missed <= report.rows().size(), "95 % intervals that miss: " + missed);
        assertEquals(report.rows().size() + 1, Files.readAllLines(report.table()).size());
        String plot = Files.readString(report.plot());
        assertTrue(
                plot.startsWith("<svg") && plot.contains("polyline") && plot.endsWith("</svg>\n"));
    }

    private static QualityOptions quality(Path folder, int columns, int rows) {
        return new QualityOptions(
                folder, columns, rows, List.of(8, 16), List.of(0.0, 0.5), 1, null, null);
    }

    /** Rows of another width than the generated ones, the last of them no whole block. */
    @Test
    void measuredRowsStandBesideTheGeneratedOnes(@TempDir Path folder) {
        Random random = new Random(4);
        float[] values = new float[700 * 32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (5 + random.nextGaussian() / (1 + i % 32));
        }
        QualityReport report =
                QualityReport.run(
                        quality(folder, 40, 128)
                                .withMeasured(
                                        "rows.npy", new NpyArray(new int[] {700, 32}, values)));
        List<QualityRow> own =
                report.rows().stream().filter(row -> row.stream().equals("rows.npy")).toList();
        assertEquals(2 * 6 + 1 + 1, own.size(), "no sketch of more than 32 rows");
        for (QualityRow row : own) {
            QualityRow.Rank rank = row.rank();
            if (rank != null) {
                assertTrue(rank.boxed() <= rank.truth() && rank.truth() <= rank.upper());
                assertTrue(rank.lower() <= rank.lower95() && rank.upper95() <= rank.upper());
            }
        }
    }

    @Test
    void rowsThatCannotBeMeasuredAreRefused(@TempDir Path folder) {
        NpyArray few = new NpyArray(new int[] {63, 2}, new float[126]);
        NpyArray images = new NpyArray(new int[] {64, 2, 2}, new float[256]);
        NpyArray broken = new NpyArray(new int[] {64, 2}, new float[128]);
        broken.values()[7] = Float.NaN;
        for (NpyArray each : List.of(few, images, broken)) {
            QualityOptions options = quality(folder, 40, 128).withMeasured("rows.npy", each);
            assertTrue(
                    assertThrows(IllegalArgumentException.class, () -> QualityReport.run(options))
                            .getMessage()
                            .startsWith("rows.npy: "));
        }
    }

    /** Rows that are filled are counted in fp32, as SketchFootprint does. */
    @Test
    void equalBytesAreEqual() {
        SketchOptions usual = SketchOptions.defaults().withKind(SketchKind.FREQUENT_DIRECTIONS);
        long before = SketchFootprint.of(usual, 384, false).nativeBytes();
        for (MemorySplit each : MemorySplit.EQUAL) {
            assertEquals(
                    before,
                    SketchFootprint.of(each.of(usual), 384, false).nativeBytes(),
                    each.toString());
        }
    }
}
