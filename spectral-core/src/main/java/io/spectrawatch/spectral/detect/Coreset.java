package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.kernel.Kernels;
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
    Distances squaredDistances(Kernels kernels, Matrix queries) {
        return new Distances(queries.timesTransposed(kernels, rows), queries.squaredNorms(), norms);
    }

    /** Squared distances by their inner products, written out row by row. */
    record Distances(Matrix inner, double[] own, double[] norms) {
        /** Writes the squared distances of a query to all kept rows. */
        void row(int query, double[] into) {
            inner.row(query, into);
            for (int j = 0; j < norms.length; j++) {
                into[j] = Math.max(0, own[query] + norms[j] - 2 * into[j]);
            }
        }
    }

    /** Returns the k-th smallest value, k from 1, by a heap of the k smallest so far. */
    static double smallest(double[] values, int k) {
        int size = Math.min(k, values.length);
        double[] heap = Arrays.copyOf(values, size);
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(heap, i);
        }
        for (int j = size; j < values.length; j++) {
            if (values[j] < heap[0]) {
                heap[0] = values[j];
                sink(heap, 0);
            }
        }
        return heap[0];
    }

    private static void sink(double[] heap, int from) {
        int at = from;
        double value = heap[at];
        while (2 * at + 1 < heap.length) {
            int child = 2 * at + 1;
            if (child + 1 < heap.length && heap[child + 1] > heap[child]) {
                child++;
            }
            if (heap[child] <= value) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = value;
    }

    void write(DataOutput out) throws IOException {
        rows.write(out);
    }

    static Coreset read(DetectorInput in, int width) throws IOException {
        return new Coreset(in.matrix("coreset", width));
    }
}
