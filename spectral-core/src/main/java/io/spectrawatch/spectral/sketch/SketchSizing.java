package io.spectrawatch.spectral.sketch;

/**
 * Chooses the number of directions before any data is seen.
 *
 * <p>For every k below alpha l + 1, Delta is at most the energy beyond the k-th eigenvalue over
 * alpha l + 1 - k. For eigenvalues that fall as i^(-a) this tail is at most k^(1-a) / (a - 1) times
 * the first eigenvalue (a &gt; 1), or the given number of directions times lambda_k.
 */
public final class SketchSizing {
    private SketchSizing() {}

    /**
     * Returns the least l, a multiple of 8 and at most d, for which Delta / lambda_k is guaranteed
     * to stay below a target.
     *
     * @param k directions of interest
     * @param target largest Delta / lambda_k wanted, positive
     * @param tailRatio energy beyond the k-th eigenvalue over lambda_k; d - k if nothing is known,
     *     k / (a - 1) for a power law of exponent a
     * @throws IllegalArgumentException if no l up to d reaches the target, or alpha is 0, which
     *     guarantees nothing
     */
    public static int sketchRows(
            int dimension, int k, double target, double tailRatio, double alpha) {
        if (k < 1
                || k > dimension
                || !(target > 0)
                || !(tailRatio >= 0)
                || !(alpha > 0 && alpha <= 1)) {
            throw new IllegalArgumentException(
                    "sketch sizing: 1 <= k <= "
                            + dimension
                            + ", positive target and tail, 0 < alpha <= 1 expected, found k "
                            + k
                            + ", target "
                            + target
                            + ", tail "
                            + tailRatio
                            + ", alpha "
                            + alpha);
        }
        // Delta <= tail / (alpha l + 1 - k) <= target lambda_k.
        double needed = (tailRatio / target + k - 1) / alpha;
        long rounded = 8 * (long) Math.ceil(Math.max(needed, k) / 8);
        if (rounded > dimension) {
            throw new IllegalArgumentException(
                    "sketch sizing: at most "
                            + dimension
                            + " directions, "
                            + rounded
                            + " would be needed; keep the"
                            + " exact moment or relax the target "
                            + target);
        }
        return (int) rounded;
    }
}
