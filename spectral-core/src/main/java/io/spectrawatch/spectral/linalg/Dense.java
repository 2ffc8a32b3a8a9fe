package io.spectrawatch.spectral.linalg;

import java.util.Arrays;

/**
 * Small dense row-major matrices in plain arrays; plain loops, the same result on every machine.
 */
public final class Dense {
    /** Cyclic Jacobi converges quadratically; 60 sweeps are far beyond what fp64 needs. */
    private static final int SWEEPS = 60;

    private Dense() {}

    /** Returns a (m x k) times b (k x n). */
    public static double[] multiply(int m, int k, int n, double[] a, double[] b) {
        double[][] rows = rows(k, n, b);
        double[] line = new double[n];
        double[] out = new double[m * n];
        for (int i = 0; i < m; i++) {
            Arrays.fill(line, 0);
            addRows(k, a, i * k, rows, 0, line);
            System.arraycopy(line, 0, out, i * n, n);
        }
        return out;
    }

    /** Returns a (m x n) times x; four rows at a time: one would wait for each addition. */
    public static double[] times(int m, int n, double[] a, double[] x) {
        double[] out = new double[m];
        int i = 0;
        for (; i + 3 < m; i += 4) {
            double first = 0;
            double second = 0;
            double third = 0;
            double fourth = 0;
            int at = i * n;
            for (int j = 0; j < n; j++) {
                first += a[at + j] * x[j];
                second += a[at + n + j] * x[j];
                third += a[at + 2 * n + j] * x[j];
                fourth += a[at + 3 * n + j] * x[j];
            }
            out[i] = first;
            out[i + 1] = second;
            out[i + 2] = third;
            out[i + 3] = fourth;
        }
        for (; i < m; i++) {
            for (int j = 0; j < n; j++) {
                out[i] += a[i * n + j] * x[j];
            }
        }
        return out;
    }

    /**
     * Returns the rows of b (k x n), each as an array of its own: two arrays read from the same
     * index on are what the virtual machine turns into vector instructions, three times as fast.
     */
    public static double[][] rows(int k, int n, double[] b) {
        double[][] rows = new double[k][];
        for (int i = 0; i < k; i++) {
            rows[i] = Arrays.copyOfRange(b, i * n, (i + 1) * n);
        }
        return rows;
    }

    /**
     * Adds to y the k rows from an index on with the weights from wAt on; four rows at a time, so
     * that y is read and written a quarter as often.
     */
    public static void addRows(
            int k, double[] weights, int wAt, double[][] rows, int from, double[] y) {
        int c = 0;
        for (; c + 4 <= k; c += 4) {
            addFour(weights, wAt + c, rows, from + c, y);
        }
        for (; c < k; c++) {
            double w = weights[wAt + c];
            double[] row = rows[from + c];
            for (int j = 0; j < y.length; j++) {
                y[j] += w * row[j];
            }
        }
    }

    private static void addFour(double[] weights, int wAt, double[][] rows, int from, double[] y) {
        double w0 = weights[wAt];
        double w1 = weights[wAt + 1];
        double w2 = weights[wAt + 2];
        double w3 = weights[wAt + 3];
        double[] row0 = rows[from];
        double[] row1 = rows[from + 1];
        double[] row2 = rows[from + 2];
        double[] row3 = rows[from + 3];
        for (int j = 0; j < y.length; j++) {
            y[j] += w0 * row0[j] + w1 * row1[j] + w2 * row2[j] + w3 * row3[j];
        }
    }

    /** Adds scale * x (n, from xAt) to y (n, from yAt). */
    public static void addScaled(int n, double scale, double[] x, int xAt, double[] y, int yAt) {
        for (int j = 0; j < n; j++) {
            y[yAt + j] += scale * x[xAt + j];
        }
    }

    /** Whether every a_i + sign * b_i is finite. */
    public static boolean sumIsFinite(double[] a, double sign, double[] b) {
        for (int i = 0; i < a.length; i++) {
            if (!Double.isFinite(a[i] + sign * b[i])) {
                return false;
            }
        }
        return true;
    }

