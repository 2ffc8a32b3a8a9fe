package io.spectrawatch.spectral.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SymmetricEigenvaluesTest {
    private static final long SEED = Long.getLong("spectrawatch.seed", 1L);
    private static final String REPEAT =
            "repeat with: mvn -pl spectral-core test -Dtest=SymmetricEigenvaluesTest"
                    + " -Dspectrawatch.seed="
                    + SEED;

    /** Units of rounding times n that both solvers together may differ by. */
    private static final double UNITS = 64;

    @Test
    void equalsTheSolverThatAlsoGivesVectors() {
        Random random = new Random(SEED);
        for (int trial = 0; trial < 200; trial++) {
            int n = 1 + random.nextInt(40);
            double[] a = graded(random, n);
            double[] expected = new SymmetricMatrix(n, a.clone()).eigen().values();
            double largest = Math.max(Math.abs(expected[0]), Math.abs(expected[n - 1]));
            assertArrayEquals(
                    expected,
                    SymmetricEigenvalues.of(n, a),
                    UNITS * n * Roundoff.UNIT * largest,
                    () -> "n = " + n + "; " + REPEAT);
        }
    }

    @Test
    void knowsDiagonalRankOneAndZero() {
        assertArrayEquals(
                new double[] {3, 2, -1},
                SymmetricEigenvalues.of(3, new double[] {2, 0, 0, 0, -1, 0, 0, 0, 3}),
                1e-15);
        double[] ones = new double[25];
        java.util.Arrays.fill(ones, 1e200);
        double[] rankOne = SymmetricEigenvalues.of(5, ones);
        assertEquals(5e200, rankOne[0], 1e186);
        assertEquals(0, rankOne[4], 1e186);
        assertArrayEquals(new double[4], SymmetricEigenvalues.of(4, new double[16]), 0);
    }

    @Test
    void endsWhereProductsUnderflow() {
        double[] a = {1, 0, 0, 0, 0, 1e-200, 0, 1e-200, 0};
        assertArrayEquals(new double[] {1, 0, 0}, SymmetricEigenvalues.of(3, a), 1e-199);
    }

    @Test
    void refusesWhatIsNotFinite() {
        double[] a = {1, Double.NaN, Double.NaN, 1};
        assertThrows(IllegalArgumentException.class, () -> SymmetricEigenvalues.of(2, a));
    }

    /** A symmetric matrix whose rows and columns shrink by up to twelve orders of magnitude. */
    private static double[] graded(Random random, int n) {
        double decay = random.nextDouble() * 12 / n;
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                a[i * n + j] = random.nextGaussian() * Math.pow(10, -decay * (i + j) / 2);
                a[j * n + i] = a[i * n + j];
            }
        }
        return a;
    }
}
