package io.spectrawatch.spectral.descriptor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final int D = 30;
    private final Kernels kernels = KernelProviders.open(KernelChoice.HOST);

    private SecondMomentSketch sketch(SketchKind kind, int l, double[][] rows) {
        SketchOptions options = SketchOptions.defaults().withKind(kind).withSketchRows(l);
        SecondMomentSketch sketch = Sketches.create(options, D, kernels);
        RowBlock block = new RowBlock(10, D);
        for (double[] row : rows) {
            block.append(row);
            if (block.isFull()) {
                sketch.update(block);
                block.clear();
            }
        }
        return sketch;
    }

    private static double[][] rows(Random random, int count) {
        double decay = 2 * random.nextDouble();
        int turn = random.nextInt(3);
        double shift = random.nextDouble();
        double[][] rows = new double[count][D];
        for (double[] row : rows) {
            for (int j = 0; j < D; j++) {
                row[(j + turn) % D] = shift + random.nextGaussian() * Math.pow(j + 1, -decay);
            }
        }
        return rows;
    }

    private Map<String, CertifiedValue> between(SecondMomentSketch a, SecondMomentSketch b, int k) {
        return Comparison.between(a, b, k, kernels).stream()
                .collect(Collectors.toMap(CertifiedValue::name, Function.identity()));
    }

    @Test
    void sketchesContainWhatExactMomentsSay() {
        Property.forAll(
                getClass(),
                200,
                random -> {
                    double[][] first = rows(random, 100 + 10 * random.nextInt(10));
                    double[][] second = rows(random, 100 + 10 * random.nextInt(10));
                    int k = 1 + random.nextInt(4);
                    int l = 6 + random.nextInt(24);
                    Map<String, CertifiedValue> exact =
                            between(
                                    sketch(SketchKind.EXACT, 8, first),
                                    sketch(SketchKind.EXACT, 8, second),
                                    k);
                    Map<String, CertifiedValue> sketched =
                            between(
                                    sketch(SketchKind.FREQUENT_DIRECTIONS, l, first),
                                    sketch(SketchKind.FREQUENT_DIRECTIONS, l, second),
                                    k);
                    assertEquals(exact.keySet(), sketched.keySet());
                    for (CertifiedValue truth : exact.values()) {
                        CertifiedValue value = sketched.get(truth.name());
                        assertTrue(
                                value.lower() <= truth.upper() && truth.lower() <= value.upper(),
                                value + " misses " + truth);
                    }
                });
    }

    @Test
    void equalWindowsAreAtDistanceZero() {
        double[][] rows = rows(new Random(3), 200);
        Map<String, CertifiedValue> values =
                between(sketch(SketchKind.EXACT, 8, rows), sketch(SketchKind.EXACT, 8, rows), 3);
        assertEquals(0, values.get("spectrum_hellinger").upper(), 1e-5);
        assertEquals(0, values.get("spectrum_jsd").upper(), 1e-5);
        assertEquals(0, values.get("subspace_chordal_3").upper(), 1e-5);
        assertEquals(1, values.get("covariance_similarity").lower(), 1e-5);
        assertEquals(0, values.get("frechet_drift").upper(), 1e-4);
    }

    @Test
    void turnedAxesAreSeenExactly() {
        double[][] first = new double[20][D];
        double[][] second = new double[20][D];
        for (int i = 0; i < 20; i++) {
            first[i][0] = i % 2 == 0 ? 3 : -3;
            second[i][1] = i % 2 == 0 ? 3 : -3;
            second[i][5] = 2;
        }
        Map<String, CertifiedValue> values =
                between(sketch(SketchKind.EXACT, 8, first), sketch(SketchKind.EXACT, 8, second), 1);
        assertEquals(1, values.get("subspace_chordal_1").estimate(), 1e-9);
        assertEquals(0, values.get("covariance_similarity").estimate(), 1e-9);
        // tr S1 + tr S2 = 9 + 9, the product of the covariances is 0.
        assertEquals(Math.sqrt(18), values.get("bures_wasserstein").estimate(), 1e-9);
        assertEquals(2 + 18, values.get("frechet_drift").estimate(), 1e-9);
    }

    @Test
    void emptyWindowsAreRefused() {
        SecondMomentSketch empty = sketch(SketchKind.EXACT, 8, new double[0][]);
        assertThrows(IllegalArgumentException.class, () -> between(empty, empty, 1));
    }
}
