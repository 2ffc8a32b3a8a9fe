package io.spectrawatch.spectral.sequential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SerialDependenceTest {
    private static final long SEED = Long.getLong("spectrawatch.seed", 20260101L);
    private static final String REPEAT =
            "repeat with: mvn -pl spectral-core test -Dtest=SerialDependenceTest"
                    + " -Dspectrawatch.seed="
                    + SEED;

    @Test
    void independentScoresAreFoundDependentAsOftenAsTheLevelSays() {
        Random random = new Random(SEED);
        int runs = 500;
        int found = 0;
        for (int run = 0; run < runs; run++) {
            double[] series = new double[30];
            // Half of real scores are exactly 0.
            Arrays.setAll(series, i -> Math.max(random.nextGaussian(), 0));
            found += SerialDependence.pValue(series) <= .05 ? 1 : 0;
        }
        assertTrue(found <= 25 + 5 * Math.sqrt(25) && found >= 5, found + "; " + REPEAT);
    }

    @Test
    void scoresThatFollowEachOtherAreFound() {
        Random random = new Random(SEED);
        int found = 0;
        for (int run = 0; run < 200; run++) {
            double[] series = new double[30];
            double state = random.nextGaussian();
            for (int i = 0; i < series.length; i++) {
                series[i] = Math.exp(state);
                state = .98 * state + Math.sqrt(1 - .98 * .98) * random.nextGaussian();
            }
            found += SerialDependence.pValue(series) <= .02 ? 1 : 0;
        }
        assertTrue(found >= 185, found + "; " + REPEAT);
    }

    @Test
    void seriesWithoutAnyOrderSayNothing() {
        assertEquals(1, SerialDependence.pValue(new double[20]));
        assertEquals(1, SerialDependence.pValue(new double[] {.3}));
        double[] rising = new double[20];
        Arrays.setAll(rising, i -> i);
        assertEquals(.001, SerialDependence.pValue(rising));
    }
}
