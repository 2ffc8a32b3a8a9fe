package io.spectrawatch.spectral.kernel;

import static org.bytedeco.openblas.global.openblas_full.CblasLeft;
import static org.bytedeco.openblas.global.openblas_full.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasNonUnit;
import static org.bytedeco.openblas.global.openblas_full.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_full.CblasTrans;
import static org.bytedeco.openblas.global.openblas_full.CblasUpper;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_dormtr_work;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_dpotrf_work;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_dsterf_work;
import static org.bytedeco.openblas.global.openblas_full.LAPACKE_dsytrd_work;
import static org.bytedeco.openblas.global.openblas_full.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas_full.cblas_dsyrk;
import static org.bytedeco.openblas.global.openblas_full.cblas_dtrsm;

import java.nio.DoubleBuffer;

/**
 * All eigenvalues and the leading eigenvectors of a symmetric matrix, where these are half of all
 * or less: tridiagonal form, its eigenvalues by QL, its wanted vectors from twisted factorisations
 * (Fernando 1997; Dhillon, Parlett 2004) of all shifts at once, made orthonormal by Cholesky QR.
 *
 * <p>Twisted vectors alone are not orthogonal where eigenvalues crowd, so what comes out is
 * checked: residual and orthonormality are of the size that the divide-and-conquer solver promises,
 * or this one declines.
 */
final class LeadingEigen {
    /** Below this order the usual solver is as fast. */
    private static final int LEAST_ORDER = 48;

    /** Squares of off-diagonal elements neither overflow nor vanish within these. */
    private static final double LEAST_SCALE = 1e-120;

    private static final double LARGEST_SCALE = 1e120;

    /** Columns of work space per row, the block size that LAPACK reduces with. */
    private static final int WORK_COLUMNS = 64;

    /** Departure from orthonormality (Frobenius) up to which one Cholesky QR mends it. */
    private static final double MENDABLE = 0.3;

    private static final int MENDINGS = 3;
    private static final double UNIT = 0x1p-53;

    private DoubleBuffer reflectors = Workspace.allocate(0);
    private DoubleBuffer factors = Workspace.allocate(0);
    private DoubleBuffer offDiagonal = Workspace.allocate(0);
    private DoubleBuffer work = Workspace.allocate(0);
    private DoubleBuffer vectors = Workspace.allocate(0);
    private DoubleBuffer products = Workspace.allocate(0);
    private double[] diagonal = new double[0];
    private double[] beside = new double[0];
    private double[] line = new double[0];
    private double[] shifts = new double[0];
    private double[] least = new double[0];
    private int[] twists = new int[0];
    private double[][] down = new double[0][];
    private double[][] up = new double[0][];

    /**
     * Reads the upper triangle of {@code a} (m x m); writes all eigenvalues in ascending order and
     * the k last vectors to the k last rows of {@code a}.
     *
     * @return whether it did; otherwise {@code a} is unchanged
     */
    boolean solve(int m, int k, DoubleBuffer a, DoubleBuffer values) {
        if (m < LEAST_ORDER || 3 * m < 4 * k || !scaled(m, a)) {
            return false;
        }
        reserve(m, k);
        reflectors.put(0, a, 0, m * m);
        int info =
                LAPACKE_dsytrd_work(
                        LAPACK_COL_MAJOR,
                        (byte) 'L',
                        m,
                        reflectors,
                        m,
                        values,
                        offDiagonal,
                        factors,
                        work,
                        WORK_COLUMNS * m);
        values.get(0, diagonal, 0, m);
        offDiagonal.get(0, beside, 0, m - 1);
        if (info != 0 || LAPACKE_dsterf_work(m, values, offDiagonal) != 0) {
            return false;
        }
        values.get(m - k, shifts, 0, k);
        factorise(m, k);
        for (int j = 0; j < k; j++) {
            untwist(m, j);
        }
        double largest = Math.max(Math.abs(values.get(0)), Math.abs(values.get(m - 1)));
        if (!orthonormalise(m, k) || !(residual(m, k) <= 2 * m * UNIT * largest)) {
            return false;
        }
        LAPACKE_dormtr_work(
                LAPACK_COL_MAJOR,
                (byte) 'L',
                (byte) 'L',
                (byte) 'N',
                m,
                k,
                reflectors,
                m,
                factors,
                vectors,
                m,
                work,
                WORK_COLUMNS * m);
        a.put((m - k) * m, vectors, 0, k * m);
        return true;
    }

    private static boolean scaled(int m, DoubleBuffer a) {
        double largest = 0;
        for (int i = 0; i < m; i++) {
            largest = Math.max(largest, Math.abs(a.get(i * (m + 1))));
        }
        return largest > LEAST_SCALE && largest < LARGEST_SCALE;
    }

