package io.spectrawatch.spectral.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.Tolerances;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RocTest {
    @Test
    void theAreaIsTheShareOfPairsInOrder() {
        Property.forAll(RocTest.class, 30, RocTest::check);
    }

    private static void check(Random random) {
        // Few distinct values, so that ties occur.
        double[] clean = random.ints(40, 0, 8).asDoubleStream().toArray();
        double[] attacked = random.ints(25, 3, 11).asDoubleStream().toArray();
        double pairs = 0;
        for (double a : attacked) {
            for (double c : clean) {
                pairs += a > c ? 1 : a == c ? 0.5 : 0;
            }
        }
        Roc.Estimate area = Roc.area(clean, attacked);
        assertEquals(pairs / 1000, area.value(), Tolerances.FP64);
        assertTrue(area.lower() <= area.value() && area.value() <= area.upper());
        for (double rate : new double[] {0.01, 0.05, 0.5}) {
            checkDetected(clean, attacked, rate);
        }
    }

    private static void checkDetected(double[] clean, double[] attacked, double rate) {
        double best = 0;
        for (double threshold : clean) {
            long alarms = Arrays.stream(clean).filter(c -> c > threshold).count();
            long found = Arrays.stream(attacked).filter(a -> a > threshold).count();
            best = alarms <= rate * clean.length ? Math.max(best, found) : best;
        }
        assertEquals(
                best / attacked.length,
                Roc.detected(clean, attacked, rate).value(),
                Tolerances.FP64);
    }

    @Test
    void wilsonsIntervalIsHis() {
        Roc.Estimate half = Roc.wilson(50, 100);
        assertEquals(0.4038, half.lower(), 1e-4);
        assertEquals(0.5962, half.upper(), 1e-4);
        assertEquals(0, Roc.wilson(0, 10).lower(), Tolerances.FP64);
        assertEquals(0.2775, Roc.wilson(0, 10).upper(), 1e-4);
    }

    @Test
    void theIntervalOfTheAreaCoversIt() {
        Random random = new Random(2);
        int covered = 0;
        for (int run = 0; run < 200; run++) {
            double[] clean = random.doubles(100).toArray();
            double[] attacked = random.doubles(80, 0.3, 1.3).toArray();
            Roc.Estimate area = Roc.area(clean, attacked);
            // P(X + 0.3 > Y) for independent uniforms is 1 - 0.7^2 / 2.
            covered += area.lower() <= 0.755 && 0.755 <= area.upper() ? 1 : 0;
        }
        assertTrue(covered >= 180, covered + " of 200");
    }
}
