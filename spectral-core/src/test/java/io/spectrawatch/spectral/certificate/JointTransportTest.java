package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.sketch.Spectrum;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The joint sketch: its errors against the rows themselves. */
class JointTransportTest {
    private static final String REPEAT = Cases.repeat(JointTransportTest.class);
    private static final int D = 20;
    private static final int NEXT = 16;
    private static final int N = 600;

    @Test
    void sketchErrorsStayBelowTheirBounds() {
        Random random = Cases.random(40);
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            for (int trial = 0; trial < 20; trial++) {
                check(random, kernels, 4 + random.nextInt(12), trial % 2 == 1);
            }
        }
    }

    private static void check(Random random, Kernels kernels, int sketchRows, boolean merged) {
        double[] mix = Cases.rough(random, (D + NEXT) * 6);
        double[] latent = Cases.gaussian(random, N * 6);
        double[] z = Dense.multiply(N, 6, D + NEXT, latent, Dense.transpose(D + NEXT, 6, mix));
        z = Cases.plus(z, Cases.gaussian(random, z.length), .2);
        double scaleX = 2;
        double scaleY = .5;
        double[] centred = centred(z);
        Spectrum spectrum = spectrum(kernels, z, scaleX, scaleY, sketchRows, merged);
        double[] x = columns(centred, 0, D);
        double[] y = columns(centred, D, NEXT);
        JointTransport joint =
                new JointTransport(spectrum, D, scaleX, scaleY, Dense.dot(x, x), Dense.dot(y, y));
        double[] p = Dense.multiply(NEXT, N, D, Dense.transpose(N, NEXT, y), x);
        double unit = 1 / Math.sqrt(Dense.dot(x, x) * Dense.dot(y, y));
        double[] truth = Cases.plus(new double[p.length], p, unit);
        RowGroups groups = RowGroups.equalBlocks(NEXT, 4);
        double[] estimate = joint.display(groups).matrix(joint.matrix());
        double[] error = Dense.subtract(truth, estimate);
        assertTrue(Cases.spectralNorm(NEXT, D, error) <= joint.sketchError(), REPEAT);
        assertTrue(Dense.norm(error) <= joint.frobeniusError() * (1 + 1e-9), REPEAT);
        FrozenWindow wx = FrozenWindow.ofBasis(new double[D], Cases.orthonormal(random, 5, D));
        FrozenWindow wy =
                FrozenWindow.ofBasis(new double[NEXT], Cases.orthonormal(random, 4, NEXT));
        double[] inside = projected(wy.basisValues(), NEXT, D, estimate, true);
        inside = projected(wx.basisValues(), NEXT, D, inside, false);
        double expected = Cases.columnNorm(NEXT, D, Dense.subtract(estimate, inside));
        assertEquals(expected, joint.truncation(wx, wy), 1e-12, REPEAT);
        assertTrue(expected <= Dense.norm(Dense.subtract(estimate, inside)) + 1e-12, REPEAT);
    }

    private static double[] projected(
            double[] basis, int rows, int columns, double[] p, boolean left) {
        int d = left ? rows : columns;
        int k = basis.length / d;
        double[] projector = Dense.multiply(d, k, d, Dense.transpose(k, d, basis), basis);
        return left
                ? Dense.multiply(rows, rows, columns, projector, p)
                : Dense.multiply(rows, columns, columns, p, projector);
    }

    private static Spectrum spectrum(
            Kernels kernels, double[] z, double scaleX, double scaleY, int l, boolean merged) {
        SketchOptions options =
                new SketchOptions(SketchKind.FREQUENT_DIRECTIONS, l, 16, .5, 1 << 20);
        try (SecondMomentSketch sketch = Sketches.create(options, D + NEXT, kernels);
                SecondMomentSketch other = Sketches.create(options, D + NEXT, kernels)) {
            for (int at = 0; at < N; at += 16) {
                RowBlock block = new RowBlock(16, D + NEXT);
                for (int i = at; i < Math.min(at + 16, N); i++) {
                    double[] row = new double[D + NEXT];
                    for (int j = 0; j < row.length; j++) {
                        row[j] = z[i * row.length + j] / (j < D ? scaleX : scaleY);
                    }
                    block.append(row);
                }
                (merged && at >= N / 2 ? other : sketch).update(block);
            }
            if (merged) {
                sketch.merge(other);
            }
            return sketch.spectrum(D + NEXT);
        }
    }

    private static double[] centred(double[] z) {
        int width = D + NEXT;
        double[] mean = new double[width];
        for (int i = 0; i < N; i++) {
            Dense.addScaled(width, 1.0 / N, z, i * width, mean, 0);
        }
        double[] out = z.clone();
        for (int i = 0; i < N; i++) {
            Dense.addScaled(width, -1, mean, 0, out, i * width);
        }
        return out;
    }

    private static double[] columns(double[] z, int from, int count) {
        double[] out = new double[N * count];
        for (int i = 0; i < N; i++) {
            System.arraycopy(z, i * (D + NEXT) + from, out, i * count, count);
        }
        return out;
    }

    @Test
    void theEigengapTestSeparatesModes() {
        Ledger ledger = new Ledger(.2, 0, .5, 10, 0);
        double[] values = {5, 3, 1, .95};
        Spectrum spectrum = new Spectrum(6, 100, values, new double[0], ledger);
        EigengapTest three = new EigengapTest(spectrum, 3);
        assertEquals(.1 / 1.9, three.subspace(1), 1e-15);
        assertEquals(1, three.subspace(3));
        assertFalse(three.refusal().isEmpty());
        assertEquals("", new EigengapTest(spectrum, 2).refusal());
    }

    @Test
    void eigengapBoundsHoldForPerturbedMoments() {
        Random random = Cases.random(41);
        int d = 6;
        for (int trial = 0; trial < 300; trial++) {
            double[] q = Cases.orthonormal(random, d, d);
            double[] values = {9, 6, 3, 1, .5, .1};
            double[] v = Cases.orthonormal(random, 1, d);
            double delta = 1.5 * random.nextDouble();
            // Truth = sketch + delta v v^T: the leading direction by power iteration.
            double[] moment = new double[d * d];
            for (int i = 0; i < d; i++) {
                for (int at = 0; at < d * d; at++) {
                    moment[at] += values[i] * q[i * d + at / d] * q[i * d + at % d];
                }
            }
            for (int at = 0; at < d * d; at++) {
                moment[at] += delta * v[at / d] * v[at % d];
            }
            double[] direction = Cases.gaussian(random, d);
            for (int step = 0; step < 400; step++) {
                direction = Dense.multiply(d, d, 1, moment, direction);
                direction = Cases.plus(new double[d], direction, 1 / Dense.norm(direction));
            }
            double[] first = java.util.Arrays.copyOf(q, d);
            double sine = PrincipalAngles.between(first, direction, d).largest();
            Ledger ledger = new Ledger(delta, 0, delta, 20, 0);
            Spectrum spectrum = new Spectrum(d, 100, values, q, ledger);
            assertTrue(
                    sine <= new EigengapTest(spectrum, 1).subspace(1) + 1e-9, sine + "; " + REPEAT);
        }
    }
}
