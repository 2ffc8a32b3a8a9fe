package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.linalg.Arena;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * The leading principal directions of a tap on the reference, and what lies outside of them.
 *
 * <p>Up to {@link #EXACT_DIMENSION} columns the covariance is decomposed; beyond, block power
 * iteration with a seeded start finds the leading directions (Halko, Martinsson, Tropp, SIAM Review
 * 53, 2011, algorithm 4.4).
 */
public final class Window {
    /** The largest covariance that is decomposed whole: about a second on one core. */
    static final int EXACT_DIMENSION = 512;

    private static final int BLOCK = 256;
    private static final int OVERSAMPLING = 16;
    private static final int ITERATIONS = 4;

    /** Directions below this share of the largest eigenvalue are rounding of fp32 activations. */
    private static final double RANK_TOLERANCE = 1e-10;

    private final double[] mean;

    /** The directions as columns, d x k: the form in which narrow products are fast. */
    private final Matrix directions;

    private final double[] eigenvalues;
    private final double tailVariance;
    private final Matrix meanInWindow;
    private final double meanOutside;

    private Window(double[] mean, Matrix basis, double[] eigenvalues, double tailVariance) {
        this.mean = mean;
        this.directions = Affine.transpose(basis);
        this.eigenvalues = eigenvalues;
        this.tailVariance = tailVariance;
        this.meanInWindow = new Matrix(1, basis.rows());
        double inside = 0;
        double whole = 0;
        for (int i = 0; i < basis.rows(); i++) {
            double sum = 0;
            for (int j = 0; j < mean.length; j++) {
                sum += basis.get(i, j) * mean[j];
            }
            meanInWindow.set(0, i, sum);
            inside += sum * sum;
        }
        for (double value : mean) {
            whole += value * value;
        }
        this.meanOutside = Math.max(0, whole - inside);
    }

    /** The coordinates of rows, and |h - mean|^2 outside the window, which few scores ask for. */
    public static final class Coordinates {
        private final Matrix inside;
        private final UnaryOperator<double[]> outside;
        private double[] residual;

        Coordinates(Matrix inside, UnaryOperator<double[]> outside) {
            this.inside = inside;
            this.outside = outside;
        }

        public Matrix inside() {
            return inside;
        }

        double[] residual() {
            if (residual == null) {
                residual = outside.apply(inside.squaredNorms());
            }
            return residual;
        }
    }

    public static Window fit(
            Kernels kernels, float[] values, int dimension, int coordinates, long seed) {
        int rows = values.length / dimension;
        double[] mean = meanOf(values, dimension);
        int wanted = Math.min(coordinates, Math.min(dimension, rows - 1));
        Decomposition found =
                dimension <= EXACT_DIMENSION
                        ? exact(kernels, values, mean, wanted)
                        : iterated(kernels, values, mean, wanted, seed);
        int kept = 0;
        while (kept < wanted && found.values()[kept] > RANK_TOLERANCE * found.values()[0]) {
            kept++;
        }
        // A constant tap keeps one arbitrary direction, so that nothing downstream is empty.
        kept = Math.max(1, kept);
        double[] eigenvalues = java.util.Arrays.copyOf(found.values(), kept);
        Matrix basis = copyHead(found.vectors(), kept);
        Window window = new Window(mean, basis, eigenvalues, 0);
        double tail = 0;
        double energy = 0;
        for (int from = 0; from < rows; from += BLOCK) {
            int count = Math.min(BLOCK, rows - from);
            for (double residual :
                    window.project(kernels, null, values, from, count, count).residual()) {
                tail += residual;
            }
        }
        for (double value : eigenvalues) {
            energy += value * rows;
        }
        int free = Math.min(activeColumns(values, dimension), rows - 1) - kept;
        boolean hasTail = free > 0 && tail > RANK_TOLERANCE * energy;
        return new Window(mean, basis, eigenvalues, hasTail ? tail / rows / free : 0);
    }

    private record Decomposition(double[] values, Matrix vectors) {}

    private static Decomposition exact(Kernels kernels, float[] values, double[] mean, int wanted) {
        int d = mean.length;
        int rows = values.length / d;
        Matrix moment = new Matrix(d, d);
        Matrix block = new Matrix(BLOCK, d);
        for (int from = 0; from < rows; from += BLOCK) {
            int count = fill(block, values, mean, from);
            kernels.addMoment(count, d, block.data(), moment.data());
        }
        return decompose(kernels, moment, rows, wanted);
    }

    private static Decomposition decompose(Kernels kernels, Matrix moment, int rows, int wanted) {
        int d = moment.columns();
        DoubleBuffer ascending = Workspace.allocate(d);
        kernels.eigen(d, moment.data(), ascending);
        double[] found = new double[wanted];
        Matrix vectors = new Matrix(wanted, d);
        for (int i = 0; i < wanted; i++) {
            int at = d - 1 - i;
            found[i] = Math.max(0, ascending.get(at) / rows);
            vectors.data().put(i * d, moment.data(), at * d, d);
        }
        return new Decomposition(found, vectors);
    }

    private static Decomposition iterated(
            Kernels kernels, float[] values, double[] mean, int wanted, long seed) {
        int d = mean.length;
        int rows = values.length / d;
        int m = Math.min(wanted + OVERSAMPLING, Math.min(d, rows));
        Matrix basis = new Matrix(m, d);
        Random random = new Random(seed);
        for (int i = 0; i < m * d; i++) {
            basis.data().put(i, random.nextGaussian());
        }
        Matrix block = new Matrix(BLOCK, d);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            Matrix next = new Matrix(m, d);
            for (int from = 0; from < rows; from += BLOCK) {
                int count = fill(block, values, mean, from);
                Matrix inner = basis.timesTransposed(kernels, block.head(count));
                kernels.rotate(
                        m, count, d, inner.data(), 0, count, block.data(), true, next.data());
            }
            basis = orthonormal(kernels, next);
        }
        Matrix moment = new Matrix(m, m);
        for (int from = 0; from < rows; from += BLOCK) {
            int count = fill(block, values, mean, from);
            Matrix inner = block.head(count).timesTransposed(kernels, basis);
            kernels.addMoment(count, m, inner.data(), moment.data());
        }
        Decomposition small = decompose(kernels, moment, rows, wanted);
        Matrix vectors = new Matrix(wanted, d);
        kernels.rotate(
                wanted, m, d, small.vectors().data(), 0, m, basis.data(), false, vectors.data());
        return new Decomposition(small.values(), vectors);
    }

    /**
     * Returns an orthonormal basis of the row space: two passes, since one squares the condition.
     */
    private static Matrix orthonormal(Kernels kernels, Matrix rows) {
        Matrix current = rows;
        for (int pass = 0; pass < 2; pass++) {
            int m = current.rows();
            int d = current.columns();
            Matrix gram = new Matrix(m, m);
            kernels.gram(m, d, current.data(), gram.data(), 0, m);
            DoubleBuffer squared = Workspace.allocate(m);
            kernels.eigen(m, gram.data(), squared);
            double floor = squared.get(m - 1) * 1e-14;
            for (int i = 0; i < m; i++) {
                double scale = 1 / Math.sqrt(Math.max(Math.max(squared.get(i), floor), 1e-300));
                for (int j = 0; j < m; j++) {
                    gram.set(i, j, gram.get(i, j) * scale);
                }
            }
            Matrix next = new Matrix(m, d);
            kernels.rotate(m, m, d, gram.data(), 0, m, current.data(), false, next.data());
            current = next;
        }
        return current;
    }

    private static int fill(Matrix block, float[] values, double[] mean, int from) {
        int d = mean.length;
        int count = Math.min(block.rows(), values.length / d - from);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < d; j++) {
                block.set(i, j, values[(from + i) * d + j] - mean[j]);
            }
        }
        return count;
    }

    private static double[] meanOf(float[] values, int d) {
        double[] mean = new double[d];
        for (int at = 0; at < values.length; at += d) {
            for (int j = 0; j < d; j++) {
                mean[j] += values[at + j];
            }
        }
        for (int j = 0; j < d; j++) {
            mean[j] /= values.length / d;
        }
        return mean;
    }

    private static int activeColumns(float[] values, int d) {
        int active = 0;
        for (int j = 0; j < d; j++) {
            boolean moves = false;
            for (int at = d + j; at < values.length && !moves; at += d) {
                moves = values[at] != values[j];
            }
            active += moves ? 1 : 0;
        }
        return active;
    }

    private static Matrix copyHead(Matrix vectors, int count) {
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = i;
        }
        return vectors.select(all, count);
    }

    /**
     * Projects rows {@code from} to {@code from + count} of a tap's values into a block of {@code
     * size} rows; those beyond repeat the first.
     */
    public Coordinates project(
            Kernels kernels, Arena arena, float[] values, int from, int count, int size) {
        int d = mean.length;
        Matrix rows = Matrix.in(arena, size, d);
        double[] row = new double[d];
        for (int i = 0; i < size; i++) {
            centre(values, (i < count ? from + i : from) * d, row);
            rows.setRow(i, row);
        }
        // A whole reference is too large to keep; what the arena holds it holds anyway.
        Matrix kept = arena == null ? null : rows;
        Matrix inside = rows.sibling(size, size());
        kernels.coordinates(size, d, size(), rows.data(), directions.data(), inside.data());
        return new Coordinates(
                inside,
                captured -> {
                    for (int i = 0; i < size; i++) {
                        if (kept == null) {
                            centre(values, (i < count ? from + i : from) * d, row);
                        } else {
                            kept.row(i, row);
                        }
                        double energy = Matrix.sumOfSquares(row, 0, d);
                        captured[i] = Math.max(0, energy - captured[i]);
                    }
                    return captured;
                });
    }

    private void centre(float[] values, int at, double[] row) {
        for (int j = 0; j < row.length; j++) {
            row[j] = values[at + j] - mean[j];
        }
    }

    public int dimension() {
        return mean.length;
    }

    /** Returns the mean of the reference. */
    public double[] mean() {
        return mean.clone();
    }

    /** Returns the directions, one a row. */
    public Matrix basis() {
        return Affine.transpose(directions);
    }

    /** Returns k. */
    int size() {
        return directions.columns();
    }

    public double[] eigenvalues() {
        return eigenvalues;
    }

    /** Returns the mean variance of a direction outside the window, 0 if nothing lies outside. */
    public double tailVariance() {
        return tailVariance;
    }

    /** Returns coordinate i of the tap's mean, about the origin instead of the mean. */
    public double meanInWindow(int i) {
        return meanInWindow.get(0, i);
    }

    /** Returns the number of coordinates, k. */
    int coordinates() {
        return directions.columns();
    }

    /** Returns the squared norm of the mean outside the window. */
    public double meanOutside() {
        return meanOutside;
    }

    void write(DataOutput out) throws IOException {
        Matrix.of(1, mean.length, mean).write(out);
        Affine.transpose(directions).write(out);
        Matrix.of(1, eigenvalues.length, eigenvalues).write(out);
        out.writeDouble(tailVariance);
    }

    static Window read(DetectorInput in, int dimension) throws IOException {
        double[] mean = in.vector("window mean", dimension);
        Matrix basis = in.matrix("window basis", dimension);
        if (basis.rows() > dimension) {
            throw new IOException(
                    "window: at most " + dimension + " directions, found " + basis.rows());
        }
        double[] eigenvalues = in.vector("window eigenvalues", basis.rows());
        double tail = in.finite("tail variance");
        if (tail < 0) {
            throw new IOException("window: a tail variance from 0 expected, found " + tail);
        }
        return new Window(mean, basis, eigenvalues, tail);
    }
}
