package io.spectrawatch.spectral.detect.combine;

/**
 * Combines the p-values of dependent scores: T = sum_i w_i cot(p_i pi/2), the half-Cauchy
 * statistic.
 *
 * <p>The heavy tail makes the level hold under dependence, as for the Cauchy combination (Liu and
 * Xie, JASA 115, 2020); only its positive half is used, so that one score that finds a sample very
 * normal cannot outvote another. Rows of one sample are averaged, which is the same combination
 * once more.
 */
final class Combination {
    private Combination() {}

    /**
     * An exponential tail underflows to 0 far out, whose term and all that follows were infinite.
     */
    private static final double LEAST_P = 1e-300;

    /** Returns cot(p pi/2): 0 at p = 1, about 2/(pi p) near 0, finite at 0. */
    static double halfCauchy(double p) {
        return p >= 1 ? 0 : 1 / Math.tan(Math.max(p, LEAST_P) * Math.PI / 2);
    }

    /** Returns the p-value whose half-Cauchy term this is. */
    static double p(double term) {
        return Math.atan2(1, term) * 2 / Math.PI;
    }
}
