package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.kernel.Kernels;

/**
 * Rows as the scores see them.
 *
 * <p>Holds the class distances of a layer once computed, because three scores read them.
 */
final class Projected {
    private final Kernels kernels;
    private final int rows;
    private final Matrix[] coordinates;
    private final double[][] residual;
    private final Matrix logits;
    private final Matrix embedding;
    private final int[] samples;
    private final int[] predicted;
    private final Matrix[] classDistances;

    Projected(
            Kernels kernels,
            int rows,
            Matrix[] coordinates,
            double[][] residual,
            Matrix logits,
            Matrix embedding,
            int[] samples,
            int[] predicted) {
        this.kernels = kernels;
        this.rows = rows;
        this.coordinates = coordinates;
        this.residual = residual;
        this.logits = logits;
        this.embedding = embedding;
        this.samples = samples;
        this.predicted = predicted;
        this.classDistances = new Matrix[coordinates.length];
    }

    Kernels kernels() {
        return kernels;
    }

    int rows() {
        return rows;
    }

    /** Window coordinates of a tap, about the reference mean; contrasts for the logits. */
    Matrix coordinates(int tap) {
        return coordinates[tap];
    }

    /** Squared distance of each row from the window of a tap. */
    double[] residual(int tap) {
        return residual[tap];
    }

    /** Raw logits, null if none are tapped. */
    Matrix logits() {
        return logits;
    }

    /** Raw embedding, null if none is tapped. */
    Matrix embedding() {
        return embedding;
    }

    /** The sample of each row. */
    int[] samples() {
        return samples;
    }

    /** The predicted class of each row, 0 where classes are pooled. */
    int[] predicted() {
        return predicted;
    }

    Matrix classDistances(int tap, LayerModel model) {
        if (classDistances[tap] == null) {
            classDistances[tap] = model.classDistances(kernels, coordinates[tap]);
        }
        return classDistances[tap];
    }
}
