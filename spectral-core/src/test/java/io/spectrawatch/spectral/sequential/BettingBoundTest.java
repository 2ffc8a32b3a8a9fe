package io.spectrawatch.spectral.sequential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BettingBoundTest {
    private static final long SEED = Long.getLong("spectrawatch.seed", 20260101L);
    private static final String REPEAT =
            "repeat with: mvn -pl spectral-core test -Dtest=BettingBoundTest -Dspectrawatch.seed="
                    + SEED;

    /** K(m) at the bound, by its definition. */
    private static double capital(double[] values, double m) {
        double sum = 0;
        for (double share : new double[] {1, .5, .25, .125}) {
            double product = 1;
            for (double value : values) {
                product *= 1 + share * (m - value) / (1 - m);
            }
            sum += product / 4;
        }
        return sum;
    }

    @Test
    void theCapitalAtTheBoundIsOneOverDelta() {
        Random random = new Random(SEED);
        for (int n : new int[] {1, 5, 40, 300}) {
            double[] values = random.doubles(n, 0, .3).toArray();
            double upper = BettingBound.upper(values, .01);
            assertEquals(100, capital(values, upper), 1e-3, n + "; " + REPEAT);
            double[] reversed = new double[n];
            Arrays.setAll(reversed, i -> values[n - 1 - i]);
            assertEquals(upper, BettingBound.upper(reversed, .01), 1e-9, REPEAT);
        }
    }

    @Test
    void zerosAndOnesHaveTheirBounds() {
        // (1 - m)^-n / 4 alone reaches 1 / delta a little later than with the smaller bets.
        double alone = 1 - Math.pow(.01 / 4, 1 / 30.0);
        double zeros = BettingBound.upper(new double[30], .01);
        assertTrue(zeros < alone && zeros > .9 * alone, zeros + " and " + alone);
        double[] ones = new double[30];
        Arrays.fill(ones, 1);
        assertEquals(1, BettingBound.upper(ones, .01));
        assertEquals(1, BettingBound.upper(new double[] {.5}, 1e-12), 1e-6);
    }

    @Test
    void theFewestValuesAreThoseWhoseBoundIsTheLimit() {
        int fewest = (int) BettingBound.fewest(1e-4, .5);
        assertTrue(BettingBound.upper(new double[fewest], 1e-4) <= .5 + 1e-9);
        assertTrue(BettingBound.upper(new double[fewest - 1], 1e-4) > .5);
        assertEquals(0, BettingBound.needed(new double[] {.5}, .01, .4));
        double[] some = {0, .1, .2};
        int needed = (int) BettingBound.needed(some, .01, .3);
        double[] repeated = new double[needed + 3 - needed % 3];
        Arrays.setAll(repeated, i -> some[i % 3]);
        assertTrue(BettingBound.upper(repeated, .01) <= .3, needed + " needed");
    }

    @Test
    void theMeanExceedsTheBoundNoMoreOftenThanDelta() {
        Random random = new Random(SEED);
        double delta = .1;
        int runs = 2_000;
        for (double p : new double[] {.02, .3}) {
            int wrong = 0;
            for (int run = 0; run < runs; run++) {
                double[] values = new double[60];
                Arrays.setAll(values, i -> random.nextDouble() < p ? 1 : 0);
                wrong += BettingBound.upper(values, delta) < p ? 1 : 0;
            }
            // Five standard deviations above delta.
            double most = runs * delta + 5 * Math.sqrt(runs * delta);
            assertTrue(wrong <= most, wrong + " at " + p + "; " + REPEAT);
        }
    }

    @Test
    void whatIsOutOfRangeIsRefused() {
        for (double bad : new double[] {-1e-9, 1.1, Double.NaN}) {
            IllegalArgumentException e =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> BettingBound.upper(new double[] {0, bad}, .01));
            assertEquals("betting bound: values in [0, 1] expected, found " + bad, e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> BettingBound.upper(new double[0], .01));
        assertThrows(IllegalArgumentException.class, () -> BettingBound.upper(new double[1], 0));
    }
}