    /** Returns the transpose of a (m x n). */
    public static double[] transpose(int m, int n, double[] a) {
        double[] out = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                out[j * m + i] = a[i * n + j];
            }
        }
        return out;
    }

    public static double[] identity(int n) {
        double[] out = new double[n * n];
        for (int i = 0; i < n; i++) {
            out[i * (n + 1)] = 1;
        }
        return out;
    }

    public static double[] subtract(double[] a, double[] b) {
        double[] out = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            out[i] = a[i] - b[i];
        }
        return out;
    }

    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Returns the Frobenius norm. */
    public static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    public static boolean allFinite(double[] a) {
        for (double value : a) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns a factor R with R^T R = a^T a for a (m x n): a itself if m &lt;= n, else the n x n
     * triangle of its Householder QR factorisation (Golub and Van Loan, 5.2).
     */
    public static double[] triangle(int m, int n, double[] a) {
        double[] r = a.clone();
        if (m <= n) {
            return r;
        }
        for (int c = 0; c < n; c++) {
            double tail = 0;
            for (int i = c; i < m; i++) {
                tail += r[i * n + c] * r[i * n + c];
            }
            double alpha = r[c * n + c] > 0 ? -Math.sqrt(tail) : Math.sqrt(tail);
            if (alpha != 0) {
                reflect(m, n, c, alpha, r);
            }
        }
        double[] out = new double[n * n];
        System.arraycopy(r, 0, out, 0, n * n);
        return out;
    }

    private static void reflect(int m, int n, int c, double alpha, double[] r) {
        double head = r[c * n + c] - alpha;
        // The squared length of the reflector (head, r[c+1..m, c]).
        double square = -2 * alpha * head;
        double[] products = new double[n - c - 1];
        for (int i = c; i < m; i++) {
            double v = i == c ? head : r[i * n + c];
            addScaled(n - c - 1, v, r, i * n + c + 1, products, 0);
        }
        for (int i = c; i < m; i++) {
            double v = i == c ? head : r[i * n + c];
            addScaled(n - c - 1, -2 * v / square, products, 0, r, i * n + c + 1);
            r[i * n + c] = i == c ? alpha : 0;
        }
    }

    /**
     * Returns the singular values of a (m x n), descending, by one-sided Jacobi on the shorter
     * side.
     */
    public static double[] singularValues(int m, int n, double[] a) {
        // Rows of the working array are the vectors that are made orthogonal.
        int count = Math.min(m, n);
        int length = Math.max(m, n);
        double[] rows = m <= n ? a.clone() : transpose(m, n, a);
        for (int sweep = 0; sweep < SWEEPS && orthogonalise(count, length, rows); sweep++) {}
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = Math.sqrt(rowDot(length, rows, i, i));
        }
        Arrays.sort(values);
        for (int i = 0; i < count / 2; i++) {
            double swap = values[i];
            values[i] = values[count - 1 - i];
            values[count - 1 - i] = swap;
        }
        return values;
    }

    private static boolean orthogonalise(int count, int length, double[] rows) {
        boolean moved = false;
        for (int p = 0; p < count - 1; p++) {
            for (int q = p + 1; q < count; q++) {
                double alpha = rowDot(length, rows, p, p);
                double beta = rowDot(length, rows, q, q);
                double gamma = rowDot(length, rows, p, q);
                if (Math.abs(gamma) > 4 * Roundoff.UNIT * Math.sqrt(alpha * beta)) {
                    moved = true;
                    rotate(length, rows, p, q, (beta - alpha) / (2 * gamma));
                }
            }
        }
        return moved;
    }

    private static double rowDot(int length, double[] rows, int p, int q) {
        double sum = 0;
        for (int j = 0; j < length; j++) {
            sum += rows[p * length + j] * rows[q * length + j];
        }
        return sum;
    }

    private static void rotate(int length, double[] rows, int p, int q, double zeta) {
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        double c = 1 / Math.sqrt(1 + t * t);
        double s = c * t;
        for (int j = 0; j < length; j++) {
            double x = rows[p * length + j];
            double y = rows[q * length + j];
            rows[p * length + j] = c * x - s * y;
            rows[q * length + j] = s * x + c * y;
        }
    }

    /**
     * Returns X with X a = b for a symmetric positive definite a (n x n) and b (m x n), or null if
     * a pivot of the Cholesky factorisation falls below {@code tolerance} of the largest diagonal
     * entry.
     */
    public static double[] solveRight(int m, int n, double[] b, double[] a, double tolerance) {
        double largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, a[i * (n + 1)]);
        }
        double[] l = new double[n * n];
        if (cholesky(n, a, tolerance * largest, l) >= 0) {
            return null;
        }
        double[] x = b.clone();
        for (int row = 0; row < m; row++) {
            int at = row * n;
            for (int i = 0; i < n; i++) {
                for (int c = 0; c < i; c++) {
                    x[at + i] -= l[i * n + c] * x[at + c];
                }
                x[at + i] /= l[i * n + i];
            }
            for (int i = n - 1; i >= 0; i--) {
                for (int c = i + 1; c < n; c++) {
                    x[at + i] -= l[c * n + i] * x[at + c];
                }
                x[at + i] /= l[i * n + i];
            }
        }
        return x;
    }

    /**
     * Fills the lower triangle L of L L^T = a (n x n): Golub and Van Loan, algorithm 4.2.1.
     *
     * @param least what every pivot must exceed
     * @return the index of the first pivot that does not, which L then holds there, or -1
     */
    static int cholesky(int n, double[] a, double least, double[] l) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i * n + j];
                for (int c = 0; c < j; c++) {
                    sum -= l[i * n + c] * l[j * n + c];
                }
                if (i != j) {
                    l[i * n + j] = sum / l[j * n + j];
                } else if (sum > least) {
                    l[i * n + i] = Math.sqrt(sum);
                } else {
                    l[i * n + i] = sum;
                    return i;
                }
            }
        }
        return -1;
    }
}
