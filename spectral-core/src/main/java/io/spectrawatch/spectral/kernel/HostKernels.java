package io.spectrawatch.spectral.kernel;

import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.CblasTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasUpper;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_dsyevd_work;
import static org.bytedeco.openblas.global.openblas_full.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas_full.cblas_dcopy;
import static org.bytedeco.openblas.global.openblas_full.cblas_ddot;
import static org.bytedeco.openblas.global.openblas_full.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_full.cblas_dgemv;
import static org.bytedeco.openblas.global.openblas_full.cblas_dger;
import static org.bytedeco.openblas.global.openblas_full.cblas_dsyrk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;

/** OpenBLAS on one thread. */
final class HostKernels implements Kernels {
    private final Workspace workspace = new Workspace();
    private final KernelDescription description;
    private DoubleBuffer ones = Workspace.allocate(0);
    private IntBuffer integers = IntBuffer.allocate(0);

    HostKernels() {
        this.description = OpenBlas.load();
    }

    @Override
    public KernelDescription description() {
        return description;
    }

    @Override
    public Workspace workspace() {
        return workspace;
    }

    @Override
    public void mean(int n, int d, DoubleBuffer x, DoubleBuffer mean) {
        cblas_dgemv(CblasRowMajor, CblasTrans, n, d, 1.0, x, d, ones(n), 1, 0.0, mean, 1);
        for (int j = 0; j < d; j++) {
            mean.put(j, mean.get(j) / n);
        }
    }

    @Override
    public void centre(int n, int d, DoubleBuffer x, DoubleBuffer offset, DoubleBuffer out) {
        cblas_dcopy(n * d, x, 1, out, 1);
        cblas_dger(CblasRowMajor, n, d, -1.0, ones(n), 1, offset, 1, out, d);
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
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, d, n, 1.0, a, d, 1.0, moment, d);
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

    private DoubleBuffer ones(int n) {
        if (ones.capacity() < n) {
            ones = Workspace.allocate(n);
            for (int i = 0; i < n; i++) {
                ones.put(i, 1.0);
            }
        }
        return ones;
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
