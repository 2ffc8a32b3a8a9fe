package io.spectrawatch.spectral.linalg;

/**
 * Forward bounds on floating-point sums (Higham, Accuracy and Stability of Numerical Algorithms,
 * ch. 3); they hold for any order of summation.
 */
public final class Roundoff {
    /** Unit roundoff of binary64. */
    public static final double UNIT = 0x1p-53;

    /** Unit roundoff of binary32. */
    private static final double SINGLE_UNIT = 0x1p-24;

    /**
     * Bound on the symmetric eigensolver's backward error and loss of orthogonality in units of m u
     * |G|; LAPACK promises a modest polynomial of the order, observed values stay below 1.
     */
    public static final double EIGENSOLVER = 8;

    private Roundoff() {}

    /** Returns gamma_k = k u / (1 - k u). */
    public static double gamma(double k) {
        return k * UNIT / (1 - k * UNIT);
    }

    /** Returns gamma_k for binary32. */
    public static double singleGamma(double k) {
        return k * SINGLE_UNIT / (1 - k * SINGLE_UNIT);
    }
}
