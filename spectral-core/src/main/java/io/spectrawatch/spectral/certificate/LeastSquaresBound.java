package io.spectrawatch.spectral.certificate;

/**
 * How far a least-squares map W^ = N^ M^^-1 may be from W = N M^-1 when both moments carry an
 * error: ||W^ - W||_2 &lt;= (||E_N|| + ||W|| ||E_M||) / lambda_min(M^), solved for ||W||.
 */
public final class LeastSquaresBound {
    private LeastSquaresBound() {}

    /**
     * Returns the bound in spectral norm, infinite if the error reaches the smallest eigenvalue.
     *
     * @param map W^ (k' x k)
     * @param moment M^ (k x k), symmetric positive semidefinite
     * @param crossError bound on ||E_N||_2
     * @param momentError bound on ||E_M||_2
     */
    public static double of(double[] map, double[] moment, double crossError, double momentError) {
        int k = (int) Math.round(Math.sqrt(moment.length));
        double least = SymmetricEigenvalues.of(k, moment)[k - 1];
        if (!(momentError < least)) {
            return Double.POSITIVE_INFINITY;
        }
        double norm = Dense.singularValues(map.length / k, k, map)[0];
        double trueNorm = (norm + crossError / least) / (1 - momentError / least);
        return (crossError + trueNorm * momentError) / least;
    }
}
