package io.spectrawatch.spectral.linalg;

/** Distances and ranks of normalised spectra p (descending, sum 1, length d). */
public final class WindowSpectra {
    private WindowSpectra() {}

    /**
     * Returns p_i = lambda_i / sum lambda.
     *
     * @throws IllegalArgumentException if an entry is negative or not finite or all are 0
     */
    public static double[] normalise(double[] eigenvalues) {
        double sum = 0;
        for (double value : eigenvalues) {
            if (!(value >= 0)) {
                throw new IllegalArgumentException(
                        "spectrum: eigenvalues from 0 expected, found " + value);
            }
            sum += value;
        }
        if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "spectrum: finite positive energy expected, found " + sum);
        }
        double[] p = eigenvalues.clone();
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    /** Returns the Kolmogorov-Smirnov distance max_k |F(k) - F'(k)|. */
    public static double kolmogorovSmirnov(double[] p, double[] q) {
        requireSameLength(p, q);
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < p.length; i++) {
            difference += p[i] - q[i];
            largest = Math.max(largest, Math.abs(difference));
        }
        return largest;
    }

    /** Returns the squared Hellinger distance h = (1/2) sum (sqrt p_i - sqrt q_i)^2, in [0, 1]. */
    public static double hellinger(double[] p, double[] q) {
        return hellinger(p, p, q);
    }

    /**
     * Returns the debiased squared Hellinger distance (1/2) sum (sqrt p_i - sqrt q_i)(sqrt p'_i -
     * sqrt q_i) of two independent halves from a reference; it may be negative.
     */
    public static double hellinger(double[] half1, double[] half2, double[] reference) {
        requireSameLength(half1, reference);
        requireSameLength(half2, reference);
        double sum = 0;
        for (int i = 0; i < reference.length; i++) {
            double root = Math.sqrt(reference[i]);
            sum += (Math.sqrt(half1[i]) - root) * (Math.sqrt(half2[i]) - root);
        }
        return sum / 2;
    }

    /**
     * Returns the squared Bures-Wasserstein distance 2 d h of ordered spectra normalised to trace
     * d.
     */
    public static double buresWasserstein(double[] p, double[] q) {
        return 2 * p.length * hellinger(p, q);
    }

    /** Returns r_q, the fewest leading entries that hold a share q. */
    public static int effectiveRank(double[] p, double share) {
        double sum = 0;
        for (int k = 1; k <= p.length; k++) {
            sum += p[k - 1];
            if (sum >= share) {
                return k;
            }
        }
        return p.length;
    }

    /**
     * Returns the squared Bures-Wasserstein distance between two moments from factors b1 (m1 x d)
     * and b2 (m2 x d) with moment b^T b: the energies minus twice the nuclear norm of b1 b2^T. At
     * least the spectrum-only distance; the rest is rotation.
     */
    public static double buresWasserstein(double[] b1, double[] b2, int d) {
        int m1 = b1.length / d;
        int m2 = b2.length / d;
        double[] cross = Dense.multiply(m1, d, m2, b1, Dense.transpose(m2, d, b2));
        double nuclear = 0;
        for (double value : Dense.singularValues(m1, m2, cross)) {
            nuclear += value;
        }
        return Math.max(Dense.dot(b1, b1) + Dense.dot(b2, b2) - 2 * nuclear, 0);
    }

    private static void requireSameLength(double[] p, double[] q) {
        if (p.length != q.length) {
            throw new IllegalArgumentException(
                    "spectra: lengths " + p.length + " and " + q.length + " differ");
        }
    }
}
