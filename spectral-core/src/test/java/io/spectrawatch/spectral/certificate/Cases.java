package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.linalg.Dense;
import java.util.Random;

/** Seeded matrices for property tests, and how to repeat them. */
public final class Cases {
    static final long SEED = Long.getLong("spectrawatch.seed", 20260101L);

    private Cases() {}

    public static String repeat(Class<?> test) {
        return "repeat with: mvn -pl spectral-core test -Dtest="
                + test.getSimpleName()
                + " -Dspectrawatch.seed="
                + SEED;
    }

    public static Random random(int stream) {
        return new Random(SEED * 1_000_003L + stream);
    }

    public static double[] gaussian(Random random, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    /** Entries of very different sizes, so that supports differ between groups. */
    public static double[] rough(Random random, int count) {
        double[] values = gaussian(random, count);
        for (int i = 0; i < count; i++) {
            values[i] *= Math.exp(1.5 * random.nextGaussian());
        }
        return values;
    }

    /** Orthonormal rows (k x d) by two rounds of Gram-Schmidt. */
    public static double[] orthonormal(Random random, int k, int d) {
        double[] rows = gaussian(random, k * d);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < k; i++) {
                for (int j = 0; j < i; j++) {
                    double dot = 0;
                    for (int c = 0; c < d; c++) {
                        dot += rows[i * d + c] * rows[j * d + c];
                    }
                    Dense.addScaled(d, -dot, rows, j * d, rows, i * d);
                }
                double square = 0;
                for (int c = 0; c < d; c++) {
                    square += rows[i * d + c] * rows[i * d + c];
                }
                for (int c = 0; c < d; c++) {
                    rows[i * d + c] /= Math.sqrt(square);
                }
            }
        }
        return rows;
    }

    public static double columnNorm(int rows, int columns, double[] matrix) {
        double largest = 0;
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int i = 0; i < rows; i++) {
                sum += matrix[i * columns + j] * matrix[i * columns + j];
            }
            largest = Math.max(largest, sum);
        }
        return Math.sqrt(largest);
    }

    static double rowNorm(int rows, int columns, double[] matrix) {
        return columnNorm(columns, rows, Dense.transpose(rows, columns, matrix));
    }

    public static double spectralNorm(int rows, int columns, double[] matrix) {
        return Dense.singularValues(rows, columns, matrix)[0];
    }

    public static double[] plus(double[] a, double[] b, double scale) {
        double[] out = a.clone();
        Dense.addScaled(out.length, scale, b, 0, out, 0);
        return out;
    }
}
