package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.Anchor;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.SplittableRandom;

/**
 * Seven layers of d columns, each with a sketch of its own, in two copies: one that is sketched
 * only, one with a projection per layer and the moments of the six interfaces, in the monitor's
 * order. Both hold sketches about the same anchors.
 */
final class CertifiedChain implements AutoCloseable {
    private static final int LAYERS = 7;
    private static final long POOL_ROWS = 8_192;

    private final Kernels kernels;
    private final BenchRows rows;
    private final RowBlock[] blocks = new RowBlock[LAYERS];
    private final byte[] halves;
    private final SecondMomentSketch[] alone = new SecondMomentSketch[LAYERS];
    private final SecondMomentSketch[] certified = new SecondMomentSketch[LAYERS];
    private final WindowRows[] windows = new WindowRows[LAYERS];
    private final InterfaceMoments[] moments = new InterfaceMoments[LAYERS - 1];
    private long next;

    CertifiedChain(KernelBenchOptions options, int rank, Kernels kernels) {
        this.kernels = kernels;
        int d = options.dimension();
        int n = options.sketch().blockRows();
        this.rows = new BenchRows(d, POOL_ROWS, n, options.elementType(), options.seed());
        this.halves = new byte[n];
        SplittableRandom random = new SplittableRandom(options.seed());
        for (int i = 0; i < n; i++) {
            halves[i] = (byte) random.nextInt(2);
        }
        FrozenWindow window = window(options, rank);
        Anchor anchor = new Anchor("bench", window.anchor());
        for (int i = 0; i < LAYERS; i++) {
            blocks[i] = new RowBlock(n, d);
            alone[i] = Sketches.anchored(options.sketch(), d, kernels, anchor);
            certified[i] = Sketches.anchored(options.sketch(), d, kernels, anchor);
            windows[i] = new WindowRows(kernels, window, n);
        }
        for (int i = 0; i < moments.length; i++) {
            moments[i] = new InterfaceMoments(window, window);
        }
    }

    /** The leading directions of the rows about their mean, as calibration freezes them. */
    private FrozenWindow window(KernelBenchOptions options, int rank) {
        RowBlock block = new RowBlock(options.sketch().blockRows(), options.dimension());
        try (SecondMomentSketch sketch =
                Sketches.create(options.sketch(), options.dimension(), kernels)) {
            for (long row = 0; row < rows.count(); row += block.capacity()) {
                rows.next(block, row);
                sketch.update(block);
            }
            return FrozenWindow.ofBasis(sketch.mean(), sketch.spectrum(rank).basis());
        }
    }

    /** Rows that one run takes in, over all layers. */
    int rowsPerRun() {
        return LAYERS * halves.length;
    }

    /** Takes one block of every layer into its sketch. */
    void sketch() {
        for (int i = 0; i < LAYERS; i++) {
            fill(i);
            alone[i].update(blocks[i]);
        }
    }

    /** Takes one block of every layer into its sketch and the moments of its interfaces. */
    void certify() {
        for (int i = 0; i < LAYERS; i++) {
            fill(i);
            windows[i].project(blocks[i], halves);
            certified[i].update(blocks[i]);
        }
        for (int i = 0; i < moments.length; i++) {
            moments[i].update(windows[i], windows[i + 1]);
        }
    }

    private void fill(int layer) {
        rows.next(blocks[layer], next);
        next += blocks[layer].capacity();
    }

    @Override
    public void close() {
        for (int i = 0; i < LAYERS; i++) {
            alone[i].close();
            certified[i].close();
            windows[i].close();
        }
    }
}
