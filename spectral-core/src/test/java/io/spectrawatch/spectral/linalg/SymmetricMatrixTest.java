package io.spectrawatch.spectral.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SymmetricMatrixTest {
    /** Condition numbers here stay below 1e5. */
    private static final double TOLERANCE = 1e-9;

    @Test
    void decompositionsRebuildTheMatrix() {
        Property.forAll(SymmetricMatrixTest.class, 30, SymmetricMatrixTest::check);
    }

    private static void check(Random random) {
        int n = 1 + random.nextInt(12);
        SymmetricMatrix a = positive(random, n);
        double[] l = a.cholesky();
        double[] inverse = a.inverse().entries();
        double[] w = a.whitening();
        SymmetricMatrix.Eigen eigen = a.eigen();
        double logSum = 0;
        for (int i = 0; i < n; i++) {
            logSum += Math.log(eigen.values()[i]);
            assertTrue(i == 0 || eigen.values()[i] <= eigen.values()[i - 1]);
            for (int j = 0; j < n; j++) {
                double product = 0;
                double identity = 0;
                double spectral = 0;
                double white = 0;
                for (int k = 0; k < n; k++) {
                    product += l[i * n + k] * l[j * n + k];
                    identity += a.entries()[i * n + k] * inverse[k * n + j];
                    spectral +=
                            eigen.values()[k]
                                    * eigen.vectors()[k * n + i]
                                    * eigen.vectors()[k * n + j];
                    white += w[k * n + i] * w[k * n + j];
                }
                assertEquals(a.entries()[i * n + j], product, TOLERANCE);
                assertEquals(i == j ? 1 : 0, identity, TOLERANCE);
                assertEquals(a.entries()[i * n + j], spectral, TOLERANCE);
                assertEquals(inverse[i * n + j], white, TOLERANCE);
            }
        }
        assertEquals(logSum, a.logDeterminant(), TOLERANCE);
    }

    @Test
    void anIndefiniteMatrixIsRefused() {
        SymmetricMatrix a = new SymmetricMatrix(2, new double[] {1, 2, 2, 1});
        String message = assertThrows(ArithmeticException.class, a::cholesky).getMessage();
        assertTrue(message.contains("-3.0 at 1 of 2"), message);
    }

    @Test
    void sizesMustMatch() {
        assertThrows(
                IllegalArgumentException.class, () -> new SymmetricMatrix(2, new double[] {1, 2}));
    }

    private static SymmetricMatrix positive(Random random, int n) {
        double[] b = random.doubles((long) n * n, -1, 1).toArray();
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    a[i * n + j] += b[i * n + k] * b[j * n + k];
                }
                a[i * n + j] += i == j ? 0.01 : 0;
            }
        }
        return new SymmetricMatrix(n, a);
    }
}
