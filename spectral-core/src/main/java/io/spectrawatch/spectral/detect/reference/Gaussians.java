package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.util.Arrays;

/** Means and covariances of rows by predicted class. */
public final class Gaussians {
    /**
     * Ridge in units of the mean variance: far above the rounding of fp32 activations, far below
     * any direction that carries information.
     */
    static final double RIDGE = 1e-4;

    /** A class with fewer rows has no mean of its own. */
    public static final int MINIMUM_CLASS_ROWS = 5;

    private Gaussians() {}

    /** Returns how many rows each class has. */
    static int[] counts(int[] classes, int count) {
        int[] counts = new int[count];
        for (int c : classes) {
            counts[c]++;
        }
        return counts;
    }

    /**
     * Returns the class means (classes x columns); classes with too few rows get the mean of all.
     */
    public static Matrix classMeans(Matrix rows, int[] classes, int count) {
        int[] counts = counts(classes, count);
        double[] all = rows.mean();
        Matrix means = new Matrix(count, rows.columns());
        for (int i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < rows.columns(); j++) {
                means.set(classes[i], j, means.get(classes[i], j) + rows.get(i, j));
            }
        }
        for (int c = 0; c < count; c++) {
            for (int j = 0; j < rows.columns(); j++) {
                boolean own = counts[c] >= MINIMUM_CLASS_ROWS;
                means.set(c, j, own ? means.get(c, j) / counts[c] : all[j]);
            }
        }
        return means;
    }

    /** Returns each row minus the mean of its class. */
    public static Matrix centred(Matrix rows, Matrix means, int[] classes) {
        Matrix out = rows.sibling(rows.rows(), rows.columns());
        double[] row = new double[rows.columns()];
        double[] mean = means.toArray();
        for (int i = 0; i < rows.rows(); i++) {
            rows.row(i, row);
            int at = classes[i] * row.length;
            for (int j = 0; j < row.length; j++) {
                row[j] -= mean[at + j];
            }
            out.setRow(i, row);
        }
        return out;
    }

    /** Adds the ridge to a covariance, in place. */
    static SymmetricMatrix ridged(SymmetricMatrix covariance, double ridge) {
        int n = covariance.order();
        // A tap that never moves has no scale; any positive number keeps it invertible.
        double add = Math.max(ridge * covariance.trace() / n, Double.MIN_NORMAL);
        for (int i = 0; i < n; i++) {
            covariance.entries()[i * n + i] += add;
        }
        return covariance;
    }

    /** Returns W with |W r|^2 = r^T S^-1 r for the ridged covariance S of centred rows. */
    public static Matrix whitening(Kernels kernels, Matrix centredRows) {
        SymmetricMatrix covariance = ridged(centredRows.moment(kernels), RIDGE);
        return whitening(covariance);
    }

    public static Matrix whitening(SymmetricMatrix covariance) {
        int n = covariance.order();
        return Matrix.of(n, n, covariance.whitening());
    }

    /** Returns W mean for each class; plain loops, so that no kernels are needed when reading. */
    static double[] whiteMeans(Matrix means, Matrix whitening) {
        int k = means.columns();
        double[] w = whitening.toArray();
        double[] m = means.toArray();
        double[] out = new double[m.length];
        for (int c = 0; c < means.rows(); c++) {
            for (int i = 0; i < k; i++) {
                for (int j = 0; j <= i; j++) {
                    out[c * k + i] += w[i * k + j] * m[c * k + j];
                }
            }
        }
        return out;
    }

    /** Returns the index of each row of one class, or of all rows when classes are pooled. */
    public static int[] rowsOf(int[] classes, int wanted) {
        int[] found = new int[classes.length];
        int count = 0;
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] == wanted) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }
}
