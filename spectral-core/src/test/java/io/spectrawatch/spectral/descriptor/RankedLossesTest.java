package io.spectrawatch.spectral.descriptor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.sketch.Spectrum;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Descriptors of streamed sketches, whose losses are known by rank, against exact moments. */
class RankedLossesTest {
    private static final int CASES = Boolean.getBoolean("spectrawatch.referee") ? 4_000 : 120;

    @Test
    void intervalsHoldTheTruthAndAreNoWiderThanBefore() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Property.forAll(getClass(), CASES, random -> check(random, kernels));
        }
    }

    private static void check(Random random, Kernels kernels) {
        int d = 6 + random.nextInt(40);
        SketchOptions options =
                SketchOptions.defaults()
                        .withKind(SketchKind.FREQUENT_DIRECTIONS)
                        .withSketchRows(1 + random.nextInt(d / 2))
                        .withBlockRows(1 + random.nextInt(2 * d))
                        .withAlpha(random.nextInt(5) / 4.0);
        double decay = random.nextInt(3) / 2.0;
        boolean turning = random.nextBoolean();
        try (SecondMomentSketch sketch = Sketches.create(options, d, kernels);
                SecondMomentSketch part = Sketches.create(options, d, kernels);
                SecondMomentSketch exact =
                        Sketches.create(options.withKind(SketchKind.EXACT), d, kernels)) {
            RowBlock block = new RowBlock(options.blockRows(), d);
            int blocks = 1 + random.nextInt(12);
            for (int b = 0; b < blocks; b++) {
                block.clear();
                int rows = b + 1 < blocks ? block.capacity() : 1 + random.nextInt(block.capacity());
                for (int i = 0; i < rows; i++) {
                    block.append(row(random, d, decay, turning ? b * 3 : 0));
                }
                (random.nextInt(3) == 0 ? part : sketch).update(block);
                exact.update(block);
            }
            sketch.merge(part);
            compare(sketch.spectrum(0), exact.spectrum(0));
        }
    }

    private static double[] row(Random random, int d, double decay, int turn) {
        double[] row = new double[d];
        for (int j = 0; j < d; j++) {
            row[(j + turn) % d] = random.nextGaussian() * Math.pow(j + 1, -decay);
        }
        return row;
    }

    private static void compare(Spectrum spectrum, Spectrum truth) {
        Spectrum boxed =
                new Spectrum(
                        spectrum.dimension(),
                        spectrum.rows(),
                        spectrum.eigenvalues(),
                        new double[0],
                        spectrum.ledger());
        List<CertifiedValue> ranked = Descriptors.of(spectrum);
        List<CertifiedValue> before = Descriptors.of(boxed);
        List<CertifiedValue> exact = Descriptors.of(truth);
        for (int i = 0; i < ranked.size(); i++) {
            CertifiedValue value = ranked.get(i);
            CertifiedValue point = exact.get(i);
            double slack = 1e-9 * (1 + Math.abs(point.estimate()));
            assertTrue(
                    value.lower() <= point.upper() + slack
                            && point.lower() - slack <= value.upper(),
                    value + " misses " + point);
            CertifiedValue wide = before.get(i);
            assertTrue(
                    wide.lower() - slack <= value.lower() && value.upper() <= wide.upper() + slack,
                    value + " is wider than " + wide);
        }
    }
}
