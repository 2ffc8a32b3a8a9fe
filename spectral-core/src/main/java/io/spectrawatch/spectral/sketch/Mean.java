package io.spectrawatch.spectral.sketch;

import java.nio.DoubleBuffer;

/**
 * The running mean of a centred stream and the correction row that keeps its scatter exact when
 * parts are joined (Chan, Golub, LeVeque 1979; Ross et al. 2008): S = S_1 + S_2 + r r^T with r =
 * sqrt(W_1 W_2 / (W_1 + W_2)) (mu_1 - mu_2).
 */
final class Mean {
    final DoubleBuffer value;
    double weight;

    /** Bound on the Euclidean error of the value. */
    double error;

    Mean(DoubleBuffer value) {
        this.value = value;
    }

    /**
     * Writes the correction row for a part of the given weight and mean; returns its squared
     * length.
     */
    double correction(double otherWeight, DoubleBuffer other, DoubleBuffer out, int at) {
        double factor = Math.sqrt(weight * otherWeight / (weight + otherWeight));
        double square = 0;
        for (int j = 0; j < value.capacity(); j++) {
            double entry = factor * (value.get(j) - other.get(j));
            out.put(at + j, entry);
            square += entry * entry;
        }
        return square;
    }

    /** Bounds the error that both means' errors cause in r r^T. */
    double correctionError(double otherWeight, double otherError, double square) {
        double factor = weight == 0 ? 0 : Math.sqrt(weight * otherWeight / (weight + otherWeight));
        double length = Math.sqrt(square);
        double row = factor * (error + otherError) + 4 * Roundoff.UNIT * length;
        return 2 * length * row + row * row;
    }

    /** Joins a part. */
    void join(double otherWeight, DoubleBuffer other, double otherError) {
        double share = otherWeight / (weight + otherWeight);
        double mine = 0;
        double theirs = 0;
        for (int j = 0; j < value.capacity(); j++) {
            double a = value.get(j);
            double b = other.get(j);
            mine += a * a;
            theirs += b * b;
            value.put(j, weight == 0 ? b : a + share * (b - a));
        }
        error =
                (1 - share) * error
                        + share * otherError
                        + 4 * Roundoff.UNIT * (Math.sqrt(mine) + Math.sqrt(theirs));
        weight += otherWeight;
    }

    static double norm(DoubleBuffer vector, int d) {
        double square = 0;
        for (int j = 0; j < d; j++) {
            square += vector.get(j) * vector.get(j);
        }
        return Math.sqrt(square);
    }
}
