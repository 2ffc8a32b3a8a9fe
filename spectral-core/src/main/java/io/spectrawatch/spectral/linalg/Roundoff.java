package io.spectrawatch.spectral.linalg;

/** Forward bounds on fp64 sums (Higham, Accuracy and Stability of Numerical Algorithms, ch. 3). */
public final class Roundoff {
    /** Unit roundoff of binary64. */
    public static final double UNIT = 0x1p-53;

    private Roundoff() {}

    /** Returns gamma_k = k u / (1 - k u). */
    public static double gamma(double k) {
        return k * UNIT / (1 - k * UNIT);
    }
}
