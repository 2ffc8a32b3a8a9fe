package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Reference rows kept to find neighbours among; evenly spaced over the reference. */
public final class Coreset {
    private final Matrix rows;
    private final double[] norms;

    private Coreset(Matrix rows) {
        this.rows = rows;
        this.norms = rows.squaredNorms();
    }

    public static int[] choose(int available, int wanted) {
        int count = Math.min(available, wanted);
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = (int) ((long) i * available / count);
        }
        return chosen;
    }

    /**
     * Returns rows in the order of their distance from their mean, which brings the nearest of most
     * queries early: a search that passes over them changes its mind less often.
     */
    public static int[] centralFirst(Matrix rows) {
        double[] mean = rows.mean();
        double[] row = new double[rows.columns()];
        double[] distances = new double[rows.rows()];
        for (int i = 0; i < distances.length; i++) {
            rows.row(i, row);
            distances[i] = Matrix.squaredDistance(row, mean, Double.POSITIVE_INFINITY);
        }
        return IntStream.range(0, distances.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> distances[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    public static Coreset of(Matrix rows) {
        return new Coreset(rows);
    }

    public int size() {
        return rows.rows();
    }

    public Matrix rows() {
        return rows;
    }

    /** The squared norm of each kept row. */
    public double[] norms() {
        return norms;
    }

    /** Returns the squared distance of each query to each kept row, queries x size. */
    public Distances squaredDistances(Kernels kernels, Matrix queries) {
        return new Distances(queries.timesTransposed(kernels, rows), queries.squaredNorms(), norms);
    }

    /** Squared distances by their inner products, written out row by row. */
    public record Distances(Matrix inner, double[] own, double[] norms) {
        /**
         * Writes the squared distances of a query to all kept rows; rounding can leave a little
         * less than zero.
         */
        public void row(int query, double[] into) {
            inner.row(query, into);
            // Not own[query] in the loop: for all the compiler knows, the loop writes it.
            double norm = own[query];
            for (int j = 0; j < norms.length; j++) {
                into[j] = norm + norms[j] - 2 * into[j];
            }
        }
    }

    /** Returns the k-th smallest value, k from 1; of fewer values the largest. */
    public static double smallest(double[] values, int k) {
        int size = Math.min(k, values.length);
        double[] nearest = Arrays.copyOf(values, size);
        Arrays.sort(nearest);
        double worst = nearest[size - 1];
        for (int j = size; j < values.length; j++) {
            double value = values[j];
            if (value < worst) {
                int at = size - 1;
                while (at > 0 && nearest[at - 1] > value) {
                    nearest[at] = nearest[at - 1];
                    at--;
                }
                nearest[at] = value;
                worst = nearest[size - 1];
            }
        }
        return worst;
    }

    /** Returns the nearest row beyond a squared distance, -1 if there is none. */
    public static int nearest(double[] squaredDistances, double beyond) {
        int nearest = -1;
        for (int j = 0; j < squaredDistances.length; j++) {
            boolean other = squaredDistances[j] > beyond;
            if (other && (nearest < 0 || squaredDistances[j] < squaredDistances[nearest])) {
                nearest = j;
            }
        }
        return nearest;
    }

    public void write(DataOutput out) throws IOException {
        rows.write(out);
    }

    public static Coreset read(DetectorInput in, int width) throws IOException {
        return new Coreset(in.matrix("coreset", width));
    }
}
