package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.util.List;
import java.util.Random;

/** A small random network over Gaussian classes: enough structure for every score to fit. */
public final class SyntheticModel {
    public static final int CLASSES = 3;
    private static final int INPUTS = 6;
    private static final int HIDDEN = 24;
    private static final int EMBEDDING = 12;

    public static final List<Tap> TAPS =
            List.of(
                    new Tap("hidden", TapRole.HIDDEN, HIDDEN),
                    new Tap("embedding", TapRole.EMBEDDING, EMBEDDING),
                    new Tap("logits", TapRole.LOGITS, CLASSES));

    private final double[][] centres = new double[CLASSES][];
    private final double[] first;
    private final double[] second;
    private final Head head;

    public SyntheticModel(long seed) {
        Random random = new Random(seed);
        for (int c = 0; c < CLASSES; c++) {
            centres[c] = random.doubles(INPUTS, -3, 3).toArray();
        }
        first = random.doubles(HIDDEN * INPUTS, -1, 1).toArray();
        second = random.doubles(EMBEDDING * HIDDEN, -0.4, 0.4).toArray();
        head =
                new Head(
                        random.doubles(CLASSES * EMBEDDING, -0.5, 0.5).toArray(),
                        random.doubles(CLASSES, -0.1, 0.1).toArray());
    }

    public Head head() {
        return head;
    }

    /** Draws samples around the class centres. */
    public Activations clean(int rows, long seed) {
        return draw(rows, seed, 1, 0);
    }

    /** Draws samples far from the classes. */
    public Activations foreign(int rows, long seed) {
        return draw(rows, seed, 1, 25);
    }

    /** Draws tokens: {@code perSample} consecutive rows belong to one sample. */
    public Activations tokens(int samples, int perSample, long seed) {
        Activations rows = draw(samples * perSample, seed, 1, 0);
        int[] owner = new int[rows.rows()];
        for (int i = 0; i < owner.length; i++) {
            owner[i] = i / perSample;
        }
        return Activations.of(TAPS, values(rows), owner);
    }

    public static float[][] values(Activations rows) {
        float[][] values = new float[rows.taps().size()][];
        for (int t = 0; t < values.length; t++) {
            values[t] = rows.values(t);
        }
        return values;
    }

    private Activations draw(int rows, long seed, double spread, double shift) {
        Random random = new Random(seed);
        float[][] values = {
            new float[rows * HIDDEN], new float[rows * EMBEDDING], new float[rows * CLASSES]
        };
        for (int i = 0; i < rows; i++) {
            double[] centre = centres[random.nextInt(CLASSES)];
            double[] x = new double[INPUTS];
            for (int j = 0; j < INPUTS; j++) {
                x[j] = centre[j] + spread * random.nextGaussian() + (j == 0 ? shift : 0);
            }
            double[] hidden = layer(first, x, HIDDEN, true, null);
            double[] embedding = layer(second, hidden, EMBEDDING, true, null);
            double[] logits = layer(head.weights(), embedding, CLASSES, false, head.bias());
            put(values[0], hidden, i);
            put(values[1], embedding, i);
            put(values[2], logits, i);
        }
        return Activations.of(TAPS, values);
    }

    private static double[] layer(
            double[] weights, double[] x, int outputs, boolean relu, double[] bias) {
        double[] y = new double[outputs];
        for (int i = 0; i < outputs; i++) {
            double sum = bias == null ? 0 : bias[i];
            for (int j = 0; j < x.length; j++) {
                sum += weights[i * x.length + j] * x[j];
            }
            y[i] = relu ? Math.max(0, sum) : sum;
        }
        return y;
    }

    private static void put(float[] into, double[] row, int at) {
        for (int j = 0; j < row.length; j++) {
            into[at * row.length + j] = (float) row[j];
        }
    }
}
