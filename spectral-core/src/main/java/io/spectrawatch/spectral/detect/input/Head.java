package io.spectrawatch.spectral.detect.input;

import java.util.Arrays;

/**
 * The last linear layer of a model: logits = W embedding + b.
 *
 * @param weights W, classes x dimension row-major
 * @param bias b, length classes
 */
public record Head(double[] weights, double[] bias) {

    /** Rows that are enough to tell whether a head is that of a model. */
    private static final int CHECKED_ROWS = 500;

    /**
     * Rows in bf16 keep 8 bits, 0.4 %; other weights are off by as much as the logits are large.
     */
    private static final double TOLERANCE = 0.02;

    /** Checks the sizes. */
    public Head {
        if (bias.length == 0 || weights.length % bias.length != 0) {
            throw new IllegalArgumentException(
                    "head: weights of classes x dimension for "
                            + bias.length
                            + " classes, found "
                            + weights.length
                            + " elements");
        }
    }

    /** Returns a head with fp32 weights, as model files hold them. */
    public static Head of(float[] weights, float[] bias) {
        return new Head(widened(weights), widened(bias));
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** Returns the columns of the embedding. */
    public int dimension() {
        return weights.length / bias.length;
    }

    /**
     * Makes sure that the head is that of the rows' model.
     *
     * @throws IllegalArgumentException if the embedding or the logits are missing or have other
     *     sizes, or if the head makes other logits of the embedding
     */
    public void check(Activations rows) {
        int embedding = width(rows, TapRole.EMBEDDING, dimension());
        int logits = width(rows, TapRole.LOGITS, bias.length);
        double[] off = new double[Math.min(CHECKED_ROWS, rows.rows())];
        for (int i = 0; i < off.length; i++) {
            off[i] = difference(rows.values(embedding), rows.values(logits), i);
        }
        Arrays.sort(off);
        // Not a number sorts last and is refused as well.
        if (off.length > 0 && !(off[off.length / 2] <= TOLERANCE)) {
            throw new IllegalArgumentException(
                    String.format(
                            "head: of '%s' it makes logits that differ from '%s' by %.3g of their"
                                    + " size in the median row, at most %s allowed; are these the"
                                    + " model's weights, and is that the layer they are applied to?",
                            rows.taps().get(embedding).name(),
                            rows.taps().get(logits).name(),
                            off[off.length / 2],
                            TOLERANCE));
        }
    }

    private static int width(Activations rows, TapRole role, int columns) {
        int tap = rows.indexOf(role);
        if (tap < 0 || rows.taps().get(tap).dimension() != columns) {
            throw new IllegalArgumentException(
                    "head: a tap "
                            + role
                            + " of "
                            + columns
                            + " columns required among "
                            + rows.taps());
        }
        return tap;
    }

    /** |y - (W h + b)| / |y| of a row. */
    private double difference(float[] embedding, float[] logits, int row) {
        double off = 0;
        double size = 0;
        for (int c = 0; c < bias.length; c++) {
            double made = bias[c];
            for (int j = 0; j < dimension(); j++) {
                made += weights[c * dimension() + j] * embedding[row * dimension() + j];
            }
            double seen = logits[row * bias.length + c];
            off += (seen - made) * (seen - made);
            size += seen * seen;
        }
        return off == 0 ? 0 : Math.sqrt(off / size);
    }
}
