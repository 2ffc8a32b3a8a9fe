package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.reference.Affine;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.DoubleBuffer;

/**
 * ViM: the norm of the embedding outside its principal space, scaled to the size of a logit,
 * against log sum exp of the logits (Wang et al., CVPR 2022). The origin is the point the head maps
 * closest to zero, u = -W^+ b.
 */
public final class VirtualLogit implements SampleScore {
    static final int TAG = 7;
    public static final String NAME = "vim";

    /** Squared singular values below this share of the largest are rounding of fp32 weights. */
    private static final double RANK_TOLERANCE = 1e-10;

    private final double[] origin;
    private final Matrix principal;
    private final double alpha;

    private VirtualLogit(double[] origin, Matrix principal, double alpha) {
        this.origin = origin;
        this.principal = principal;
        this.alpha = alpha;
    }

    public static VirtualLogit fit(Projected reference, Affine head) {
        Kernels kernels = reference.kernels();
        Matrix embedding = reference.embedding();
        double[] origin = origin(kernels, head);
        Matrix shifted = minus(embedding, origin);
        int d = embedding.columns();
        Matrix moment = new Matrix(d, d);
        kernels.addMoment(shifted.rows(), d, shifted.data(), moment.data());
        DoubleBuffer ascending = Workspace.allocate(d);
        kernels.eigen(d, moment.data(), ascending);
        int kept = principalDimension(d);
        Matrix principal = new Matrix(kept, d);
        principal.data().put(0, moment.data(), (d - kept) * d, kept * d);
        VirtualLogit plain = new VirtualLogit(origin, principal, 0);
        double logit = 0;
        double residual = 0;
        double[] outside = plain.outside(reference);
        for (int i = 0; i < outside.length; i++) {
            residual += outside[i];
            double largest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < reference.logits().columns(); c++) {
                largest = Math.max(largest, reference.logits().get(i, c));
            }
            logit += largest;
        }
        return new VirtualLogit(origin, principal, residual > 0 ? logit / residual : 0);
    }

    /** The authors' choice of the principal dimension. */
    private static int principalDimension(int d) {
        if (d >= 2048) {
            return 1000;
        }
        return d >= 768 ? 512 : Math.max(1, d / 2);
    }

    /**
     * u = -W^+ b by the eigenvectors of the smaller of W W^T and W^T W: repeated logits, or more of
     * them than columns of the embedding, leave directions in which u does not move.
     */
    private static double[] origin(Kernels kernels, Affine head) {
        Matrix w = head.weights();
        boolean wide = w.rows() <= w.columns();
        Matrix turned = Affine.transpose(w);
        Matrix gram =
                wide ? w.timesTransposed(kernels, w) : turned.timesTransposed(kernels, turned);
        int n = gram.rows();
        double[] right = wide ? head.offset() : times(turned, head.offset());
        DoubleBuffer ascending = Workspace.allocate(n);
        kernels.eigen(n, gram.data(), ascending);
        double least = RANK_TOLERANCE * ascending.get(n - 1);
        double[] solution = new double[n];
        for (int i = n - 1; i >= 0 && ascending.get(i) > least; i--) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += gram.get(i, j) * right[j];
            }
            for (int j = 0; j < n; j++) {
                solution[j] -= sum / ascending.get(i) * gram.get(i, j);
            }
        }
        return wide ? times(turned, solution) : solution;
    }

    private static double[] times(Matrix a, double[] x) {
        double[] out = new double[a.rows()];
        for (int i = 0; i < out.length; i++) {
            for (int j = 0; j < x.length; j++) {
                out[i] += a.get(i, j) * x[j];
            }
        }
        return out;
    }

    private static Matrix minus(Matrix rows, double[] origin) {
        Matrix out = rows.sibling(rows.rows(), rows.columns());
        for (int i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < origin.length; j++) {
                out.set(i, j, rows.get(i, j) - origin[j]);
            }
        }
        return out;
    }

    private double[] outside(Projected rows) {
        Matrix shifted = minus(rows.embedding(), origin);
        double[] whole = shifted.squaredNorms();
        double[] inside = shifted.timesTransposed(rows.kernels(), principal).squaredNorms();
        for (int i = 0; i < whole.length; i++) {
            whole[i] = Math.sqrt(Math.max(0, whole[i] - inside[i]));
        }
        return whole;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public double[] score(Projected rows) {
        double[] out = outside(rows);
        for (int i = 0; i < out.length; i++) {
            out[i] = alpha * out[i] - Confidence.logSumExp(rows.logits(), i, -1);
        }
        return out;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        Matrix.of(1, origin.length, origin).write(out);
        principal.write(out);
        out.writeDouble(alpha);
    }

    static VirtualLogit read(DetectorInput in) throws IOException {
        in.dimension(TapRole.LOGITS);
        int d = in.dimension(TapRole.EMBEDDING);
        return new VirtualLogit(
                in.vector("origin", d), in.matrix("principal space", d), in.finite("alpha"));
    }
}
