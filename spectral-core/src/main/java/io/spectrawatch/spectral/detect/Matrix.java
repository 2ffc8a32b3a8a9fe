package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.dense.SymmetricMatrix;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.DoubleBuffer;

/** A row-major fp64 matrix in direct memory, the form the kernels work on. */
final class Matrix {
    private static final int MAXIMUM_ELEMENTS = Integer.MAX_VALUE / Double.BYTES;

    private final int rows;
    private final int columns;
    private final DoubleBuffer data;

    Matrix(int rows, int columns) {
        this(rows, columns, Workspace.allocate((long) rows * columns));
    }

    private Matrix(int rows, int columns, DoubleBuffer data) {
        this.rows = rows;
        this.columns = columns;
        this.data = data;
    }

    static Matrix of(int rows, int columns, double[] values) {
        Matrix matrix = new Matrix(rows, columns);
        matrix.data.put(0, values, 0, rows * columns);
        return matrix;
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    DoubleBuffer data() {
        return data;
    }

    double get(int row, int column) {
        return data.get(row * columns + column);
    }

    void set(int row, int column, double value) {
        data.put(row * columns + column, value);
    }

    double[] toArray() {
        double[] values = new double[rows * columns];
        data.get(0, values);
        return values;
    }

    /** Returns the first {@code count} rows; shares the memory. */
    Matrix head(int count) {
        return new Matrix(count, columns, data);
    }

    /** Returns this times the transpose of {@code other}. */
    Matrix timesTransposed(Kernels kernels, Matrix other) {
        Matrix out = new Matrix(rows, other.rows);
        if (rows > 0) {
            kernels.cross(rows, other.rows, columns, data, other.data, out.data, 0, other.rows);
        }
        return out;
    }

    /** Returns the mean of the rows. */
    double[] mean() {
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
    SymmetricMatrix moment(Kernels kernels) {
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
    double[] squaredNorms() {
        double[] norms = new double[rows];
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < columns; j++) {
                double value = get(i, j);
                sum += value * value;
            }
            norms[i] = sum;
        }
        return norms;
    }

    /** Returns the rows named, copied. */
    Matrix select(int[] chosen, int count) {
        Matrix out = new Matrix(count, columns);
        for (int i = 0; i < count; i++) {
            out.data.put(i * columns, data, chosen[i] * columns, columns);
        }
        return out;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(rows);
        out.writeInt(columns);
        for (int i = 0; i < rows * columns; i++) {
            out.writeDouble(data.get(i));
        }
    }

    static Matrix read(DataInput in) throws IOException {
        int rows = in.readInt();
        int columns = in.readInt();
        if (rows < 0 || columns < 0 || (long) rows * columns > MAXIMUM_ELEMENTS) {
            throw new IOException("detector: a matrix of " + rows + " x " + columns + " is none");
        }
        Matrix matrix = new Matrix(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            matrix.data.put(i, in.readDouble());
        }
        return matrix;
    }
}
