package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.linalg.PrincipalAngles;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Modes apart, and the bounds on how far a sketch may have turned them. */
class EigengapTestTest {
    private static final String REPEAT = Cases.repeat(EigengapTestTest.class);

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
            double[] first = Arrays.copyOf(q, d);
            double sine = PrincipalAngles.between(first, direction, d).largest();
            Ledger ledger = new Ledger(delta, 0, delta, 20, 0);
            Spectrum spectrum = new Spectrum(d, 100, values, q, ledger);
            assertTrue(
                    sine <= new EigengapTest(spectrum, 1).subspace(1) + 1e-9, sine + "; " + REPEAT);
        }
    }
}
