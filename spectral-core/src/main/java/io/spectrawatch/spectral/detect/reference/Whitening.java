package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Squared distances to class means under one covariance: |W (x - mean_c)|^2 with W lower
 * triangular.
 *
 * <p>The rows of W are cut into bands, each as long as its last row; they are kept transposed, the
 * form in which narrow products are fast.
 */
public final class Whitening {
    private static final int BAND = 32;

    private final Matrix square;
    private final Matrix[] bands;

    /** W mean for each class, classes x columns. */
    private final double[] centres;

    public Whitening(Matrix means, Matrix square) {
        this.square = square;
        this.centres = Gaussians.whiteMeans(means, square);
        int k = square.columns();
        this.bands = new Matrix[(k + BAND - 1) / BAND];
        for (int b = 0; b < bands.length; b++) {
            int from = b * BAND;
            int to = Math.min(k, from + BAND);
            bands[b] = new Matrix(to, to - from);
            for (int i = from; i < to; i++) {
                for (int j = 0; j <= i; j++) {
                    bands[b].set(j, i - from, square.get(i, j));
                }
            }
        }
    }

    /**
     * Returns |W (x_i - mean_(class i))|^2 for each row; of wider rows the leading coordinates
     * count.
     */
    public double[] distances(Kernels kernels, Matrix rows, int[] classes) {
        int k = square.columns();
        double[] out = new double[rows.rows()];
        double[] white = new double[out.length * BAND];
        for (int b = 0; b < bands.length; b++) {
            int width = bands[b].columns();
            Matrix product = rows.sibling(out.length, width);
            kernels.rotate(
                    out.length,
                    bands[b].rows(),
                    width,
                    rows.data(),
                    0,
                    rows.columns(),
                    bands[b].data(),
                    false,
                    product.data());
            product.data().get(0, white, 0, out.length * width);
            for (int i = 0; i < out.length; i++) {
                int centre = classes[i] * k + b * BAND;
                out[i] += Matrix.squaredDistance(white, i * width, centres, centre, width);
            }
        }
        return out;
    }

    /** Returns W. */
    Matrix square() {
        return square;
    }

    public void write(DataOutput out) throws IOException {
        square.write(out);
    }
}
