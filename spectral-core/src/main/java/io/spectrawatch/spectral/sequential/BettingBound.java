package io.spectrawatch.spectral.sequential;

/**
 * An upper confidence bound for the mean of variables in [0, 1], whatever their distribution.
 *
 * <p>A gambler who bets the share theta against "the mean is at least m" holds K(m) = prod_i (1 +
 * theta (m - x_i) / (1 - m)) in the end. If each x_i, given those before it, has a mean of at least
 * m, every factor is nonnegative with mean at most 1, so K(m) has mean at most 1, and so has the
 * average over several theta; by Markov's inequality P(K(m) &gt;= 1 / delta) &lt;= delta. K grows
 * with m, so the bound is the one m at which K(m) = 1 / delta, and the mean exceeds it with
 * probability at most delta. No other number of moments is assumed. The bets are those of
 * Waudby-Smith and Ramdas (Estimating means of bounded random variables by betting,
 * arXiv:2010.09686), hedged over fixed shares, so that the order of the variables does not matter.
 *
 * <p>Needed: a mean, given the past, that never falls below the one that is bounded. Independent
 * variables of one distribution have it; variables that drift or follow each other may not, see
 * {@link SerialDependence}.
 */
public final class BettingBound {
    /** Shares of the largest bet; a small one serves many variables, the whole one few. */
    private static final double[] SHARES = {1, .5, .25, .125};

    private static final int BISECTIONS = 40;

    /** More observations than this are not looked for. */
    private static final double MOST = 1e7;

    private BettingBound() {}

    /**
     * Returns the bound.
     *
     * @param values in [0, 1], at least one
     * @param delta probability that the mean exceeds the bound, in (0, 1)
     * @return in (0, 1]; 1 where so few values exclude nothing
     * @throws IllegalArgumentException if a value or the probability is out of range
     */
    public static double upper(double[] values, double delta) {
        check(values, delta);
        double goal = -StrictMath.log(delta);
        double low = 0;
        double high = 1;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (logCapital(values, middle, 1) >= goal) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    /**
     * Returns how many values would bring the bound down to a limit if further ones were as these
     * are; 0 if no number would.
     *
     * @param values in [0, 1], at least one
     * @param delta probability that the mean exceeds the bound, in (0, 1)
     * @param limit in (0, 1)
     */
    public static long needed(double[] values, double delta, double limit) {
        check(values, delta);
        double goal = -StrictMath.log(delta);
        double most = MOST / values.length;
        if (logCapital(values, limit, most) < goal) {
            return 0;
        }
        double low = 0;
        double high = most;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (logCapital(values, limit, middle) >= goal) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return (long) Math.ceil(high * values.length);
    }

    /** Returns the fewest values that can have a bound of the limit at all: if each is 0. */
    public static long fewest(double delta, double limit) {
        return needed(new double[1], delta, limit);
    }

    /** log K(m) if the values had come so many times. */
    private static double logCapital(double[] values, double m, double times) {
        double[] logs = new double[SHARES.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < logs.length; k++) {
            double bet = SHARES[k] / (1 - m);
            double sum = 0;
            for (double value : values) {
                // At the largest bet a value of 1 takes everything; rounding may not take more.
                sum += StrictMath.log1p(Math.max(bet * (m - value), -1));
            }
            logs[k] = times * sum;
            largest = Math.max(largest, logs[k]);
        }
        double total = 0;
        for (double log : logs) {
            total += StrictMath.exp(log - largest);
        }
        return largest + StrictMath.log(total / logs.length);
    }

    private static void check(double[] values, double delta) {
        if (values.length == 0 || !(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException(
                    "betting bound: values and a probability in (0, 1) expected, found "
                            + values.length
                            + " values and "
                            + delta);
        }
        for (double value : values) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException(
                        "betting bound: values in [0, 1] expected, found " + value);
            }
        }
    }
}
