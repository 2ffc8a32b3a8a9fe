package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import java.nio.DoubleBuffer;

/** Eigenvalues and signed unit vectors from the states of sketches. */
final class Spectra {
    private Spectra() {}

    /**
     * Solves a dense moment (d x d, upper triangle; destroyed); negative eigenvalues are rounding
     * or a downdate's.
     */
    static Spectrum ofDense(
            CentredSketch sketch, DoubleBuffer moment, int basisVectors, Ledger ledger) {
        int d = sketch.dimension;
        DoubleBuffer values = sketch.workspace.scratch(Role.VALUES, d);
        sketch.kernels.eigen(d, moment, values);
        double[] eigenvalues = new double[d];
        for (int i = 0; i < d; i++) {
            eigenvalues[i] = Math.max(values.get(d - 1 - i), 0);
        }
        int k = Math.min(Math.max(basisVectors, 0), d);
        double[] basis = new double[k * d];
        for (int i = 0; i < k; i++) {
            moment.get((d - 1 - i) * d, basis, i * d, d);
        }
        canonicalSigns(basis, d);
        double solver =
                Roundoff.EIGENSOLVER * d * Roundoff.UNIT * Math.max(eigenvalues[0], -values.get(0));
        return new Spectrum(d, sketch.rows, eigenvalues, basis, widened(ledger, solver));
    }

    /**
     * Returns v = sqrt(W) (mu - c), whose outer product separates the anchored from the centred
     * moment.
     */
    static double[] meanShift(CentredSketch sketch) {
        double[] shift = sketch.mean();
        double[] anchor = sketch.anchor.value();
        for (int j = 0; j < shift.length; j++) {
            shift[j] = Math.sqrt(sketch.mean.weight) * (shift[j] - anchor[j]);
        }
        return shift;
    }

    /**
     * The ledger after the downdate: E stays, the energy loses |v|^2, the error of v is rounding.
     */
    static Ledger downdated(CentredSketch sketch, double square) {
        Ledger own = sketch.ledger();
        double error = sketch.mean.correctionError(Math.sqrt(sketch.mean.weight), 0, square);
        double energy = Math.max(own.energy() - square, 0);
        return new Ledger(
                own.deltaPlus(),
                own.deltaMinus(),
                own.shed(),
                energy,
                own.roundoff() + error + Roundoff.gamma(sketch.dimension + 8) * own.energy());
    }

    /**
     * The spectrum of B^T B - v v^T. With G = U diag(w) U^T the Gram matrix of [B; v], the
     * eigenvalues are those of sqrt(w_i w_j) (delta_ij - 2 u_i u_j), u the last row of U. What
     * comes out negative is clamped, and the clamped amount widens the lower side.
     */
    static Spectrum downdate(
            CentredSketch sketch, DoubleBuffer directions, int rank, int basisVectors) {
        int d = sketch.dimension;
        int m = rank + 1;
        Kernels kernels = sketch.kernels;
        Workspace workspace = sketch.workspace;
        double[] shift = meanShift(sketch);
        DoubleBuffer stack = workspace.scratch(Role.ROWS, m * d);
        stack.put(0, directions, 0, rank * d);
        stack.put(rank * d, shift);
        double square = kernels.sumOfSquares(m * d, stack) - kernels.sumOfSquares(rank * d, stack);
        DoubleBuffer vectors = workspace.scratch(Role.GRAM, m * m);
        kernels.gram(m, d, stack, vectors, 0, m);
        DoubleBuffer values = workspace.scratch(Role.VALUES, m);
        kernels.eigen(m, vectors, values);
        double[] w = new double[m];
        double floor = Roundoff.EIGENSOLVER * m * Roundoff.UNIT * Math.max(values.get(m - 1), 0);
        for (int i = 0; i < m; i++) {
            w[i] = values.get(i) > floor ? values.get(i) : 0;
        }
        double[] last = new double[m];
        double[] u = new double[m * m];
        vectors.get(0, u);
        for (int i = 0; i < m; i++) {
            last[i] = u[i * m + rank];
        }
        for (int i = 0; i < m; i++) {
            for (int j = i; j < m; j++) {
                double entry = (i == j ? 1 : 0) - 2 * last[i] * last[j];
                vectors.put(i * m + j, Math.sqrt(w[i] * w[j]) * entry);
            }
        }
        kernels.eigen(m, vectors, values);
        int k = Math.min(Math.max(basisVectors, 0), rank);
        double[] basis = combine(sketch, k, w, u, vectors, stack);
        double[] eigenvalues = new double[Math.min(rank, d)];
        for (int i = 0; i < eigenvalues.length; i++) {
            eigenvalues[i] = Math.max(values.get(m - 1 - i), 0);
        }
        double clamped = Math.max(-values.get(0), 0);
        double rounding =
                (3 * Roundoff.EIGENSOLVER * m * Roundoff.UNIT + Roundoff.gamma(d + 8))
                        * sketch.energy;
        return new Spectrum(
                d,
                sketch.rows,
                eigenvalues,
                basis,
                clamp(downdated(sketch, square), clamped, rounding, eigenvalues));
    }

