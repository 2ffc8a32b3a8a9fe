package io.spectrawatch.spectral.linalg;

/**
 * A small dense symmetric matrix (order up to a few hundred) with the decompositions the detectors
 * need, in plain fp64 loops whose results depend on the entries alone.
 *
 * <p>Cholesky: Golub and Van Loan, Matrix Computations, 4th edition, algorithm 4.2.1. Eigenvalues:
 * cyclic Jacobi, ibid., algorithm 8.5.2.
 */
public final class SymmetricMatrix {
    /** Jacobi sweeps that never were needed; convergence is quadratic, six to ten are usual. */
    private static final int MAXIMUM_SWEEPS = 60;

    private final int order;
    private final double[] entries;

    /**
     * Wraps a matrix.
     *
     * @param order n
     * @param entries n x n row-major, symmetric; kept, not copied
     */
    public SymmetricMatrix(int order, double[] entries) {
        if (entries.length != order * order) {
            throw new IllegalArgumentException(
                    "symmetric matrix of order "
                            + order
                            + ": "
                            + order * order
                            + " entries expected, found "
                            + entries.length);
        }
        this.order = order;
        this.entries = entries;
    }

    /** Eigenvalues in descending order; {@code vectors} holds the unit vectors in its rows. */
    public record Eigen(double[] values, double[] vectors) {}

    /** Returns n. */
    public int order() {
        return order;
    }

    /** Returns the entries, n x n row-major; not a copy. */
    public double[] entries() {
        return entries;
    }

    /** Returns the sum of the diagonal. */
    public double trace() {
        double sum = 0;
        for (int i = 0; i < order; i++) {
            sum += entries[i * order + i];
        }
        return sum;
    }

    /**
     * Returns the lower triangle L (n x n row-major, zeros above) with L L^T = this.
     *
     * @throws ArithmeticException if the matrix is not positive definite in fp64
     */
    public double[] cholesky() {
        double[] lower = new double[order * order];
        int refused = Dense.cholesky(order, entries, 0, lower);
        if (refused >= 0) {
            throw new ArithmeticException(
                    "Cholesky: positive pivots required, found "
                            + lower[refused * (order + 1)]
                            + " at "
                            + refused
                            + " of "
                            + order);
        }
        return lower;
    }

    /**
     * Returns the lower triangle W = L^-1 (n x n row-major), so that |W x|^2 = x^T A^-1 x.
     *
     * @throws ArithmeticException if the matrix is not positive definite in fp64
     */
    public double[] whitening() {
        double[] lower = cholesky();
        double[] inverse = new double[order * order];
        for (int j = 0; j < order; j++) {
            inverse[j * order + j] = 1.0 / lower[j * order + j];
            for (int i = j + 1; i < order; i++) {
                double sum = 0;
                for (int k = j; k < i; k++) {
                    sum -= lower[i * order + k] * inverse[k * order + j];
                }
                inverse[i * order + j] = sum / lower[i * order + i];
            }
        }
        return inverse;
    }

    /**
     * Returns the inverse.
     *
     * @throws ArithmeticException if the matrix is not positive definite in fp64
     */
    public SymmetricMatrix inverse() {
        double[] w = whitening();
        double[] inverse = new double[order * order];
        for (int i = 0; i < order; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = i; k < order; k++) {
                    sum += w[k * order + i] * w[k * order + j];
                }
                inverse[i * order + j] = sum;
                inverse[j * order + i] = sum;
            }
        }
        return new SymmetricMatrix(order, inverse);
    }

    /**
     * Returns the logarithm of the determinant.
     *
     * @throws ArithmeticException if the matrix is not positive definite in fp64
     */
    public double logDeterminant() {
        double[] lower = cholesky();
        double sum = 0;
        for (int i = 0; i < order; i++) {
            sum += 2 * Math.log(lower[i * order + i]);
        }
        return sum;
    }

    /** Returns A x. */
    public double[] times(double[] x) {
        return Dense.times(order, order, entries, x);
    }

    /** Returns x^T A x. */
    public double quadratic(double[] x) {
        return Dense.dot(times(x), x);
    }

    /** Returns all eigenvalues and vectors; the largest entry of each vector is positive. */
    public Eigen eigen() {
        double[] a = entries.clone();
        double[] v = new double[order * order];
        for (int i = 0; i < order; i++) {
            v[i * order + i] = 1;
        }
        double scale = 0;
        for (double entry : a) {
            scale += entry * entry;
        }
        // Off-diagonal mass below the rounding of the norm cannot change an eigenvalue's digits.
        double enough = Math.pow(Math.ulp(1.0), 2) * scale;
        int sweep = 0;
        while (offDiagonal(a) > enough) {
            if (++sweep > MAXIMUM_SWEEPS) {
                throw new ArithmeticException(
                        "Jacobi: no convergence after " + MAXIMUM_SWEEPS + " sweeps");
            }
            for (int p = 0; p < order - 1; p++) {
                for (int q = p + 1; q < order; q++) {
                    rotate(a, v, p, q);
                }
            }
        }
        return sorted(a, v);
    }

    private double offDiagonal(double[] a) {
        double sum = 0;
        for (int i = 0; i < order; i++) {
            for (int j = 0; j < i; j++) {
                sum += 2 * a[i * order + j] * a[i * order + j];
            }
        }
        return sum;
    }

    private void rotate(double[] a, double[] v, int p, int q) {
        double apq = a[p * order + q];
        if (apq == 0) {
            return;
        }
        double theta = (a[q * order + q] - a[p * order + p]) / (2 * apq);
        double t = Math.copySign(1.0, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        for (int k = 0; k < order; k++) {
            double akp = a[k * order + p];
            double akq = a[k * order + q];
            a[k * order + p] = c * akp - s * akq;
            a[k * order + q] = s * akp + c * akq;
        }
        for (int k = 0; k < order; k++) {
            double apk = a[p * order + k];
            double aqk = a[q * order + k];
            a[p * order + k] = c * apk - s * aqk;
            a[q * order + k] = s * apk + c * aqk;
            double vp = v[p * order + k];
            double vq = v[q * order + k];
            v[p * order + k] = c * vp - s * vq;
            v[q * order + k] = s * vp + c * vq;
        }
        a[p * order + q] = 0;
        a[q * order + p] = 0;
    }

    private Eigen sorted(double[] a, double[] v) {
        double[] values = new double[order];
        double[] vectors = new double[order * order];
        boolean[] taken = new boolean[order];
        for (int i = 0; i < order; i++) {
            int best = -1;
            for (int j = 0; j < order; j++) {
                if (!taken[j] && (best < 0 || a[j * order + j] > a[best * order + best])) {
                    best = j;
                }
            }
            taken[best] = true;
            values[i] = a[best * order + best];
            double sign = canonicalSign(v, best * order);
            for (int k = 0; k < order; k++) {
                vectors[i * order + k] = sign * v[best * order + k];
            }
        }
        return new Eigen(values, vectors);
    }

    private double canonicalSign(double[] v, int at) {
        double largest = 0;
        for (int k = 0; k < order; k++) {
            if (Math.abs(v[at + k]) > Math.abs(largest)) {
                largest = v[at + k];
            }
        }
        return largest < 0 ? -1 : 1;
    }
}
