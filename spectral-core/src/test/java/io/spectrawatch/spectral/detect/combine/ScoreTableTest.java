package io.spectrawatch.spectral.detect.combine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoreTableTest {
    private static final double ROUNDING = 1e-12;

    @Test
    void insideTheCalibrationRowsItIsTheConformalRank() {
        ScoreTable table = ScoreTable.of(numbers(100), false);
        assertEquals(1, table.p(-5), ROUNDING);
        assertEquals(51.0 / 101, table.p(51), ROUNDING);
        assertEquals(50.0 / 101, table.p(51.5), ROUNDING);
    }

    @Test
    void theTailGoesOnExponentially() {
        ScoreTable table = ScoreTable.of(numbers(100), false);
        // The ten largest exceed 90 by 5.5 on average.
        assertEquals(0.1 * Math.exp(-20 / 5.5), table.p(110), ROUNDING);
        assertTrue(table.p(120) < table.p(110));
        assertEquals(1e-12, table.p(1e9), ROUNDING);
    }

    @Test
    void bothTailsCountWhereBothAreUnusual() {
        ScoreTable table = ScoreTable.of(numbers(100), true);
        assertEquals(table.p(110), table.p(-9), ROUNDING);
        assertEquals(2 * 0.1 * Math.exp(-20 / 5.5), table.p(110), ROUNDING);
        assertEquals(1, table.p(50.5), 0.02);
    }

    @Test
    void manyRowsAreThinnedWithoutMovingTheRanks() {
        double[] many = new Random(1).doubles(50_000).toArray();
        ScoreTable table = ScoreTable.of(many, false);
        for (double at = 0.05; at < 0.9; at += 0.1) {
            assertEquals(1 - at, table.p(at), 0.01);
        }
    }

    @Test
    void constantScoresSayNothing() {
        ScoreTable table = ScoreTable.of(new double[50], false);
        assertEquals(1, table.p(0), ROUNDING);
        assertEquals(1.0 / 51, table.p(1), ROUNDING);
    }

    @Test
    void theHalfCauchyMeanNeedsOneSmallPOnly() {
        assertEquals(0, Combination.halfCauchy(1), ROUNDING);
        assertEquals(1, Combination.halfCauchy(0.5), ROUNDING);
        assertEquals(2 / (Math.PI * 1e-6), Combination.halfCauchy(1e-6), 1);
        assertTrue(Double.isFinite(4 * Combination.halfCauchy(0)));
        assertEquals(0.3, Combination.p(Combination.halfCauchy(0.3)), ROUNDING);
        assertEquals(1, Combination.p(0), ROUNDING);
    }

    private static double[] numbers(int count) {
        double[] out = new double[count];
        for (int i = 0; i < count; i++) {
            out[i] = i + 1;
        }
        return out;
    }
}
