package io.spectrawatch.ops.demo.attack;

import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** The digits of the example, file by file. */
final class AttackDigits {

    /** The digits that attacks begin with. */
    static final String CLEAN = "clean";

    static final String REFERENCE = "reference";

    private static final int WHITE = 255;

    /** Noise of a camera in poor light, in the range of a pixel. */
    private static final double NOISE = 0.05;

    private static final float DARKER = 0.9f;

    private final Path example;
    private final Map<String, NpyArray> files = new HashMap<>();
    private final Map<String, Integer> next = new HashMap<>();

    /**
     * @param example folder of the example model
     */
    AttackDigits(Path example) {
        this.example = example;
    }

    private NpyArray file(String name) throws IOException {
        NpyArray known = files.get(name);
        if (known == null) {
            known = NpyFile.read(example.resolve(name + ".npz"));
            files.put(name, known);
        }
        return known;
    }

    /** Pixels of a digit. */
    int size() throws IOException {
        return file(REFERENCE).rowSize();
    }

    /** Copies the next digit of a file and returns its number, counted on over repetitions. */
    int take(String name, float[] into, int at) throws IOException {
        int number = next.merge(name, 1, Integer::sum) - 1;
        copy(file(name), number % file(name).rows(), into, at);
        return number;
    }

    /** Copies the clean digit that an attacked one was made from, and returns its number. */
    int original(float[] attacked, float[] into, int at) throws IOException {
        NpyArray clean = file(CLEAN);
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int row = 0; row < clean.rows(); row++) {
            double distance = squaredDistance(attacked, clean, row);
            if (distance < least) {
                least = distance;
                nearest = row;
            }
        }
        copy(clean, nearest, into, at);
        return nearest;
    }

    private static double squaredDistance(float[] digit, NpyArray file, int row) {
        double sum = 0;
        for (int j = 0; j < digit.length; j++) {
            double difference = digit[j] - file.values()[row * digit.length + j];
            sum += difference * difference;
        }
        return sum;
    }

    /** Changes a digit as chance would: a little noise, or a little less light. */
    static void move(float[] digit, int seed) {
        Random random = new Random(seed);
        for (int j = 0; j < digit.length; j++) {
            double moved =
                    seed % 2 == 0
                            ? digit[j] + NOISE * WHITE * (2 * random.nextDouble() - 1)
                            : digit[j] * DARKER;
            digit[j] = Math.round(Math.max(0, Math.min(WHITE, moved)));
        }
    }

    private static void copy(NpyArray file, int row, float[] into, int at) {
        System.arraycopy(
                file.values(), row * file.rowSize(), into, at * file.rowSize(), file.rowSize());
    }
}
