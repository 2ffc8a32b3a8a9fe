package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;

/**
 * The whitenings of all classes, arranged for few and large products.
 *
 * <p>A whitening is lower triangular, so its rows are cut into bands, and a band of all classes is
 * multiplied at once by the columns it reaches: at four bands of 32 that is 5/8 of the products of
 * the squares.
 */
final class ClassShapes {
    private static final int BAND = 32;

    private final int classes;

    /** As columns, the form in which the products need no copy. */
    private final Matrix[] bands;

    /** Whitened class means in the order of the bands' rows. */
    private final double[][] centres;

    ClassShapes(Matrix means, Matrix[] shapes) {
        this.classes = shapes.length;
        int k = shapes[0].columns();
        int count = (k + BAND - 1) / BAND;
        this.bands = new Matrix[count];
        this.centres = new double[count][];
        for (int b = 0; b < count; b++) {
            int from = b * BAND;
            int to = Math.min(k, from + BAND);
            bands[b] = new Matrix(to, classes * (to - from));
            centres[b] = new double[classes * (to - from)];
            for (int c = 0; c < classes; c++) {
                for (int i = from; i < to; i++) {
                    copy(b, c * (to - from) + i - from, shapes[c], i, means, c);
                }
            }
        }
    }

    private void copy(int band, int at, Matrix shape, int row, Matrix means, int c) {
        for (int j = 0; j <= row; j++) {
            bands[band].set(j, at, shape.get(row, j));
            centres[band][at] += shape.get(row, j) * means.get(c, j);
        }
    }

    /** Returns |W_c (x - mean_c)|^2 plus a constant per class, rows x classes. */
    Matrix distances(Kernels kernels, Matrix coordinates, double[] constants) {
        int rows = coordinates.rows();
        double[] sums = new double[classes * rows];
        for (int b = 0; b < bands.length; b++) {
            Matrix white = coordinates.sibling(rows, bands[b].columns());
            kernels.rotate(
                    rows,
                    bands[b].rows(),
                    white.columns(),
                    coordinates.data(),
                    0,
                    coordinates.columns(),
                    bands[b].data(),
                    false,
                    white.data());
            add(white, centres[b], sums);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += constants[i % classes];
        }
        Matrix out = coordinates.sibling(rows, classes);
        out.data().put(0, sums);
        return out;
    }

    private void add(Matrix white, double[] centre, double[] sums) {
        int width = centre.length / classes;
        double[] row = new double[centre.length];
        for (int i = 0; i < white.rows(); i++) {
            white.row(i, row);
            for (int c = 0; c < classes; c++) {
                sums[i * classes + c] +=
                        Matrix.squaredDistance(row, c * width, centre, c * width, width);
            }
        }
    }
}
