package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Activations of a model of seven layers of d columns: with ten classes and their logits where rows
 * are samples, without either where they are tokens.
 *
 * <p>The first layer does not know the classes yet, as in a trained model, so the layer that speaks
 * for them is not the one whose gains are profiled.
 */
final class BenchModel {
    /** Layers tapped, embedding included. */
    static final int LAYERS = 7;

    private static final int CLASSES = 10;

    /** How far a request lies from the one it nearly repeats, in units of the noise. */
    private static final double NEARLY = 0.05;

    private final int dimension;
    private final int rowsPerSample;
    private final boolean classes;
    private final SplittableRandom random;
    private final double[] scale;
    private final double[][] means = new double[LAYERS * CLASSES][];
    private final List<Tap> taps = new ArrayList<>();

    /**
     * @param input whether the first layer is the model's input, so that a detector takes evidence
     */
    BenchModel(int dimension, int rowsPerSample, boolean input, long seed) {
        this.dimension = dimension;
        this.rowsPerSample = rowsPerSample;
        this.classes = rowsPerSample == 1;
        this.random = new SplittableRandom(seed);
        this.scale = new double[dimension];
        for (int j = 0; j < dimension; j++) {
            scale[j] = Math.pow(j + 1, -0.75);
        }
        for (int m = 0; m < means.length; m++) {
            means[m] = new double[dimension];
            for (int j = 0; j < dimension && classes && m >= CLASSES; j++) {
                means[m][j] = scale[j] * (random.nextDouble() - 0.5);
            }
        }
        for (int t = 0; t < LAYERS; t++) {
            TapRole inner = t == 0 && input ? TapRole.INPUT : TapRole.HIDDEN;
            TapRole role = t == LAYERS - 1 ? TapRole.EMBEDDING : inner;
            taps.add(new Tap("layer" + t, role, dimension));
        }
        if (classes) {
            taps.add(new Tap("logits", TapRole.LOGITS, CLASSES));
        }
    }

    /** Returns samples that have nothing to do with one another. */
    Activations clean(int rows) {
        return requests(rows, rows);
    }

    /**
     * Returns requests of clients that take turns; every second one of a client nearly repeats the
     * one before.
     */
    Activations requests(int rows, int clients) {
        float[][] values = new float[taps.size()][];
        int lag = clients * rowsPerSample;
        for (int t = 0; t < LAYERS; t++) {
            values[t] = new float[rows * dimension];
            for (int i = 0; i < rows; i++) {
                boolean repeats = i / lag % 2 == 1;
                fill(values[t], i, t, repeats ? i - lag : -1);
            }
        }
        if (classes) {
            values[LAYERS] = logits(rows, lag);
        }
        int[] samples = new int[rows];
        for (int i = 0; i < rows; i++) {
            samples[i] = i / rowsPerSample;
        }
        return Activations.of(taps, values, samples);
    }

    /** The spectrum of the sketched rows, about a mean per class or about the row repeated. */
    private void fill(float[] values, int row, int layer, int repeated) {
        double[] mean = means[layer * CLASSES + row % CLASSES];
        for (int j = 0; j < dimension; j++) {
            double noise = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
            values[row * dimension + j] =
                    (float)
                            (repeated < 0
                                    ? mean[j] + scale[j] * noise
                                    : values[repeated * dimension + j] + NEARLY * scale[j] * noise);
        }
    }

    private float[] logits(int rows, int lag) {
        float[] values = new float[rows * CLASSES];
        for (int i = 0; i < rows; i++) {
            int answer = (i / lag % 2 == 1 ? i - lag : i) % CLASSES;
            for (int c = 0; c < CLASSES; c++) {
                values[i * CLASSES + c] = (float) (random.nextDouble() + (c == answer ? 4 : 0));
            }
        }
        return values;
    }
}
