package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.reference.Affine;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * |y - (W h + b)| / |y|: whether the logits are what the known head makes of the embedding. Not an
 * attack score: a jump means other weights, another quantisation or a damaged capture.
 */
public final class HeadConsistency implements SampleScore {
    static final int TAG = 10;

    private static final double LEAST_NORM = 1e-12;

    private final Affine head;

    public HeadConsistency(Head head) {
        this(
                new Affine(
                        Matrix.of(head.bias().length, head.dimension(), head.weights()),
                        head.bias()));
    }

    private HeadConsistency(Affine head) {
        this.head = head;
    }

    @Override
    public String name() {
        return "head-consistency";
    }

    @Override
    public double[] score(Projected rows) {
        double[] out =
                head.residual(rows.kernels(), rows.embedding(), rows.logits()).squaredNorms();
        double[] size = rows.logits().squaredNorms();
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.sqrt(out[i]) / (Math.sqrt(size[i]) + LEAST_NORM);
        }
        return out;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        head.write(out);
    }

    static HeadConsistency read(DetectorInput in) throws IOException {
        return new HeadConsistency(
                Affine.read(in, in.dimension(TapRole.LOGITS), in.dimension(TapRole.EMBEDDING)));
    }
}
