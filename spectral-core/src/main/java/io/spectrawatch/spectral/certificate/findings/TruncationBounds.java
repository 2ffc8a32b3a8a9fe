package io.spectrawatch.spectral.certificate.findings;

/**
 * A-priori bounds on what a truncation to dominant windows removes from a product A' A of two
 * factors; typically several times the measured residual, so a certificate uses the measured one
 * wherever the full matrix is at hand.
 *
 * <p>T - Pi' T Pi = (I - Pi') T + Pi' T (I - Pi) is an orthogonal sum.
 */
public final class TruncationBounds {
    private TruncationBounds() {}

    /**
     * Returns the Frobenius bound sqrt(tau'^2 sigma_1^2 + sigma'_1^2 tau^2).
     *
     * @param sigma singular values of A, descending
     * @param k window of A
     * @param sigmaNext singular values of A', descending
     * @param kNext window of A'
     */
    public static double frobenius(double[] sigma, int k, double[] sigmaNext, int kNext) {
        return Math.sqrt(
                tail(sigmaNext, kNext) * sigma[0] * sigma[0]
                        + sigmaNext[0] * sigmaNext[0] * tail(sigma, k));
    }

    /** Returns the spectral bound sqrt(sigma'_{k'+1}^2 sigma_1^2 + sigma'_1^2 sigma_{k+1}^2). */
    public static double spectral(double[] sigma, int k, double[] sigmaNext, int kNext) {
        double first = kNext < sigmaNext.length ? sigmaNext[kNext] * sigma[0] : 0;
        double second = k < sigma.length ? sigmaNext[0] * sigma[k] : 0;
        return Math.sqrt(first * first + second * second);
    }

    /**
     * Returns the bound on the normalised tail energy sum_{i > k} p_i when only the fit and its
     * Kolmogorov-Smirnov distance are known: T_k + KS.
     */
    public static double fittedTail(GibbsCartan fit, int k, double kolmogorovSmirnov) {
        return Math.min(fit.tail(k) + kolmogorovSmirnov, 1);
    }

    private static double tail(double[] sigma, int k) {
        double sum = 0;
        for (int i = sigma.length - 1; i >= k; i--) {
            sum += sigma[i] * sigma[i];
        }
        return sum;
    }
}
