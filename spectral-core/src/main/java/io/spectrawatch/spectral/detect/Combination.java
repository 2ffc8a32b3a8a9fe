package io.spectrawatch.spectral.detect;

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

    /** Returns cot(p pi/2): 0 at p = 1, about 2/(pi p) near 0. */
    static double halfCauchy(double p) {
        return p >= 1 ? 0 : 1 / Math.tan(p * Math.PI / 2);
    }

    /** Returns the mean of the rows of each sample. */
    static double[] bySample(double[] rows, int[] samples, int count) {
        double[] sums = new double[count];
        int[] sizes = new int[count];
        for (int i = 0; i < rows.length; i++) {
            sums[samples[i]] += rows[i];
            sizes[samples[i]]++;
        }
        for (int s = 0; s < count; s++) {
            sums[s] /= Math.max(1, sizes[s]);
        }
        return sums;
    }
}
