package io.spectrawatch.spectral.bench;

import io.spectrawatch.spectral.descriptor.CertifiedValue;
import io.spectrawatch.spectral.descriptor.Descriptors;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.sketch.DirectMoment;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchFootprint;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.sketch.Spectrum;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Error against size against spectrum, for the sketch at several alpha, the exact moment, and the
 * peers.
 *
 * @param rows one per stream, method and size
 * @param table the tab-separated file
 * @param plot the SVG file
 */
public record QualityReport(List<QualityRow> rows, Path table, Path plot) {
    private static final int BLOCK = 64;

    /** Blocks tried beside the usual ones, at the alpha that is usual. */
    private static final List<Integer> LARGER_BLOCKS = List.of(256, 1_024);

    private static final double USUAL_ALPHA = 0.5;
    private static final int PROBES = 16;
    private static final long PROBE_SEED = 1;

    /**
     * Measures and writes the files.
     *
     * @throws UncheckedIOException if the folder cannot be written
     * @throws ArithmeticException if a certified error is below the actual one: the sketch would be
     *     wrong
     */
    public static QualityReport run(QualityOptions options) {
        List<QualityRow> rows = new ArrayList<>();
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            for (QualityStream stream : QualityStream.values()) {
                new Measurement(options, stream, kernels).addTo(rows);
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

    private static String table(List<QualityRow> rows) {
        StringBuilder out = new StringBuilder();
        out.append(
                "stream\tmethod\tsketchRows\tcovarianceError\tcertifiedError\teigenvalueError\tentropyWidth"
                        + "\tbytesPerColumn\trankBoxed\trankLower\trankLower95\trankUpper\trankUpper95\n");
        for (QualityRow row : rows) {
            out.append(
                    String.format(
                            Locale.ROOT,
                            "%s\t%s\t%d\t%.4e\t%.4e\t%.4e\t%.4e%s%n",
                            row.stream(),
                            row.method(),
                            row.sketchRows(),
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
                ? "\tNaN\tNaN\tNaN\tNaN\tNaN\tNaN"
                : String.format(
                        Locale.ROOT,
                        "\t%.0f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f",
                        row.bytesPerColumn(),
                        rank.boxed(),
                        rank.lower(),
                        rank.lower95(),
                        rank.upper(),
                        rank.upper95());
    }

    /** All methods on one stream. */
    private static final class Measurement {
        private final QualityOptions options;
        private final QualityStream stream;
        private final Kernels kernels;
        private final int d;
        private final List<RowBlock> blocks = new ArrayList<>();
        private final DirectMoment truth;
        private final double[] eigenvalues;
        private final double energy;

        Measurement(QualityOptions options, QualityStream stream, Kernels kernels) {
            this.options = options;
            this.stream = stream;
            this.kernels = kernels;
            this.d = options.dimension();
            generate();
            this.truth = new DirectMoment(d, kernels);
            blocks.forEach(truth::add);
            SketchOptions exact = SketchOptions.defaults().withKind(SketchKind.EXACT);
            try (SecondMomentSketch sketch = Sketches.create(exact, d, kernels)) {
                blocks.forEach(sketch::update);
                this.eigenvalues = sketch.spectrum(0).eigenvalues();
                this.energy = sketch.energy();
            }
        }

        /** Rows about their own mean, so that methods that do not centre are compared fairly. */
        private void generate() {
            Random random = new Random(options.seed());
            int count = options.rows() / BLOCK * BLOCK;
            double[][] rows = new double[count][];
            double[] mean = new double[d];
            for (int i = 0; i < count; i++) {
                rows[i] = stream.row(random, d, i, count);
                for (int j = 0; j < d; j++) {
                    mean[j] += rows[i][j] / count;
                }
            }
            for (int i = 0; i < count; i += BLOCK) {
                RowBlock block = new RowBlock(BLOCK, d);
                for (int k = i; k < i + BLOCK; k++) {
                    for (int j = 0; j < d; j++) {
                        rows[k][j] -= mean[j];
                    }
                    block.append(rows[k]);
                }
                blocks.add(block);
            }
        }

        void addTo(List<QualityRow> rows) {
            SketchOptions base =
                    SketchOptions.defaults().withBlockRows(BLOCK).withProbes(PROBES, PROBE_SEED);
            for (int l : options.sketchRows()) {
                for (double alpha : options.alphas()) {
                    SketchOptions sketch =
                            base.withKind(SketchKind.FREQUENT_DIRECTIONS)
                                    .withSketchRows(l)
                                    .withAlpha(alpha);
                    rows.add(measure("alpha-fd " + alpha, l, sketch));
                }
                for (int size : LARGER_BLOCKS) {
                    SketchOptions sketch =
                            base.withKind(SketchKind.FREQUENT_DIRECTIONS)
                                    .withSketchRows(l)
                                    .withBlockRows(size)
                                    .withAlpha(USUAL_ALPHA);
                    rows.add(measure("blocks of " + size, l, sketch));
                }
                rows.add(stackedSvd(l));
                rows.add(rowBuffered(l));
            }
            rows.add(measure("exact", d, base.withKind(SketchKind.EXACT)));
            truth.close();
        }

        private QualityRow measure(String method, int l, SketchOptions sketchOptions) {
            try (SecondMomentSketch sketch = Sketches.create(sketchOptions, d, kernels)) {
                feed(sketch, sketchOptions.blockRows());
                Ledger ledger = sketch.ledger();
                Spectrum spectrum = sketch.spectrum(0);
                double actual = truth.distanceTo(sketch);
                double certified = ledger.deltaPlus() + ledger.roundoff();
                if (!(actual <= certified + truth.roundoff())) {
                    throw new ArithmeticException(
                            stream
                                    + ", "
                                    + method
                                    + ", l "
                                    + l
                                    + ": certified "
                                    + certified
                                    + ", actual "
                                    + actual);
                }
                double width = 0;
                for (CertifiedValue value : Descriptors.of(spectrum)) {
                    if (value.name().equals("spectral_entropy")) {
                        width = value.upper() - value.lower();
                    }
                }
                double error = eigenvalueError(spectrum.eigenvalues(), l);
                return new QualityRow(
                        stream.title(),
                        method,
                        l,
                        actual / energy,
                        certified / energy,
                        error,
                        width,
                        SketchFootprint.of(sketchOptions, d, false).nativeBytes() / (double) d,
                        rank(sketch, spectrum));
            }
        }

        private void feed(SecondMomentSketch sketch, int blockRows) {
            RowBlock larger = new RowBlock(blockRows, d);
            double[] row = new double[d];
            for (RowBlock block : blocks) {
                for (int i = 0; i < block.rows(); i++) {
                    block.values().get(i * d, row);
                    larger.append(row);
                    if (larger.isFull()) {
                        sketch.update(larger);
                        larger.clear();
                    }
                }
            }
            if (larger.rows() > 0) {
                sketch.update(larger);
            }
        }

        private QualityRow.Rank rank(SecondMomentSketch sketch, Spectrum spectrum) {
            Spectrum boxed =
                    new Spectrum(
                            d,
                            spectrum.rows(),
                            spectrum.eigenvalues(),
                            new double[0],
                            spectrum.ledger());
            CertifiedValue certain = effectiveRank(Descriptors.of(spectrum));
            CertifiedValue probable =
                    sketch.probeEvidence()
                            .map(
                                    evidence ->
                                            effectiveRank(Descriptors.probable(spectrum, evidence)))
                            .orElse(certain);
            return new QualityRow.Rank(
                    effectiveRank(Descriptors.of(boxed)).lower(),
                    certain.lower(),
                    probable.lower(),
                    certain.upper(),
                    probable.upper());
        }

        private static CertifiedValue effectiveRank(List<CertifiedValue> values) {
            return values.stream()
                    .filter(value -> value.name().equals("effective_rank"))
                    .findFirst()
                    .orElseThrow();
        }

        private double eigenvalueError(double[] found, int l) {
            double worst = 0;
            for (int i = 0; i < Math.max(1, l / 4); i++) {
                worst = Math.max(worst, Math.abs(found[i] - eigenvalues[i]) / eigenvalues[i]);
            }
            return worst;
        }

        private QualityRow stackedSvd(int l) {
            HostPeers.StackedSvd peer = new HostPeers.StackedSvd(d, l, BLOCK);
            blocks.forEach(peer::update);
            return peer("stacked-svd", l, peer.components(), peer.directions());
        }

        private QualityRow rowBuffered(int l) {
            HostPeers.RowBuffered peer = new HostPeers.RowBuffered(l, d);
            blocks.forEach(peer::update);
            return peer("row-buffered-fd", l, peer.components(), peer.directions());
        }

        private QualityRow peer(String method, int l, int count, DoubleBuffer directions) {
            DoubleBuffer moment = Workspace.allocate((long) d * d);
            kernels.addMoment(count, d, directions, moment);
            double actual = truth.distanceTo(moment) / energy;
            DoubleBuffer values = Workspace.allocate(d);
            kernels.eigen(d, moment, values);
            double[] descending = new double[d];
            for (int i = 0; i < d; i++) {
                descending[i] = Math.max(values.get(d - 1 - i), 0);
            }
            double error = eigenvalueError(descending, l);
            return new QualityRow(
                    stream.title(),
                    method,
                    l,
                    actual,
                    Double.NaN,
                    error,
                    Double.NaN,
                    Double.NaN,
                    null);
        }
    }
}
