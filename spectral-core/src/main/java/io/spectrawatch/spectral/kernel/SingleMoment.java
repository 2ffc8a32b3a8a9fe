package io.spectrawatch.spectral.kernel;

import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.CblasTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasUpper;
import static org.bytedeco.openblas.global.openblas_full.cblas_ssyrk;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * A block's second moment by fp32 products, added to an fp64 moment.
 *
 * <p>The rows are scaled by a power of two to an energy near 1, so that nothing overflows, and
 * narrowed once.
 */
final class SingleMoment {
    private FloatBuffer rows = Deflation.floats(0);
    private FloatBuffer product = Deflation.floats(0);
    private double[] line = new double[0];
    private float[] narrow = new float[0];

    /** Adds the moment of the step's rows (n x d), whose energy is given, to {@code keep} times. */
    void add(BlockStep step, double energy, double keep, DoubleBuffer moment) {
        int n = step.count();
        int d = step.block.dimension();
        reserve(n, d);
        double scale = Deflation.powerOfTwo(Math.sqrt(energy));
        narrow(n, d, step.rows, scale);
        for (int first = 0; first < n; first += step.singleTerms) {
            int count = Math.min(step.singleTerms, n - first);
            rows.position(first * d);
            cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, d, count, 1, rows, d, 0, product, d);
            addProduct(d, 1 / scale / scale, first == 0 ? keep : 1, moment);
        }
        rows.position(0);
    }

    private void narrow(int n, int d, DoubleBuffer from, double scale) {
        double[] wide = line;
        float[] small = narrow;
        for (int i = 0; i < n; i++) {
            from.get(i * d, wide, 0, d);
            for (int j = 0; j < d; j++) {
                small[j] = (float) (scale * wide[j]);
            }
            rows.put(i * d, small, 0, d);
        }
    }

    /** Through arrays: loops over them are faster than over buffers. */
    private void addProduct(int d, double unscale, double keep, DoubleBuffer moment) {
        double[] wide = line;
        float[] small = narrow;
        for (int i = 0; i < d; i++) {
            int at = i * (d + 1);
            int count = d - i;
            moment.get(at, wide, 0, count);
            product.get(at, small, 0, count);
            for (int j = 0; j < count; j++) {
                wide[j] = keep * wide[j] + unscale * small[j];
            }
            moment.put(at, wide, 0, count);
        }
    }

    private void reserve(int n, int d) {
        if (rows.capacity() < n * d) {
            rows = Deflation.floats(n * d);
        }
        if (product.capacity() < d * d) {
            product = Deflation.floats(d * d);
        }
        if (line.length < d) {
            line = new double[d];
            narrow = new float[d];
        }
    }
}
