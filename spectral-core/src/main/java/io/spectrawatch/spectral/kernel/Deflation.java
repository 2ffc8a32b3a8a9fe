package io.spectrawatch.spectral.kernel;

import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.CblasTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasUpper;
import static org.bytedeco.openblas.global.openblas_full.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_full.cblas_ssyrk;

import io.spectrawatch.spectral.kernel.Workspace.Role;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * Products with new rows in fp32 after the leading directions have been taken out in fp64.
 *
 * <p>With V an orthonormal basis of the q leading directions, P = X V^T, R = X - P V, L = B V^T and
 * S = B - L V: X X^T = P P^T + R R^T and B X^T = L P^T + S R^T. What fp32 sees no longer has the
 * directions that are a thousand times larger than the rest. Products are cut into chunks of
 * columns that are added in fp64.
 */
final class Deflation {
    /** Columns per fp32 product; its rounding grows with this. */
    static final int CHUNK = 256;

    private final HostKernels kernels;
    private FloatBuffer residual = FloatBuffer.allocate(0);
    private FloatBuffer rest = FloatBuffer.allocate(0);
    private FloatBuffer part = FloatBuffer.allocate(0);
    private double[] line = new double[0];
    private float[] narrow = new float[0];

    Deflation(HostKernels kernels) {
        this.kernels = kernels;
    }

    /** Fills what {@link Kernels#blockProducts} fills, from centred rows. */
    void products(BlockStep step, int rank, DoubleBuffer directions, DoubleBuffer gram) {
        int d = step.block.dimension();
        int count = step.count();
        int m = rank + count;
        int q = Math.min(step.deflated, rank);
        Workspace workspace = kernels.workspace();
        reserve(count, Math.max(rank, 1), d);
        DoubleBuffer unit = workspace.scratch(Role.UNIT, Math.max(q, 1) * d);
        orthonormal(directions, q, d, unit);
        DoubleBuffer left = workspace.scratch(Role.RESIDUAL, Math.max(count, rank) * d);
        DoubleBuffer along = workspace.scratch(Role.PROBES, count * Math.max(q, 1));
        DoubleBuffer lead = workspace.scratch(Role.GRAPH, Math.max(rank * q, 1));
        split(step.rows, count, unit, q, d, along, left);
        step.residualEnergy = kernels.sumOfSquares(count * d, left);
        step.tailEnergy = 0;
        double scale = powerOfTwo(Math.sqrt(step.residualEnergy));
        toFloats(left, count, d, scale, residual);
        if (q > 0) {
            kernels.gram(count, q, along, gram, rank * (m + 1), m);
        }
        addSquare(count, d, q > 0, 1 / scale / scale, gram, rank * (m + 1), m);
        if (rank > 0) {
            split(directions, rank, unit, q, d, lead, left);
            step.tailEnergy = kernels.sumOfSquares(rank * d, left);
            double other = powerOfTwo(Math.sqrt(step.tailEnergy));
            toFloats(left, rank, d, other, rest);
            if (q > 0) {
                kernels.cross(rank, count, q, lead, along, gram, rank, m);
            }
            addCross(rank, count, d, q > 0, 1 / scale / other, gram, rank, m);
        }
        // The trace carries F and T, so the diagonal is fp64.
        for (int i = 0; i < count; i++) {
            gram.put((rank + i) * (m + 1), kernels.sumOfSquares(d, step.rows.position(i * d)));
        }
        step.rows.position(0);
    }

    /** Computes along = rows V^T and left = rows - along V. */
    private void split(
            DoubleBuffer rows,
            int n,
            DoubleBuffer unit,
            int q,
            int d,
            DoubleBuffer along,
            DoubleBuffer left) {
        left.put(0, rows, 0, n * d);
        if (q == 0) {
            return;
        }
        kernels.cross(n, q, d, rows, unit, along, 0, q);
        negate(along, n * q);
        kernels.rotate(n, q, d, along, 0, q, unit, true, left);
        negate(along, n * q);
    }

