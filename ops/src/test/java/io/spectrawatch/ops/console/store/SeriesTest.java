package io.spectrawatch.ops.console.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.console.store.Series.Column;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Numbers over time in bounded memory. */
class SeriesTest {

    private static final long SEED = Long.getLong("spectrawatch.seed", 20260101L);

    /** Whatever was merged, bounds hold every point, sums every row, and time has no holes. */
    @Test
    void thePastGrowsCoarserAndStaysTrue() {
        Random random = new Random(SEED);
        Series series = new Series(Column.LEAST, Column.LAST, Column.MOST, Column.SUM);
        int points = 20_000;
        double[] values = new double[points];
        for (int i = 0; i < points; i++) {
            values[i] = random.nextGaussian();
            series.add(i, i + 1, values[i], values[i], values[i], 1);
            assertTrue(series.size() <= Series.MOST, "seed " + SEED);
        }
        long reached = 0;
        double sum = 0;
        for (int point = 0; point < series.size(); point++) {
            assertEquals(reached, series.from(point), "seed " + SEED);
            reached = series.to(point);
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = (int) series.from(point); i < reached; i++) {
                least = Math.min(least, values[i]);
                most = Math.max(most, values[i]);
            }
            assertEquals(least, series.value(0, point), "seed " + SEED);
            assertEquals(values[(int) reached - 1], series.value(1, point), "seed " + SEED);
            assertEquals(most, series.value(2, point), "seed " + SEED);
            sum += series.value(3, point);
        }
        assertEquals(points, reached);
        assertEquals(points, sum);
        // The newest are as they came.
        assertEquals(1, series.to(series.size() - 1) - series.from(series.size() - 1));
    }

    @Test
    void whatIsPublishedAgainAddsNothing() {
        Series series = new Series(Column.LAST);
        for (int run = 0; run < 2; run++) {
            for (int i = 0; i < 10; i++) {
                series.add(i, i + 1, i);
            }
        }
        assertEquals(10, series.size());
        series.add(9, 10, 42);
        assertEquals(10, series.size());
        assertEquals(42, series.value(0, 9));
    }

    @Test
    void bucketsCollect() {
        Series series = new Series(Column.SUM);
        series.addInto(0, 60, 1);
        series.addInto(0, 60, 1);
        series.addInto(60, 120, 1);
        series.addInto(0, 60, 1);
        assertEquals(2, series.size());
        assertEquals(2, series.value(0, 0));
        assertEquals(2, series.value(0, 1));
    }
}
