package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.DoubleBuffer;

/**
 * NECO: minus the share of the standardised embedding's norm that lies in the principal space of
 * the reference (Ben Ammar et al., ICLR 2024); the space holds 90 % of the variance.
 */
public final class CollapseScore implements SampleScore {
    static final int TAG = 8;
    public static final String NAME = "neco";

    private static final double VARIANCE = 0.9;

    private final double[] mean;
    private final double[] scale;
    private final Matrix principal;

    private CollapseScore(double[] mean, double[] scale, Matrix principal) {
        this.mean = mean;
        this.scale = scale;
        this.principal = principal;
    }

    public static CollapseScore fit(Projected reference) {
        Matrix rows = reference.embedding();
        Kernels kernels = reference.kernels();
        int d = rows.columns();
        double[] mean = rows.mean();
        double[] scale = new double[d];
        for (int j = 0; j < d; j++) {
            double sum = 0;
            for (int i = 0; i < rows.rows(); i++) {
                sum += (rows.get(i, j) - mean[j]) * (rows.get(i, j) - mean[j]);
            }
            // A unit that never moves has no direction to speak of.
            scale[j] = sum > 0 ? Math.sqrt(rows.rows() / sum) : 0;
        }
        Matrix standard = standardised(rows, mean, scale);
        Matrix moment = new Matrix(d, d);
        kernels.addMoment(standard.rows(), d, standard.data(), moment.data());
        DoubleBuffer ascending = Workspace.allocate(d);
        kernels.eigen(d, moment.data(), ascending);
        double total = 0;
        for (int i = 0; i < d; i++) {
            total += Math.max(0, ascending.get(i));
        }
        int kept = 0;
        double sum = 0;
        while (kept < d && sum < VARIANCE * total) {
            sum += ascending.get(d - 1 - kept++);
        }
        Matrix principal = new Matrix(Math.max(1, kept), d);
        principal.data().put(0, moment.data(), (d - principal.rows()) * d, principal.rows() * d);
        return new CollapseScore(mean, scale, principal);
    }

    private static Matrix standardised(Matrix rows, double[] mean, double[] scale) {
        Matrix out = rows.sibling(rows.rows(), rows.columns());
        for (int i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < mean.length; j++) {
                out.set(i, j, (rows.get(i, j) - mean[j]) * scale[j]);
            }
        }
        return out;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public double[] score(Projected rows) {
        Matrix standard = standardised(rows.embedding(), mean, scale);
        double[] whole = standard.squaredNorms();
        double[] inside = standard.timesTransposed(rows.kernels(), principal).squaredNorms();
        for (int i = 0; i < whole.length; i++) {
            whole[i] = whole[i] > 0 ? -Math.sqrt(inside[i] / whole[i]) : 0;
        }
        return whole;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        Matrix.of(1, mean.length, mean).write(out);
        Matrix.of(1, scale.length, scale).write(out);
        principal.write(out);
    }

    static CollapseScore read(DetectorInput in) throws IOException {
        int d = in.dimension(TapRole.EMBEDDING);
        return new CollapseScore(
                in.vector("mean", d), in.vector("scale", d), in.matrix("principal space", d));
    }
}