    private static void negate(DoubleBuffer values, int count) {
        for (int i = 0; i < count; i++) {
            values.put(i, -values.get(i));
        }
    }

    /** An orthonormal basis of the first q directions, by Gram-Schmidt twice. */
    static void orthonormal(DoubleBuffer directions, int q, int d, DoubleBuffer unit) {
        for (int i = 0; i < q; i++) {
            unit.put(i * d, directions, i * d, d);
            for (int pass = 0; pass < 2; pass++) {
                for (int k = 0; k < i; k++) {
                    add(unit, i, k, d, -dot(unit, i, k, d));
                }
                double length = Math.sqrt(dot(unit, i, i, d));
                for (int j = i * d; j < (i + 1) * d; j++) {
                    unit.put(j, unit.get(j) / length);
                }
            }
        }
    }

    private static double dot(DoubleBuffer rows, int i, int k, int d) {
        double sum = 0;
        for (int j = 0; j < d; j++) {
            sum += rows.get(i * d + j) * rows.get(k * d + j);
        }
        return sum;
    }

    private static void add(DoubleBuffer rows, int to, int from, int d, double factor) {
        for (int j = 0; j < d; j++) {
            rows.put(to * d + j, rows.get(to * d + j) + factor * rows.get(from * d + j));
        }
    }

    /**
     * The power of two that brings a length near 1, so that fp32 neither overflows nor loses small
     * entries.
     */
    static double powerOfTwo(double length) {
        boolean usable = length > Double.MIN_NORMAL && Double.isFinite(length);
        return usable
                ? Math.scalb(1.0, -Math.min(Math.max(Math.getExponent(length), -1000), 1000))
                : 1;
    }

    private void toFloats(DoubleBuffer from, int rows, int d, double scale, FloatBuffer to) {
        for (int i = 0; i < rows; i++) {
            from.get(i * d, line, 0, d);
            for (int j = 0; j < d; j++) {
                narrow[j] = (float) (scale * line[j]);
            }
            to.put(i * d, narrow, 0, d);
        }
    }

    private void addSquare(
            int n, int d, boolean keep, double unscale, DoubleBuffer gram, int at, int ld) {
        for (int j = 0; j < d; j += CHUNK) {
            int width = Math.min(CHUNK, d - j);
            cblas_ssyrk(
                    CblasRowMajor,
                    CblasUpper,
                    CblasNoTrans,
                    n,
                    width,
                    1,
                    residual.position(j),
                    d,
                    0,
                    part,
                    n);
            for (int i = 0; i < n; i++) {
                for (int k = i; k < n; k++) {
                    double before = j > 0 || keep ? gram.get(at + i * ld + k) : 0;
                    gram.put(at + i * ld + k, before + unscale * part.get(i * n + k));
                }
            }
        }
        residual.position(0);
    }

    private void addCross(
            int r, int n, int d, boolean keep, double unscale, DoubleBuffer gram, int at, int ld) {
        for (int j = 0; j < d; j += CHUNK) {
            int width = Math.min(CHUNK, d - j);
            cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasTrans,
                    r,
                    n,
                    width,
                    1,
                    rest.position(j),
                    d,
                    residual.position(j),
                    d,
                    0,
                    part,
                    n);
            for (int i = 0; i < r; i++) {
                for (int k = 0; k < n; k++) {
                    double before = j > 0 || keep ? gram.get(at + i * ld + k) : 0;
                    gram.put(at + i * ld + k, before + unscale * part.get(i * n + k));
                }
            }
        }
        residual.position(0);
        rest.position(0);
    }

    private void reserve(int count, int restRows, int d) {
        if (residual.capacity() < count * d) {
            residual = floats(count * d);
        }
        if (rest.capacity() < restRows * d) {
            rest = floats(restRows * d);
        }
        int products = count * Math.max(count, restRows);
        if (part.capacity() < products) {
            part = floats(products);
        }
        if (line.length < d) {
            line = new double[d];
            narrow = new float[d];
        }
    }

    static FloatBuffer floats(int n) {
        return ByteBuffer.allocateDirect(n * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
