package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.PatchFeatures;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * By how much the patches of an image prefer another class than the one answered: best other output
 * less that of the class answered, of a ridge regression on {@link PatchFeatures} to the softmax of
 * the model's logits. A model of another family than those of {@link KernelEvidence}, which knows
 * pixels by their place alone: what fools one need not fool the other.
 *
 * <p>Of detectors of version 8; those fitted now have {@link SurrogateEvidence}.
 */
public final class PatchEvidence implements SampleScore {
    static final int TAG = 24;

    private static final int CHUNK = 20 * Kernels.EVEN_ROWS;

    private final int tap;
    private final String tapName;
    private final PatchFeatures patches;

    /** Features x classes. */
    private final Matrix weights;

    private final double[] offsets;

    private PatchEvidence(
            int tap, String tapName, PatchFeatures patches, Matrix weights, double[] offsets) {
        this.tap = tap;
        this.tapName = tapName;
        this.patches = patches;
        this.weights = weights;
        this.offsets = offsets;
    }

    @Override
    public String name() {
        return "patch-evidence/" + tapName;
    }

    @Override
    public double[] score(Projected block) {
        double[] out = new double[block.rows()];
        int classes = weights.columns();
        for (int from = 0; from < out.length; from += CHUNK) {
            int count = Math.min(CHUNK, out.length - from);
            Matrix features = patches.of(block, tap, from, count);
            Matrix outputs = features.sibling(count, classes);
            block.kernels()
                    .rotate(
                            count,
                            weights.rows(),
                            classes,
                            features.data(),
                            0,
                            weights.rows(),
                            weights.data(),
                            false,
                            outputs.data());
            double[] output = new double[classes];
            int[] answered = new int[count];
            for (int i = 0; i < count; i++) {
                outputs.row(i, output);
                for (int c = 0; c < classes; c++) {
                    output[c] += offsets[c];
                }
                outputs.setRow(i, output);
                answered[i] = block.predicted()[from + i];
            }
            System.arraycopy(PreferredClass.evidence(outputs, answered), 0, out, from, count);
        }
        return out;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeInt(tap);
        out.writeUTF(tapName);
        patches.write(out);
        weights.write(out);
        Matrix.of(1, offsets.length, offsets).write(out);
    }

    static PatchEvidence read(DetectorInput in) throws IOException {
        int tap = in.tap();
        String tapName = in.tapName(tap);
        PatchFeatures patches = PatchFeatures.read(in, in.columns(tap));
        Matrix weights = in.matrix("patch weights", PatchFeatures.count(), in.classes());
        return new PatchEvidence(
                tap, tapName, patches, weights, in.vector("patch answers", in.classes()));
    }
}
