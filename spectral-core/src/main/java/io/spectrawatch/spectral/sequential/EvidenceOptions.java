package io.spectrawatch.spectral.sequential;

/**
 * The contract of a betting test: scores in [0, 1] whose conditional mean, given the past, is at
 * most {@code tolerance} while nothing is wrong.
 *
 * @param tolerance mu0, the tolerated conditional mean of a score, in (0, 1); not subnormal, so
 *     that the bets stay finite
 * @param alpha false-alarm level of the whole fleet of streams, in (0, 1)
 * @param weight this stream's share of alpha, in (0, 1]; the shares of all streams sum to at most 1
 * @param horizon what alpha bounds
 * @param bets number of bets lambda_k = 0.9 * 2^-k / mu0, at least 1
 */
public record EvidenceOptions(
        double tolerance, double alpha, double weight, Horizon horizon, int bets) {
    /** Tolerated mean of the margin-consumption score unless configured. */
    public static final double DEFAULT_TOLERANCE = 0.02;

    /** False-alarm level of a fleet unless configured. */
    public static final double DEFAULT_ALPHA = 0.01;

    /** Bets that cover mean shifts over a factor of 32. */
    public static final int DEFAULT_BETS = 6;

    private static final int MOST_BETS = 32;

    /** Checks the ranges. */
    public EvidenceOptions {
        requireOpenUnit("tolerance", tolerance);
        requireOpenUnit("alpha", alpha);
        if (tolerance < Double.MIN_NORMAL) {
            throw new IllegalArgumentException(
                    "evidence options: tolerance from "
                            + Double.MIN_NORMAL
                            + " expected, found "
                            + tolerance);
        }
        if (!(weight > 0 && weight <= 1)) {
            throw new IllegalArgumentException(
                    "evidence options: weight in (0, 1] expected, found " + weight);
        }
        if (horizon == null) {
            throw new IllegalArgumentException("evidence options: horizon is missing");
        }
        if (bets < 1 || bets > MOST_BETS) {
            throw new IllegalArgumentException(
                    "evidence options: 1 to " + MOST_BETS + " bets expected, found " + bets);
        }
    }

    /** Returns mu0 = 0.02, alpha = 0.01, the whole of alpha, ANYTIME, six bets. */
    public static EvidenceOptions defaults() {
        return new EvidenceOptions(
                DEFAULT_TOLERANCE, DEFAULT_ALPHA, 1, Horizon.ANYTIME, DEFAULT_BETS);
    }

    /** Returns these options with another tolerated mean. */
    public EvidenceOptions withTolerance(double value) {
        return new EvidenceOptions(value, alpha, weight, horizon, bets);
    }

    /** Returns these options with another fleet level. */
    public EvidenceOptions withAlpha(double value) {
        return new EvidenceOptions(tolerance, value, weight, horizon, bets);
    }

    /** Returns these options with another share of the level. */
    public EvidenceOptions withWeight(double value) {
        return new EvidenceOptions(tolerance, alpha, value, horizon, bets);
    }

    /** Returns these options with another promise. */
    public EvidenceOptions withHorizon(Horizon value) {
        return new EvidenceOptions(tolerance, alpha, weight, value, bets);
    }

    /** Returns lambda_k; 0 &lt; lambda_k &lt; 1 / mu0 keeps every payoff positive. */
    double bet(int k) {
        return 0.9 * StrictMath.scalb(1.0, -k) / tolerance;
    }

    /**
     * Returns log(1/level) of an epoch: ANYTIME spends alpha/(e (e + 1)) on epoch e = 1, 2, ...,
     * which sums to alpha.
     */
    double logThreshold(int epoch) {
        double spent = horizon == Horizon.ANYTIME ? (double) epoch * (epoch + 1.0) : 1;
        return StrictMath.log(spent) - StrictMath.log(alpha) - StrictMath.log(weight);
    }

    private static void requireOpenUnit(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(
                    "evidence options: " + name + " in (0, 1) expected, found " + value);
        }
    }
}
