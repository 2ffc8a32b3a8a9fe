package io.spectrawatch.spectral.linalg;

import io.spectrawatch.spectral.kernel.Kernels;

/**
 * Solves large symmetric positive definite systems: Cholesky by blocks of columns, the products in
 * the kernels (Golub and Van Loan, Matrix Computations, 4th edition, 4.2.9).
 */
public final class PositiveSolve {
    private static final int BLOCK = 64;

    private final int n;

    /** Lower triangle of the factor, n x n row-major. */
    private final double[] lower;

    private PositiveSolve(int n, double[] lower) {
        this.n = n;
        this.lower = lower;
    }

    /**
     * Factors a matrix of which the upper triangle is read.
     *
     * @param a n x n; unchanged
     * @param ridge added to the diagonal
     * @throws ArithmeticException if it is not positive definite in fp64
     */
    public static PositiveSolve of(Kernels kernels, Matrix a, double ridge) {
        int n = a.rows();
        double[] lower = new double[n * n];
        double[] row = new double[n];
        for (int i = 0; i < n; i++) {
            a.row(i, row);
            row[i] += ridge;
            for (int j = i; j < n; j++) {
                lower[j * n + i] = row[j];
            }
        }
        PositiveSolve solve = new PositiveSolve(n, lower);
        for (int from = 0; from < n; from += BLOCK) {
            int to = Math.min(n, from + BLOCK);
            solve.panel(from, to);
            if (to < n) {
                solve.update(kernels, from, to);
            }
        }
        return solve;
    }

    /** Factors columns {@code from} to {@code to}; what precedes them is taken away already. */
    private void panel(int from, int to) {
        for (int i = from; i < n; i++) {
            int at = i * n;
            for (int j = from; j < Math.min(i + 1, to); j++) {
                double sum = lower[at + j];
                for (int c = from; c < j; c++) {
                    sum -= lower[at + c] * lower[j * n + c];
                }
                if (i != j) {
                    lower[at + j] = sum / lower[j * n + j];
                } else if (sum > 0) {
                    lower[at + j] = Math.sqrt(sum);
                } else {
                    throw new ArithmeticException(
                            "Cholesky: positive pivots required, found "
                                    + sum
                                    + " at "
                                    + i
                                    + " of "
                                    + n);
                }
            }
        }
    }

    /** Takes the panel's part away from what follows, a strip of rows at a time. */
    private void update(Kernels kernels, int from, int to) {
        int width = to - from;
        Matrix panel = new Matrix(n - to, width);
        for (int i = to; i < n; i++) {
            panel.data().put((i - to) * width, lower, i * n + from, width);
        }
        double[] part = new double[n];
        for (int first = to; first < n; first += BLOCK) {
            int count = Math.min(BLOCK, n - first);
            Matrix strip = panel.rows(first - to, count);
            Matrix product = strip.timesTransposed(kernels, panel.head(first - to + count));
            for (int i = 0; i < count; i++) {
                product.row(i, part);
                int at = (first + i) * n + to;
                for (int j = 0; j <= first + i - to; j++) {
                    lower[at + j] -= part[j];
                }
            }
        }
    }

    /** Returns x with A x = b. */
    public double[] solve(double[] b) {
        double[] x = b.clone();
        for (int i = 0; i < n; i++) {
            double sum = x[i];
            for (int j = 0; j < i; j++) {
                sum -= lower[i * n + j] * x[j];
            }
            x[i] = sum / lower[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            x[i] /= lower[i * n + i];
            for (int j = 0; j < i; j++) {
                x[j] -= lower[i * n + j] * x[i];
            }
        }
        return x;
    }
}
