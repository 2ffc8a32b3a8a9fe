package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.sequential.BettingBound;

/**
 * The mean, without change, of a score that is cut off at a value, as disjoint held-back pools show
 * it.
 *
 * @param cut what larger scores count as
 * @param shares the scores in units of the cut, in [0, 1], by pool
 * @param delta probability that the mean exceeds {@link #upper}
 */
record NullMean(double cut, double[] shares, double delta) {
    /** What a tolerated mean leaves to the dependence of a pool on the pools before it. */
    private static final double SLACK = 2;

    /**
     * Cuts scores off.
     *
     * @param scores of pools that share no pane, in the order of time
     */
    static NullMean of(double[] scores, double cut, double delta) {
        double[] shares = new double[scores.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.min(scores[i] / cut, 1);
        }
        return new NullMean(cut, shares, delta);
    }

    /** Returns the mean of the cut scores. */
    double mean() {
        double sum = 0;
        for (double share : shares) {
            sum += share;
        }
        return cut * sum / shares.length;
    }

    /** Returns the upper confidence bound of the mean of the cut scores. */
    double upper() {
        return cut * BettingBound.upper(shares, delta);
    }

    /** Returns the least mean that may be tolerated: the bound, and twice the mean. */
    double least() {
        return Math.max(SLACK * mean(), upper());
    }

    /** Returns how many pools like these would do for a tolerated mean; 0 if no number would. */
    long needed(double tolerance) {
        return SLACK * mean() <= tolerance
                ? BettingBound.needed(shares, delta, tolerance / cut)
                : 0;
    }
}
