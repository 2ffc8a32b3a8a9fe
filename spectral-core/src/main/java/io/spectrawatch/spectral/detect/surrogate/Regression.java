package io.spectrawatch.spectral.detect.surrogate;

import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import io.spectrawatch.spectral.linalg.PositiveSolve;
import java.util.Arrays;

/**
 * Least squares with a ridge from features to what the model answers, in fp64: the sums over the
 * reference, and their solution.
 */
final class Regression {
    /** Reference rows that are summed together. */
    private static final int CHUNK = 4 * Landmarks.GROUP;

    private final Kernels kernels;
    private final int rows;

    /** Features x features, the upper triangle. */
    private final Matrix moment;

    /** Classes x features. */
    private final Matrix targets;

    /** Of the targets, one a class. */
    private final double[] sums;

    private Regression(Kernels kernels, int rows, Matrix moment, Matrix targets, double[] sums) {
        this.kernels = kernels;
        this.rows = rows;
        this.moment = moment;
        this.targets = targets;
        this.sums = sums;
    }

    /** Features of reference rows. */
    @FunctionalInterface
    interface Features {
        /** Hands on those of rows {@code from} to {@code from + some}, at most a group. */
        void of(int from, int some, Landmarks.Panel into);
    }

    /**
     * Sums over the reference.
     *
     * @param soft whether the targets are the softmax of the model's logits, or 1 for its answer
     *     and 0 for the others
     */
    static Regression over(
            Projected reference, int classes, int width, boolean soft, Features features) {
        Kernels kernels = reference.kernels();
        Matrix moment = new Matrix(width, width);
        Matrix targets = new Matrix(classes, width);
        double[] sums = new double[classes];
        Matrix chunk = new Matrix(CHUNK, width);
        for (int from = 0; from < reference.rows(); from += CHUNK) {
            int count = Math.min(CHUNK, reference.rows() - from);
            for (int at = 0; at < count; at += Landmarks.GROUP) {
                int first = at;
                int some = Math.min(Landmarks.GROUP, count - at);
                features.of(
                        from + at,
                        some,
                        (column, columns, values) -> {
                            double[] row = new double[columns];
                            for (int i = 0; i < some; i++) {
                                for (int j = 0; j < columns; j++) {
                                    row[j] = values[j * Landmarks.GROUP + i];
                                }
                                chunk.data().put((first + i) * width + column, row);
                            }
                        });
            }
            kernels.addMoment(count, width, chunk.data(), moment.data());
            Matrix wanted = wanted(reference, classes, from, count, soft);
            for (int c = 0; c < classes; c++) {
                for (int i = 0; i < count; i++) {
                    sums[c] += wanted.get(c, i);
                }
            }
            kernels.rotate(
                    classes,
                    count,
                    width,
                    wanted.data(),
                    0,
                    count,
                    chunk.data(),
                    true,
                    targets.data());
        }
        return new Regression(kernels, reference.rows(), moment, targets, sums);
    }

    private static Matrix wanted(
            Projected reference, int classes, int from, int count, boolean soft) {
        Matrix out = new Matrix(classes, count);
        double[] logits = new double[classes];
        for (int i = 0; i < count; i++) {
            if (!soft) {
                out.set(reference.predicted()[from + i], i, 1);
            } else {
                reference.logits().row(from + i, logits);
                softmax(logits);
                for (int c = 0; c < classes; c++) {
                    out.set(c, i, logits[c]);
                }
            }
        }
        return out;
    }

    private static void softmax(double[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
            logits[c] = Math.exp(logits[c] - largest);
            sum += logits[c];
        }
        for (int c = 0; c < logits.length; c++) {
            logits[c] /= sum;
        }
    }

    /**
     * Turns the sums into those of standardised features; returns the scale of each.
     *
     * @param mean of the features
     * @param least part of the usual deviation below which a feature has no weight
     */
    double[] standardise(double[] mean, double least) {
        int m = mean.length;
        double[] deviation = new double[m];
        double whole = 0;
        for (int j = 0; j < m; j++) {
            double variance = Math.max(0, moment.get(j, j) / rows - mean[j] * mean[j]);
            deviation[j] = Math.sqrt(variance);
            whole += variance / m;
        }
        double[] scale = new double[m];
        for (int j = 0; j < m; j++) {
            scale[j] = deviation[j] > least * Math.sqrt(whole) ? 1 / deviation[j] : 0;
        }
        double[] row = new double[m];
        for (int i = 0; i < m; i++) {
            moment.row(i, row);
            for (int j = i; j < m; j++) {
                row[j] = (row[j] - rows * mean[i] * mean[j]) * scale[i] * scale[j];
            }
            moment.setRow(i, row);
        }
        for (int c = 0; c < sums.length; c++) {
            targets.row(c, row);
            for (int j = 0; j < m; j++) {
                row[j] = (row[j] - sums[c] * mean[j]) * scale[j];
            }
            targets.setRow(c, row);
        }
        return scale;
    }

    /**
     * Solves.
     *
     * @param ridge per row
     * @throws ArithmeticException if the features are degenerate in fp64
     */
    Machine solve(double ridge) {
        double[] scale = new double[moment.rows()];
        Arrays.fill(scale, 1);
        return solve(ridge, new double[scale.length], scale, new double[sums.length]);
    }

    /** Solves for what was standardised; the outputs are about the mean of the targets. */
    Machine solve(double ridge, double[] mean, double[] scale) {
        return solve(ridge, mean, scale, Arrays.stream(sums).map(sum -> sum / rows).toArray());
    }

    private Machine solve(double ridge, double[] mean, double[] scale, double[] offsets) {
        PositiveSolve solve = PositiveSolve.of(kernels, moment, ridge * rows);
        int classes = sums.length;
        float[] weights = new float[mean.length * classes];
        float[] own = new float[classes];
        double[] row = new double[mean.length];
        for (int c = 0; c < classes; c++) {
            targets.row(c, row);
            double[] found = solve.solve(row);
            double offset = offsets[c];
            for (int j = 0; j < row.length; j++) {
                weights[j * classes + c] = (float) (found[j] * scale[j]);
                offset -= found[j] * scale[j] * mean[j];
            }
            own[c] = (float) offset;
        }
        return new Machine(weights, own);
    }

    /** The upper triangle of the features' sums of products. */
    Matrix moment() {
        return moment;
    }
}
