package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Minus the norm of the gradient of the divergence from the uniform distribution with respect to
 * the head (Huang et al., NeurIPS 2021), in closed form: |h|_1 sum_c |C softmax_c - 1|.
 */
public final class GradNorm implements SampleScore {
    static final int TAG = 9;

    @Override
    public String name() {
        return "gradnorm";
    }

    @Override
    public double[] score(Projected rows) {
        Matrix logits = rows.logits();
        Matrix embedding = rows.embedding();
        double[] out = new double[rows.rows()];
        for (int i = 0; i < out.length; i++) {
            double total = Confidence.logSumExp(logits, i, -1);
            double spread = 0;
            for (int c = 0; c < logits.columns(); c++) {
                double share = Math.exp(logits.get(i, c) - total);
                spread += Math.abs(logits.columns() * share - 1);
            }
            double size = 0;
            for (int j = 0; j < embedding.columns(); j++) {
                size += Math.abs(embedding.get(i, j));
            }
            out[i] = -size * spread;
        }
        return out;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
    }

    static GradNorm read(DetectorInput in) throws IOException {
        in.dimension(TapRole.LOGITS);
        in.dimension(TapRole.EMBEDDING);
        return new GradNorm();
    }
}
