package io.spectrawatch.spectral.detect.surrogate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import org.junit.jupiter.api.Test;

class WholeNumbersTest {
    @Test
    void theyAreShortEnoughForExactProductsAndWrongByHalfAStep() {
        Property.forAll(
                getClass(),
                300,
                random -> {
                    int count = 1 + random.nextInt(600);
                    double unit = Math.pow(10, random.nextInt(9) - 4);
                    double falling = random.nextInt(3);
                    double[] row = new double[count];
                    for (int i = 0; i < count; i++) {
                        row[i] = random.nextGaussian() / Math.pow(i + 1, falling);
                    }
                    float[] out = new float[2 * count];
                    double step = WholeNumbers.round(row, count, unit, out, 1, 2);
                    double squared = 0;
                    for (int i = 0; i < count; i++) {
                        float whole = out[1 + 2 * i];
                        assertEquals(Math.rint(whole), whole);
                        assertEquals(unit * row[i], step * whole, 0.5001 * step);
                        squared += (double) whole * whole;
                        assertEquals(0, out[2 * i]);
                    }
                    assertTrue(squared <= 1 << 24, "squared length " + squared);
                });
    }

    @Test
    void whatHasNoLengthHasNoSteps() {
        float[] out = {1, 1, 1};
        assertEquals(0, WholeNumbers.round(new double[3], 3, 5, out, 0, 1));
        assertArrayEquals(new float[3], out);
    }
}
