package io.spectrawatch.spectral.sequential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoresTest {
    private final long seed = Long.getLong("spectrawatch.seed", 20260101L);

    @Test
    void toleranceLimitTakesTheRankOfTheBetaQuantile() {
        double[] reference = IntStream.rangeClosed(1, 200).mapToDouble(i -> i).toArray();
        ToleranceLimit limit = ToleranceLimit.of(reference, .05, .005);
        assertEquals(198, limit.rank());
        assertEquals(198, limit.limit());
        assertEquals(0, limit.score(198));
        assertEquals(1, limit.score(198.5));
    }

    @Test
    void toleranceLimitHoldsWithItsConfidence() {
        Random random = new Random(seed);
        int failures = 0;
        for (int trial = 0; trial < 2_000; trial++) {
            ToleranceLimit limit = ToleranceLimit.of(random.doubles(200).toArray(), .1, .02);
            failures += 1 - limit.limit() > .1 ? 1 : 0;
        }
        assertTrue(failures <= 40 + 5 * 7, failures + " of 2000; seed " + seed);
    }

    @Test
    void toleranceLimitRefusesATooSmallReference() {
        IllegalArgumentException error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ToleranceLimit.of(new double[50], .05, .005));
        assertTrue(error.getMessage().contains("at least 104"), error.getMessage());
        assertEquals(104, ToleranceLimit.of(new double[104], .05, .005).rank());
        assertThrows(
                IllegalArgumentException.class,
                () -> ToleranceLimit.of(new double[] {Double.NaN}, .05, .005));
    }

    @Test
    void toleratedShareIsTheUpperLimitOfClopperAndPearson() {
        assertEquals(1 - Math.pow(.01, 1.0 / 104), ToleranceLimit.share(104, 104, .01), 1e-12);
        // Two of ten at 97.5 %.
        assertEquals(.55609546, ToleranceLimit.share(10, 8, .025), 1e-8);
        assertEquals(.95, ToleranceLimit.share(1, 1, .05), 1e-12);
        for (int m : new int[] {104, 1050, 20_000}) {
            double[] reference = new double[m];
            int rank = ToleranceLimit.of(reference, .05, .005).rank();
            double share = ToleranceLimit.share(m, rank, .005);
            assertTrue(share <= .05, m + ": " + share);
            assertTrue(ToleranceLimit.share(m, rank - 1, .005) > .05, m + ": " + rank);
        }
        assertThrows(IllegalArgumentException.class, () -> ToleranceLimit.share(10, 11, .005));
        assertThrows(IllegalArgumentException.class, () -> ToleranceLimit.share(10, 0, .005));
    }

    @Test
    void aSmallReferenceSupportsALargerShare() {
        double[] reference = IntStream.rangeClosed(1, 104).mapToDouble(i -> i).toArray();
        assertEquals(
                ToleranceLimit.of(reference, .05, .005),
                ToleranceLimit.supported(reference, .05, .005));
        ToleranceLimit small = ToleranceLimit.supported(reference, .05, .0001);
        assertEquals(104, small.limit());
        assertEquals(1 - Math.pow(.0001, 1.0 / 104), small.exceedance(), 1e-12);
        assertThrows(
                IllegalArgumentException.class,
                () -> ToleranceLimit.supported(new double[0], .05, .005));
    }

    @Test
    void splitHalvesRemoveTheNoise() {
        Random random = new Random(seed);
        double[] reference = new double[50];
        double debiased = 0;
        double plain = 0;
        int trials = 4_000;
        for (int trial = 0; trial < trials; trial++) {
            double[] a = random.doubles(50, -1, 1).map(x -> x + .1).toArray();
            double[] b = random.doubles(50, -1, 1).map(x -> x + .1).toArray();
            debiased += SplitHalf.squaredDistance(a, b, reference, 1) / trials;
            plain += SplitHalf.squaredDistance(a, a, reference, 1) / trials;
        }
        assertEquals(.5, debiased, .2, "seed " + seed);
        assertTrue(plain > 16, "seed " + seed);
        assertEquals(0, SplitHalf.score(-3));
        assertEquals(1, SplitHalf.score(3));
        assertThrows(IllegalArgumentException.class, () -> SplitHalf.score(Double.NaN));
    }

    @Test
    void sharesOfAFleetSumToAtMostOne() {
        double sum = 0;
        for (int i = 1; i <= 10_000; i++) {
            sum += StreamWeights.spending(i);
        }
        assertTrue(sum < 1);
        assertEquals(.25, StreamWeights.equal(4));
        assertThrows(IllegalArgumentException.class, () -> StreamWeights.equal(0));
        assertThrows(IllegalArgumentException.class, () -> StreamWeights.spending(0));
    }

    @Test
    void hysteresisWantsCalmScoresInARow() {
        Hysteresis rule = Hysteresis.of(.2, 3);
        for (double score : new double[] {.1, .1, .3, .2, .1}) {
            rule = rule.observe(score);
            assertFalse(rule.resolved());
        }
        assertTrue(rule.observe(0).resolved());
        assertFalse(rule.observe(0).observe(Double.NaN).resolved());
    }
}
