package io.spectrawatch.spectral.detect.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpectedTest {
    private static final int SAMPLES = 2000;

    private final double[] doubt = new double[SAMPLES];
    private final double[] statistic = new double[SAMPLES];

    /** Statistics rise with the doubt, and vary more. */
    private Expected expected() {
        Random random = new Random(5);
        for (int i = 0; i < SAMPLES; i++) {
            doubt[i] = 10 * random.nextDouble();
            statistic[i] = doubt[i] + (1 + doubt[i]) * random.nextGaussian();
        }
        return Expected.of(doubt, statistic);
    }

    @Test
    void cleanSamplesAreStandardAtEveryDoubt() {
        Expected expected = expected();
        for (int part = 0; part < 5; part++) {
            double sum = 0;
            double squares = 0;
            int count = 0;
            for (int i = 0; i < SAMPLES; i++) {
                if ((int) (doubt[i] / 2) == part) {
                    double excess = expected.excess(doubt[i], statistic[i]);
                    sum += excess;
                    squares += excess * excess;
                    count++;
                }
            }
            assertEquals(0, sum / count, 0.15);
            assertEquals(1, squares / count, 0.25);
        }
    }

    @Test
    void theSameStatisticSaysMoreWhereTheModelIsSure() {
        Expected expected = expected();
        assertTrue(expected.excess(0.5, 8) > 3 * expected.excess(8, 8));
        assertEquals(expected.excess(-1e9, 3), expected.excess(-5, 3));
        assertEquals(expected.excess(1e300, 3), expected.excess(50, 3));
    }

    @Test
    void fewSamplesAndEqualOnesGiveNumbers() {
        Expected few = Expected.of(new double[] {1, 2, 3}, new double[] {0, 0, 0});
        assertTrue(Double.isFinite(few.excess(2, 1)));
        Expected equal = Expected.of(new double[200], new double[200]);
        assertTrue(Double.isFinite(equal.excess(0, 1)));
        assertTrue(equal.excess(0, 1) > 1000);
    }

    @Test
    void bytesComeBackAndOddOnesAreRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        expected().write(new DataOutputStream(bytes));
        Expected read = Expected.read(new DetectorInput(bytes.toByteArray()));
        assertEquals(expected().excess(3.3, 7), read.excess(3.3, 7));
        byte[] odd = bytes.toByteArray();
        odd[odd.length - 8] |= (byte) 0x80;
        assertThrows(IOException.class, () -> Expected.read(new DetectorInput(odd)));
    }
}
