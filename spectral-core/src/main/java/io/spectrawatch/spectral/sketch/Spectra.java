package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.linalg.Roundoff;
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
     * The spectrum of B^T B - v v^T. What comes out negative is clamped, and the clamped amount
     * widens the lower side.
     */
    static Spectrum downdate(
            CentredSketch sketch,
            DoubleBuffer directions,
            int rank,
            int basisVectors,
            double[] losses) {
        int d = sketch.dimension;
        double[] shift = meanShift(sketch);
        double square = 0;
        for (double entry : shift) {
            square += entry * entry;
        }
        DoubleBuffer stack = sketch.workspace.scratch(Role.ROWS, (rank + 1) * d);
        stack.put(0, directions, 0, rank * d);
        stack.put(rank * d, shift);
        SignedStack signed = new SignedStack(sketch.kernels, stack, rank, 1, d);
        double[] eigenvalues = new double[Math.min(rank, d)];
        for (int i = 0; i < eigenvalues.length; i++) {
            eigenvalues[i] = Math.max(signed.value(rank - i), 0);
        }
        double[] basis = signed.largest(Math.min(Math.max(basisVectors, 0), rank));
        double clamped = Math.max(-signed.value(0), 0);
        Ledger ledger = clamp(downdated(sketch, square), clamped, signed.rounding(), eigenvalues);
        return new Spectrum(d, sketch.rows, eigenvalues, basis, ledger, losses);
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
