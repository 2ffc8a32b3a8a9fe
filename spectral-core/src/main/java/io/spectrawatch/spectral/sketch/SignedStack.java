package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.linalg.Roundoff;
import java.nio.DoubleBuffer;

/**
 * Eigenvalues and vectors of P^T P - N^T N from the stack C = [P; N] without a d x d matrix: with U
 * diag(w) U^T the Gram matrix of C and J the signs, they are those of diag(w)^(1/2) U^T J U
 * diag(w)^(1/2).
 */
final class SignedStack {
    private final Kernels kernels;
    private final DoubleBuffer stack;
    private final int m;
    private final int d;
    private final double[] w;
    private final double[] u;
    private final double[] values;
    private final double[] z;

    /** Solves for a stack of {@code positive} rows above {@code negative} rows of width d. */
    SignedStack(Kernels kernels, DoubleBuffer stack, int positive, int negative, int d) {
        this.kernels = kernels;
        this.stack = stack;
        this.m = positive + negative;
        this.d = d;
        Workspace workspace = kernels.workspace();
        DoubleBuffer gram = workspace.scratch(Role.GRAM, m * m);
        DoubleBuffer ascending = workspace.scratch(Role.VALUES, m);
        kernels.gram(m, d, stack, gram, 0, m);
        kernels.eigen(m, gram, ascending);
        this.w = new double[m];
        double floor = Roundoff.EIGENSOLVER * m * Roundoff.UNIT * Math.max(ascending.get(m - 1), 0);
        for (int i = 0; i < m; i++) {
            w[i] = ascending.get(i) > floor ? ascending.get(i) : 0;
        }
        this.u = new double[m * m];
        gram.get(0, u);
        for (int i = 0; i < m; i++) {
            for (int j = i; j < m; j++) {
                double entry = 0;
                for (int k = 0; k < m; k++) {
                    double product = u[i * m + k] * u[j * m + k];
                    entry += k < positive ? product : -product;
                }
                gram.put(i * m + j, Math.sqrt(w[i]) * Math.sqrt(w[j]) * entry);
            }
        }
        kernels.eigen(m, gram, ascending);
        this.values = new double[m];
        ascending.get(0, values);
        this.z = new double[m * m];
        gram.get(0, z);
    }

    /**
     * Returns the i-th eigenvalue in ascending order; those beyond the stack's rank are zero among
     * them.
     */
    double value(int i) {
        return values[i];
    }

    /** Bounds the rounding of the eigenvalues. */
    double rounding() {
        double total = 0;
        for (double x : w) {
            total += x;
        }
        return (4 * Roundoff.EIGENSOLVER * m * Roundoff.UNIT + 2 * Roundoff.gamma(d + m)) * total;
    }

    /** Returns the unit vectors of the k largest eigenvalues, descending (k x d). */
    double[] largest(int k) {
        double[] basis = new double[k * d];
        for (int i = 0; i < k; i++) {
            System.arraycopy(vector(m - 1 - i), 0, basis, i * d, d);
        }
        return basis;
    }

    /** Returns the unit vector of the i-th eigenvalue (d). */
    double[] vector(int i) {
        DoubleBuffer weights = kernels.workspace().scratch(Role.WEIGHTS, m);
        for (int row = 0; row < m; row++) {
            double sum = 0;
            for (int j = 0; j < m; j++) {
                sum += w[j] > 0 ? z[i * m + j] / Math.sqrt(w[j]) * u[j * m + row] : 0;
            }
            weights.put(row, sum);
        }
        DoubleBuffer out = kernels.workspace().scratch(Role.VECTOR, d);
        kernels.rotate(1, m, d, weights, 0, m, stack, false, out);
        double[] vector = new double[d];
        out.get(0, vector);
        Spectra.normalise(vector, d);
        return vector;
    }
}
