package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.linalg.Matrix;

/**
 * What models of the model's answers are fitted to, its answers or the softmax of its logits, and
 * what is read off their outputs.
 */
final class SoftAnswers {
    private SoftAnswers() {}

    /**
     * Adds the transpose of the softmax of some reference rows times their features.
     *
     * @param features of rows {@code from} to {@code from + count}, first rows of a matrix
     * @param sums classes x features
     */
    static void addCross(Projected reference, int from, int count, Matrix features, Matrix sums) {
        int classes = sums.rows();
        Matrix soft = new Matrix(classes, count);
        for (int i = 0; i < count; i++) {
            double whole = Confidence.logSumExp(reference.logits(), from + i, -1);
            for (int c = 0; c < classes; c++) {
                soft.set(c, i, Math.exp(reference.logits().get(from + i, c) - whole));
            }
        }
        int width = features.columns();
        reference
                .kernels()
                .rotate(
                        classes,
                        count,
                        width,
                        soft.data(),
                        0,
                        count,
                        features.data(),
                        true,
                        sums.data());
    }

    /** Adds the features of some reference rows to those of the class answered; as above. */
    static void addAnswered(
            Projected reference, int from, int count, Matrix features, Matrix sums) {
        double[] row = new double[features.columns()];
        double[] sum = new double[row.length];
        for (int i = 0; i < count; i++) {
            int answered = reference.predicted()[from + i];
            features.row(i, row);
            sums.row(answered, sum);
            for (int j = 0; j < row.length; j++) {
                sum[j] += row[j];
            }
            sums.setRow(answered, sum);
        }
    }

    /** Returns of each row the best output of a class not answered, less that of the answer. */
    static double[] evidence(Matrix outputs, int[] answered) {
        double[] out = new double[outputs.rows()];
        double[] output = new double[outputs.columns()];
        for (int i = 0; i < out.length; i++) {
            outputs.row(i, output);
            double other = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < output.length; c++) {
                other = c == answered[i] ? other : Math.max(other, output[c]);
            }
            out[i] = other - output[answered[i]];
        }
        return out;
    }

    /** Returns the class of the largest output of each row, the first of equal ones. */
    static int[] largest(Matrix outputs) {
        int[] best = new int[outputs.rows()];
        for (int i = 0; i < best.length; i++) {
            for (int c = 1; c < outputs.columns(); c++) {
                best[i] = outputs.get(i, c) > outputs.get(i, best[i]) ? c : best[i];
            }
        }
        return best;
    }
}
