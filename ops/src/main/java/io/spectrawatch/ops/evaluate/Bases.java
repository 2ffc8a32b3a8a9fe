package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.basis.InputBasis;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.numpy.NpyArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes bases of inputs out of files. */
public final class Bases {
    /** Of the start of the iteration that finds the directions. */
    private static final long SEED = 20260101L;

    private Bases() {}

    /**
     * A basis and what it was made of.
     *
     * @param inputs trusted ones
     * @param inside share of their energy about the mean that lies within the directions
     */
    public record Made(InputBasis basis, int inputs, double inside) {}

    /**
     * Finds the directions.
     *
     * @param files arrays of inputs, joined
     * @param rank directions at most
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if there are fewer than two inputs, or one is no number
     */
    public static Made of(List<Path> files, int rank) throws IOException {
        NpyArray all = InputFiles.join(files);
        for (float value : all.values()) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "basis: finite inputs required, found " + value + " in " + files);
            }
        }
        int columns = all.rowSize();
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            InputBasis basis = InputBasis.fit(kernels, all.values(), columns, rank, SEED);
            return new Made(basis, all.rows(), inside(basis, all.values(), columns));
        }
    }

    private static double inside(InputBasis basis, float[] values, int columns) {
        float[] published = basis.coordinates(values, columns);
        int width = basis.published();
        double inside = 0;
        double outside = 0;
        for (int i = 0; i < published.length; i++) {
            double energy = (double) published[i] * published[i];
            boolean last = i % width == width - 1;
            inside += last ? 0 : energy;
            outside += last ? energy : 0;
        }
        return inside / Math.max(Double.MIN_NORMAL, inside + outside);
    }
}
