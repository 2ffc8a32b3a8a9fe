package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Roundoff;
import java.nio.DoubleBuffer;

/**
 * The running mean of a stream and what keeps its centred scatter exact when parts are joined
 * (Chan, Golub, LeVeque 1979; Ross et al. 2008): S = S_1 + S_2 + r r^T with r = sqrt(W_1 W_2 / (W_1
 * + W_2)) (mu_1 - mu_2).
 */
final class Mean {
    final DoubleBuffer value;
    private final Kernels kernels;
    double weight;

    /** Bound on the Euclidean error of the value. */
    double error;

    Mean(DoubleBuffer value, Kernels kernels) {
        this.value = value;
        this.kernels = kernels;
    }

    /** Returns the factor in front of the difference of means, 0 if either part is empty. */
    double correction(double keep, double otherWeight) {
        double mine = keep * weight;
        return mine == 0 || otherWeight == 0
                ? 0
                : Math.sqrt(mine * otherWeight / (mine + otherWeight));
    }

    /**
     * Returns how far the offset of a block of n rows moves from this mean towards the block's own,
     * 1 - sqrt(W / (W + n)): with it the correction is part of the block's centred rows.
     */
    double pull(double keep, int n) {
        double share = n / (keep * weight + n);
        return share / (1 + Math.sqrt(1 - share));
    }

    /**
     * Bounds the error that a wrong offset o + e causes in the sum of (x - o)(x - o)^T over a
     * block, in operator norm and in trace: 2 n |m - o| |e| + n |e|^2 with m the block's mean.
     */
    double offsetError(double pull, int n, DoubleBuffer blockMean, double blockMeanError) {
        double shift = distance(blockMean) + error + blockMeanError;
        double offset =
                (1 - pull) * error
                        + pull * blockMeanError
                        + 4 * Roundoff.UNIT * (norm(blockMean) + shift);
        return n * offset * (2 * (1 - pull) * shift + offset);
    }

    private double distance(DoubleBuffer other) {
        double square = 0;
        for (int j = 0; j < value.capacity(); j++) {
            double gap = value.get(j) - other.get(j);
            square += gap * gap;
        }
        return Math.sqrt(square);
    }

    /** Bounds the error that both means' errors cause in r r^T, in operator norm and in trace. */
    double correctionError(double factor, double otherError, double square) {
        double length = Math.sqrt(square);
        double row = factor * (error + otherError) + 4 * Roundoff.UNIT * length;
        return 2 * length * row + row * row;
    }

    /** Joins a part. */
    void join(double otherWeight, DoubleBuffer other, double otherError) {
        double share = otherWeight / (weight + otherWeight);
        double size = norm(value) + norm(other);
        for (int j = 0; j < value.capacity(); j++) {
            double a = value.get(j);
            double b = other.get(j);
            value.put(j, weight == 0 ? b : a + share * (b - a));
        }
        error = (1 - share) * error + share * otherError + 4 * Roundoff.UNIT * size;
        weight += otherWeight;
    }

    /** Returns the Euclidean norm of the first d elements of a vector. */
    double norm(DoubleBuffer vector) {
        return Math.sqrt(kernels.sumOfSquares(value.capacity(), vector));
    }
}
