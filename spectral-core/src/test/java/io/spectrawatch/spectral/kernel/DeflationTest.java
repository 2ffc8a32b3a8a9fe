package io.spectrawatch.spectral.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.Tolerances;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A direction 1000 times larger than the rest must not cost the rest its digits. */
class DeflationTest {
    private static final int D = 300;
    private static final int N = 20;
    private static final int RANK = 6;

    @ParameterizedTest
    @EnumSource(
            value = KernelChoice.class,
            names = {"HOST", "ONNX_CPU"})
    void keepsTheDigitsOfTheRest(KernelChoice choice) {
        try (Kernels kernels = KernelProviders.open(choice)) {
            Property.forAll(getClass(), 5, random -> check(kernels, random));
        }
    }

    private static void check(Kernels kernels, Random random) {
        double[] massive = new double[D];
        for (int j = 0; j < D; j++) {
            massive[j] = random.nextGaussian() / Math.sqrt(D);
        }
        BlockStep step = new BlockStep();
        step.block = new RowBlock(N, D);
        step.runningMean = Workspace.allocate(D);
        for (int i = 0; i < N; i++) {
            double along = 1e3 * Math.sqrt(D) * random.nextGaussian();
            double[] row = new double[D];
            for (int j = 0; j < D; j++) {
                row[j] = along * massive[j] + random.nextGaussian();
            }
            step.block.append(row);
        }
        DoubleBuffer directions = Workspace.allocate(RANK * D);
        for (int i = 0; i < RANK * D; i++) {
            directions.put(i, i < D ? 1e6 * massive[i] : random.nextGaussian());
        }
        int m = RANK + N;
        DoubleBuffer expected = Workspace.allocate(m * m);
        DoubleBuffer found = Workspace.allocate(m * m);
        kernels.blockProducts(step, RANK, directions, expected);
        step.deflated = 1;
        double energy = kernels.blockProducts(step, RANK, directions, found);
        double residual = step.residualEnergy;
        assertTrue(residual < 1e-4 * energy, "the massive direction is taken out");
        double worst = 0;
        for (int i = RANK; i < m; i++) {
            for (int j = i; j < m; j++) {
                worst = Math.max(worst, Math.abs(expected.get(i * m + j) - found.get(i * m + j)));
            }
        }
        // Plain fp32 products would err by 1e-7 of the energy, 1e-2 of the residual.
        assertEquals(0, worst / (residual / N), 10 * Tolerances.FP32);
    }
}
