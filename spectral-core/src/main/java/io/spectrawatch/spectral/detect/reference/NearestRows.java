package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.Arrays;

/**
 * The three nearest of many rows to a query, by class: those of the class answered and those of the
 * best other class.
 *
 * <p>The distances to some of the rows are known. Of the others those that {@link DistanceBounds}
 * shows to be too far are passed over, and classes of which all are. What is left is compared in
 * fp64: |x|^2 + |y|^2 - 2 xy, the product summed by fused multiply-adds from the first coordinate
 * on, as a matrix product sums it on machines that have them. So what is found is what a search of
 * all rows finds.
 */
final class NearestRows {
    /** Queries at a time, so that their bounds stay in the cache. */
    private static final int QUERIES = 2 * Kernels.EVEN_ROWS;

    /** Rows compared at a time: a single sum would wait for each addition. */
    private static final int TOGETHER = 4;

    /** Keeps a sum of three distances from deciding by its rounding. */
    private static final double ROUNDING = 1 + 0x1p-40;

    private final int coordinates;
    private final float[] rows;
    private final double[] squared;

    /** The first known row of each class among the known ones, and one past the last of all. */
    private final int[] knownStarts;

    /** The other rows of each class. */
    private final int[][] others;

    private final DistanceBounds[] bounds;
    private final int largest;

    /**
     * @param rows class by class, one after the other
     * @param squared length of each
     * @param starts the first row of each class, and one past the last of all
     * @param known rows whose distances are known, ascending
     */
    NearestRows(int coordinates, float[] rows, double[] squared, int[] starts, int[] known) {
        this.coordinates = coordinates;
        this.rows = rows;
        this.squared = squared;
        int classes = starts.length - 1;
        this.knownStarts = new int[classes + 1];
        this.others = new int[classes][];
        this.bounds = new DistanceBounds[classes];
        int next = 0;
        int most = 0;
        for (int c = 0; c < classes; c++) {
            int[] own = new int[starts[c + 1] - starts[c]];
            int count = 0;
            for (int j = starts[c]; j < starts[c + 1]; j++) {
                if (next < known.length && known[next] == j) {
                    next++;
                } else {
                    own[count++] = j;
                }
            }
            knownStarts[c + 1] = next;
            others[c] = Arrays.copyOf(own, count);
            bounds[c] = new DistanceBounds(rows, coordinates, squared, others[c]);
            most = Math.max(most, count);
        }
        this.largest = most;
    }

    /**
     * Searches.
     *
     * @param answered the class of each query
     * @param known per query its squared distance to each known row
     * @param own takes the mean squared distance to the three nearest rows of the class answered
     * @param other takes the same of the class where it is least; infinite where no class has so
     *     many rows
     */
    void search(
            Kernels kernels,
            Matrix queries,
            int[] answered,
            double[] known,
            double[] own,
            double[] other) {
        Arrays.fill(other, Double.POSITIVE_INFINITY);
        Search search = new Search(known);
        for (int from = 0; from < queries.rows(); from += QUERIES) {
            int some = Math.min(QUERIES, queries.rows() - from);
            search.begin(queries, from, some);
            for (int c = 0; c < bounds.length; c++) {
                bounds[c].write(kernels, some, search.numbers, search.values);
                for (int i = 0; i < some; i++) {
                    if (c == answered[from + i]) {
                        own[from + i] = search.mean(i, c, Double.POSITIVE_INFINITY);
                    } else {
                        double best = other[from + i];
                        other[from + i] = Math.min(best, search.mean(i, c, best));
                    }
                }
            }
        }
    }

    /** The search for some queries, with its scratch memory. */
    private final class Search {
        private final double[] known;
        private final float[] values = new float[QUERIES * largest];
        private final int[] pending = new int[largest + TOGETHER];
        private final double[] inner = new double[TOGETHER];
        private int first;
        private double[][] queries;
        private double[] lengths;
        private float[] numbers;
        private double[] query;
        private double length;

        // The three least distances so far.
        private double least;
        private double second;
        private double third;

        Search(double[] known) {
            this.known = known;
        }

