package io.spectrawatch.spectral.sketch;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SketchSizingTest {
    @Test
    void theChosenSizeMeetsItsTarget() {
        int d = 200;
        List<double[]> rows = Streams.REGIMES.rows(new Random(2), 800, d);
        double[] weights = SecondMomentSketchContract.ones(rows.size());
        double[] truth = Reference.moment(rows, weights, Reference.mean(rows, weights, d));
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                SecondMomentSketch exact =
                        Sketches.create(
                                SketchOptions.defaults().withKind(SketchKind.EXACT), d, kernels)) {
            SecondMomentSketchContract.feed(exact, rows, 64);
            double[] lambda = exact.spectrum(0).eigenvalues();
            int k = 4;
            double tail = Reference.trace(truth, d);
            for (int i = 0; i < k; i++) {
                tail -= lambda[i];
            }
            int l = SketchSizing.sketchRows(d, k, 0.2, tail / lambda[k - 1], 0.5);
            SketchOptions options =
                    SketchOptions.defaults()
                            .withKind(SketchKind.FREQUENT_DIRECTIONS)
                            .withSketchRows(l);
            try (SecondMomentSketch sketch = Sketches.create(options, d, kernels)) {
                SecondMomentSketchContract.feed(sketch, rows, 64);
                assertTrue(
                        sketch.ledger().deltaPlus() <= 0.2 * lambda[k - 1],
                        l + " " + sketch.ledger());
            }
        }
    }

    @Test
    void refusesWhatCannotBeReached() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> SketchSizing.sketchRows(100, 10, 1e-6, 50, 0.5));
        assertTrue(e.getMessage().contains("at most 100"), e.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> SketchSizing.sketchRows(100, 0, 0.1, 5, 0.5));
        assertThrows(
                IllegalArgumentException.class, () -> SketchSizing.sketchRows(100, 5, 0.1, 5, 0));
    }
}
