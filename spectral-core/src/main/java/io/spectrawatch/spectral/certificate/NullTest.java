package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.sequential.BettingBound;
import io.spectrawatch.spectral.sequential.SerialDependence;
import java.util.Locale;

/**
 * How a sequential test is set up from the scores of held-back pools, or why it is not offered.
 *
 * <p>Bounding the mean of a score in [0, 1] below 0.02 would take hundreds of pools, because one
 * rare score of 1 weighs as much as fifty of 0.02. The test bets on scores cut off at a small value
 * instead, whose mean fewer pools can bound. An alarm still says that the mean of the whole score
 * is above the tolerated one, which is at least the mean of the cut score; a single huge score
 * counts as the cut.
 *
 * @param tolerance mu0
 * @param cut what larger scores count as
 * @param mean mean of the uncut scores
 * @param refusal why the test is not offered, or empty
 */
record NullTest(double tolerance, double cut, double mean, String refusal) {
    /** Cuts that are tried, each half of the one before. */
    static final int CUTS = 5;

    /**
     * Largest share of the cut that a tolerated mean may be: no pool can multiply the evidence by
     * more than the inverse.
     */
    static final double MOST_SHARE = .5;

    /** The smallest cut is taken at which a pool can multiply the evidence well enough. */
    private static final double GOOD_SHARE = .4;

    /** Pools whose order is this unlikely under independence are taken to depend on each other. */
    private static final double DEPENDENCE_LEVEL = .02;

    /**
     * The range of a tolerated mean that is not configured.
     *
     * @param least nothing smaller is worth an alarm
     * @param most nothing larger may go unnoticed
     */
    record Range(double least, double most) {}

    /** Returns what a test is that is not offered, and never fed. */
    static NullTest none(double configured, Range range, double mean, String reason) {
        double tolerance = configured > 0 ? configured : range.most();
        return new NullTest(tolerance, Math.min(tolerance / MOST_SHARE, 1), mean, reason);
    }

    /** Returns the fewest pools that can support a test at all. */
    static long fewest(double delta) {
        return BettingBound.fewest(delta / CUTS, MOST_SHARE);
    }

    /**
     * Sets up a test.
     *
     * @param scores of pools that share no pane, in the order of time
     * @param rows rows of a pool
     * @param configured mu0, or 0 to take it from the scores
     * @param delta probability that the mean of the cut score exceeds mu0 although it is offered
     */
    static NullTest of(double[] scores, long rows, double configured, Range range, double delta) {
        double mean = 0;
        for (double score : scores) {
            mean += score / scores.length;
        }
        double p = SerialDependence.pValue(scores);
        if (p <= DEPENDENCE_LEVEL) {
            return none(configured, range, mean, dependent(scores.length, rows, p));
        }
        return configured > 0
                ? configured(scores, rows, configured, mean, delta)
                : measured(scores, rows, range, mean, delta);
    }

    /** The largest cut whose mean stays at the configured one: it multiplies the evidence most. */
    private static NullTest configured(
            double[] scores, long rows, double tolerance, double mean, double delta) {
        NullMean last = null;
        for (int i = CUTS - 1; i >= 0; i--) {
            double cut = Math.min(tolerance / MOST_SHARE * (1 << i), 1);
            last = NullMean.of(scores, cut, delta / CUTS);
            if (last.least() <= tolerance) {
                return new NullTest(tolerance, cut, mean, "");
            }
        }
        return new NullTest(tolerance, last.cut(), mean, tooHigh(last, tolerance, rows));
    }

    /** The smallest good cut, so that small shifts count; failing that the best one. */
    private static NullTest measured(
            double[] scores, long rows, Range range, double mean, double delta) {
        NullMean best = null;
        double bestTolerance = 0;
        for (int i = CUTS - 1; i >= 0; i--) {
            double cut = range.most() / MOST_SHARE / (1 << i);
            NullMean cutOff = NullMean.of(scores, cut, delta / CUTS);
            double tolerance = Math.max(cutOff.least(), range.least());
            if (tolerance <= GOOD_SHARE * cut) {
                return new NullTest(tolerance, cut, mean, "");
            }
            if (best == null || tolerance / cut < bestTolerance / best.cut()) {
                best = cutOff;
                bestTolerance = tolerance;
            }
        }
        double allowed = MOST_SHARE * best.cut();
        return bestTolerance <= allowed
                ? new NullTest(bestTolerance, best.cut(), mean, "")
                : new NullTest(allowed, best.cut(), mean, tooHigh(best, allowed, rows));
    }

    /** An error probability as people read it. */
    static String probability(double delta) {
        return String.format(Locale.ROOT, "%.1e", delta);
    }

    private static String dependent(int pools, long rows, double p) {
        return "without change the scores of "
                + pools
                + " disjoint pools of "
                + rows
                + " rows follow each other (p = "
                + p
                + ", more than "
                + DEPENDENCE_LEVEL
                + " is needed), so they say too little about their mean; pools over the time that"
                + " links them need more held-back rows";
    }

    private static String tooHigh(NullMean mean, double tolerance, long rows) {
        long needed = mean.needed(tolerance);
        return "without change the score, cut off at "
                + mean.cut()
                + ", has a mean of "
                + mean.mean()
                + ", at most "
                + mean.upper()
                + " with error probability "
                + probability(mean.delta())
                + ", in "
                + mean.shares().length
                + " disjoint pools of "
                + rows
                + " rows; at most half the tolerated mean "
                + tolerance
                + " and all of it are allowed; "
                + (needed == 0
                        ? "no number of such pools would do"
                        : needed + " such pools (" + needed * rows + " rows) would do");
    }
}
