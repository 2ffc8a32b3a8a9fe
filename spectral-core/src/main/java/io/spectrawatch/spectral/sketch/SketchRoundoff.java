package io.spectrawatch.spectral.sketch;

/**
 * Forward bounds on fp64 arithmetic (Higham, Accuracy and Stability of Numerical Algorithms, ch.
 * 3); they hold for any order of summation.
 */
final class SketchRoundoff {
    /** Unit roundoff of binary64. */
    static final double UNIT = 0x1p-53;

    /**
     * Bound on the symmetric eigensolver's backward error and loss of orthogonality in units of m u
     * |G|; LAPACK promises a modest polynomial of the order, observed values stay below 1.
     */
    static final double EIGENSOLVER = 8;

    private SketchRoundoff() {}

    /** Returns gamma_k = k u / (1 - k u). */
    static double gamma(double k) {
        return k * UNIT / (1 - k * UNIT);
    }

    /** Returns gamma_k for binary32. */
    static double singleGamma(double k) {
        double unit = 0x1p-24;
        return k * unit / (1 - k * unit);
    }
}