    private static Ledger clamp(
            Ledger ledger, double clamped, double rounding, double[] eigenvalues) {
        double held = 0;
        for (double value : eigenvalues) {
            held += value;
        }
        return new Ledger(
                ledger.deltaPlus(),
                ledger.deltaMinus() + clamped,
                ledger.energy() - held,
                ledger.energy(),
                ledger.roundoff() + rounding);
    }

    /** Eigenvectors as combinations of the stack's rows: z^T diag(w)^(-1/2) U^T. */
    private static double[] combine(
            CentredSketch sketch,
            int k,
            double[] w,
            double[] u,
            DoubleBuffer z,
            DoubleBuffer stack) {
        int m = w.length;
        int d = sketch.dimension;
        if (k == 0) {
            return new double[0];
        }
        DoubleBuffer weights = sketch.workspace.scratch(Role.WEIGHTS, k * m);
        for (int a = 0; a < k; a++) {
            for (int row = 0; row < m; row++) {
                double sum = 0;
                for (int i = 0; i < m; i++) {
                    sum +=
                            w[i] > 0
                                    ? z.get((m - 1 - a) * m + i) / Math.sqrt(w[i]) * u[i * m + row]
                                    : 0;
                }
                weights.put(a * m + row, sum);
            }
        }
        DoubleBuffer out = sketch.workspace.take(k * d);
        sketch.kernels.rotate(k, m, d, weights, 0, m, stack, false, out);
        double[] basis = new double[k * d];
        out.get(0, basis);
        sketch.workspace.give(out);
        normalise(basis, d);
        return basis;
    }

    private static Ledger widened(Ledger ledger, double rounding) {
        return new Ledger(
                ledger.deltaPlus(),
                ledger.deltaMinus(),
                ledger.shed(),
                ledger.energy(),
                ledger.roundoff() + rounding);
    }

    /** Scales rows to unit length and fixes their signs. */
    static void normalise(double[] basis, int d) {
        for (int row = 0; row < basis.length; row += d) {
            double square = 0;
            for (int j = row; j < row + d; j++) {
                square += basis[j] * basis[j];
            }
            double scale = square > 0 ? 1 / Math.sqrt(square) : 0;
            for (int j = row; j < row + d; j++) {
                basis[j] *= scale;
            }
        }
        canonicalSigns(basis, d);
    }

    /** Flips rows so that the entry of largest magnitude is positive, the first one on ties. */
    static void canonicalSigns(double[] basis, int d) {
        for (int row = 0; row < basis.length; row += d) {
            int peak = row;
            for (int j = row; j < row + d; j++) {
                if (Math.abs(basis[j]) > Math.abs(basis[peak])) {
                    peak = j;
                }
            }
            if (basis[peak] < 0) {
                for (int j = row; j < row + d; j++) {
                    basis[j] = -basis[j];
                }
            }
        }
    }
}
