package io.spectrawatch.spectral.detect.attack;

import java.io.Serializable;

/**
 * When near-identical requests of one client are the trail of a search.
 *
 * <p>A step is close when a request lies nearer to one of its client's last ones than every pair of
 * calibration, held-out samples with the nearest of the reference; a request counts as close when
 * {@link #LEAST_DEPTH} requests led to it in such steps. The evidence that a client sends more of
 * these than tolerated is a mixture of likelihood ratios, over shares above {@link #TOLERATED}, of
 * the number of its requests and of the close ones. While each of its requests is close with a
 * probability of at most that share, given those before, the evidence exceeds 1/a ever with a
 * probability of at most a (Ville 1939; Robbins 1970), so a is chosen such that all clients that
 * can begin in the panes of a day bring {@code alertsPerDay} in expectation at most.
 *
 * @param alertsPerDay expected false alerts of a model per day at most; 0: no trails are followed
 * @param starters clients of a model that can begin in one pane: those counted, on all shards
 * @param calmPanes panes without evidence after which an alert is over
 * @param clients whose evidence is kept from pane to pane
 */
public record TrailOptions(double alertsPerDay, int starters, int calmPanes, int clients)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The share of close requests that is tolerated. */
    public static final double TOLERATED = 0.05;

    /**
     * Requests that led to one in close steps, itself included, from which on it counts as close:
     * an input and a variation of it are no trail.
     */
    public static final int LEAST_DEPTH = 3;

    /** Shares that the mixture weighs alike, in the middle of as many parts above that one. */
    private static final int SHARES = 8;

    private static final double DAY_MICROS = 86_400e6;

    /**
     * @throws IllegalArgumentException if the budget is negative or a count not positive
     */
    public TrailOptions {
        if (!(alertsPerDay >= 0) || starters < 1 || calmPanes < 1 || clients < 1) {
            throw new IllegalArgumentException(
                    "trails: alerts per day from 0 and positive counts expected, found "
                            + alertsPerDay
                            + ", "
                            + starters
                            + " starters, "
                            + calmPanes
                            + " calm panes and "
                            + clients
                            + " clients");
        }
    }

    /** Whether trails are followed at all. */
    public boolean followed() {
        return alertsPerDay > 0;
    }

    /**
     * Returns the logarithm of the evidence at which a client is said to search, 0 at least.
     *
     * @param paneMicros length of a pane
     */
    public double logThreshold(long paneMicros) {
        return Math.max(0, StrictMath.log(starters * (DAY_MICROS / paneMicros) / alertsPerDay));
    }

    /** Returns the logarithm of the evidence of so many requests, {@code close} of them close. */
    public static double logEvidence(long requests, long close) {
        double[] logs = new double[SHARES];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < SHARES; i++) {
            double share = TOLERATED + (1 - TOLERATED) * (i + 0.5) / SHARES;
            logs[i] =
                    close * StrictMath.log(share / TOLERATED)
                            + (requests - close) * StrictMath.log((1 - share) / (1 - TOLERATED));
            largest = Math.max(largest, logs[i]);
        }
        double sum = 0;
        for (double log : logs) {
            sum += StrictMath.exp(log - largest);
        }
        return largest + StrictMath.log(sum / SHARES);
    }
}
