package io.spectrawatch.spectral.sequential;

import java.util.Arrays;

/**
 * An upper tolerance limit from reference scores: with confidence 1 - delta over the reference, a
 * fresh score of the same distribution exceeds it with probability at most {@code exceedance}.
 *
 * <p>The limit is the r-th smallest of m reference scores with the smallest r such that P(Beta(r, m
 * - r + 1) &gt;= 1 - exceedance) &gt;= 1 - delta (Wilks 1941). A betting test of level alpha on the
 * exceedance indicator with mu0 = exceedance then has total false-alarm probability at most alpha +
 * delta: whoever promises a level has to take delta, of every reference, out of it. A plain
 * empirical quantile would not account for the reference's own error.
 *
 * @param limit the threshold
 * @param rank r, from 1
 * @param references m
 * @param exceedance pi0, in (0, 1)
 * @param delta in (0, 1)
 */
public record ToleranceLimit(
        double limit, int rank, int references, double exceedance, double delta) {
    /** Halvings of [0, 1] that reach the spacing of doubles near a percent. */
    private static final int HALVINGS = 60;

    /**
     * Finds the limit.
     *
     * @throws IllegalArgumentException if a score is not finite, a probability is outside (0, 1) or
     *     the reference is too small for the confidence
     */
    public static ToleranceLimit of(double[] reference, double exceedance, double delta) {
        double[] sorted = sorted(reference, exceedance, delta);
        int rank = rank(sorted.length, exceedance, delta);
        if (rank > sorted.length) {
            throw new IllegalArgumentException(
                    "tolerance limit: "
                            + sorted.length
                            + " reference scores are too few for exceedance "
                            + exceedance
                            + " with confidence "
                            + (1 - delta)
                            + "; at least "
                            + (long)
                                    StrictMath.ceil(
                                            StrictMath.log(delta) / StrictMath.log1p(-exceedance))
                            + " are needed");
        }
        return new ToleranceLimit(sorted[rank - 1], rank, sorted.length, exceedance, delta);
    }

    /**
     * Finds the limit; of a reference that is too small for the confidence, its largest score with
     * the least exceedance it supports.
     *
     * @throws IllegalArgumentException if a score is not finite, a probability is outside (0, 1) or
     *     there is no score
     */
    public static ToleranceLimit supported(double[] reference, double exceedance, double delta) {
        double[] sorted = sorted(reference, exceedance, delta);
        int m = sorted.length;
        if (m == 0) {
            throw new IllegalArgumentException("tolerance limit: a reference score expected");
        }
        int rank = rank(m, exceedance, delta);
        return rank <= m
                ? new ToleranceLimit(sorted[rank - 1], rank, m, exceedance, delta)
                : new ToleranceLimit(sorted[m - 1], m, m, share(m, m, delta), delta);
    }

    private static double[] sorted(double[] reference, double exceedance, double delta) {
        if (!(exceedance > 0 && exceedance < 1 && delta > 0 && delta < 1)) {
            throw new IllegalArgumentException(
                    "tolerance limit: exceedance and delta in (0, 1) expected, found "
                            + exceedance
                            + " and "
                            + delta);
        }
        double[] sorted = reference.clone();
        for (double score : sorted) {
            if (!Double.isFinite(score)) {
                throw new IllegalArgumentException(
                        "tolerance limit: finite reference scores expected, found " + score);
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    /**
     * Returns the share of fresh scores beyond the {@code rank}-th smallest of so many reference
     * scores that is not exceeded with confidence 1 - delta over the reference: the least x with
     * P(Binomial(m, x) &lt;= m - rank) &lt;= delta (Clopper and Pearson 1934), rounded up.
     *
     * @param references m
     * @param rank from 1 to m
     */
    public static double share(int references, int rank, double delta) {
        if (rank < 1 || rank > references || !(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException(
                    "tolerance limit: a rank from 1 to "
                            + references
                            + " and delta in (0, 1) expected, found "
                            + rank
                            + " and "
                            + delta);
        }
        double low = 0;
        double high = 1;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = low + (high - low) / 2;
            boolean enough = atMost(references - rank, references, middle) <= delta;
            low = enough ? low : middle;
            high = enough ? middle : high;
        }
        return Math.min(high, Math.nextDown(1.0));
    }

    /** Returns P(Binomial(m, x) &lt;= k) for x in (0, 1). */
    private static double atMost(int k, int m, double x) {
        double logOdds = StrictMath.log(x) - StrictMath.log1p(-x);
        double logMass = m * StrictMath.log1p(-x);
        double sum = 0;
        for (int i = 0; i <= k; i++) {
            sum += StrictMath.exp(logMass);
            logMass += StrictMath.log(m - (double) i) - StrictMath.log(i + 1.0) + logOdds;
        }
        return sum;
    }

    /**
     * Finds r: P(Beta(r, m - r + 1) &gt;= q) = P(Binomial(m, q) &lt;= r - 1), summed here from the
     * top; m + 1 if there is none.
     */
    private static int rank(int m, double exceedance, double delta) {
        double logQ = StrictMath.log1p(-exceedance);
        double logP = StrictMath.log(exceedance);
        double logChoose = 0;
        double above = 0;
        int rank = m + 1;
        for (int successes = m; successes >= 0; successes--) {
            above += StrictMath.exp(logChoose + successes * logQ + (m - successes) * logP);
            if (above > delta) {
                break;
            }
            rank = successes;
            logChoose += StrictMath.log(successes) - StrictMath.log(m - successes + 1.0);
        }
        return Math.max(rank, 1);
    }

    /** Returns 1 if a score exceeds the limit, else 0. */
    public int score(double value) {
        return value > limit ? 1 : 0;
    }
}
