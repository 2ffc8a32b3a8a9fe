package io.spectrawatch.spectral.detect.surrogate;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A linear map from features to an output per class, in fp32. Features of a group of rows stand
 * together, feature by feature, and are summed in their order: the same bits wherever a row stands.
 *
 * <pre>
 *   features x outputs x fp32 weight | outputs x fp32 offset
 * </pre>
 */
final class Machine {
    /** Features summed before the sum is stored. */
    private static final int TOGETHER = 4;

    /** Features x classes. */
    private final float[] weights;

    private final float[] offsets;

    /**
     * @param weights features x classes
     * @param offsets one a class
     */
    Machine(float[] weights, float[] offsets) {
        this.weights = weights;
        this.offsets = offsets;
    }

    /** Outputs of a group of rows, and room for the features that are summed together. */
    static final class Outputs {
        private final int rows;

        /** Classes x rows. */
        private final float[][] sums;

        private final float[][] features;

        /** Of one output. */
        private final float[] weight = new float[TOGETHER];

        Outputs(int rows, int classes) {
            this.rows = rows;
            this.sums = new float[classes][rows];
            this.features = new float[TOGETHER][rows];
        }

        float get(int row, int c) {
            return sums[c][row];
        }

        /** Returns the best output of a class not answered, less that of the answer. */
        double evidence(int row, int answered) {
            float other = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < sums.length; c++) {
                other = c == answered ? other : Math.max(other, sums[c][row]);
            }
            return (double) other - sums[answered][row];
        }

        /** Returns the class of the largest output, the first of equal ones. */
        int largest(int row) {
            int best = 0;
            for (int c = 1; c < sums.length; c++) {
                best = sums[c][row] > sums[best][row] ? c : best;
            }
            return best;
        }
    }

    /** Begins the outputs of other rows. */
    void begin(Outputs out) {
        for (int c = 0; c < offsets.length; c++) {
            Arrays.fill(out.sums[c], offsets[c]);
        }
    }

    /**
     * Adds what some features are worth.
     *
     * @param features {@code width} x rows of the group, those from {@code from} on
     */
    void add(int from, int width, float[] features, Outputs out) {
        float[] weight = out.weight;
        for (int j = 0; j < width; j += TOGETHER) {
            int some = Math.min(TOGETHER, width - j);
            for (int t = 0; t < TOGETHER; t++) {
                if (t < some) {
                    System.arraycopy(features, (j + t) * out.rows, out.features[t], 0, out.rows);
                } else {
                    Arrays.fill(out.features[t], 0);
                }
            }
            for (int c = 0; c < offsets.length; c++) {
                for (int t = 0; t < TOGETHER; t++) {
                    weight[t] = t < some ? weights[(from + j + t) * offsets.length + c] : 0;
                }
                add(out.features, weight, out.sums[c]);
            }
        }
    }

    private static void add(float[][] features, float[] weight, float[] sums) {
        add(
                features[0],
                features[1],
                features[2],
                features[3],
                weight[0],
                weight[1],
                weight[2],
                weight[3],
                sums);
    }

    /** Arrays of their own and one index: only so the virtual machine makes it vectors. */
    private static void add(
            float[] first,
            float[] second,
            float[] third,
            float[] fourth,
            float a,
            float b,
            float c,
            float d,
            float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sums[i] + ((a * first[i] + b * second[i]) + (c * third[i] + d * fourth[i]));
        }
    }

    void write(DataOutput out) throws IOException {
        write(out, weights);
        write(out, offsets);
    }

    /** Reads a map from so many features to so many outputs. */
    static Machine read(DetectorInput in, int features, int outputs) throws IOException {
        float[] weights = read(in, "weights", features * outputs);
        return new Machine(weights, read(in, "offsets", outputs));
    }

    static void write(DataOutput out, float[] values) throws IOException {
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    static float[] read(DetectorInput in, String what, int count) throws IOException {
        if (count < 0 || count > in.available() / Float.BYTES) {
            throw new IOException(
                    what + ": " + count + " numbers expected, found " + in.available() + " bytes");
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readFloat();
            if (!Float.isFinite(values[i])) {
                throw new IOException("finite " + what + " expected, found " + values[i]);
            }
        }
        return values;
    }
}
