package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.tensor.ElementType;

/**
 * What to measure.
 *
 * @param dimension d
 * @param rows rows to push through each method, at least one block
 * @param sketch the sketch's own options; AUTO decides by dimension as in production
 * @param elementType type in which rows arrive
 * @param provider kernels of the sketch; the peers always run on the host
 * @param threads threads per call; kernels are built for 1
 * @param peers whether to measure the peers too
 * @param seed of the generated rows
 */
public record KernelBenchOptions(
        int dimension,
        long rows,
        SketchOptions sketch,
        ElementType elementType,
        KernelChoice provider,
        int threads,
        boolean peers,
        long seed) {
    /** Checks the ranges. */
    public KernelBenchOptions {
        if (dimension < 1 || rows < 1) {
            throw new IllegalArgumentException(
                    "bench: dimension and rows at least 1, found " + dimension + " and " + rows);
        }
        if (threads != 1) {
            throw new IllegalArgumentException("bench: kernels run on 1 thread, found " + threads);
        }
    }

    /** Returns a host benchmark of FLOAT32 rows with default options and peers. */
    public static KernelBenchOptions of(int dimension, int sketchRows, long rows) {
        SketchOptions sketch = SketchOptions.defaults().withSketchRows(sketchRows);
        return new KernelBenchOptions(
                dimension, rows, sketch, ElementType.FLOAT32, KernelChoice.HOST, 1, true, 1);
    }
}
