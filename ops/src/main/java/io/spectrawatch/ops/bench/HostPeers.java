package io.spectrawatch.ops.bench;

import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.CblasTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasUpper;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_dgesdd;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_sgesdd;
import static org.bytedeco.openblas.global.openblas_full.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas_full.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas_full.cblas_dsyrk;
import static org.bytedeco.openblas.global.openblas_full.cblas_sgemm;

import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/** The host library's own limits, and the algorithms the sketch is compared with. */
final class HostPeers {
    private static final int PRODUCT = 1024;
    private static final int PRODUCT_RUNS = 6;

    private HostPeers() {}

    private static FloatBuffer floats(int n) {
        return ByteBuffer.allocateDirect(n * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    static double gemmFp64Gflops() {
        int n = PRODUCT;
        DoubleBuffer a = filled(n * n);
        DoubleBuffer b = filled(n * n);
        DoubleBuffer c = Workspace.allocate(n * n);
        double best = 0;
        for (int run = 0; run < PRODUCT_RUNS; run++) {
            long start = Clock.CPU.nanos();
            cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a, n, b, n, 0, c, n);
            best = Math.max(best, 2.0 * n * n * n / (Clock.CPU.nanos() - start));
        }
        return best;
    }

    static double gemmFp32Gflops() {
        int n = PRODUCT;
        FloatBuffer a = floats(n * n);
        FloatBuffer b = floats(n * n);
        FloatBuffer c = floats(n * n);
        for (int i = 0; i < n * n; i++) {
            a.put(i, i % 7 - 3);
            b.put(i, i % 5 - 2);
        }
        double best = 0;
        for (int run = 0; run < PRODUCT_RUNS; run++) {
            long start = Clock.CPU.nanos();
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a, n, b, n, 0, c, n);
            best = Math.max(best, 2.0 * n * n * n / (Clock.CPU.nanos() - start));
        }
        return best;
    }

    private static DoubleBuffer filled(int count) {
        DoubleBuffer buffer = Workspace.allocate(count);
        for (int i = 0; i < count; i++) {
            buffer.put(i, i % 7 - 3);
        }
        return buffer;
    }