    /**
     * T - s I = L D L^T from above and = U D U^T from below, for every shift s: leaves both
     * diagonals, and where the two factorisations meet with the least remainder.
     */
    private void factorise(int m, int k) {
        for (int j = 0; j < k; j++) {
            down[0][j] = diagonal[0] - shifts[j];
            up[m - 1][j] = diagonal[m - 1] - shifts[j];
            least[j] = Double.POSITIVE_INFINITY;
        }
        for (int i = 1; i < m; i++) {
            eliminate(down[i], down[i - 1], diagonal[i], beside[i - 1] * beside[i - 1], k);
        }
        for (int i = m - 2; i >= 0; i--) {
            eliminate(up[i], up[i + 1], diagonal[i], beside[i] * beside[i], k);
        }
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < k; j++) {
                double remainder = Math.abs(down[i][j] + up[i][j] - (diagonal[i] - shifts[j]));
                if (remainder < least[j]) {
                    least[j] = remainder;
                    twists[j] = i;
                }
            }
        }
    }

    /** One row for all shifts; rows are arrays of their own so that the loop is vectorised. */
    private void eliminate(double[] pivots, double[] before, double d, double square, int k) {
        double[] s = shifts;
        for (int j = 0; j < k; j++) {
            pivots[j] = d - s[j] - square / before[j];
        }
    }

    /** The unit eigenvector of a shift, from where its factorisations meet. */
    private void untwist(int m, int j) {
        int twist = twists[j];
        line[twist] = 1;
        for (int i = twist - 1; i >= 0; i--) {
            line[i] = line[i + 1] * (-beside[i] / down[i][j]);
        }
        for (int i = twist + 1; i < m; i++) {
            line[i] = line[i - 1] * (-beside[i - 1] / up[i][j]);
        }
        double square = 0;
        for (int i = 0; i < m; i++) {
            square += line[i] * line[i];
        }
        double scale = 1 / Math.sqrt(square);
        for (int i = 0; i < m; i++) {
            line[i] *= scale;
        }
        vectors.put(j * m, line, 0, m);
    }

    /** Z = R^-T Z with R^T R = Z Z^T, until Z Z^T is the unit matrix to working precision. */
    private boolean orthonormalise(int m, int k) {
        for (int mending = 0; ; mending++) {
            cblas_dsyrk(
                    CblasRowMajor, CblasUpper, CblasNoTrans, k, m, 1, vectors, m, 0, products, k);
            double departure = departure(k);
            if (departure <= m * UNIT) {
                return true;
            }
            if (!(departure <= MENDABLE)
                    || mending == MENDINGS
                    || LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, (byte) 'L', k, products, k) != 0) {
                return false;
            }
            cblas_dtrsm(
                    CblasRowMajor,
                    CblasLeft,
                    CblasUpper,
                    CblasTrans,
                    CblasNonUnit,
                    k,
                    m,
                    1,
                    products,
                    k,
                    vectors,
                    m);
        }
    }

    /** Frobenius norm of Z Z^T - I. */
    private double departure(int k) {
        double square = 0;
        for (int i = 0; i < k; i++) {
            double own = products.get(i * (k + 1)) - 1;
            square += own * own;
            for (int j = i + 1; j < k; j++) {
                square += 2 * products.get(i * k + j) * products.get(i * k + j);
            }
        }
        return Math.sqrt(square);
    }

    /** Frobenius norm of T Z^T - Z^T diag(shifts). */
    private double residual(int m, int k) {
        double total = 0;
        for (int j = 0; j < k; j++) {
            vectors.get(j * m, line, 0, m);
            for (int i = 0; i < m; i++) {
                double image = (diagonal[i] - shifts[j]) * line[i];
                if (i > 0) {
                    image += beside[i - 1] * line[i - 1];
                }
                if (i < m - 1) {
                    image += beside[i] * line[i + 1];
                }
                total += image * image;
            }
        }
        return Math.sqrt(total);
    }

    private void reserve(int m, int k) {
        if (diagonal.length < m) {
            diagonal = new double[m];
            beside = new double[m];
            line = new double[m];
            shifts = new double[m];
            least = new double[m];
            twists = new int[m];
            down = new double[m][m];
            up = new double[m][m];
            offDiagonal = Workspace.allocate(m);
            factors = Workspace.allocate(m);
            work = Workspace.allocate((long) WORK_COLUMNS * m);
            reflectors = Workspace.allocate((long) m * m);
            vectors = Workspace.allocate((long) m * m);
            products = Workspace.allocate((long) m * m);
        }
    }
}
