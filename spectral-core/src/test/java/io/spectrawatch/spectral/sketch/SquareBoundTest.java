package io.spectrawatch.spectral.sketch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** How often the bound misses, over spectra from one direction to many equal ones. */
class SquareBoundTest {
    private static final int TRIALS = Boolean.getBoolean("spectrawatch.referee") ? 200_000 : 4_000;

    /** Standard deviations that a count of misses may lie above 5 %. */
    private static final double SIGMAS = 4;

    @Test
    void missesAtMostOnceInTwenty() {
        Random random = new Random(11);
        double most = 0.05 * TRIALS + SIGMAS * Math.sqrt(0.05 * 0.95 * TRIALS);
        for (int d : new int[] {1, 2, 10, 200}) {
            for (double decay : new double[] {0, 1}) {
                for (int g : new int[] {1, 8}) {
                    int misses = misses(random, d, decay, g);
                    assertTrue(misses <= most, d + ", " + decay + ", " + g + ": " + misses);
                }
            }
        }
    }

    private static int misses(Random random, int d, double decay, int g) {
        double[] lambda = new double[d];
        double total = 0;
        for (int i = 0; i < d; i++) {
            lambda[i] = Math.pow(i + 1, -decay);
            total += lambda[i];
        }
        double square = 0;
        for (int i = 0; i < d; i++) {
            lambda[i] /= total;
            square += lambda[i] * lambda[i];
        }
        int misses = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            double sum = 0;
            for (int i = 0; i < d * g; i++) {
                double image = lambda[i % d] * random.nextGaussian();
                sum += image * image;
            }
            misses += SquareBound.upper(sum, g, lambda[0] * lambda[0], 0.05) < square ? 1 : 0;
        }
        return misses;
    }

    /** For many equal eigenvalues eight probes are worth much: within half of the truth. */
    @Test
    void isUsefulWhereManyDirectionsShare() {
        double square = 1 / 200.0;
        double bound = SquareBound.upper(8 * square, 8, square * square, 0.05);
        assertTrue(bound > square && bound < 1.1 * square, "" + bound);
    }

    @Test
    void nothingSeenIsNothing() {
        assertEquals(0, SquareBound.upper(0, 8, 1, 0.05));
    }

    /** An overflow must not be searched for without end, nor pass for a bound. */
    @Test
    void whatIsNoNumberBoundsNothing() {
        double nothing = Double.POSITIVE_INFINITY;
        assertEquals(nothing, SquareBound.upper(nothing, 8, 1, 0.05));
        assertEquals(nothing, SquareBound.upper(nothing, 8, nothing, 0.05));
        assertEquals(nothing, SquareBound.upper(Double.NaN, 8, 1, 0.05));
        assertEquals(nothing, SquareBound.upper(1, 8, Double.NaN, 0.05));
        assertTrue(SquareBound.upper(Double.MAX_VALUE, 8, 1, 0.05) > 0);
        assertTrue(SquareBound.upper(1, 8, 0, 0.05) >= 1 / 8.0);
    }
}
