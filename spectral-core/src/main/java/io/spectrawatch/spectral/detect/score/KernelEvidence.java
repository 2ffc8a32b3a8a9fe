package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.EvidenceRows;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * By how much a kernel machine fitted at one tap to the model's own answers prefers another class:
 * best other output less that of the class answered. Least squares with a ridge on radial features
 * about the landmarks (after Williams and Seeger, NeurIPS 2000). The targets are 1 for the class
 * the model answered and 0 for the others, or the softmax of the model's logits: where the model is
 * unsure its answer alone says less (Hinton et al., arXiv:1503.02531).
 *
 * <p>The feature of a squared distance s is (1 - g s/1024)^1024 where that base is positive, else
 * 0: exp(-g s) to a relative error of (g s)^2/2048, and ten squarings instead of an exponential.
 *
 * <p>Of detectors up to version 8; those fitted now have {@link SurrogateEvidence}.
 */
public final class KernelEvidence implements SampleScore, Favouring {
    static final int TAG = 21;

    private static final int SQUARINGS = 10;

    /** How fast features fall. */
    public enum Width {
        /** To 1/e at half the median squared distance between reference rows. */
        WIDE("wide"),
        /** To 1/e at an eighth of it. */
        NARROW("narrow");

        private final String label;

        Width(String label) {
            this.label = label;
        }
    }

    private final int tap;
    private final String tapName;
    private final Width width;
    private final EvidenceRows rows;

    /** g, per squared distance. */
    private final double rate;

    /** Landmarks x classes. */
    private final Matrix weights;

    private KernelEvidence(
            int tap, String tapName, Width width, EvidenceRows rows, double rate, Matrix weights) {
        this.tap = tap;
        this.tapName = tapName;
        this.width = width;
        this.rows = rows;
        this.rate = rate;
        this.weights = weights;
    }

    /**
     * Turns squared distances into features, in place; plain loops over arrays, which the virtual
     * machine turns into vector instructions.
     */
    private static void features(double[] squared, double rate) {
        double step = rate / (1 << SQUARINGS);
        for (int j = 0; j < squared.length; j++) {
            double base = Math.max(0, 1 - step * Math.max(0, squared[j]));
            double two = base * base;
            double four = two * two;
            double eight = four * four;
            double sixteen = eight * eight;
            double thirtyTwo = sixteen * sixteen;
            double b = thirtyTwo * thirtyTwo;
            double c = b * b;
            double d = c * c;
            double e = d * d;
            squared[j] = e * e;
        }
    }

    @Override
    public String name() {
        return "kernel-evidence-" + width.label + "/" + tapName;
    }

    @Override
    public double[] score(Projected block) {
        return PreferredClass.evidence(outputs(block), block.predicted());
    }

    @Override
    public int[] favoured(Projected block) {
        return PreferredClass.largest(outputs(block));
    }

    /** Rows x classes, computed once for a block. */
    private Matrix outputs(Projected block) {
        return block.kept(this, () -> compute(block));
    }

    private Matrix compute(Projected block) {
        double[] squared = rows.toLandmarks(block, tap);
        int m = weights.rows();
        int classes = weights.columns();
        Matrix features = block.coordinates(tap).sibling(block.rows(), m);
        double[] row = new double[m];
        for (int i = 0; i < block.rows(); i++) {
            System.arraycopy(squared, i * m, row, 0, m);
            features(row, rate);
            features.setRow(i, row);
        }
        Matrix outputs = features.sibling(block.rows(), classes);
        block.kernels()
                .rotate(
                        block.rows(),
                        m,
                        classes,
                        features.data(),
                        0,
                        m,
                        weights.data(),
                        false,
                        outputs.data());
        return outputs;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeInt(tap);
        out.writeUTF(tapName);
        out.writeUTF(width.label);
        out.writeDouble(rate);
        weights.write(out);
    }

    static KernelEvidence read(DetectorInput in) throws IOException {
        int tap = in.tap();
        String tapName = in.tapName(tap);
        Width width = in.named("kernel width", Width.values(), candidate -> candidate.label);
        double rate = in.finite("kernel rate");
        EvidenceRows rows = in.kept(tap, EvidenceRows.class);
        Matrix weights = in.matrix("kernel weights", rows.landmarks(), rows.classes());
        return new KernelEvidence(tap, tapName, width, rows, rate, weights);
    }
}
