package io.spectrawatch.spectral.kernel;

import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_slag2d_work;
import static org.bytedeco.openblas.global.openblas_full.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas_full.cblas_ddot;
import static org.bytedeco.openblas.global.openblas_full.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_full.cblas_dger;

import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * Rows about an anchor, and their projection, by OpenBLAS: a strip of columns at a time, which
 * stays in the second-level cache from the conversion to the product.
 */
final class Projection {
    /** Columns of a strip: with 64 rows, in both precisions, 768 KiB. */
    private static final int STRIP = 1024;

    /**
     * Columns multiplied at a time: few enough for OpenBLAS to take its kernels for small matrices
     * (up to 1e6 multiplications on AVX-512) and not to pack the rows first, which costs as much as
     * multiplying them with 32 columns.
     */
    private static final int PART = 128;

    /** Multiplications up to which OpenBLAS takes those kernels. */
    private static final int SMALL = 1_000_000;

    private static final int NARROW_PART = 32;

    private final Workspace workspace;
    private final AnchoredRows last = new AnchoredRows();

    Projection(Workspace workspace) {
        this.workspace = workspace;
    }

    /**
     * Returns how many columns of n rows to multiply at a time for k coordinates; all, where even a
     * few would be packed.
     */
    static int part(int n, int k) {
        long each = (long) n * k;
        return each * PART <= SMALL
                ? PART
                : each * NARROW_PART <= SMALL ? NARROW_PART : Integer.MAX_VALUE;
    }

    /** Returns all rows of a block about an anchor (d); those of the last step, if they are. */
    DoubleBuffer anchored(RowBlock block, DoubleBuffer anchor) {
        int n = block.rows();
        if (!last.holds(block, 0, n, anchor)) {
            DoubleBuffer rows = last.start(workspace, block, 0, n, anchor);
            for (int at = 0; at < block.dimension(); at += STRIP) {
                anchor(block, 0, n, anchor, at, rows);
            }
            anchor.position(0);
            rows.position(0);
            last.done();
        }
        return last.rows();
    }

    void project(WindowStep step) {
        int n = step.count;
        int d = step.block.dimension();
        DoubleBuffer rows = last.start(workspace, step.block, step.from, n, step.anchor);
        step.rows = rows;
        step.energy[0] = 0;
        step.energy[1] = 0;
        for (int at = 0; at < d; at += STRIP) {
            int width = Math.min(STRIP, d - at);
            anchor(step.block, step.from, n, step.anchor, at, rows);
            addEnergies(step, at, width);
            addSums(step, at, width);
            if (step.basis != null) {
                addCoordinates(step, at, at + width);
            }
        }
        step.anchor.position(0);
        rows.position(0);
        last.done();
    }

    /** Fills a strip of the rows, from column {@code at} on. */
    private void anchor(
            RowBlock block, int from, int n, DoubleBuffer anchor, int at, DoubleBuffer rows) {
        int d = block.dimension();
        int width = Math.min(STRIP, d - at);
        rows.position(at);
        if (block.is(ElementType.FLOAT32)) {
            FloatBuffer floats = block.floats().position(from * d + at);
            LAPACKE_slag2d_work(LAPACK_COL_MAJOR, width, n, floats, d, rows, d);
            floats.position(0);
        } else if (at == 0) {
            block.widenInto(from, n, rows);
        }
        anchor.position(at);
        cblas_dger(CblasRowMajor, n, width, -1.0, workspace.ones(n), 1, anchor, 1, rows, d);
    }

    /** Row by row and strip by strip, so that rounding does not grow with the rows' product. */
    private static void addEnergies(WindowStep step, int at, int width) {
        int n = step.count;
        int d = step.block.dimension();
        double first = 0;
        double second = 0;
        for (int i = 0; i < n; i++) {
            step.rows.position(i * d + at);
            double square = cblas_ddot(width, step.rows, 1, step.rows, 1);
            if (step.members.get(i) == 1) {
                first += square;
            } else {
                second += square;
            }
        }
        step.energy[0] += first;
        step.energy[1] += second;
    }

    private static void addSums(WindowStep step, int at, int width) {
        int d = step.block.dimension();
        multiply(
                2,
                width,
                step.count,
                step.members,
                0,
                step.count,
                step.rows,
                at,
                d,
                step.sums,
                at,
                d,
                false);
    }

    private static void addCoordinates(WindowStep step, int from, int to) {
        int n = step.count;
        int k = step.rank;
        int d = step.block.dimension();
        for (int at = from; at < to; at += PART) {
            int width = Math.min(PART, to - at);
            multiply(
                    n,
                    k,
                    width,
                    step.rows,
                    at,
                    d,
                    step.basis,
                    at * k,
                    k,
                    step.coordinates,
                    0,
                    k,
                    at > 0);
        }
    }

    private static void multiply(
            int m,
            int n,
            int inner,
            DoubleBuffer a,
            int atA,
            int ldA,
            DoubleBuffer b,
            int atB,
            int ldB,
            DoubleBuffer out,
            int atOut,
            int ldOut,
            boolean add) {
        a.position(atA);
        b.position(atB);
        out.position(atOut);
        double keep = add ? 1.0 : 0.0;
        cblas_dgemm(
                CblasRowMajor,
                CblasNoTrans,
                CblasNoTrans,
                m,
                n,
                inner,
                1.0,
                a,
                ldA,
                b,
                ldB,
                keep,
                out,
                ldOut);
        a.position(0);
        b.position(0);
        out.position(0);
    }
}
