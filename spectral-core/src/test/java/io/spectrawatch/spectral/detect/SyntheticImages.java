package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.util.List;
import java.util.Random;

/** Images of a bright bar, whose slope is their class and whose place is random; a small model. */
public final class SyntheticImages {
    public static final int SIDE = 14;
    public static final int CLASSES = 3;

    private static final int HIDDEN = 10;

    private static final List<Tap> TAPS =
            List.of(
                    new Tap("pixels", TapRole.INPUT, SIDE * SIDE),
                    new Tap("hidden", TapRole.HIDDEN, HIDDEN),
                    new Tap("logits", TapRole.LOGITS, CLASSES));

    private SyntheticImages() {}

    /** Draws images with the model's answers. */
    public static Activations clean(int rows, long seed) {
        Random random = new Random(seed);
        float[][] values = {
            new float[rows * SIDE * SIDE], new float[rows * HIDDEN], new float[rows * CLASSES]
        };
        for (int i = 0; i < rows; i++) {
            int c = random.nextInt(CLASSES);
            draw(values[0], i * SIDE * SIDE, c, random);
            for (int j = 0; j < HIDDEN; j++) {
                boolean own = j % CLASSES == c;
                values[1][i * HIDDEN + j] = (float) ((own ? 2 : 0) + random.nextGaussian());
            }
            for (int j = 0; j < CLASSES; j++) {
                values[2][i * CLASSES + j] = (float) ((j == c ? 6 : 0) + random.nextGaussian());
            }
        }
        return Activations.of(TAPS, values);
    }

    /** Returns the same rows, as if the model had answered the class after its own. */
    public static Activations otherwise(Activations rows) {
        float[] logits = rows.values(2).clone();
        for (int i = 0; i < rows.rows(); i++) {
            float last = logits[i * CLASSES + CLASSES - 1];
            for (int j = CLASSES - 1; j > 0; j--) {
                logits[i * CLASSES + j] = logits[i * CLASSES + j - 1];
            }
            logits[i * CLASSES] = last;
        }
        return Activations.of(TAPS, new float[][] {rows.values(0), rows.values(1), logits});
    }

    private static void draw(float[] pixels, int at, int c, Random random) {
        double angle = Math.PI * c / CLASSES + 0.15 * random.nextGaussian();
        double x = SIDE / 2.0 + random.nextGaussian();
        double y = SIDE / 2.0 + random.nextGaussian();
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                double off = (i - y) * Math.cos(angle) - (j - x) * Math.sin(angle);
                double bright = 200 * Math.exp(-off * off / 4) + 5 * random.nextGaussian();
                pixels[at + i * SIDE + j] = (float) Math.max(0, Math.round(bright));
            }
        }
    }
}