    /** Rows per second of dsyrk alone on blocks of n rows of width d. */
    static double symmetricProductRowsPerSecond(int n, int d, long rows) {
        DoubleBuffer x = filled(n * d);
        DoubleBuffer m = Workspace.allocate((long) d * d);
        long blocks = Math.max(1, rows / n);
        for (int i = 0; i < 3; i++) {
            cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, d, n, 1, x, d, 1, m, d);
        }
        long start = Clock.CPU.nanos();
        for (long i = 0; i < blocks; i++) {
            cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, d, n, 1, x, d, 1, m, d);
        }
        return blocks * (double) n * 1e9 / (Clock.CPU.nanos() - start);
    }

    /**
     * The incremental PCA of Ross et al. 2008 as the usual library has it: the stack of k scaled
     * components, a centred batch and a correction row, decomposed by fp32 gesdd.
     */
    static final class StackedSvd {
        static final int COMPONENTS = 64;
        static final int BATCH = 256;

        private final int d;
        private final int kept;
        private final FloatBuffer stack;
        private final FloatBuffer left;
        private final FloatBuffer right;
        private final FloatBuffer values;
        private final float[] components;
        private final double[] mean;
        private final float[] line;
        private long seen;

        StackedSvd(int d) {
            this(d, COMPONENTS, BATCH);
        }

        StackedSvd(int d, int components, int batch) {
            this.d = d;
            this.kept = Math.min(components, d);
            int m = kept + batch + 1;
            this.stack = floats(m * d);
            int rank = Math.min(m, d);
            this.left = floats(d * rank);
            this.right = floats(rank * m);
            this.values = floats(rank);
            this.components = new float[kept * d];
            this.mean = new double[d];
            this.line = new float[d];
        }

        void update(RowBlock batch) {
            int n = batch.rows();
            DoubleBuffer x = batch.values();
            double[] batchMean = new double[d];
            for (int i = 0; i < n * d; i++) {
                batchMean[i % d] += x.get(i) / n;
            }
            int old = seen == 0 ? 0 : kept;
            stack.put(0, components, 0, old * d);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < d; j++) {
                    line[j] = (float) (x.get(i * d + j) - batchMean[j]);
                }
                stack.put((old + i) * d, line);
            }
            int m = old + n;
            if (seen > 0) {
                double factor = Math.sqrt((double) seen / (seen + n) * n);
                for (int j = 0; j < d; j++) {
                    line[j] = (float) (factor * (mean[j] - batchMean[j]));
                }
                stack.put(m * d, line);
                m++;
            }
            int rank = Math.min(m, d);
            // Row-major m x d is column-major d x m: its left vectors are the components.
            int info =
                    LAPACKE_sgesdd(
                            LAPACK_COL_MAJOR,
                            (byte) 'S',
                            d,
                            m,
                            stack,
                            d,
                            values,
                            left,
                            d,
                            right,
                            rank);
            if (info != 0) {
                throw new ArithmeticException("stacked SVD: sgesdd returned " + info);
            }
            for (int i = 0; i < kept; i++) {
                left.get(i * d, components, i * d, d);
                for (int j = 0; j < d; j++) {
                    components[i * d + j] *= values.get(i);
                }
            }
            for (int j = 0; j < d; j++) {
                mean[j] += (batchMean[j] - mean[j]) * n / (seen + n);
            }
            seen += n;
        }

        /** Its directions scaled by the singular values (k x d). */
        DoubleBuffer directions() {
            DoubleBuffer out = Workspace.allocate((long) kept * d);
            for (int i = 0; i < kept * d; i++) {
                out.put(i, components[i]);
            }
            return out;
        }

        int components() {
            return kept;
        }
    }

    /**
     * Frequent Directions as Liberty 2013 describes it: a buffer of 2 l rows, an SVD whenever it is
     * full.
     */
    static final class RowBuffered {
        private final int d;
        private final int l;
        private final DoubleBuffer buffer;
        private final DoubleBuffer left;
        private final DoubleBuffer right;
        private final DoubleBuffer values;
        private final double[] line;
        private int filled;

        RowBuffered(int l, int d) {
            this.d = d;
            this.l = l;
            this.buffer = Workspace.allocate(2L * l * d);
            this.left = Workspace.allocate((long) d * 2 * l);
            this.right = Workspace.allocate(4L * l * l);
            this.values = Workspace.allocate(2L * l);
            this.line = new double[d];
        }

        void update(RowBlock block) {
            DoubleBuffer x = block.values();
            for (int i = 0; i < block.rows(); i++) {
                if (filled == 2 * l) {
                    shrink();
                }
                buffer.put(filled * d, x, i * d, d);
                filled++;
            }
        }

        private void shrink() {
            int info =
                    LAPACKE_dgesdd(
                            LAPACK_COL_MAJOR,
                            (byte) 'S',
                            d,
                            2 * l,
                            buffer,
                            d,
                            values,
                            left,
                            d,
                            right,
                            2 * l);
            if (info != 0) {
                throw new ArithmeticException("row-buffered sketch: dgesdd returned " + info);
            }
            double delta = values.get(l) * values.get(l);
            for (int i = 0; i < l; i++) {
                double scale = Math.sqrt(Math.max(values.get(i) * values.get(i) - delta, 0));
                left.get(i * d, line);
                for (int j = 0; j < d; j++) {
                    line[j] *= scale;
                }
                buffer.put(i * d, line);
            }
            filled = l;
        }

        /** The rows held, at most 2 l. */
        DoubleBuffer directions() {
            return buffer;
        }

        int components() {
            return filled;
        }
    }
}
