package io.spectrawatch.spectral.kernel;

import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.CblasTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasUpper;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_dsyevd_work;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_slag2d_work;
import static org.bytedeco.openblas.global.openblas_full.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas_full.cblas_daxpby;
import static org.bytedeco.openblas.global.openblas_full.cblas_daxpy;
import static org.bytedeco.openblas.global.openblas_full.cblas_dcopy;
import static org.bytedeco.openblas.global.openblas_full.cblas_ddot;
import static org.bytedeco.openblas.global.openblas_full.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_full.cblas_dgemv;
import static org.bytedeco.openblas.global.openblas_full.cblas_dger;
import static org.bytedeco.openblas.global.openblas_full.cblas_dsyrk;
import static org.bytedeco.openblas.global.openblas_full.cblas_sgemm;

import io.spectrawatch.spectral.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** OpenBLAS on one thread. */
final class HostKernels implements Kernels {
    private final Workspace workspace = new Workspace();
    private final KernelDescription description;
    private final Deflation deflation = new Deflation(this);
    private final SingleMoment single = new SingleMoment();
    private final LeadingEigen leading = new LeadingEigen();
    private final Projection projection = new Projection(workspace);
    private IntBuffer integers = IntBuffer.allocate(0);
    private FloatBuffer singles = FloatBuffer.allocate(0);

    HostKernels() {
        this.description = OpenBlas.load();
    }

    @Override
    public KernelDescription description() {
        return description;
    }

    @Override
    public int singleChunk(int d) {
        return Math.min(Deflation.CHUNK, d);
    }

    @Override
    public Workspace workspace() {
        return workspace;
    }

    @Override
    public double blockProducts(
            BlockStep step, int rank, DoubleBuffer directions, DoubleBuffer gram) {
        centre(step);
        int d = step.block.dimension();
        int count = step.count();
        int m = rank + count;
        if (step.deflated >= 0) {
            deflation.products(step, rank, directions, gram);
        } else {
            if (rank > 0) {
                cross(rank, count, d, directions, step.rows, gram, rank, m);
            }
            gram(count, d, step.rows, gram, rank * (m + 1), m);
        }
        double energy = 0;
        for (int i = rank; i < m; i++) {
            energy += gram.get(i * (m + 1));
        }
        return energy;
    }

    @Override
    public void blockRotate(
            BlockStep step,
            int k,
            int rank,
            DoubleBuffer directions,
            DoubleBuffer weights,
            DoubleBuffer out) {
        int d = step.block.dimension();
        int m = rank + step.count();
        if (rank > 0) {
            rotate(k, rank, d, weights, 0, m, directions, false, out);
        }
        rotate(k, step.count(), d, weights, rank, m, step.rows, rank > 0, out);
    }

    @Override
    public double blockMoment(BlockStep step, double keep, double most, DoubleBuffer moment) {
        centre(step);
        int d = step.block.dimension();
        double energy = sumOfSquares(step.count() * d, step.rows);
        if (energy <= most) {
            if (step.singleTerms > 0) {
                single.add(step, energy, keep, moment);
            } else {
                dsyrkUpdate(step.count(), d, step.rows, keep, moment);
            }
        }
        return energy;
    }

    @Override
    public void blockProbes(BlockStep step, int g, DoubleBuffer probes, DoubleBuffer products) {
        int d = step.block.dimension();
        DoubleBuffer along = workspace.scratch(Workspace.Role.WEIGHTS, g * step.count());
        cross(g, step.count(), d, probes, step.rows, along, 0, step.count());
        rotate(g, step.count(), d, along, 0, step.count(), step.rows, true, products);
    }

    private void centre(BlockStep step) {
        int n = step.block.rows();
        int d = step.block.dimension();
        DoubleBuffer mean = workspace.scratch(Workspace.Role.VECTOR, d);
        step.blockMean = mean;
        if (step.anchor != null) {
            step.rows = projection.anchored(step.block, step.anchor);
            average(n, d, step.rows, mean);
            cblas_daxpy(d, 1.0, step.anchor, 1, mean, 1);
            return;
        }
        DoubleBuffer rows = workspace.scratch(Workspace.Role.ROWS, n * d);
        if (step.block.is(ElementType.FLOAT32)) {
            LAPACKE_slag2d_work(LAPACK_COL_MAJOR, d, n, step.block.floats(), d, rows, d);
        } else {
            step.block.widenInto(0, n, rows);
        }
        average(n, d, rows, mean);
        DoubleBuffer offset = pulled(step, mean);
        cblas_dger(CblasRowMajor, n, d, -1.0, workspace.ones(n), 1, offset, 1, rows, d);
        step.rows = rows;
    }

    private void average(int n, int d, DoubleBuffer rows, DoubleBuffer mean) {
        cblas_dgemv(
                CblasRowMajor,
                CblasTrans,
                n,
                d,
                1.0 / n,
                rows,
                d,
                workspace.ones(n),
                1,
                0.0,
                mean,
                1);
    }

