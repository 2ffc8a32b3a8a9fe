package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How unsure the logits are.
 *
 * <p>{@code MAX_SOFTMAX} is the log-odds against the predicted class, a monotone form of 1 - max
 * softmax that does not underflow (Hendrycks and Gimpel, ICLR 2017); {@code ENERGY} is -log sum exp
 * (Liu et al., NeurIPS 2020).
 */
public final class Confidence implements SampleScore {
    static final int TAG = 1;

    public enum Form {
        MAX_SOFTMAX("msp"),
        ENERGY("energy");

        private final String label;

        Form(String label) {
            this.label = label;
        }
    }

    private final Form form;

    public Confidence(Form form) {
        this.form = form;
    }

    @Override
    public String name() {
        return form.label;
    }

    @Override
    public double[] score(Projected rows) {
        Matrix logits = rows.logits();
        double[] out = new double[rows.rows()];
        for (int i = 0; i < out.length; i++) {
            int best = 0;
            for (int c = 1; c < logits.columns(); c++) {
                best = logits.get(i, c) > logits.get(i, best) ? c : best;
            }
            out[i] =
                    form == Form.ENERGY
                            ? -logSumExp(logits, i, -1)
                            : logSumExp(logits, i, best) - logits.get(i, best);
        }
        return out;
    }

    /** Returns log sum exp of a row, without one column if {@code left} is not negative. */
    static double logSumExp(Matrix logits, int row, int left) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < logits.columns(); c++) {
            largest = c == left ? largest : Math.max(largest, logits.get(row, c));
        }
        double sum = 0;
        for (int c = 0; c < logits.columns(); c++) {
            sum += c == left ? 0 : Math.exp(logits.get(row, c) - largest);
        }
        return largest + Math.log(sum);
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeUTF(form.label);
    }

    static Confidence read(DetectorInput in) throws IOException {
        in.dimension(TapRole.LOGITS);
        return new Confidence(in.named("confidence score", Form.values(), form -> form.label));
    }
}
