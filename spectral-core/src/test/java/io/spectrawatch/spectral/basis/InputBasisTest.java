package io.spectrawatch.spectral.basis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** That Python comes to the same numbers is held by {@code BasisOfPythonTest} of module ingest. */
class InputBasisTest {
    private static final int COLUMNS = 12;

    /** Inputs that vary along three directions, and a little along all. */
    private static float[] inputs(int rows, long seed) {
        Random axes = new Random(1);
        double[][] along = new double[3][];
        for (int i = 0; i < 3; i++) {
            along[i] = axes.doubles(COLUMNS, -1, 1).toArray();
        }
        Random random = new Random(seed);
        float[] values = new float[rows * COLUMNS];
        for (int row = 0; row < rows; row++) {
            double[] x = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            for (int j = 0; j < COLUMNS; j++) {
                double sum = 3 + 0.01 * random.nextGaussian();
                for (int i = 0; i < 3; i++) {
                    sum += x[i] * along[i][j];
                }
                values[row * COLUMNS + j] = (float) sum;
            }
        }
        return values;
    }

    private static InputBasis fitted() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            return InputBasis.fit(kernels, inputs(500, 2), COLUMNS, 3, 7);
        }
    }

    @Test
    void trustedInputsLieInsideAndForeignOnesOutside() {
        InputBasis basis = fitted();
        float[] trusted = basis.coordinates(inputs(50, 3), COLUMNS);
        float[] foreign = new float[50 * COLUMNS];
        Random random = new Random(4);
        for (int i = 0; i < foreign.length; i++) {
            foreign[i] = (float) (3 + random.nextGaussian());
        }
        float[] strange = basis.coordinates(foreign, COLUMNS);
        assertEquals(4, basis.published());
        for (int i = 0; i < 50; i++) {
            assertTrue(trusted[4 * i + 3] < 0.1, "trusted " + trusted[4 * i + 3]);
            assertTrue(strange[4 * i + 3] > 1, "foreign " + strange[4 * i + 3]);
        }
    }

    @Test
    void coordinatesAndDistanceMakeUpTheWhole() {
        InputBasis basis = fitted();
        float[] rows = inputs(2, 9);
        rows[5] += 4;
        float[] found = basis.coordinates(rows, COLUMNS);
        double apart = 0;
        double between = 0;
        for (int i = 0; i < 3; i++) {
            between += Math.pow(found[i] - found[4 + i], 2);
        }
        for (int j = 0; j < COLUMNS; j++) {
            apart += Math.pow(rows[j] - rows[COLUMNS + j], 2);
        }
        assertTrue(between <= apart * (1 + 1e-6), between + " of " + apart);
        assertTrue(found[3] > found[7]);
    }

    @Test
    void bytesKeepTheBasisAndNameIt() {
        InputBasis basis = fitted();
        InputBasis read = InputBasis.fromBytes(basis.toBytes());
        float[] rows = inputs(5, 6);
        assertArrayEquals(basis.coordinates(rows, COLUMNS), read.coordinates(rows, COLUMNS));
        assertEquals(basis.tap(), read.tap());
        assertTrue(basis.tap().matches("basis-1:[0-9a-f]{16}"), basis.tap());
        byte[] other = basis.toBytes();
        other[16] ^= 1;
        assertNotEquals(basis.tap(), InputBasis.fromBytes(other).tap());
    }

    @Test
    void whatIsNoBasisIsRefused() {
        byte[] bytes = fitted().toBytes();
        byte[] version = bytes.clone();
        version[4] = 2;
        refused("known version 1, found 2", version);
        refused("not a basis of inputs", new byte[8]);
        refused("bytes of numbers, found", Arrays.copyOf(bytes, bytes.length + 4));
        byte[] longer = bytes.clone();
        longer[bytes.length - 1] = 0x42;
        refused("directions of length 1", longer);
    }

    private static void refused(String part, byte[] bytes) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> InputBasis.fromBytes(bytes))
                        .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void rowsOfOtherColumnsAreRefused() {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> fitted().coordinates(new float[10], 5))
                        .getMessage();
        assertTrue(message.contains("basis of 12 columns, found rows of 5"), message);
    }
}
