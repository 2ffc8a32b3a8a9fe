package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NullMeanTest {
    @Test
    void quantilesAreStudents() {
        int[] degrees = {3, 5, 9, 19, 60};
        double[] expected = {5.841, 4.032, 3.250, 2.861, 2.660};
        for (int i = 0; i < degrees.length; i++) {
            double found = NullMean.studentQuantile(degrees[i]);
            assertEquals(expected[i], found, i < 2 ? .2 : .02, "degrees " + degrees[i]);
        }
    }

    @Test
    void theToleratedMeanIsTwiceTheUpperLimitWithinARange() {
        NullMean mean = NullMean.of(new double[] {.002, .004, .002, .004, .002, .004}, 6);
        assertEquals(.003, mean.mean(), 1e-15);
        double error = .001 * Math.sqrt(6 / 5.0 / 6);
        assertEquals(.003 + NullMean.studentQuantile(5) * error, mean.upper(), 1e-15);
        assertEquals(2 * mean.upper(), mean.tolerance(0, .001, .02));
        assertEquals(.05, mean.tolerance(0, .05, .2));
        assertEquals(.004, mean.tolerance(0, .001, .004));
        assertEquals(.3, mean.tolerance(.3, .001, .02));
    }

    @Test
    void aMeanTooCloseToTheToleratedOneIsRefused() {
        NullMean mean = NullMean.of(new double[] {.002, .004, .002, .004, .002, .004}, 6);
        assertEquals("", mean.refusal(2 * mean.upper(), 100));
        assertTrue(mean.refusal(.005, 100).contains("without change"));
        NullMean vague = NullMean.of(new double[] {0, 0, 0, .02}, 4);
        assertTrue(vague.refusal(.01, 100).contains("4 pools of 100 rows"));
    }
}
