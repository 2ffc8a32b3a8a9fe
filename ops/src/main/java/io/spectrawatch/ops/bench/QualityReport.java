package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Error against size against spectrum, for the sketch at several alpha, the exact moment, and the
 * peers.
 *
 * @param rows one per stream, method and size
 * @param table the tab-separated file
 * @param plot the SVG file
 */
public record QualityReport(List<QualityRow> rows, Path table, Path plot) {
    /**
     * Measures and writes the files.
     *
     * @throws UncheckedIOException if the folder cannot be written
     * @throws IllegalArgumentException if the measured rows are no matrix of finite numbers
     * @throws ArithmeticException if a certified error is below the actual one: the sketch would be
     *     wrong
     */
    public static QualityReport run(QualityOptions options) {
        // First, so that rows that cannot be measured are refused before the minute of the others.
        QualityInput measured =
                options.measured() == null
                        ? null
                        : QualityInput.of(options.measuredTitle(), options.measured());
        List<QualityRow> rows = new ArrayList<>();
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            for (QualityStream stream : QualityStream.values()) {
                measure(QualityInput.of(stream, options), options, kernels, rows);
            }
            if (measured != null) {
                measure(measured, options, kernels, rows);
            }
        }
        Path table = options.folder().resolve("quality.tsv");
        Path plot = options.folder().resolve("quality.svg");
        try {
            Files.createDirectories(options.folder());
            Files.writeString(table, table(rows));
            Files.writeString(plot, QualityPlot.draw(rows));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "quality report: cannot write to " + options.folder(), e);
        }
        return new QualityReport(List.copyOf(rows), table, plot);
    }

    private static void measure(
            QualityInput input, QualityOptions options, Kernels kernels, List<QualityRow> rows) {
        try (QualityMeasurement measurement = new QualityMeasurement(input, options, kernels)) {
            measurement.addTo(rows);
        }
    }

    private static String table(List<QualityRow> rows) {
        StringBuilder out = new StringBuilder();
        out.append(
                "stream\tmethod\tsketchRows\tblockRows\tprobes\tcovarianceError\tcertifiedError\teigenvalueError\tentropyWidth"
                        + "\tbytesPerColumn\trankTrue\trankBoxed\trankLower\trankLower95\trankUpper\trankUpper95"
                        + "\twidthRatio\twidthRatio95\n");
        for (QualityRow row : rows) {
            out.append(
                    String.format(
                            Locale.ROOT,
                            "%s\t%s\t%d\t%d\t%d\t%.4e\t%.4e\t%.4e\t%.4e%s%n",
                            row.stream(),
                            row.method(),
                            row.sketchRows(),
                            row.blockRows(),
                            row.probes(),
                            row.covarianceError(),
                            row.certifiedError(),
                            row.eigenvalueError(),
                            row.entropyWidth(),
                            rank(row)));
        }
        return out.toString();
    }

    private static String rank(QualityRow row) {
        QualityRow.Rank rank = row.rank();
        return rank == null
                ? "\tNaN".repeat(9)
                : String.format(
                        Locale.ROOT,
                        "\t%.0f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.3f\t%.3f",
                        row.bytesPerColumn(),
                        rank.truth(),
                        rank.boxed(),
                        rank.lower(),
                        rank.lower95(),
                        rank.upper(),
                        rank.upper95(),
                        rank.widthRatio(),
                        rank.widthRatio95());
    }
}
