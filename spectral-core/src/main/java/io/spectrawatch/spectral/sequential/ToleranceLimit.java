package io.spectrawatch.spectral.sequential;

import java.util.Arrays;

/**
 * An upper tolerance limit from reference scores: with confidence 1 - delta over the reference, a
 * fresh score of the same distribution exceeds it with probability at most {@code exceedance}.
 *
 * <p>The limit is the r-th smallest of m reference scores with the smallest r such that P(Beta(r, m
 * - r + 1) &gt;= 1 - exceedance) &gt;= 1 - delta (Wilks 1941). A betting test on the exceedance
 * indicator with mu0 = exceedance then has total false-alarm probability at most alpha + delta. A
 * plain empirical quantile would not account for the reference's own error.
 *
 * @param limit the threshold
 * @param rank r, from 1
 * @param references m
 * @param exceedance pi0, in (0, 1)
 * @param delta in (0, 1)
 */
public record ToleranceLimit(
        double limit, int rank, int references, double exceedance, double delta) {
    /**
     * Finds the limit.
     *
     * @throws IllegalArgumentException if a score is not finite, a probability is outside (0, 1) or
     *     the reference is too small for the confidence
     */
    public static ToleranceLimit of(double[] reference, double exceedance, double delta) {
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
        int rank = rank(sorted.length, exceedance, delta);
        return new ToleranceLimit(sorted[rank - 1], rank, sorted.length, exceedance, delta);
    }

    /**
     * Finds r: P(Beta(r, m - r + 1) &gt;= q) = P(Binomial(m, q) &lt;= r - 1), summed here from the
     * top.
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
        if (rank > m) {
            throw new IllegalArgumentException(
                    "tolerance limit: "
                            + m
                            + " reference scores are too few for exceedance "
                            + exceedance
                            + " with confidence "
                            + (1 - delta)
                            + "; at least "
                            + (long) StrictMath.ceil(StrictMath.log(delta) / logQ)
                            + " are needed");
        }
        return Math.max(rank, 1);
    }

    /** Returns 1 if a score exceeds the limit, else 0. */
    public int score(double value) {
        return value > limit ? 1 : 0;
    }
}
