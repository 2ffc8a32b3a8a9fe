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
    private final double[] losses;
    private final double roundoff;
    private final double[] squares;
    private final double up;
    private final double down;
    private final double leastEnergy;
    private final double mostEnergy;
    private Simplex greedy;
    private Simplex waterFilled;

    FeasibleSpectrum(Spectrum spectrum) {
        Ledger ledger = spectrum.ledger();
        this.squares = spectrum.eigenvalues();
        long possible = Math.max(squares.length, Math.min(spectrum.dimension(), spectrum.rows()));
        this.leastEnergy = ledger.energy() - ledger.roundoff();
        this.mostEnergy = ledger.energy() + ledger.roundoff();
        this.up = ledger.deltaPlus() + ledger.roundoff();
        this.down = ledger.deltaMinus() + ledger.roundoff();
        this.trivial = !(leastEnergy > 0);
        this.tail = possible - squares.length;
        this.losses = spectrum.losses();
        this.roundoff = ledger.roundoff();
        this.lower = new double[squares.length];
        this.upper = new double[squares.length];
        for (int i = 0; i < squares.length; i++) {
            lower[i] = trivial ? 0 : Math.max(squares[i] - down, 0) / mostEnergy;
            upper[i] = trivial ? 1 : Math.min((squares[i] + up) / leastEnergy, 1);
        }
        this.tailUpper = trivial ? 1 : Math.min(up / leastEnergy, 1);
    }

    private FeasibleSpectrum(FeasibleSpectrum of, double leastSum, double mostSum) {
        this.trivial = false;
        this.losses = new double[0];
        this.roundoff = of.roundoff;
        this.tail = of.tail;
        this.lower = new double[of.lower.length];
        this.upper = new double[of.lower.length];
        for (int i = 0; i < lower.length; i++) {
            lower[i] = Math.sqrt(of.lower[i]) / mostSum;
            upper[i] = Math.min(Math.sqrt(of.upper[i]) / leastSum, 1);
        }
        this.tailUpper = Math.min(Math.sqrt(of.tailUpper) / leastSum, 1);
        this.squares = of.squares;
        this.up = of.up;
        this.down = of.down;
        this.leastEnergy = of.leastEnergy;
        this.mostEnergy = of.mostEnergy;
    }

    /** Returns all normalised roots q_i = sqrt(p_i) / sum sqrt(p_j) of members, and some more. */
    FeasibleSpectrum ofRoots() {
        double least = greedy().rootSum() * (1 - 1e-12);
        double most = waterFilled().rootSum() * (1 + 1e-12);
        return new FeasibleSpectrum(this, least, most);
    }

    /** Returns whether rounding leaves nothing known: no energy beyond the rounding bound. */
    boolean isTrivial() {
        return trivial;
    }

    /** Returns how many eigenvalues may be positive. */
    long possible() {
        return lower.length + tail;
    }

    /** Returns the number of eigenvalues with a box of their own. */
    int size() {
        return squares.length;
    }

    /** Returns the smallest value of the i-th largest eigenvalue, from 0. */
    double eigenvalueLower(int i) {
        return i < squares.length ? Math.max(squares[i] - down, 0) : 0;
    }

    /** Returns the largest value of the i-th largest eigenvalue, from 0. */
    double eigenvalueUpper(int i) {
        return (i < squares.length ? squares[i] : 0) + up;
    }

    /** Returns a_i, i below {@link #size}; below that the least is 0. */
    double lower(int i) {
        return lower[i];
    }

    /** Returns b_i, i below {@link #size}. */
    double upper(int i) {
        return upper[i];
    }

    /** Returns how many eigenvalues share the box from 0 to {@link #tailUpper}. */
    long tail() {
        return tail;
    }

    double tailUpper() {
        return tailUpper;
    }

    double leastEnergy() {
        return Math.max(leastEnergy, 0);
    }

    double mostEnergy() {
        return mostEnergy;
    }

    /**
     * Bounds the total variation distance between any member and {@link #waterFilled}: what could
     * move up is at most the room above it, what could move down the room below.
     */
    double radius() {
        if (trivial) {
            return 1;
        }
        Simplex point = waterFilled();
        double above = 0;
        double below = 0;
        for (int i = 0; i < lower.length; i++) {
            above += Math.max(upper[i] - point.values[i], 0);
            below += Math.max(point.values[i] - lower[i], 0);
        }
        double level = tail > 0 ? point.values[point.size - 1] : 0;
        above += tail * Math.max(tailUpper - level, 0);
        below += tail * level;
        return Math.min(Math.min(above, below) + 1e-12, 1);
    }

    /**
     * Returns the spectrum whose top-k sums are the largest that any member has: of the boxes, and
     * of what is known of the losses by rank.
     */
    Simplex greedy() {
        if (greedy == null) {
            Simplex boxed = fillFromTheTop();
            greedy = losses.length == 0 || trivial ? boxed : limited(boxed);
        }
        return greedy;
    }

    /**
     * Cuts the top-k sums of the boxes' extreme down to those of eigenvalues plus losses, each in
     * descending order (Fan 1949): the smaller of two concave sequences is concave, so its steps
     * are descending again and majorise every member.
     */
    private Simplex limited(Simplex boxed) {
        int n = (int) possible();
        double[] box = boxed.expanded(n);
        Simplex point = new Simplex(n);
        double boxes = 0;
        double ranked = 0;
        double before = 0;
        for (int i = 0; i < n; i++) {
            double loss = losses[Math.min(i, losses.length - 1)];
            double held = i < squares.length ? squares[i] : 0;
            boxes += box[i];
            ranked += (held + loss + roundoff) / leastEnergy;
            double sum = Math.min(boxes, ranked);
            point.add(Math.max(sum - before, 0), 1);
            before = sum;
        }
        // Losses that do not add up to what is missing cannot be this spectrum's.
        return before < 1 - 1e-9 ? boxed : point;
    }

    private Simplex fillFromTheTop() {
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
        if (waterFilled == null) {
            waterFilled = level();
        }
        return waterFilled;
    }

    /**
     * Returns what every member majorises whose k largest entries sum to at least a share: its
     * top-i sums are concave in i and no less than those of {@link #waterFilled}, nor than the
     * share at k, so no less than the least concave sequence above these.
     */
    Simplex waterFilled(int k, double share) {
        Simplex level = waterFilled();
        int n = (int) possible();
        if (k < 1 || k > n || !(share > level.top(k))) {
            return level;
        }
        double[] values = level.expanded(n);
        double[] sums = new double[n + 1];
        for (int i = 0; i < n; i++) {
            sums[i + 1] = sums[i] + values[i];
        }
        // Both tangents from the raised point; beyond them the sequence stays as it was.
        double target = Math.min(share, sums[n]);
        int from = k - 1;
        while (from > 0
                && (target - sums[from]) * (k - from + 1)
                        > (target - sums[from - 1]) * (k - from)) {
            from--;
        }
        int to = Math.min(k + 1, n);
        while (to < n && (sums[to] - target) * (to + 1 - k) < (sums[to + 1] - target) * (to - k)) {
            to++;
        }
        Simplex point = new Simplex(n + 2);
        for (int i = 0; i < from; i++) {
            point.add(values[i], 1);
        }
        point.add((target - sums[from]) / (k - from), k - from);
        if (to > k) {
            point.add((sums[to] - target) / (to - k), to - k);
        }
        for (int i = to; i < n; i++) {
            point.add(values[i], 1);
        }
        return point;
    }

    private Simplex level() {
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
