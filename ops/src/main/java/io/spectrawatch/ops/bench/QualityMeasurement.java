package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.descriptor.CertifiedValue;
import io.spectrawatch.spectral.descriptor.Descriptors;
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
import java.nio.DoubleBuffer;
import java.util.List;

/** All methods on one stream, against its exact moment. */
final class QualityMeasurement implements AutoCloseable {
    /** Methods of sketches that spend as many bytes as the usual one without probes, and more. */
    static final String EQUAL_BYTES = "equal bytes";

    static final String MORE_BYTES = "more bytes";

    private static final int BLOCK = QualityInput.BLOCK;

    /** Blocks tried beside the usual ones, at the alpha that is usual. */
    private static final List<Integer> LARGER_BLOCKS = List.of(256, 1_024);

    private static final double USUAL_ALPHA = 0.5;
    private static final int PROBES = 16;

    /** Shards of the monitor whose sketches the splits of memory are merged from. */
    private static final int SHARDS = 4;

    private final QualityOptions options;
    private final Kernels kernels;
    private final String stream;
    private final int d;
    private final List<RowBlock> blocks;
    private final DirectMoment truth;
    private final double[] eigenvalues;
    private final double energy;
    private final double effectiveRank;
    private final double usualWidth;

    QualityMeasurement(QualityInput input, QualityOptions options, Kernels kernels) {
        this.options = options;
        this.kernels = kernels;
        this.stream = input.title();
        this.d = input.dimension();
        this.blocks = input.blocks();
        this.truth = new DirectMoment(d, kernels);
        blocks.forEach(truth::add);
        try (SecondMomentSketch sketch = fed(SketchOptions.defaults().withKind(SketchKind.EXACT))) {
            Spectrum spectrum = sketch.spectrum(0);
            this.eigenvalues = spectrum.eigenvalues();
            this.energy = sketch.energy();
            this.effectiveRank = effectiveRank(Descriptors.of(spectrum)).estimate();
        }
        try (SecondMomentSketch sketch = merged(usual().withSketchRows(Math.min(64, d)))) {
            CertifiedValue certain = effectiveRank(Descriptors.of(boxed(sketch.spectrum(0))));
            this.usualWidth = certain.upper() - certain.lower();
        }
    }

    /** 64 rows, blocks of 64, no probes. */
    private static SketchOptions usual() {
        return SketchOptions.defaults()
                .withKind(SketchKind.FREQUENT_DIRECTIONS)
                .withBlockRows(BLOCK)
                .withAlpha(USUAL_ALPHA);
    }

    /** Adds a row per method and size, without sizes beyond the dimension. */
    void addTo(List<QualityRow> rows) {
        SketchOptions probed = usual().withProbes(PROBES, MemorySplit.PROBE_SEED);
        for (int l : options.sketchRows().stream().filter(l -> l <= d).toList()) {
            for (double alpha : options.alphas()) {
                rows.add(measure("alpha-fd " + alpha, probed.withSketchRows(l).withAlpha(alpha)));
            }
            for (int size : LARGER_BLOCKS) {
                rows.add(
                        measure("blocks of " + size, probed.withSketchRows(l).withBlockRows(size)));
            }
            rows.add(stackedSvd(l));
            rows.add(rowBuffered(l));
        }
        rows.add(measure("exact", probed.withSketchRows(d).withKind(SketchKind.EXACT)));
        addTo(rows, EQUAL_BYTES, MemorySplit.EQUAL);
        addTo(rows, MORE_BYTES, MemorySplit.MORE);
    }

    private void addTo(List<QualityRow> rows, String method, List<MemorySplit> splits) {
        for (MemorySplit split : splits) {
            if (split.sketchRows() <= d) {
                try (SecondMomentSketch sketch = merged(split.of(usual()))) {
                    rows.add(measure(method, sketch));
                }
            }
        }
    }

    private QualityRow measure(String method, SketchOptions sketchOptions) {
        try (SecondMomentSketch sketch = fed(sketchOptions)) {
            return measure(method, sketch);
        }
    }

    private QualityRow measure(String method, SecondMomentSketch sketch) {
        SketchOptions sketchOptions = sketch.options();
        int l = sketchOptions.sketchRows();
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
        return new QualityRow(
                stream,
                method,
                l,
                sketchOptions.blockRows(),
                sketchOptions.probes(),
                actual / energy,
                certified / energy,
                eigenvalueError(spectrum.eigenvalues(), l),
                width,
                SketchFootprint.of(sketchOptions, d, false).nativeBytes() / (double) d,
                rank(sketch, spectrum));
    }

    /** A sketch of all rows, to be closed. */
    private SecondMomentSketch fed(SketchOptions sketchOptions) {
        SecondMomentSketch sketch = Sketches.create(sketchOptions, d, kernels);
        feed(sketch, 0, 1);
        return sketch;
    }

    /** The sketches of shards that blocks are dealt to in turn, merged, to be closed. */
    private SecondMomentSketch merged(SketchOptions sketchOptions) {
        SecondMomentSketch sketch = Sketches.create(sketchOptions, d, kernels);
        feed(sketch, 0, SHARDS);
        for (int shard = 1; shard < SHARDS; shard++) {
            try (SecondMomentSketch other = Sketches.create(sketchOptions, d, kernels)) {
                feed(other, shard, SHARDS);
                sketch.merge(other);
            }
        }
        return sketch;
    }

    /** Feeds every {@code step}th block from one on, in blocks of the sketch's own size. */
    private void feed(SecondMomentSketch sketch, int from, int step) {
        RowBlock larger = new RowBlock(sketch.options().blockRows(), d);
        double[] row = new double[d];
        for (int b = from; b < blocks.size(); b += step) {
            RowBlock block = blocks.get(b);
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
        CertifiedValue certain = effectiveRank(Descriptors.of(spectrum));
        CertifiedValue probable =
                sketch.probeEvidence()
                        .map(evidence -> effectiveRank(Descriptors.probable(spectrum, evidence)))
                        .orElse(certain);
        return new QualityRow.Rank(
                effectiveRank,
                effectiveRank(Descriptors.of(boxed(spectrum))).lower(),
                certain.lower(),
                probable.lower(),
                certain.upper(),
                probable.upper(),
                (certain.upper() - certain.lower()) / usualWidth,
                (probable.upper() - probable.lower()) / usualWidth);
    }

    /** What the ledger's delta says alone, without the losses by rank. */
    private static Spectrum boxed(Spectrum spectrum) {
        return new Spectrum(
                spectrum.dimension(),
                spectrum.rows(),
                spectrum.eigenvalues(),
                new double[0],
                spectrum.ledger());
    }

    private static CertifiedValue effectiveRank(List<CertifiedValue> values) {
        return values.stream()
                .filter(value -> value.name().equals("effective_rank"))
                .findFirst()
                .orElseThrow();
    }

    private double eigenvalueError(double[] found, int l) {
        double worst = 0;
        int leading = Math.min(Math.max(1, l / 4), d);
        for (int i = 0; i < leading; i++) {
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
                stream,
                method,
                l,
                BLOCK,
                0,
                actual,
                Double.NaN,
                error,
                Double.NaN,
                Double.NaN,
                null);
    }

    @Override
    public void close() {
        truth.close();
    }
}
