package io.spectrawatch.spectral.sequential;

/**
 * Debiased squared distance from two independent halves of the data: the mean of &lt;h1 - ref, h2 -
 * ref&gt; is ||E h - ref||^2, while sampling noise alone would inflate ||h - ref||^2.
 */
public final class SplitHalf {
    private SplitHalf() {}

    /**
     * Returns &lt;h1 - ref, h2 - ref&gt; / scale^2, which may be negative.
     *
     * @throws IllegalArgumentException if lengths differ or the scale is not positive
     */
    public static double squaredDistance(
            double[] half1, double[] half2, double[] reference, double scale) {
        if (half1.length != reference.length || half2.length != reference.length) {
            throw new IllegalArgumentException(
                    "split halves: lengths "
                            + half1.length
                            + ", "
                            + half2.length
                            + " and "
                            + reference.length
                            + " differ");
        }
        if (!(scale > 0)) {
            throw new IllegalArgumentException(
                    "split halves: a positive scale expected, found " + scale);
        }
        double sum = 0;
        for (int i = 0; i < reference.length; i++) {
            sum += (half1[i] - reference[i]) * (half2[i] - reference[i]);
        }
        return sum / (scale * scale);
    }

    /**
     * Returns a statistic clipped to [0, 1], the range of a score.
     *
     * @throws IllegalArgumentException if it is not a number
     */
    public static double score(double statistic) {
        if (Double.isNaN(statistic)) {
            throw new IllegalArgumentException("split halves: the statistic is not a number");
        }
        return Math.min(Math.max(statistic, 0), 1);
    }
}