        void begin(Matrix all, int from, int some) {
            first = from;
            queries = new double[some][];
            lengths = new double[some];
            double[] row = new double[all.columns()];
            for (int i = 0; i < some; i++) {
                all.row(from + i, row);
                queries[i] = Arrays.copyOf(row, coordinates);
                lengths[i] = Matrix.sumOfSquares(queries[i], 0, coordinates);
            }
            numbers = DistanceBounds.queries(queries);
        }

        /**
         * Returns the mean of a class, or anything from {@code most} on where it is not less than
         * that.
         */
        double mean(int i, int c, double most) {
            query = queries[i];
            length = lengths[i];
            least = Double.POSITIVE_INFINITY;
            second = least;
            third = least;
            int row = (first + i) * knownStarts[bounds.length];
            for (int j = row + knownStarts[c]; j < row + knownStarts[c + 1]; j++) {
                if (known[j] < third) {
                    insert(known[j]);
                }
            }
            double margin = bounds[c].margin(length);
            if (margin < Double.POSITIVE_INFINITY) {
                bounded(c, i * bounds[c].count(), most, margin);
            } else {
                all(c);
            }
            return (Math.max(0, least) + Math.max(0, second) + Math.max(0, third)) / 3;
        }

        private void insert(double value) {
            third = Math.max(second, value);
            second = Math.max(least, Math.min(second, value));
            least = Math.min(least, value);
        }

        private void all(int c) {
            for (int from = 0; from < others[c].length; from += TOGETHER) {
                int count = Math.min(TOGETHER, others[c].length - from);
                System.arraycopy(others[c], from, pending, 0, count);
                compare(count);
            }
        }

        private void bounded(int c, int at, double most, double margin) {
            int count = others[c].length;
            float lowest = Float.POSITIVE_INFINITY;
            for (int j = at; j < at + count; j++) {
                lowest = values[j] < lowest ? values[j] : lowest;
            }
            double bound = Math.max(0, Math.min(least, length + lowest - margin));
            if (bound >= most) {
                return;
            }
            // With two rows at the bound, one beyond leaves the mean no less than most.
            double useful = (3 * most - 2 * bound) * ROUNDING;
            float cut = cut(useful, margin);
            if (lowest > cut) {
                return;
            }
            int found = 0;
            for (int j = 0; j < count; j++) {
                pending[found] = j;
                found += values[at + j] <= cut ? 1 : 0;
            }
            int waiting = 0;
            for (int s = 0; s < found; s++) {
                int j = pending[s];
                if (values[at + j] <= cut) {
                    pending[waiting++] = others[c][j];
                }
                if (waiting == TOGETHER) {
                    compare(waiting);
                    waiting = 0;
                    cut = cut(useful, margin);
                }
            }
            compare(waiting);
        }

        /** Returns the bound beyond which a row is too far. */
        private float cut(double useful, double margin) {
            return Math.nextUp((float) (Math.min(third, useful) - length + margin));
        }

        /** Takes the first pending rows among the three nearest, where they belong. */
        private void compare(int count) {
            if (count == 0) {
                return;
            }
            products(
                    pending[0] * coordinates,
                    pending[Math.min(1, count - 1)] * coordinates,
                    pending[Math.min(2, count - 1)] * coordinates,
                    pending[count - 1] * coordinates);
            inner[count - 1] = inner[TOGETHER - 1];
            for (int s = 0; s < count; s++) {
                double value = length + squared[pending[s]] - 2 * inner[s];
                if (value < third) {
                    insert(value);
                }
            }
        }

        private void products(int at0, int at1, int at2, int at3) {
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            for (int i = 0; i < query.length; i++) {
                double x = query[i];
                a = Math.fma(x, rows[at0 + i], a);
                b = Math.fma(x, rows[at1 + i], b);
                c = Math.fma(x, rows[at2 + i], c);
                d = Math.fma(x, rows[at3 + i], d);
            }
            inner[0] = a;
            inner[1] = b;
            inner[2] = c;
            inner[3] = d;
        }
    }
}
