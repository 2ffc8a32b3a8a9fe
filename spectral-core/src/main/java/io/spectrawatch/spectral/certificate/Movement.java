package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.moments.Transport;
import io.spectrawatch.spectral.linalg.Dense;

/**
 * Debiased squared relative movements of a pane against the reference, each the mean of what two
 * independent halves agree on; near 0, of either sign, while nothing moves.
 *
 * @param transport of the cross moment P
 * @param map of the least-squares map W, weighted by the reference's input moment; NaN if W is not
 *     determined
 * @param input of the first layer: mean, energy and window moment
 * @param output of the second layer
 */
public record Movement(double transport, double map, double input, double output) {
    static final Movement NONE = new Movement(0, 0, 0, 0);

    static Movement between(InterfaceBaseline baseline, Transport half1, Transport half2) {
        double[] reference = baseline.transportValues();
        double square = Dense.dot(reference, reference);
        double transport =
                inner(half1.values(), half2.values(), reference)
                        / Math.max(square, Double.MIN_NORMAL);
        double[] w1 = half1.leastSquares();
        double[] w2 = half2.leastSquares();
        double[] w = baseline.mapValues();
        double map = Double.NaN;
        if (w != null && w1 != null && w2 != null) {
            map = weighted(w, w1, w2, baseline.referenceX().moment());
        }
        return new Movement(
                transport,
                map,
                baseline.referenceX().movement(half1.x(), half2.x()),
                baseline.referenceY().movement(half1.y(), half2.y()));
    }

    private static double inner(double[] a, double[] b, double[] reference) {
        double sum = 0;
        for (int i = 0; i < reference.length; i++) {
            sum += (a[i] - reference[i]) * (b[i] - reference[i]);
        }
        return sum;
    }

    /** tr((W1 - W) M (W2 - W)^T) / tr(W M W^T). */
    private static double weighted(double[] w, double[] w1, double[] w2, double[] moment) {
        int k = (int) Math.round(Math.sqrt(moment.length));
        int rows = w.length / k;
        double[] d1 = Dense.subtract(w1, w);
        double[] d2 = Dense.subtract(w2, w);
        double change = Dense.dot(Dense.multiply(rows, k, k, d1, moment), d2);
        double whole = Dense.dot(Dense.multiply(rows, k, k, w, moment), w);
        return whole > 0 ? change / whole : Double.NaN;
    }

    /** Returns whether W is determined. */
    public boolean mapKnown() {
        return !Double.isNaN(map);
    }
}
