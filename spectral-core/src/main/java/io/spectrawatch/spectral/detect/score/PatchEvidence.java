package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.Affine;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.ImageGrid;
import io.spectrawatch.spectral.detect.reference.PatchFeatures;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import io.spectrawatch.spectral.linalg.PositiveSolve;
import java.io.DataOutput;
import java.io.IOException;

/**
 * By how much the patches of an image prefer another class than the one answered: best other output
 * less that of the class answered, of a ridge regression on {@link PatchFeatures} to the softmax of
 * the model's logits. A model of another family than those of {@link KernelEvidence}, which knows
 * pixels by their place alone: what fools one need not fool the other.
 */
public final class PatchEvidence implements SampleScore {
    static final int TAG = 24;

    /** Ridge per row, in units of a feature's variance. */
    private static final double RIDGE = 1e-2;

    /** A feature that moves less than this part of what features usually do has no weight. */
    private static final double LEAST_DEVIATION = 1e-3;

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

    /**
     * Fits the regression.
     *
     * @throws ArithmeticException if all patches are the same
     */
    public static PatchEvidence fit(
            Projected reference, int tap, String tapName, ImageGrid grid, int classes, long seed) {
        PatchFeatures patches = PatchFeatures.fit(reference, tap, grid, seed);
        int m = PatchFeatures.count();
        Matrix moment = new Matrix(m, m);
        Matrix targets = new Matrix(classes, m);
        double[] mean = new double[m];
        double[] answers = new double[classes];
        Matrix one = new Matrix(CHUNK, 1);
        Matrix sum = new Matrix(classes, 1);
        double[] row = new double[m];
        for (int from = 0; from < reference.rows(); from += CHUNK) {
            int count = Math.min(CHUNK, reference.rows() - from);
            Matrix features = patches.of(reference, tap, from, count);
            for (int i = 0; i < count; i++) {
                features.row(i, row);
                one.set(i, 0, 1);
                for (int j = 0; j < m; j++) {
                    mean[j] += row[j] / reference.rows();
                }
            }
            reference.kernels().addMoment(count, m, features.data(), moment.data());
            SoftAnswers.addCross(reference, from, count, features, targets);
            SoftAnswers.addCross(reference, from, count, one, sum);
        }
        for (int c = 0; c < classes; c++) {
            answers[c] = sum.get(c, 0) / reference.rows();
        }
        double[] scale = standardise(moment, mean, reference.rows());
        PositiveSolve solve =
                PositiveSolve.of(reference.kernels(), moment, RIDGE * reference.rows());
        Matrix weights = new Matrix(classes, m);
        double[] offsets = answers.clone();
        for (int c = 0; c < classes; c++) {
            targets.row(c, row);
            for (int j = 0; j < m; j++) {
                row[j] = (row[j] - sum.get(c, 0) * mean[j]) * scale[j];
            }
            double[] found = solve.solve(row);
            for (int j = 0; j < m; j++) {
                found[j] *= scale[j];
                offsets[c] -= found[j] * mean[j];
            }
            weights.setRow(c, found);
        }
        return new PatchEvidence(tap, tapName, patches, Affine.transpose(weights), offsets);
    }

    /** From sums of products to those of standardised features; returns the scale of each. */
    private static double[] standardise(Matrix moment, double[] mean, int rows) {
        int m = mean.length;
        double[] deviation = new double[m];
        double whole = 0;
        for (int j = 0; j < m; j++) {
            double variance = Math.max(0, moment.get(j, j) / rows - mean[j] * mean[j]);
            deviation[j] = Math.sqrt(variance);
            whole += variance / m;
        }
        double[] scale = new double[m];
        for (int j = 0; j < m; j++) {
            scale[j] = deviation[j] > LEAST_DEVIATION * Math.sqrt(whole) ? 1 / deviation[j] : 0;
        }
        double[] row = new double[m];
        for (int i = 0; i < m; i++) {
            moment.row(i, row);
            for (int j = i; j < m; j++) {
                row[j] = (row[j] - rows * mean[i] * mean[j]) * scale[i] * scale[j];
            }
            moment.setRow(i, row);
        }
        return scale;
    }

    @Override
    public String name() {
        return label(tapName);
    }

    public static String label(String tapName) {
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
            System.arraycopy(SoftAnswers.evidence(outputs, answered), 0, out, from, count);
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
