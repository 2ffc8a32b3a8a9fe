package io.spectrawatch.spectral.sketch;

/**
 * An upper confidence bound on |M|_F^2 of a moment of unit trace from S, the sum of |M omega|^2
 * over g standard normal omega.
 *
 * <p>With mu_i = lambda_i^2, S is distributed as the sum of mu_i times chi-square variables of g
 * degrees of freedom. For S at most s, Chernoff gives exp(theta s) times the product of (1 + 2
 * theta mu_i)^(-g/2), which is Schur-convex in mu; over all mu in [0, w] of sum Q it is largest
 * where Q / w of them equal w. Hence P(S &lt;= x g Q) &lt;= (x e^(1-x))^(g Q / (2 w)) for x below
 * 1, w being any bound on the square of the largest eigenvalue. What makes this less than 5 %
 * bounds Q.
 */
final class SquareBound {
    private static final double LOG_OF_TWENTY = Math.log(20);

    /** Halvings that leave no more than rounding of a bracket. */
    private static final int BISECTIONS = 80;

    /** Relative rounding of the bound's own evaluation. */
    private static final double EVALUATION = 1e-9;

    private SquareBound() {}

    /**
     * Returns what |M|_F^2 exceeds with probability 5 % at most.
     *
     * @param sum S, the observed sum over g probes
     * @param g probes
     * @param largest w, a certain bound on the square of the largest eigenvalue
     */
    static double upper95(double sum, int g, double largest) {
        double low = sum / g;
        if (!(low > 0)) {
            return 1;
        }
        double high = 2 * low;
        while (!unlikely(sum, g, largest, high)) {
            high *= 2;
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (unlikely(sum, g, largest, middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.min(high * (1 + EVALUATION), 1);
    }

    private static boolean unlikely(double sum, int g, double largest, double square) {
        double x = sum / (g * square);
        return g * square / (2 * largest) * (x - 1 - Math.log(x)) > LOG_OF_TWENTY;
    }
}
