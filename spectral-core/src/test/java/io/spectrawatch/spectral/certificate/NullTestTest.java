package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NullTestTest {
    private static final NullTest.Range RANGE = new NullTest.Range(.001, .04);
    private static final double DELTA = 1e-4;

    private static double[] scores(int pools, double largest) {
        Random random = new Random(5);
        return random.doubles(pools, 0, largest).toArray();
    }

    @Test
    void theToleratedMeanIsAtLeastTheBoundAndTwiceTheMean() {
        for (double largest : new double[] {.0005, .002, .01, .03}) {
            double[] scores = scores(60, largest);
            NullTest test = NullTest.of(scores, 100, 0, RANGE, DELTA);
            assertEquals("", test.refusal());
            NullMean mean = NullMean.of(scores, test.cut(), DELTA / NullTest.CUTS);
            assertEquals(Math.max(mean.least(), RANGE.least()), test.tolerance());
            assertTrue(test.tolerance() >= mean.upper() && test.tolerance() >= 2 * mean.mean());
            assertTrue(test.tolerance() <= NullTest.MOST_SHARE * test.cut());
        }
    }

    @Test
    void aConfiguredToleranceKeepsTheLargestCutThatHolds() {
        double[] scores = scores(60, .002);
        NullTest test = NullTest.of(scores, 100, .03, RANGE, DELTA);
        assertEquals(.03, test.tolerance());
        assertEquals("", test.refusal());
        double next = Math.min(2 * test.cut(), 1);
        assertTrue(NullMean.of(scores, test.cut(), DELTA / NullTest.CUTS).least() <= .03);
        assertTrue(NullMean.of(scores, next, DELTA / NullTest.CUTS).least() > .03);
    }

    @Test
    void aRefusalSaysWhyAndHowManyPoolsWouldDo() {
        NullTest few = NullTest.of(scores(12, .001), 100, 0, RANGE, DELTA);
        assertTrue(few.refusal().contains("in 12 disjoint pools of 100 rows"), few.refusal());
        String number = few.refusal().replaceAll(".*allowed; ([0-9]+) such pools.*", "$1");
        int needed = Integer.parseInt(number);
        assertTrue(needed > 12 && needed < 30, few.refusal());
        NullTest high = NullTest.of(scores(60, .2), 100, 0, RANGE, DELTA);
        assertTrue(high.refusal().endsWith("no number of such pools would do"), high.refusal());
        double[] rising = new double[60];
        Arrays.setAll(rising, i -> i * 1e-5);
        NullTest dependent = NullTest.of(rising, 100, 0, RANGE, DELTA);
        assertTrue(dependent.refusal().contains("follow each other (p = 0.001"));
        assertEquals(RANGE.most(), dependent.tolerance());
    }

    @Test
    void fewerPoolsThanTheFewestNeverDo() {
        int fewest = (int) NullTest.fewest(DELTA);
        assertEquals("", NullTest.of(new double[fewest], 100, 0, RANGE, DELTA).refusal());
        assertTrue(
                NullTest.of(new double[fewest - 1], 100, 0, RANGE, DELTA)
                        .refusal()
                        .endsWith(fewest + " such pools (" + 100 * fewest + " rows) would do"));
    }
}
