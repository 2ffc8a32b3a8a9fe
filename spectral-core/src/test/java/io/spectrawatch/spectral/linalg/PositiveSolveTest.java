package io.spectrawatch.spectral.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import org.junit.jupiter.api.Test;

class PositiveSolveTest {

    @Test
    void solvesWhateverTheOrderIsToTheBlocks() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Property.forAll(
                    PositiveSolveTest.class,
                    8,
                    random -> {
                        int n = 1 + random.nextInt(200);
                        Matrix rows = new Matrix(n + 5, n);
                        for (int i = 0; i < (n + 5) * n; i++) {
                            rows.data().put(i, random.nextGaussian());
                        }
                        Matrix a = new Matrix(n, n);
                        kernels.addMoment(n + 5, n, rows.data(), a.data());
                        double[] b = random.doubles(n, -1, 1).toArray();
                        double[] x = PositiveSolve.of(kernels, a, 0.5).solve(b);
                        for (int i = 0; i < n; i++) {
                            double sum = 0.5 * x[i];
                            for (int j = 0; j < n; j++) {
                                sum += a.get(Math.min(i, j), Math.max(i, j)) * x[j];
                            }
                            assertEquals(b[i], sum, 1e-9);
                        }
                    });
        }
    }

    @Test
    void aNegativeDiagonalIsRefused() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Matrix a = Matrix.of(2, 2, new double[] {1, 2, 2, 1});
            assertThrows(ArithmeticException.class, () -> PositiveSolve.of(kernels, a, 0));
        }
    }
}
