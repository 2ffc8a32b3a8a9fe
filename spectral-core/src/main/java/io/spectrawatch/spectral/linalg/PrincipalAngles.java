package io.spectrawatch.spectral.linalg;

/**
 * Principal angles between two k-dimensional subspaces, from orthonormal rows; free of any choice
 * of bases.
 *
 * @param sines sin theta_i, descending
 * @param chordal mean squared sine, 1 - ||V V'^T||_F^2 / k
 */
public record PrincipalAngles(double[] sines, double chordal) {
    /**
     * Computes them from the part of one basis outside the other, which is accurate for small
     * angles.
     *
     * @param first k x d orthonormal rows
     * @param second k x d orthonormal rows
     */
    public static PrincipalAngles between(double[] first, double[] second, int d) {
        int k = first.length / d;
        if (first.length != second.length || k * d != first.length || k < 1) {
            throw new IllegalArgumentException(
                    "principal angles: two bases of rows of "
                            + d
                            + " expected, found "
                            + first.length
                            + " and "
                            + second.length
                            + " entries");
        }
        double[] cosines = Dense.multiply(k, d, k, second, Dense.transpose(k, d, first));
        double[] outside = Dense.subtract(second, Dense.multiply(k, k, d, cosines, first));
        double[] sines = Dense.singularValues(k, d, outside);
        double sum = 0;
        for (int i = 0; i < k; i++) {
            sines[i] = Math.min(sines[i], 1);
            sum += sines[i] * sines[i];
        }
        return new PrincipalAngles(sines, Math.min(sum / k, 1));
    }

    /** Returns the sines. */
    @Override
    public double[] sines() {
        return sines.clone();
    }

    /** Returns the largest sine, ||sin Theta||_2. */
    public double largest() {
        return sines[0];
    }

    /**
     * Returns a lower bound on the largest sine between the true subspaces, given bounds on each
     * one's error: the largest sine is a metric.
     */
    public double provenLargest(double firstError, double secondError) {
        return Math.max(largest() - firstError - secondError, 0);
    }
}
