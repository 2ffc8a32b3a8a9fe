package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.linalg.Matrix;

/** What is read off the outputs of models of the model's answers. */
final class PreferredClass {
    private PreferredClass() {}

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
