package io.spectrawatch.spectral.sketch;

/**
 * An upper confidence bound on Q = |X|_F^2 of a matrix X from S, the sum of |X omega|^2 over g
 * standard normal omega.
 *
 * <p>With mu_i the eigenvalues of X^T X, S is distributed as the sum of mu_i times chi-square
 * variables of g degrees of freedom. For S at most s, Chernoff gives exp(theta s) times the product
 * of (1 + 2 theta mu_i)^(-g/2), which is Schur-convex in mu; over all mu in [0, w] of sum Q it is
 * largest where Q / w of them equal w, or where one is Q if that is less. Hence P(S &lt;= x g Q)
 * &lt;= (x e^(1-x))^(g max(Q / w, 1) / 2) for x below 1, w being any bound on the largest mu. What
 * makes this less than the given probability bounds Q.
 */
final class SquareBound {
    /** Halvings that leave no more than rounding of a bracket. */
    private static final int BISECTIONS = 60;

    /** Relative rounding of the bound's own evaluation. */
    private static final double EVALUATION = 1e-9;

    private final int g;
    private final double largest;
    private final double needed;

    private SquareBound(int g, double largest, double probability) {
        this.g = g;
        this.largest = largest;
        this.needed = -Math.log(probability);
    }

    /**
     * Returns what |X|_F^2 exceeds with the given probability at most.
     *
     * @param sum S, the observed sum over g probes; one that is no finite number bounds nothing
     * @param g probes
     * @param largest w, a certain bound on the square of X's operator norm
     * @param probability of missing, above 0 and below 1
     */
    static double upper(double sum, int g, double largest, double probability) {
        if (!(sum > 0)) {
            return sum <= 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        if (Double.isInfinite(sum) || Double.isNaN(largest)) {
            return Double.POSITIVE_INFINITY;
        }
        return new SquareBound(g, largest, probability).above(sum);
    }

    private double above(double sum) {
        double low = sum / g;
        double high = 2 * low;
        while (!unlikely(sum, high)) {
            high *= 2;
        }
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (unlikely(sum, middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high * (1 + EVALUATION);
    }

    private boolean unlikely(double sum, double square) {
        double x = sum / (g * square);
        double equal = Math.max(square / largest, 1);
        return g * equal / 2 * (x - 1 - Math.log(x)) > needed;
    }
}
