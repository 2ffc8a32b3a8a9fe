package io.spectrawatch.spectral.detect.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A search that passes over rows finds what one that looks at all of them finds, to the bit. */
class NearestRowsTest {
    private final long seed = Long.getLong("spectrawatch.seed", 20260101L);
    private final Random random = new Random(seed);

    /** Rows by class, queries, and the class answered for each. */
    private record Case(String name, int width, float[][][] rows, double[][] queries, int[] own) {
        void check(String repeat) {
            int count = Arrays.stream(rows).mapToInt(of -> of.length).sum();
            float[] all = new float[count * width];
            double[] squared = new double[count];
            int[] starts = new int[rows.length + 1];
            int at = 0;
            for (int c = 0; c < rows.length; c++) {
                for (float[] row : rows[c]) {
                    System.arraycopy(row, 0, all, at * width, width);
                    for (float value : row) {
                        squared[at] += (double) value * value;
                    }
                    at++;
                }
                starts[c + 1] = at;
            }
            int n = queries.length;
            int[] known = Coreset.choose(count, count / 3);
            double[] toKnown = new double[n * known.length];
            for (int i = 0; i < n; i++) {
                for (int m = 0; m < known.length; m++) {
                    toKnown[i * known.length + m] = distance(i, known[m], all, squared);
                }
            }
            double[] flat = Arrays.stream(queries).flatMapToDouble(Arrays::stream).toArray();
            double[] nearest = new double[n];
            double[] other = new double[n];
            Matrix rowsOf = Matrix.of(n, queries[0].length, flat);
            try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
                new NearestRows(width, all, squared, starts, known)
                        .search(kernels, rowsOf, own, toKnown, nearest, other);
            }
            for (int i = 0; i < n; i++) {
                double best = Double.POSITIVE_INFINITY;
                for (int c = 0; c < rows.length; c++) {
                    double mean = mean(i, starts[c], starts[c + 1], all, squared);
                    if (c == own[i]) {
                        assertEquals(mean, nearest[i], name + ", query " + i + repeat);
                    } else {
                        best = Math.min(best, mean);
                    }
                }
                assertEquals(best, other[i], name + ", query " + i + repeat);
            }
        }

        private double mean(int query, int from, int to, float[] all, double[] squared) {
            double[] distances = new double[to - from + 3];
            Arrays.fill(distances, Double.POSITIVE_INFINITY);
            for (int j = from; j < to; j++) {
                double value = distance(query, j, all, squared);
                boolean known = value < Double.POSITIVE_INFINITY;
                distances[j - from] = known ? value : Double.POSITIVE_INFINITY;
            }
            Arrays.sort(distances);
            double sum = Math.max(0, distances[0]) + Math.max(0, distances[1]);
            return (sum + Math.max(0, distances[2])) / 3;
        }

        private double distance(int query, int j, float[] all, double[] squared) {
            double[] x = Arrays.copyOf(queries[query], width);
            double inner = 0;
            for (int i = 0; i < width; i++) {
                inner = Math.fma(x[i], all[j * width + i], inner);
            }
            return Matrix.sumOfSquares(x, 0, width) + squared[j] - 2 * inner;
        }
    }

    /** Coordinates that fall as principal ones do, about a mean per class. */
    private Case random(String name, int width, double falling, double scale, int... sizes) {
        float[][][] rows = new float[sizes.length][][];
        double[][] means = new double[sizes.length][];
        for (int c = 0; c < sizes.length; c++) {
            means[c] = row(width, falling, scale / 2, new double[width]);
            rows[c] = new float[sizes[c]][];
            for (int j = 0; j < sizes[c]; j++) {
                rows[c][j] = floats(row(width, falling, scale, means[c]));
            }
        }
        double[][] queries = new double[40][];
        int[] own = new int[queries.length];
        for (int i = 0; i < queries.length; i++) {
            int c = random.nextInt(sizes.length);
            own[i] = random.nextInt(sizes.length);
            boolean copy = i % 4 == 0 && sizes[c] > 0;
            double[] row =
                    copy
                            ? doubles(rows[c][random.nextInt(sizes[c])])
                            : row(width, falling, scale, means[c]);
            // A window may have more coordinates than rows are kept with.
            queries[i] = Arrays.copyOf(row, width + 2);
        }
        return new Case(name, width, rows, queries, own);
    }

    private double[] row(int width, double falling, double scale, double[] mean) {
        double[] row = mean.clone();
        for (int i = 0; i < width; i++) {
            row[i] += scale * Math.pow(i + 1, -falling) * random.nextGaussian();
        }
        return row;
    }

    private static float[] floats(double[] row) {
        float[] out = new float[row.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) row[i];
        }
        return out;
    }

    private static double[] doubles(float[] row) {
        double[] out = new double[row.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = row[i];
        }
        return out;
    }

    private String repeat() {
        return "; repeat with: mvn -pl spectral-core test -Dtest=NearestRowsTest"
                + " -Dspectrawatch.seed="
                + seed;
    }

    @Test
    void findsWhatASearchOfAllFinds() {
        for (double falling : new double[] {0, 0.75, 2}) {
            random("ten classes", 128, falling, 1, 90, 300, 256, 257, 0, 1, 2, 3, 4, 513)
                    .check(repeat());
            random("one large class", 128, falling, 1, 1500, 10).check(repeat());
            random("few coordinates", 7, falling, 1, 400, 300).check(repeat());
            random("between stretches", 35, falling, 1, 400, 300).check(repeat());
        }
    }

    /** Where fp32 underflows or could overflow nothing is passed over that should not be. */
    @Test
    void findsThemWhateverTheUnit() {
        for (double scale : new double[] {1e-30, 1e-18, 1e-6, 1e6, 1e17, 1e25, 1e37}) {
            random("scale " + scale, 64, 0.75, scale, 300, 20, 100).check(repeat());
        }
    }

    /** Distances that tie, and lie within rounding of one another. */
    @Test
    void findsThemAmongRowsNearlyTheSame() {
        Case near = random("nearly the same", 96, 0.75, 1e-7, 300, 300, 300);
        for (float[][] of : near.rows()) {
            for (int j = 0; j < of.length; j++) {
                for (int i = 0; i < 96; i++) {
                    of[j][i] = j % 3 == 0 ? 1 : 1 + of[j][i];
                }
            }
        }
        for (double[] query : near.queries()) {
            for (int i = 0; i < 96; i++) {
                query[i] += 1;
            }
        }
        near.check(repeat());
    }

    @Test
    void nothingIsNearToWhatIsNoNumber() {
        Case odd = random("not finite", 32, 0.75, 1, 100, 100);
        double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < values.length; i++) {
            odd.queries()[i][i] = values[i];
        }
        odd.check(repeat());
    }
}
