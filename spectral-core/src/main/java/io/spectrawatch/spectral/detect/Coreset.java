package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.kernel.Kernels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** Reference rows kept to find neighbours among; evenly spaced over the reference. */
final class Coreset {
    private final Matrix rows;
    private final double[] norms;

    private Coreset(Matrix rows) {
        this.rows = rows;
        this.norms = rows.squaredNorms();
    }

    static int[] choose(int available, int wanted) {
        int count = Math.min(available, wanted);
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = (int) ((long) i * available / count);
        }
        return chosen;
    }

    static Coreset of(Matrix rows) {
        return new Coreset(rows);
    }

    int size() {
        return rows.rows();
    }

    Matrix rows() {
        return rows;
    }

    /** Returns the squared distance of each query to each kept row, queries x size. */
    Matrix squaredDistances(Kernels kernels, Matrix queries) {
        Matrix out = queries.timesTransposed(kernels, rows);
        double[] own = queries.squaredNorms();
        for (int i = 0; i < own.length; i++) {
            for (int j = 0; j < norms.length; j++) {
                out.set(i, j, Math.max(0, own[i] + norms[j] - 2 * out.get(i, j)));
            }
        }
        return out;
    }

    /** Returns the k-th smallest of the first {@code count} values, k from 1; reorders them. */
    static double smallest(double[] values, int count, int k) {
        Arrays.sort(values, 0, count);
        return values[Math.min(k, count) - 1];
    }

    void write(DataOutput out) throws IOException {
        rows.write(out);
    }

    static Coreset read(DataInput in) throws IOException {
        return new Coreset(Matrix.read(in));
    }
}
