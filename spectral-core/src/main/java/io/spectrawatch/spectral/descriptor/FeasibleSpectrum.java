package io.spectrawatch.spectral.descriptor;

import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;

/**
 * All normalised spectra p = lambda / F that a certificate allows: p_i in [a_i, b_i], sum 1.
 *
 * <p>a and b are both descending, so two members bound every Schur-monotone function (Marshall,
 * Olkin, Arnold, Inequalities, ch. 5): {@link #greedy} majorises every member, {@link #waterFilled}
 * is majorised by every member. The eigenvalues below the sketch share one box and are kept as a
 * count.
 */
final class FeasibleSpectrum {
    /** Bisection steps that exhaust the 53 bits and the exponent range between 0 and 1. */
    private static final int BISECTIONS = 1100;

    private final double[] lower;
    private final double[] upper;
    private final long tail;
    private final double tailUpper;
    private final boolean trivial;

    FeasibleSpectrum(Spectrum spectrum) {
        Ledger ledger = spectrum.ledger();
        double[] squares = spectrum.eigenvalues();
        long possible = Math.max(squares.length, Math.min(spectrum.dimension(), spectrum.rows()));
        double least = ledger.energy() - ledger.roundoff();
        double most = ledger.energy() + ledger.roundoff();
        double up = ledger.deltaPlus() + ledger.roundoff();
        double down = ledger.deltaMinus() + ledger.roundoff();
        this.trivial = !(least > 0);
        this.tail = possible - squares.length;
        this.lower = new double[squares.length];
        this.upper = new double[squares.length];
        for (int i = 0; i < squares.length; i++) {
            lower[i] = trivial ? 0 : Math.max(squares[i] - down, 0) / most;
            upper[i] = trivial ? 1 : Math.min((squares[i] + up) / least, 1);
        }
        this.tailUpper = trivial ? 1 : Math.min(up / least, 1);
    }

    /** Returns whether rounding leaves nothing known: no energy beyond the rounding bound. */
    boolean isTrivial() {
        return trivial;
    }

    /** Returns how many eigenvalues may be positive. */
    long possible() {
        return lower.length + tail;
    }

    /** Returns the member whose top-k sums are the largest possible for every k. */
    Simplex greedy() {
        double budget = 1;
        for (double a : lower) {
            budget -= a;
        }
        Simplex point = new Simplex(lower.length + 3);
        for (int i = 0; i < lower.length; i++) {
            double rise = Math.min(Math.max(budget, 0), upper[i] - lower[i]);
            point.add(lower[i] + rise, 1);
            budget -= rise;
        }
        long full = tailUpper > 0 && budget > 0 ? Math.min(tail, (long) (budget / tailUpper)) : 0;
        point.add(tailUpper, full);
        double rest = Math.max(budget - full * tailUpper, 0);
        if (full < tail) {
            point.add(Math.min(rest, tailUpper), 1);
            point.add(0, tail - full - 1);
        }
        return point;
    }

    /** Returns the flattest member: every entry at a common level, clipped to its box. */
    Simplex waterFilled() {
        double low = 0;
        double high = 1;
        for (int step = 0; step < BISECTIONS && high - low > Math.ulp(low); step++) {
            double middle = (low + high) / 2;
            if (filled(middle) > 1) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Simplex point = new Simplex(lower.length + 1);
        for (int i = 0; i < lower.length; i++) {
            point.add(Math.min(Math.max(high, lower[i]), upper[i]), 1);
        }
        point.add(Math.min(high, tailUpper), tail);
        return point;
    }

    private double filled(double level) {
        double sum = tail * Math.min(level, tailUpper);
        for (int i = 0; i < lower.length; i++) {
            sum += Math.min(Math.max(level, lower[i]), upper[i]);
        }
        return sum;
    }
}
