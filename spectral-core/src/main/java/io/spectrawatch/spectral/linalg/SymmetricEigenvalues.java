package io.spectrawatch.spectral.linalg;

import java.util.Arrays;

/**
 * Eigenvalues alone of a symmetric matrix: Householder reduction to a tridiagonal matrix, then
 * implicit QR steps with Wilkinson's shift (Golub and Van Loan, Matrix Computations, algorithms
 * 8.3.1 to 8.3.3).
 *
 * <p>Plain Java, as everything whose bytes are recorded: the same on every processor. The absolute
 * error of every eigenvalue is a few units of rounding of the largest one.
 */
public final class SymmetricEigenvalues {
    /** A value takes about two steps; many more mean that an entry was not finite. */
    private static final int STEPS_PER_VALUE = 30;

    /** Beside a largest entry of 1 this is nothing, and its square does not underflow yet. */
    private static final double TINY = 0x1p-500;

    private final int n;
    private final double[] a;
    private final double[] diagonal;
    private final double[] beside;
    private final double[] vector;
    private final double[] product;

    private SymmetricEigenvalues(int n, double[] a) {
        this.n = n;
        this.a = a;
        this.diagonal = new double[n];
        this.beside = new double[n];
        this.vector = new double[n];
        this.product = new double[n];
    }

    /**
     * Returns the eigenvalues of a (n x n), descending.
     *
     * @throws IllegalArgumentException if an entry is not finite
     */
    public static double[] of(int n, double[] a) {
        double scale = 0;
        for (double entry : a) {
            if (!Double.isFinite(entry)) {
                throw new IllegalArgumentException(
                        "eigenvalues: finite entries expected, found " + entry);
            }
            scale = Math.max(scale, Math.abs(entry));
        }
        double[] values = new double[n];
        if (scale == 0) {
            return values;
        }
        double[] scaled = a.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] /= scale;
        }
        SymmetricEigenvalues work = new SymmetricEigenvalues(n, scaled);
        work.tridiagonalise();
        work.iterate();
        Arrays.sort(work.diagonal);
        for (int i = 0; i < n; i++) {
            values[i] = work.diagonal[n - 1 - i] * scale;
        }
        return values;
    }

    private void tridiagonalise() {
        for (int k = 0; k < n - 2; k++) {
            double square = 0;
            for (int i = k + 1; i < n; i++) {
                vector[i] = a[i * n + k];
                square += vector[i] * vector[i];
            }
            beside[k] = -Math.copySign(Math.sqrt(square), vector[k + 1]);
            vector[k + 1] -= beside[k];
            double length = 0;
            for (int i = k + 1; i < n; i++) {
                length += vector[i] * vector[i];
            }
            if (length > 0) {
                reflect(k + 1, 2 / length);
            }
        }
        for (int i = 0; i < n; i++) {
            diagonal[i] = a[i * n + i];
        }
        if (n > 1) {
            beside[n - 2] = a[(n - 1) * n + n - 2];
        }
    }

    /** Applies I - beta v v' from both sides to the rows and columns from an index on. */
    private void reflect(int from, double beta) {
        double inner = 0;
        for (int i = from; i < n; i++) {
            double sum = 0;
            for (int j = from; j < n; j++) {
                sum += a[i * n + j] * vector[j];
            }
            product[i] = beta * sum;
            inner += product[i] * vector[i];
        }
        for (int i = from; i < n; i++) {
            product[i] -= beta / 2 * inner * vector[i];
        }
        for (int i = from; i < n; i++) {
            double v = vector[i];
            double w = product[i];
            for (int j = from; j < n; j++) {
                a[i * n + j] -= v * product[j] + w * vector[j];
            }
        }
    }

    private void iterate() {
        int last = n - 1;
        for (int steps = 0; last > 0; steps++) {
            if (steps > STEPS_PER_VALUE * n) {
                throw new IllegalStateException(
                        "eigenvalues: no convergence after " + steps + " steps of " + n);
            }
            if (negligible(last - 1)) {
                last--;
                continue;
            }
            int first = last - 1;
            while (first > 0 && !negligible(first - 1)) {
                first--;
            }
            step(first, last);
        }
    }

    private boolean negligible(int i) {
        return Math.abs(beside[i])
                <= Roundoff.UNIT * (Math.abs(diagonal[i]) + Math.abs(diagonal[i + 1])) + TINY;
    }

    /** One implicit QR step on the unreduced part first..last. */
    private void step(int first, int last) {
        double half = (diagonal[last - 1] - diagonal[last]) / 2;
        double corner = beside[last - 1];
        double root = Math.copySign(Math.sqrt(half * half + corner * corner), half);
        double x = diagonal[first] - (diagonal[last] - corner * corner / (half + root));
        double z = beside[first];
        for (int k = first; k < last; k++) {
            double r = Math.sqrt(x * x + z * z);
            double c = r == 0 ? 1 : x / r;
            double s = r == 0 ? 0 : z / r;
            if (k > first) {
                beside[k - 1] = r;
            }
            double upper = diagonal[k];
            double lower = diagonal[k + 1];
            double mixed = 2 * c * s * beside[k];
            diagonal[k] = c * c * upper + mixed + s * s * lower;
            diagonal[k + 1] = s * s * upper - mixed + c * c * lower;
            beside[k] = c * s * (lower - upper) + (c * c - s * s) * beside[k];
            x = beside[k];
            if (k < last - 1) {
                z = s * beside[k + 1];
                beside[k + 1] *= c;
            }
        }
    }
}
