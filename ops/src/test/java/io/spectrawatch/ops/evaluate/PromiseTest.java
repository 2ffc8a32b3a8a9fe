package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What calibrations promise, beside ones that are drawn. */
class PromiseTest {

    /** SciPy 1.17: {@code betabinom.ppf([.025, .975], n, k, m + 1 - k)}. */
    @Test
    void quantilesAreThoseOfTheBetaBinomial() {
        assertEquals(new Promise(3 / 1500.0, 32 / 1500.0), Promise.of(0.01, 525, 1500));
        assertEquals(new Promise(45 / 1500.0, 109 / 1500.0), Promise.of(0.05, 525, 1500));
        assertEquals(new Promise(3 / 283.0, 26 / 283.0), Promise.of(0.05, 158, 283));
        assertEquals(new Promise(0, 5 / 1000.0), Promise.of(0.001, 1050, 1000));
    }

    /** 29 of 1,500 are nothing unusual where 525 samples rank, and a normal says they are. */
    @Test
    void atMostOneCalibrationInTwentyIsBeyond() {
        long seed = 20261201;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int beyond = 0;
        int rounds = 2000;
        Promise promise = Promise.of(0.01, 525, 1500);
        for (int round = 0; round < rounds; round++) {
            double[] calibration = random.doubles(525).sorted().toArray();
            int flagged = 0;
            for (int i = 0; i < 1500; i++) {
                double score = random.nextDouble();
                int place = Arrays.binarySearch(calibration, score);
                int atLeast = 525 - (place < 0 ? -place - 1 : place);
                flagged += (atLeast + 1.0) / 526 <= 0.01 ? 1 : 0;
            }
            double share = flagged / 1500.0;
            beyond += share < promise.lower() || share > promise.upper() ? 1 : 0;
        }
        assertTrue(beyond <= 0.05 * rounds + 3 * Math.sqrt(0.05 * rounds), beyond + " beyond");
        assertTrue(beyond >= 0.03 * rounds, beyond + " beyond");
    }

    @Test
    void aLevelBelowAllRanksPromisesNothingAndManySamplesDoNotUnderflow() {
        assertEquals(new Promise(0, 0), Promise.of(0.001, 525, 1500));
        Promise half = Promise.of(0.5, 9999, 1_000_000);
        assertTrue(half.lower() > 0.489 && half.lower() < 0.491, half.toString());
        assertTrue(half.upper() > 0.509 && half.upper() < 0.511, half.toString());
    }

    /** .29 * 100 is below 29 in binary, and 29 / 100 is at most .29 all the same. */
    @Test
    void ranksAreComparedAsPValuesAre() {
        assertEquals(Promise.of(0.2901, 99, 500), Promise.of(0.29, 99, 500));
    }
}
