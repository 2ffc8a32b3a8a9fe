package io.spectrawatch.spectral.certificate.moments;

import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.linalg.Roundoff;

/**
 * The activation transport of an interface in window coordinates: A = V'^T Y_c^T X_c V / (||X_c||_F
 * ||Y_c||_F), k' x k; what the Physical Alignment Matrix P = V' A V^T is displayed from.
 *
 * <p>GSA-style (our definition): the cross moment of centred activations over the same samples
 * plays the part of the product of adjacent layer factors; ||P||_F &lt;= 1 by Cauchy-Schwarz.
 */
public final class Transport {
    private final double[] matrix;
    private final CentredLayer x;
    private final CentredLayer y;
    private final double roundoff;

    private Transport(double[] matrix, CentredLayer x, CentredLayer y, double roundoff) {
        this.matrix = matrix;
        this.x = x;
        this.y = y;
        this.roundoff = roundoff;
    }

    static Transport of(CentredLayer x, CentredLayer y, double[] cross, double terms) {
        int k = x.window.rank();
        double normaliser = Math.sqrt(x.energy) * Math.sqrt(y.energy);
        double[] matrix = new double[cross.length];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] =
                    (cross[i] - x.rows * y.windowShift[i / k] * x.windowShift[i % k]) / normaliser;
        }
        double roundoff = roundoff(x, y, terms, normaliser, Dense.norm(matrix));
        return new Transport(matrix, x, y, roundoff);
    }

    /**
     * Bounds the Frobenius error of the matrix: summation over the rows, projection of both sides,
     * centring, the normaliser, and the display's own products, each by gamma_n; doubled for the
     * second-order terms.
     */
    private static double roundoff(
            CentredLayer x, CentredLayer y, double terms, double normaliser, double norm) {
        double sums = 2 * Roundoff.gamma(terms + 8) * Math.sqrt(x.anchored * y.anchored);
        double projections =
                2
                        * (x.projectionError() * Math.sqrt(y.anchored)
                                + y.projectionError() * Math.sqrt(x.anchored));
        double display = Roundoff.gamma(4.0 * (x.window.rank() + y.window.rank()) + 16);
        double relative = x.energyError + y.energyError + display;
        return 2 * ((sums + projections) / normaliser + relative * norm);
    }

    /** Returns A (k' x k, row-major). */
    public double[] matrix() {
        return matrix.clone();
    }

    public double[] values() {
        return matrix;
    }

    /** Returns the rows behind it. */
    public long rows() {
        return x.rows;
    }

    /** Returns ||X_c||_F^2. */
    public double energyX() {
        return x.energy;
    }

    /** Returns ||Y_c||_F^2. */
    public double energyY() {
        return y.energy;
    }

    /** Returns the share of the first layer's energy outside its window; growth is drift. */
    public double escapeX() {
        return x.escape();
    }

    /** Returns the share of the second layer's energy outside its window. */
    public double escapeY() {
        return y.escape();
    }

    /**
     * Returns a bound on everything floating-point arithmetic added, in Frobenius (so in column,
     * row and spectral) norm of the displayed matrix.
     */
    public double roundoff() {
        return roundoff;
    }

    /**
     * Returns the least-squares map W of the second layer's window coordinates on the first's (k' x
     * k), or null if the first window's moment is singular to a relative 1e-12.
     */
    public double[] leastSquares() {
        int k = x.window.rank();
        double[] map = Dense.solveRight(y.window.rank(), k, matrix, x.moment, 1e-12);
        if (map != null) {
            double scale = Math.sqrt(y.energy / x.energy);
            for (int i = 0; i < map.length; i++) {
                map[i] *= scale;
            }
        }
        return map;
    }

    public CentredLayer x() {
        return x;
    }

    public CentredLayer y() {
        return y;
    }
}
