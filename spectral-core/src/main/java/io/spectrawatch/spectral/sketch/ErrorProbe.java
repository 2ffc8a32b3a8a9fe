package io.spectrawatch.spectral.sketch;

import java.util.function.UnaryOperator;

/**
 * Confidence bounds from R = E Omega, the probes' images under E = A^T A - B^T B.
 *
 * <p>Of E the trace T is known and its eigenvalues lie in [-deltaMinus, deltaPlus], so that X = E -
 * m I with m = T / d has trace 0 and an operator norm of at most r = max(deltaPlus - m, m +
 * deltaMinus): what is known needs no sampling, and flat errors, the usual ones, leave little
 * (Hutchinson 1990 with a control variate). With C = B^T B, less v v^T where an anchor is taken
 * back, the centred moment is C + E. Then
 *
 * <ul>
 *   <li>|C + E|_F^2 = |C|_F^2 + 2 tr(C X) + 2 m tr C + |X|_F^2 + m^2 d, where |X|_F^2 is bounded by
 *       {@link SquareBound};
 *   <li>the k largest eigenvalues of C + E sum to at least tr(P (C + E)) = tr(P C) + k m + tr(P X)
 *       for the projection P on any k directions (Fan 1949), here the sketch's own;
 *   <li>for a known symmetric A, O = sum of omega^T A X omega has mean g tr(A X), and deviates to
 *       either side by more than 2 sqrt(g x) |A X|_F + 2 x |A X|_2 with probability e^-x (Laurent
 *       and Massart 2000, lemma 1, for eigenvalues of either sign: Boucheron, Lugosi, Massart,
 *       Concentration Inequalities, example 2.12). |A X|_F is bounded from the same images by
 *       {@link SquareBound}, |A X|_2 by the smaller of that and |A|_2 r.
 * </ul>
 *
 * <p>A and P depend on the rows alone, not on the probes. The probabilities of missing add up to 5
 * %.
 */
final class ErrorProbe {
    private static final double MISS_SQUARES = 0.025;
    private static final double MISS_CROSS = 0.01;
    private static final double MISS_LEADING = 0.015;

    /** Rounding of the images relative to F times the length of a probe, far above what sums do. */
    private static final double ROUNDING = 1e-10;

    private final int d;
    private final int g;
    private final double[] omega;
    private final double[] images;
    private final double length;
    private final double mean;
    private final double traceError;
    private final double norm;
    private final double rounding;

    /**
     * @param omega the probes (g x d)
     * @param images E omega (g x d); becomes X omega
     */
    ErrorProbe(Ledger ledger, int d, double[] omega, double[] images) {
        this.d = d;
        this.g = omega.length / d;
        this.omega = omega;
        this.images = images;
        this.mean = Math.max(ledger.shed(), 0) / d;
        this.traceError = ledger.roundoff() + Math.max(-ledger.shed(), 0);
        double up = ledger.deltaPlus() + ledger.roundoff() - mean;
        double down = ledger.deltaMinus() + ledger.roundoff() + mean;
        this.norm = Math.max(up, down);
        double square = 0;
        for (int i = 0; i < omega.length; i++) {
            images[i] -= mean * omega[i];
            square += omega[i] * omega[i];
        }
        this.length = Math.sqrt(square);
        this.rounding = (ledger.roundoff() + ROUNDING * ledger.energy()) * length;
    }

    /**
     * Bounds the eigenvalues of C + E.
     *
     * @param spectrum of C, with the vectors of all positive eigenvalues
     * @param core computes C times g vectors (g x d)
     * @param negative most that an eigenvalue of C is below zero; at most one is
     */
    ProbeEvidence evidence(Spectrum spectrum, UnaryOperator<double[]> core, double negative) {
        double[] values = spectrum.eigenvalues();
        double solved = spectrum.ledger().roundoff();
        double square = (negative + solved) * (negative + solved);
        double trace = 0;
        double sum = 0;
        int k = 0;
        for (int i = 0; i < values.length; i++) {
            square += (values[i] + solved) * (values[i] + solved);
            trace += values[i] + solved;
            if (i == k && k < spectrum.basisVectors() && values[i] > solved) {
                sum += values[i] - solved;
                k++;
            }
        }
        double largest = Math.max(values.length == 0 ? 0 : values[0], negative) + solved;
        double cross = above(core.apply(images), largest, MISS_CROSS);
        double error =
                SquareBound.upper(square(images, 1), g, norm * norm, MISS_SQUARES)
                        + mean * mean * d
                        + 2 * mean * traceError;
        double less = above(negated(spectrum.basis(), k), 1, MISS_LEADING);
        double energy = spectrum.ledger().energy() + solved;
        return new ProbeEvidence(
                Math.min(square + 2 * (cross + mean * trace) + error, energy * energy),
                k,
                Math.min(Math.max(sum + k * mean - less, 0), energy));
    }

    /**
     * tr(A X) from above.
     *
     * <p>Computed for A divided by a power of two near its norm, which changes no digit: of C, the
     * squares below are of the eighth power of activations, which leaves the range of fp64 for the
     * largest and the smallest that fp32 can hold.
     *
     * @param turned A X omega (g x d); is divided too
     * @param largest bound on |A|_2
     */
    private double above(double[] turned, double largest, double probability) {
        int exponent = largest > 0 ? Math.getExponent(largest) : 0;
        for (int i = 0; i < turned.length; i++) {
            turned[i] = Math.scalb(turned[i], -exponent);
        }
        double scaled = aboveScaled(turned, Math.scalb(largest, -exponent), probability);
        return Math.scalb(scaled, exponent);
    }

    private double aboveScaled(double[] turned, double largest, double probability) {
        double x = Math.log(2 / probability) / g;
        double most = largest * norm;
        double sum = square(turned, largest);
        double whole = Math.sqrt(SquareBound.upper(sum, g, most * most, probability / 2));
        double observed = length * rounding * largest;
        for (int i = 0; i < turned.length; i++) {
            observed += omega[i] * turned[i];
        }
        return observed / g + 2 * Math.sqrt(x) * whole + 2 * x * Math.min(most, whole);
    }

    /** -P X omega for the projection on the first k rows of an orthonormal basis. */
    private double[] negated(double[] basis, int k) {
        double[] out = new double[g * d];
        for (int j = 0; j < g * d; j += d) {
            for (int i = 0; i < k * d; i += d) {
                double along = 0;
                for (int c = 0; c < d; c++) {
                    along += basis[i + c] * images[j + c];
                }
                for (int c = 0; c < d; c++) {
                    out[j + c] -= along * basis[i + c];
                }
            }
        }
        return out;
    }

    /** The squared length of images under A, and of what rounding may have hidden of it. */
    private double square(double[] values, double largest) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        double wide = Math.sqrt(sum) + rounding * largest;
        return wide * wide;
    }
}
