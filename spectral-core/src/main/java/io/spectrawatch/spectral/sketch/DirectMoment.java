package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.linalg.Roundoff;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;

/**
 * An independent computation of the second moment to hold a sketch against: rows minus the very
 * first row are summed in fp64, with compensation between chunks, and centred once at the end.
 */
public final class DirectMoment implements AutoCloseable {
    private static final int CHUNK_ROWS = 1024;

    private final int dimension;
    private final Kernels kernels;
    private final Workspace workspace;
    private final DoubleBuffer chunk;
    private final DoubleBuffer sum;
    private final DoubleBuffer carry;
    private final double[] pivot;
    private final double[] columnSum;
    private final double[] columnCarry;
    private int chunkRows;
    private long rows;
    private double pivotedEnergy;

    /** Creates an empty moment of rows of width d; it holds three d x d matrices. */
    public DirectMoment(int dimension, Kernels kernels) {
        this.dimension = dimension;
        this.kernels = kernels;
        this.workspace = kernels.workspace();
        int square = Math.multiplyExact(dimension, dimension);
        this.chunk = workspace.take(square);
        this.sum = workspace.take(square);
        this.carry = workspace.take(square);
        this.pivot = new double[dimension];
        this.columnSum = new double[dimension];
        this.columnCarry = new double[dimension];
    }

    /**
     * Adds rows.
     *
     * @throws InvalidRowsException if their width differs
     */
    public void add(RowBlock block) {
        if (block.dimension() != dimension) {
            throw new InvalidRowsException(
                    "direct moment: row width "
                            + dimension
                            + " expected, found "
                            + block.dimension());
        }
        int n = block.rows();
        if (rows == 0 && n > 0) {
            block.values().get(0, pivot);
        }
        DoubleBuffer shifted = workspace.scratch(Role.ROWS, n * dimension);
        for (int i = 0; i < n * dimension; i++) {
            int j = i % dimension;
            double value = block.values().get(i) - pivot[j];
            shifted.put(i, value);
            double next = columnSum[j] + value;
            columnCarry[j] += lost(columnSum[j], value, next);
            columnSum[j] = next;
        }
        kernels.addMoment(n, dimension, shifted, chunk);
        rows += n;
        chunkRows += n;
        if (chunkRows >= CHUNK_ROWS) {
            flush();
        }
    }

    private void flush() {
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++) {
                int at = i * dimension + j;
                double next = sum.get(at) + chunk.get(at);
                carry.put(at, carry.get(at) + lost(sum.get(at), chunk.get(at), next));
                sum.put(at, next);
                if (i == j) {
                    pivotedEnergy += chunk.get(at);
                }
                chunk.put(at, 0.0);
            }
        }
        chunkRows = 0;
    }

    /** The rounding error of a sum (Knuth's two-sum), exact. */
    private static double lost(double a, double b, double sum) {
        double part = sum - a;
        return (a - (sum - part)) + (b - part);
    }

    /** Returns the number of rows added. */
    public long rows() {
        return rows;
    }

    /**
     * Returns the spectral norm of the difference between this moment and the one a sketch holds,
     * about the mean or about the sketch's anchor.
     */
    public double distanceTo(SecondMomentSketch sketch) {
        if (sketch.dimension() != dimension || sketch.rows() != rows) {
            throw new IncompatibleSketchException(
                    "direct moment: "
                            + rows
                            + " rows of "
                            + dimension
                            + " expected, found "
                            + sketch.rows()
                            + " of "
                            + sketch.dimension());
        }
        DoubleBuffer held = workspace.take(dimension * dimension);
        try {
            sketch.momentInto(held);
            return distanceTo(held, sketch.anchor().map(Anchor::value).orElse(null));
        } finally {
            workspace.give(held);
        }
    }

    /**
     * Returns the spectral norm of the difference between this centred moment and another (d x d).
     */
    public double distanceTo(DoubleBuffer moment) {
        DoubleBuffer copy = workspace.take(dimension * dimension);
        try {
            copy.put(0, moment, 0, dimension * dimension);
            return distanceTo(copy, null);
        } finally {
            workspace.give(copy);
        }
    }

    /** Overwrites the given moment. */
    private double distanceTo(DoubleBuffer difference, double[] anchor) {
        flush();
        for (int i = 0; i < dimension; i++) {
            for (int j = i; j < dimension; j++) {
                int at = i * dimension + j;
                double centred = sum.get(at) - mean(i) * rows * mean(j) + carry.get(at);
                double expected = centred + rows * shift(i, anchor) * shift(j, anchor);
                difference.put(at, expected - difference.get(at));
            }
        }
        DoubleBuffer values = workspace.scratch(Role.VALUES, dimension);
        kernels.eigen(dimension, difference, values);
        return Math.max(Math.abs(values.get(0)), Math.abs(values.get(dimension - 1)));
    }

    /** Mean of the pivoted rows. */
    private double mean(int j) {
        return rows == 0 ? 0 : (columnSum[j] + columnCarry[j]) / rows;
    }

    private double shift(int j, double[] anchor) {
        return anchor == null ? 0 : pivot[j] - anchor[j] + mean(j);
    }

    /** Returns a bound on the rounding error of this moment itself, in spectral norm. */
    public double roundoff() {
        flush();
        return (Roundoff.gamma(CHUNK_ROWS + 8.0) + Roundoff.EIGENSOLVER * Roundoff.UNIT)
                * pivotedEnergy;
    }

    @Override
    public void close() {
        workspace.give(chunk);
        workspace.give(sum);
        workspace.give(carry);
    }
}
