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
        List<CertifiedValue> values = Descriptors.all(spectrum);
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
                    String eight = d < 8 ? "" + d : "8";
                    assertInside(values, "top_8_energy_ratio", Math.min(top, 1));
                    assertInside(values, "tail_" + eight + "_energy_ratio", Math.max(1 - top, 0));
                    assertInside(values, "rankme_singular", rankMe(lambda));
                    assertInside(
                            values, "eigenspectrum_early_enrichment", enrichment(lambda, energy));
                    assertInside(values, "log_det_mean", logDet(lambda, d + 5));
                    assertInside(values, "utilisation_99", utilisation(lambda, energy));
                    checkMarchenkoPastur(values, lambda, d + 5);
                    checkFits(values, lambda);
                });
    }

    private static double rankMe(double[] lambda) {
        double sum = 0;
        for (double x : lambda) {
            sum += Math.sqrt(x);
        }
        double entropy = 0;
        for (double x : lambda) {
            double q = Math.sqrt(x) / sum + 1e-7;
            entropy -= q * Math.log(q);
        }
        return Math.exp(entropy);
    }

    private static double enrichment(double[] lambda, double energy) {
        int d = lambda.length;
        double area = 0;
        double cumulative = 0;
        for (int i = 0; i < d; i++) {
            cumulative += lambda[i] / energy;
            area += cumulative - (i + 1.0) / d;
        }
        return Math.min(Math.max(area / (d / 2.0), 0), 1);
    }

    private static double logDet(double[] lambda, long rows) {
        double sum = 0;
        for (double x : lambda) {
            sum += Math.log(x / rows + 1e-3);
        }
        return sum / lambda.length;
    }

    private static double utilisation(double[] lambda, double energy) {
        double sum = 0;
        int k = 0;
        while (sum < 0.99 * energy) {
            sum += lambda[k++];
        }
        return k / (double) lambda.length;
    }

    private static void checkMarchenkoPastur(
            Map<String, CertifiedValue> values, double[] lambda, long n) {
        int d = lambda.length;
        double aspect = d / (double) n;
        double left = Arrays.stream(lambda).sum();
        double energy = left;
        double factor = Math.pow(1 + Math.sqrt(aspect), 2) / n;
        int k = 0;
        while (k < d && lambda[k] / n > factor * left / (d - k)) {
            left -= lambda[k++];
        }
        assertInside(values, "mp_aspect_ratio", aspect);
        assertInside(values, "mp_outliers", k);
        assertInside(values, "mp_edge", factor * left / (d - k));
        assertInside(values, "mp_outlier_energy_ratio", (energy - left) / energy);
    }

    private static void checkFits(Map<String, CertifiedValue> values, double[] lambda) {
        for (CertifiedValue value : values.values()) {
            String[] parts = value.name().split("_");
            int last =
                    parts[parts.length - 1].matches("[0-9]+")
                            ? Integer.parseInt(parts[parts.length - 1])
                            : 0;
            if (value.name().startsWith("alpha_req")) {
                int first = Integer.parseInt(parts[2]);
                assertInside(values, value.name(), alphaReq(lambda, first, last));
            } else if (value.name().startsWith("hill")) {
                double sum = 0;
                for (int i = 0; i < last; i++) {
                    sum += Math.log(lambda[i] / lambda[last]);
                }
                assertInside(values, value.name(), 1 + last / sum);
            } else if (value.name().startsWith("gap_ratio")) {
                assertInside(values, value.name(), lambda[last - 1] / lambda[last]);
            } else if (value.name().startsWith("gibbs_exponent")) {
                double a = gibbs(lambda, last);
                assertInside(values, value.name(), a);
                assertInside(values, "gibbs_ks_distance_1_" + last, gibbsDistance(lambda, last, a));
            }
        }
    }

    private static double alphaReq(double[] lambda, int first, int last) {
        double w = 0;
        double x = 0;
        double y = 0;
        for (int i = first; i <= last; i++) {
            w += 1.0 / i;
            x += Math.log(i) / i;
            y += Math.log(lambda[i - 1]) / i;
        }
        double xx = 0;
        double xy = 0;
        for (int i = first; i <= last; i++) {
            double dx = Math.log(i) - x / w;
            xx += dx * dx / i;
            xy += dx * (Math.log(lambda[i - 1]) - y / w) / i;
        }
        return -xy / xx;
    }

    private static double gibbs(double[] lambda, int k) {
        double mean = 0;
        double total = 0;
        for (int i = 0; i < k; i++) {
            mean += lambda[i] * Math.log(i + 1);
            total += lambda[i];
        }
        mean /= total;
        double low = -5;
        double high = 50;
        for (int step = 0; step < 100; step++) {
            double a = (low + high) / 2;
            double sum = 0;
            double h = 0;
            for (int i = 1; i <= k; i++) {
                sum += Math.log(i) * Math.pow(i, -a);
                h += Math.pow(i, -a);
            }
            if (sum / h > mean) {
                low = a;
            } else {
                high = a;
            }
        }
        return low;
    }

    private static double gibbsDistance(double[] lambda, int k, double a) {
        double total = 0;
        double h = 0;
        for (int i = 0; i < k; i++) {
            total += lambda[i];
            h += Math.pow(i + 1, -a);
        }
        double most = 0;
        double own = 0;
        double fit = 0;
        for (int i = 0; i < k; i++) {
            own += lambda[i] / total;
            fit += Math.pow(i + 1, -a) / h;
            most = Math.max(most, Math.abs(own - fit));
        }
        return most;
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
