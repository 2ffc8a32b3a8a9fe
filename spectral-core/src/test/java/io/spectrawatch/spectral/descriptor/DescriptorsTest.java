package io.spectrawatch.spectral.descriptor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
    private static final int CASES = 4000;

    private static Map<String, CertifiedValue> of(Spectrum spectrum) {
        List<CertifiedValue> values = Descriptors.of(spectrum);
        return values.stream().collect(Collectors.toMap(CertifiedValue::name, v -> v));
    }

    /** A random descending spectrum of d eigenvalues, some zero. */
    static double[] truth(Random random, int d) {
        double decay = 3 * random.nextDouble();
        int rank = 1 + random.nextInt(d);
        double scale = Math.pow(10, 8 * random.nextDouble() - 4);
        double[] lambda = new double[d];
        for (int i = 0; i < rank; i++) {
            lambda[d - 1 - i] = scale * Math.pow(i + 1, -decay) * (0.5 + random.nextDouble());
        }
        Arrays.sort(lambda);
        for (int i = 0; i < d / 2; i++) {
            double swap = lambda[i];
            lambda[i] = lambda[d - 1 - i];
            lambda[d - 1 - i] = swap;
        }
        return lambda;
    }

    /**
     * What a sketch of l rows could hold of it: each eigenvalue lowered by at most delta, the rest
     * dropped.
     */
    static Spectrum sketched(Random random, double[] lambda, int l, long rows) {
        int d = lambda.length;
        double dropped = l < d ? lambda[l] : 0;
        double delta = dropped * (1 + random.nextDouble());
        double[] squares = new double[l];
        double held = 0;
        for (int i = 0; i < l; i++) {
            double low = Math.max(0, lambda[i] - delta);
            squares[i] = low + (lambda[i] - low) * (random.nextBoolean() ? 1 : random.nextDouble());
        }
        Arrays.sort(squares);
        double[] descending = new double[l];
        for (int i = 0; i < l; i++) {
            descending[i] = squares[l - 1 - i];
            held += descending[i];
        }
        double energy = Arrays.stream(lambda).sum();
        double roundoff =
                random.nextBoolean() ? 1e-12 * energy : 1e-3 * random.nextDouble() * energy;
        Ledger ledger = new Ledger(delta, 0, energy - held, energy, roundoff);
        return new Spectrum(d, rows, descending, new double[0], ledger);
    }

    @Test
    void trueValuesLieInside() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    int d = 2 + random.nextInt(60);
                    double[] lambda = truth(random, d);
                    Spectrum spectrum = sketched(random, lambda, 1 + random.nextInt(d), d + 5L);
                    Map<String, CertifiedValue> values = of(spectrum);
                    double energy = Arrays.stream(lambda).sum();
                    double entropy = 0;
                    double squares = 0;
                    double top = 0;
                    for (int i = 0; i < d; i++) {
                        double p = lambda[i] / energy;
                        entropy -= p > 0 ? p * Math.log(p) : 0;
                        squares += p * p;
                        top += i < 8 ? p : 0;
                    }
                    assertInside(values, "energy", energy);
                    assertInside(values, "spectral_entropy", entropy);
                    assertInside(values, "effective_rank", Math.exp(entropy));
                    assertInside(values, "participation_ratio", 1 / squares);
                    assertInside(values, "stable_rank", energy / lambda[0]);
                    assertInside(values, "top_8_energy_ratio", Math.min(top, 1));
                });
    }

    static void assertInside(Map<String, CertifiedValue> values, String name, double truth) {
        CertifiedValue value = values.get(name);
        double slack = 1e-13 * (1 + Math.abs(truth));
        assertTrue(
                value.lower() - slack <= truth && truth <= value.upper() + slack,
                value + " misses " + truth);
    }

    @Test
    void exactSpectraAreSharp() {
        double[] lambda = {4, 2, 1, 1};
        Spectrum spectrum = new Spectrum(4, 100, lambda, new double[0], new Ledger(0, 0, 0, 8, 0));
        Map<String, CertifiedValue> values = of(spectrum);
        double entropy = 0.5 * Math.log(2) + 0.25 * Math.log(4) + 0.25 * Math.log(8);
        assertEquals(entropy, values.get("spectral_entropy").lower(), 1e-12);
        assertEquals(entropy, values.get("spectral_entropy").upper(), 1e-12);
        assertEquals(64.0 / 22, values.get("participation_ratio").estimate(), 1e-12);
        assertEquals(2, values.get("stable_rank").upper(), 1e-12);
    }

    @Test
    void noEnergyMeansNothingIsKnown() {
        Spectrum spectrum =
                new Spectrum(4, 3, new double[2], new double[0], new Ledger(0, 0, 0, 0, 0));
        Map<String, CertifiedValue> values = of(spectrum);
        assertEquals(0, values.get("energy").upper());
        assertEquals(0, values.get("spectral_entropy").lower());
        assertEquals(Math.log(3), values.get("spectral_entropy").upper(), 1e-12);
    }
}
