package io.spectrawatch.spectral.linalg;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.DoubleBuffer;

/** A row-major fp64 matrix in direct memory, the form the kernels work on. */
public final class Matrix {
    /** Coordinates of a distance after which it is looked at. */
    private static final int DISTANCE_PART = 32;

    private final int rows;
    private final int columns;
    private final DoubleBuffer data;
    private final Arena arena;

    public Matrix(int rows, int columns) {
        this(rows, columns, Workspace.allocate((long) rows * columns), null);
    }

    private Matrix(int rows, int columns, DoubleBuffer data, Arena arena) {
        this.rows = rows;
        this.columns = columns;
        this.data = data;
        this.arena = arena;
    }

    /** Returns a matrix of undefined content in an arena, or a zero one of its own without. */
    public static Matrix in(Arena arena, int rows, int columns) {
        return arena == null
                ? new Matrix(rows, columns)
                : new Matrix(rows, columns, arena.take(rows * columns), arena);
    }

    /** Returns a matrix of undefined content that lives as long as this one. */
    public Matrix sibling(int otherRows, int otherColumns) {
        return in(arena, otherRows, otherColumns);
    }

    public static Matrix of(int rows, int columns, double[] values) {
        Matrix matrix = new Matrix(rows, columns);
        matrix.data.put(0, values, 0, rows * columns);
        return matrix;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public DoubleBuffer data() {
        return data;
    }

    public double get(int row, int column) {
        return data.get(row * columns + column);
    }

    public void set(int row, int column, double value) {
        data.put(row * columns + column, value);
    }

    /** Copies a row out. */
    public void row(int row, double[] into) {
        data.get(row * columns, into, 0, columns);
    }

    /** Copies a row in. */
    public void setRow(int row, double[] from) {
        data.put(row * columns, from, 0, columns);
    }

    public double[] toArray() {
        double[] values = new double[rows * columns];
        data.get(0, values);
        return values;
    }

    /** Returns the first {@code count} rows; shares the memory. */
    public Matrix head(int count) {
        return new Matrix(count, columns, data, arena);
    }

    /** Returns {@code count} rows from a row on; shares the memory. */
    public Matrix rows(int from, int count) {
        return new Matrix(count, columns, data.slice(from * columns, count * columns), arena);
    }

    /** Returns this times the transpose of {@code other}. */
    public Matrix timesTransposed(Kernels kernels, Matrix other) {
        Matrix out = sibling(rows, other.rows);
        if (rows > 0) {
            kernels.cross(rows, other.rows, columns, data, other.data, out.data, 0, other.rows);
        }
        return out;
    }

    /** Returns the mean of the rows. */
    public double[] mean() {
        double[] mean = new double[columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                mean[j] += get(i, j);
            }
        }
        for (int j = 0; j < columns; j++) {
            mean[j] /= rows;
        }
        return mean;
    }

    /** Returns the mean of the outer products of the rows. */
    public SymmetricMatrix moment(Kernels kernels) {
        Matrix sum = new Matrix(columns, columns);
        kernels.addMoment(rows, columns, data, sum.data);
        double[] entries = new double[columns * columns];
        for (int i = 0; i < columns; i++) {
            for (int j = i; j < columns; j++) {
                double value = sum.get(i, j) / rows;
                entries[i * columns + j] = value;
                entries[j * columns + i] = value;
            }
        }
        return new SymmetricMatrix(columns, entries);
    }

    /** Returns the squared norm of each row. */
    public double[] squaredNorms() {
        double[] norms = new double[rows];
        double[] row = new double[columns];
        for (int i = 0; i < rows; i++) {
            row(i, row);
            norms[i] = sumOfSquares(row, 0, columns);
        }
        return norms;
    }

    /** Four sums at a time: one would wait for each addition. */
    public static double sumOfSquares(double[] values, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int j = from;
        for (; j + 3 < to; j += 4) {
            a += values[j] * values[j];
            b += values[j + 1] * values[j + 1];
            c += values[j + 2] * values[j + 2];
            d += values[j + 3] * values[j + 3];
        }
        for (; j < to; j++) {
            a += values[j] * values[j];
        }
        return a + b + (c + d);
    }

    /**
     * Returns |x - y|^2, or a part of it once that exceeds {@code most}: leading coordinates carry
     * most of a distance.
     */
    public static double squaredDistance(double[] x, double[] y, double most) {
        double sum = 0;
        for (int from = 0; from < x.length && !(sum > most); from += DISTANCE_PART) {
            sum += squaredDistance(x, from, y, from, Math.min(x.length - from, DISTANCE_PART));
        }
        return sum;
    }

    /** Returns |x - y|^2 of the {@code count} coordinates from each array's start; by four sums. */
    public static double squaredDistance(double[] x, int atX, double[] y, int atY, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int j = 0;
        for (; j + 3 < count; j += 4) {
            double first = x[atX + j] - y[atY + j];
            double second = x[atX + j + 1] - y[atY + j + 1];
            double third = x[atX + j + 2] - y[atY + j + 2];
            double fourth = x[atX + j + 3] - y[atY + j + 3];
            a += first * first;
            b += second * second;
            c += third * third;
            d += fourth * fourth;
        }
        for (; j < count; j++) {
            double rest = x[atX + j] - y[atY + j];
            a += rest * rest;
        }
        return a + b + (c + d);
    }

    /** Returns the first columns, copied unless these are all. */
    public Matrix columns(int count) {
        if (count == columns) {
            return this;
        }
        Matrix out = sibling(rows, count);
        for (int i = 0; i < rows; i++) {
            out.data.put(i * count, data, i * columns, count);
        }
        return out;
    }

    /** Returns the rows named, copied. */
    public Matrix select(int[] chosen, int count) {
        Matrix out = sibling(count, columns);
        for (int i = 0; i < count; i++) {
            out.data.put(i * columns, data, chosen[i] * columns, columns);
        }
        return out;
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(rows);
        out.writeInt(columns);
        for (int i = 0; i < rows * columns; i++) {
            out.writeDouble(data.get(i));
        }
    }
}
