package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Linear algebra on arrays of rows, written for plainness and without the code under test. */
public final class Plain {
    private Plain() {}

    /** A least-squares map. */
    public record Map(double[][] weights, double[] meanX, double[] meanY) {
        public double[] residual(double[] x, double[] y) {
            double[] out = minus(y, meanY);
            double[] from = minus(x, meanX);
            for (int i = 0; i < out.length; i++) {
                for (int j = 0; j < from.length; j++) {
                    out[i] -= weights[j][i] * from[j];
                }
            }
            return out;
        }
    }

    public static double[][] rows(Matrix a) {
        return rows(a.toArray(), a.columns());
    }

    public static double[][] rows(double[] values, int columns) {
        double[][] out = new double[values.length / columns][];
        for (int i = 0; i < out.length; i++) {
            out[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
        }
        return out;
    }

    public static double[][] rows(float[] values, int columns) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return rows(wide, columns);
    }

    public static double[] mean(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] row : rows) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += row[j] / rows.length;
            }
        }
        return mean;
    }

    public static double[][] of(double[][] rows, int[] classes, int wanted) {
        List<double[]> out = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            if (classes[i] == wanted) {
                out.add(rows[i]);
            }
        }
        return out.toArray(new double[0][]);
    }

    public static double[][] classMeans(double[][] rows, int[] classes, int count) {
        double[][] means = new double[count][];
        for (int c = 0; c < count; c++) {
            means[c] = mean(of(rows, classes, c));
        }
        return means;
    }

    public static double[] minus(double[] a, double[] b) {
        double[] out = a.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] -= b[i];
        }
        return out;
    }

    public static double[][] minus(double[][] rows, double[][] means, int[] classes) {
        double[][] out = new double[rows.length][];
        for (int i = 0; i < out.length; i++) {
            out[i] = minus(rows[i], means[classes[i]]);
        }
        return out;
    }

    public static double[] times(double[] a, double[] b) {
        double[] out = a.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] *= b[i];
        }
        return out;
    }

    public static double[][] times(double[][] rows, double[] scale) {
        double[][] out = new double[rows.length][];
        for (int i = 0; i < out.length; i++) {
            out[i] = times(rows[i], scale);
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

    public static double squared(double[] a) {
        return dot(a, a);
    }

    public static double[] unit(double[] a) {
        double[] out = a.clone();
        double norm = Math.sqrt(squared(a));
        for (int i = 0; i < out.length; i++) {
            out[i] = norm > 0 ? out[i] / norm : 0;
        }
        return out;
    }

    public static double[][] moment(double[][] rows) {
        int d = rows[0].length;
        double[][] out = new double[d][d];
        for (double[] row : rows) {
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    out[i][j] += row[i] * row[j] / rows.length;
                }
            }
        }
        return out;
    }

    public static double[][] gram(double[][] rows) {
        double[][] out = new double[rows.length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows.length; j++) {
                out[i][j] = dot(rows[i], rows[j]);
            }
        }
        return out;
    }

    public static double trace(double[][] a) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i][i];
        }
        return sum;
    }

    public static double[][] ridged(double[][] a, double ridge) {
        double[][] out = new double[a.length][];
        double add = ridge * trace(a) / a.length;
        for (int i = 0; i < a.length; i++) {
            out[i] = a[i].clone();
            out[i][i] += add;
        }
        return out;
    }

    public static double[][] mix(double share, double[][] a, double[][] b) {
        double[][] out = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                out[i][j] = share * a[i][j] + (1 - share) * b[i][j];
            }
        }
        return out;
    }

    public static double[] product(double[][] a, double[] x) {
        double[] out = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            out[i] = dot(a[i], x);
        }
        return out;
    }

    /**
     * Gaussian elimination with partial pivoting; the last column of the result is the determinant.
     */
    private static double[] eliminate(double[][] a, double[] b) {
        int n = b.length;
        double[][] m = new double[n][];
        double determinant = 1;
        for (int i = 0; i < n; i++) {
            m[i] = Arrays.copyOf(a[i], n + 1);
            m[i][n] = b[i];
        }
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                pivot = Math.abs(m[i][k]) > Math.abs(m[pivot][k]) ? i : pivot;
            }
            double[] swapped = m[k];
            m[k] = m[pivot];
            m[pivot] = swapped;
            determinant *= pivot == k ? m[k][k] : -m[k][k];
            for (int i = k + 1; i < n; i++) {
                double factor = m[i][k] / m[k][k];
                for (int j = k; j <= n; j++) {
                    m[i][j] -= factor * m[k][j];
                }
            }
        }
        double[] x = new double[n + 1];
        for (int i = n - 1; i >= 0; i--) {
            double sum = m[i][n];
            for (int j = i + 1; j < n; j++) {
                sum -= m[i][j] * x[j];
            }
            x[i] = sum / m[i][i];
        }
        x[n] = determinant;
        return x;
    }

    public static double[] solve(double[][] a, double[] b) {
        return Arrays.copyOf(eliminate(a, b), b.length);
    }

    public static double determinant(double[][] a) {
        return eliminate(a, new double[a.length])[a.length];
    }

    public static double quadratic(double[][] covariance, double[] x) {
        return dot(x, solve(covariance, x));
    }

    public static Map leastSquares(double[][] x, double[][] y, double ridge) {
        double[] meanX = mean(x);
        double[] meanY = mean(y);
        double[][] a = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            a[i] = minus(x[i], meanX);
        }
        double[][] moment = ridged(moment(a), ridge);
        double[][] weights = new double[meanX.length][meanY.length];
        for (int t = 0; t < meanY.length; t++) {
            double[] right = new double[meanX.length];
            for (int i = 0; i < x.length; i++) {
                for (int j = 0; j < right.length; j++) {
                    right[j] += a[i][j] * (y[i][t] - meanY[t]) / x.length;
                }
            }
            double[] column = solve(moment, right);
            for (int j = 0; j < right.length; j++) {
                weights[j][t] = column[j];
            }
        }
        return new Map(weights, meanX, meanY);
    }

    /** Leading eigenvectors by power iteration with deflation. */
    public static double[][] leading(double[][] symmetric, int count) {
        double[][] found = new double[count][];
        for (int k = 0; k < count; k++) {
            double[] v = new double[symmetric.length];
            for (int i = 0; i < v.length; i++) {
                v[i] = Math.sin(1 + i * (k + 1));
            }
            for (int iteration = 0; iteration < 20_000; iteration++) {
                double[] next = product(symmetric, v);
                for (int j = 0; j < k; j++) {
                    double inner = dot(next, found[j]);
                    for (int i = 0; i < v.length; i++) {
                        next[i] -= inner * found[j][i];
                    }
                }
                v = unit(next);
            }
            found[k] = v;
        }
        return found;
    }

    public static double[] softmax(double[] logits) {
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        return Arrays.stream(logits).map(v -> Math.exp(v) / sum).toArray();
    }

    public static double entropy(double[] p) {
        return -Arrays.stream(p).filter(v -> v > 0).map(v -> v * Math.log(v)).sum();
    }
}
