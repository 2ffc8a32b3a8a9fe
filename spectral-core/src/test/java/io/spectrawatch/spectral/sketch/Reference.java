package io.spectrawatch.spectral.sketch;

import java.util.List;

/**
 * The moment of rows in about twice fp64 precision: error-free products and sums (Ogita, Rump,
 * Oishi 2005).
 */
final class Reference {
    private Reference() {}

    /** Weighted mean; weights apply to whole rows. */
    static double[] mean(List<double[]> rows, double[] weights, int d) {
        double[] high = new double[d];
        double[] low = new double[d];
        double total = 0;
        for (int i = 0; i < rows.size(); i++) {
            total += weights[i];
            for (int j = 0; j < d; j++) {
                add(high, low, j, weights[i], rows.get(i)[j]);
            }
        }
        for (int j = 0; j < d; j++) {
            high[j] = (high[j] + low[j]) / total;
        }
        return high;
    }

    /** Sum of w (x - c)(x - c)^T, d x d row-major. */
    static double[] moment(List<double[]> rows, double[] weights, double[] centre) {
        int d = centre.length;
        double[] high = new double[d * d];
        double[] low = new double[d * d];
        double[] x = new double[d];
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < d; j++) {
                x[j] = rows.get(i)[j] - centre[j];
            }
            for (int a = 0; a < d; a++) {
                for (int b = 0; b < d; b++) {
                    add(high, low, a * d + b, weights[i] * x[a], x[b]);
                }
            }
        }
        for (int i = 0; i < d * d; i++) {
            high[i] += low[i];
        }
        return high;
    }

    private static void add(double[] high, double[] low, int at, double a, double b) {
        double product = a * b;
        double productError = Math.fma(a, b, -product);
        double sum = high[at] + product;
        double part = sum - high[at];
        low[at] += (high[at] - (sum - part)) + (product - part) + productError;
        high[at] = sum;
    }

    static double trace(double[] moment, int d) {
        double sum = 0;
        for (int i = 0; i < d; i++) {
            sum += moment[i * (d + 1)];
        }
        return sum;
    }
}
