package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Lower bounds of the squared distances of queries to rows, in fp32 and from fewer numbers: the
 * leading coordinates, and the lengths of the rest in stretches. By the inequality of Cauchy and
 * Schwarz in each stretch s
 *
 * <pre>
 *   |x - y|^2 >= |x|^2 + |y|^2 - 2 (sum over leading k of x_k y_k + sum over s of |x_s| |y_s|)
 * </pre>
 *
 * <p>Where the leading coordinates are principal ones little is lost.
 */
final class DistanceBounds {
    private static final int LEADING = 48;

    /** Coordinates of the stretches after the leading ones; the last takes what is left. */
    private static final int[] STRETCHES = {16, 16, Integer.MAX_VALUE};

    /** Of a row the squared length comes last, of a query the 1 that it is multiplied by. */
    private static final int NUMBERS = LEADING + STRETCHES.length + 1;

    /**
     * Rounding, as a share of |x|^2 + |y|^2: each term was rounded at most NUMBERS + 4 times, and
     * their sizes sum to no more than twice that. Twice as much again leaves room for the fp64
     * distance.
     */
    private static final double RELATIVE = 4 * (NUMBERS + 4) * 0x1p-24;

    /** What underflows sums to less. */
    private static final double ABSOLUTE = 0x1p-120;

    /** Squared lengths beyond could overflow. */
    private static final double MOST = 0x1p120;

    private final int count;

    /** Numbers x rows. */
    private final FloatBuffer numbers;

    private final double longest;

    /**
     * @param rows one after the other
     * @param squared the squared length of each
     * @param chosen the rows that are bounded
     */
    DistanceBounds(float[] rows, int coordinates, double[] squared, int[] chosen) {
        this.count = chosen.length;
        this.numbers =
                ByteBuffer.allocateDirect(NUMBERS * count * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
        double most = 0;
        double[] row = new double[coordinates];
        float[] own = new float[NUMBERS];
        for (int j = 0; j < count; j++) {
            for (int i = 0; i < coordinates; i++) {
                row[i] = rows[chosen[j] * coordinates + i];
            }
            numbers(row, 1, squared[chosen[j]], own, 0);
            for (int k = 0; k < NUMBERS; k++) {
                numbers.put(k * count + j, own[k]);
            }
            most = Math.max(most, squared[chosen[j]]);
        }
        this.longest = most;
    }

    private static void numbers(double[] row, double scale, double last, float[] out, int at) {
        for (int k = 0; k < LEADING; k++) {
            out[at + k] = k < row.length ? (float) (scale * row[k]) : 0;
        }
        int from = Math.min(LEADING, row.length);
        for (int s = 0; s < STRETCHES.length; s++) {
            int end = from + Math.min(row.length - from, STRETCHES[s]);
            out[at + LEADING + s] =
                    (float) (scale * Math.sqrt(Matrix.sumOfSquares(row, from, end)));
            from = end;
        }
        out[at + NUMBERS - 1] = (float) last;
    }

    /** Returns the numbers of queries. */
    static float[] queries(double[][] rows) {
        float[] out = new float[rows.length * NUMBERS];
        for (int i = 0; i < rows.length; i++) {
            numbers(rows[i], -2, 1, out, i * NUMBERS);
        }
        return out;
    }

    /** Returns how many rows are bounded. */
    int count() {
        return count;
    }

    /**
     * Returns by how much the squared length of a query and one of the bounds may together exceed a
     * distance, infinite where nothing can be said.
     */
    double margin(double squared) {
        double both = squared + longest;
        return both < MOST ? RELATIVE * both + ABSOLUTE : Double.POSITIVE_INFINITY;
    }

    /**
     * Writes the bounds, less the squared length of the query.
     *
     * @param queries the numbers of so many queries
     * @param out queries x rows
     */
    void write(Kernels kernels, int some, float[] queries, float[] out) {
        if (count > 0) {
            kernels.singleProduct(some, NUMBERS, count, queries, numbers, out);
        }
    }
}