    private DoubleBuffer pulled(BlockStep step, DoubleBuffer mean) {
        if (step.pull == 1) {
            return mean;
        }
        int d = step.block.dimension();
        DoubleBuffer offset = workspace.scratch(Workspace.Role.OFFSET, d);
        cblas_dcopy(d, step.runningMean, 1, offset, 1);
        cblas_daxpby(d, step.pull, mean, 1, 1 - step.pull, offset, 1);
        return offset;
    }

    @Override
    public double sumOfSquares(int count, DoubleBuffer x) {
        return cblas_ddot(count, x, 1, x, 1);
    }

    @Override
    public void gram(int n, int d, DoubleBuffer a, DoubleBuffer g, int at, int ld) {
        g.position(at);
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, n, d, 1.0, a, d, 0.0, g, ld);
        g.position(0);
    }

    @Override
    public void cross(
            int m, int n, int d, DoubleBuffer a, DoubleBuffer b, DoubleBuffer out, int at, int ld) {
        out.position(at);
        cblas_dgemm(
                CblasRowMajor, CblasNoTrans, CblasTrans, m, n, d, 1.0, a, d, b, d, 0.0, out, ld);
        out.position(0);
    }

    @Override
    public void addMoment(int n, int d, DoubleBuffer a, DoubleBuffer moment) {
        dsyrkUpdate(n, d, a, 1, moment);
    }

    private static void dsyrkUpdate(
            int n, int d, DoubleBuffer a, double keep, DoubleBuffer moment) {
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, d, n, 1.0, a, d, keep, moment, d);
    }

    @Override
    public void rotate(
            int k,
            int m,
            int d,
            DoubleBuffer w,
            int at,
            int ld,
            DoubleBuffer rows,
            boolean add,
            DoubleBuffer out) {
        w.position(at);
        double keep = add ? 1.0 : 0.0;
        cblas_dgemm(
                CblasRowMajor,
                CblasNoTrans,
                CblasNoTrans,
                k,
                d,
                m,
                1.0,
                w,
                ld,
                rows,
                d,
                keep,
                out,
                d);
        w.position(0);
    }

    @Override
    public void singleProduct(int k, int m, int d, float[] w, FloatBuffer rows, float[] out) {
        if (singles.capacity() < k * (m + d)) {
            singles = Deflation.floats(k * (m + d));
        }
        FloatBuffer left = singles.slice(0, k * m);
        FloatBuffer product = singles.slice(k * m, k * d);
        left.put(0, w, 0, k * m);
        cblas_sgemm(
                CblasRowMajor,
                CblasNoTrans,
                CblasNoTrans,
                k,
                d,
                m,
                1,
                left,
                m,
                rows,
                d,
                0,
                product,
                d);
        product.get(0, out, 0, k * d);
    }

    @Override
    public void coordinates(
            int n, int d, int k, DoubleBuffer rows, DoubleBuffer directions, DoubleBuffer out) {
        int part = Projection.part(n, k);
        for (int at = 0; at < d; at += part) {
            int width = Math.min(part, d - at);
            directions.position(at * k);
            rotate(n, width, k, rows, at, d, directions, at > 0, out);
        }
        directions.position(0);
    }

    @Override
    public void project(WindowStep step) {
        projection.project(step);
    }

    @Override
    public void crossMoment(int k, int m, int n, DoubleBuffer a, DoubleBuffer b, DoubleBuffer out) {
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, k, m, n, 1.0, a, k, b, m, 0.0, out, m);
    }

    @Override
    public void eigen(int m, DoubleBuffer a, DoubleBuffer values) {
        // Work sizes that LAPACK's dsyevd asks for when vectors are wanted.
        long work = 1 + 6L * m + 2L * m * m;
        int integerWork = 3 + 5 * m;
        if (work > Integer.MAX_VALUE / Double.BYTES) {
            throw new IllegalArgumentException("eigenproblem: order at most 11584, found " + m);
        }
        DoubleBuffer scratch = workspace.scratch(Workspace.Role.EIGEN, (int) work);
        // The upper triangle in row-major order is the lower one in LAPACK's column-major order.
        int info =
                LAPACKE_dsyevd_work(
                        LAPACK_COL_MAJOR,
                        (byte) 'V',
                        (byte) 'L',
                        m,
                        a,
                        m,
                        values,
                        scratch,
                        (int) work,
                        integers(integerWork),
                        integerWork);
        if (info != 0) {
            throw new KernelException("eigenproblem of order " + m + ": dsyevd returned " + info);
        }
    }

    @Override
    public void leadingEigen(int m, int k, DoubleBuffer a, DoubleBuffer values) {
        if (!leading.solve(m, k, a, values)) {
            eigen(m, a, values);
        }
    }

    private IntBuffer integers(int n) {
        if (integers.capacity() < n) {
            integers =
                    ByteBuffer.allocateDirect(n * Integer.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .asIntBuffer();
        }
        return integers;
    }

    @Override
    public void close() {
        // OpenBLAS stays loaded for the life of the process; the buffers go with this object.
    }
}
