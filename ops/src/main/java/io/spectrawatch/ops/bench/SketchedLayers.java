package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.ArrayList;
import java.util.List;

/** Sketches of all layers of a model, each fed a block in turn as the monitor does. */
final class SketchedLayers implements AutoCloseable {
    private static final int POOL = 3_200;

    private final List<SecondMomentSketch> sketches = new ArrayList<>();
    private final BenchRows rows;
    private final RowBlock block;
    private long next;

    SketchedLayers(KernelBenchOptions options, int layers, Kernels kernels) {
        this.block = new RowBlock(options.sketch().blockRows(), options.dimension());
        this.rows =
                new BenchRows(
                        options.dimension(),
                        POOL,
                        block.capacity(),
                        options.elementType(),
                        options.seed());
        for (int layer = 0; layer < layers; layer++) {
            sketches.add(Sketches.create(options.sketch(), options.dimension(), kernels));
        }
    }

    /** Sketches a block of rows of each layer. */
    void update() {
        for (SecondMomentSketch sketch : sketches) {
            rows.next(block, next);
            sketch.update(block);
            next += block.capacity();
        }
    }

    /** Returns the rows of a block. */
    int blockRows() {
        return block.capacity();
    }

    @Override
    public void close() {
        sketches.forEach(SecondMomentSketch::close);
    }
}
