package io.spectrawatch.spectral.detect.surrogate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ExponentialsTest {
    private static final int COUNT = 1 << 20;

    private static float[] to(double most) {
        float[] values = new float[COUNT];
        for (int j = 0; j < COUNT; j++) {
            values[j] = (float) (most * j / COUNT);
        }
        return values;
    }

    @Test
    void theyAreThoseOfStrictMathWithinWhatIsSaid() {
        for (double most : new double[] {1e-3, 1, 8, 70}) {
            float[] s = to(most);
            float[] found = s.clone();
            Exponentials.negative(found, COUNT);
            for (int j = 0; j < COUNT; j++) {
                double expected = StrictMath.exp(-s[j]);
                assertEquals(expected, found[j], Exponentials.ERROR, "s " + s[j]);
            }
            float[] fourth = found.clone();
            Exponentials.fourth(fourth, COUNT);
            for (int j = 0; j < COUNT; j++) {
                double expected = StrictMath.exp(-4.0 * s[j]);
                assertEquals(expected, fourth[j], 4 * Exponentials.ERROR, "4 s, s " + s[j]);
                assertTrue(fourth[j] >= Float.MIN_NORMAL);
            }
        }
    }

    @Test
    void whatIsBelowZeroOrBeyondItsEndIsThatOfTheEnd() {
        float[] values = {-1e-3f, 0, 64, 1e30f, Float.POSITIVE_INFINITY, 5};
        Exponentials.negative(values, 5);
        assertEquals(1, values[0]);
        assertEquals(1, values[1]);
        assertEquals(values[2], values[3]);
        assertEquals(values[2], values[4]);
        assertTrue(values[2] > 0 && values[2] < 1e-26, "exp(-64) " + values[2]);
        assertEquals(5, values[5]);
        float[] nothing = {Float.NaN};
        Exponentials.negative(nothing, 1);
        assertTrue(Float.isNaN(nothing[0]), "not a number stays none");
    }
}
