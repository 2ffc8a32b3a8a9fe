package io.spectrawatch.spectral.certificate.findings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.certificate.Cases;
import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.linalg.PrincipalAngles;
import io.spectrawatch.spectral.linalg.WindowSpectra;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChartTest {
    private static final String REPEAT = Cases.repeat(ChartTest.class);

    @Test
    void theWorkedExample() {
        GibbsCartan one = new GibbsCartan(4, 1);
        GibbsCartan two = new GibbsCartan(4, 2);
        assertEquals(25. / 12, one.harmonic(), 1e-15);
        assertArrayEquals(new double[] {.48, .24, .16, .12}, one.probabilities(), 1e-15);
        assertEquals(0.5084886128556714, one.meanLog(), 1e-15);
        assertEquals(0.2804773343472334, one.fisher(), 1e-15);
        assertEquals(0.3261625930198452, one.rho(), 1e-15);
        double[] p = one.probabilities();
        double[] q = two.probabilities();
        assertEquals(0.23766689592488421, WindowSpectra.buresWasserstein(p, q), 1e-14);
        assertEquals(0.029708361990610443, WindowSpectra.hellinger(p, q), 1e-15);
        assertEquals(0.22243902439024377, WindowSpectra.kolmogorovSmirnov(p, q), 1e-15);
    }

    @Test
    void theFitRecoversTheExponentAndItsEnds() {
        Random random = Cases.random(20);
        for (int trial = 0; trial < 300; trial++) {
            int d = 2 + random.nextInt(400);
            double a = -1 + 6 * random.nextDouble();
            GibbsCartan member = new GibbsCartan(d, a);
            assertEquals(a, GibbsCartan.fit(d, member.meanLog()).exponent(), 1e-6, REPEAT);
        }
        assertEquals(50, GibbsCartan.fit(8, 0).exponent());
        assertEquals(-5, GibbsCartan.fit(8, Math.log(8)).exponent());
        assertEquals(0, GibbsCartan.fit(new double[] {1, 1, 1, 1}, 4).exponent(), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> GibbsCartan.fit(8, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> GibbsCartan.fit(new double[3], 3));
    }

    @Test
    void theCoordinateMovesByTheRadialChangeLessTheResidual() {
        double[] before = WindowSpectra.normalise(new double[] {5, 2, 1, 1, .5});
        double[] after = WindowSpectra.normalise(new double[] {6, 3, .5, .2, .1});
        GibbsCartan f = GibbsCartan.fit(before, 5);
        GibbsCartan g = GibbsCartan.fit(after, 5);
        double r = Math.log(5 * before[0]) / 2;
        double s = Math.log(5 * after[0]) / 2;
        assertEquals(g.rho() - f.rho(), (s - r) - ((s - g.rho()) - (r - f.rho())), 1e-15);
    }

    @Test
    void tailsLieBetweenTheirIntegralBounds() {
        Random random = Cases.random(21);
        for (int trial = 0; trial < 500; trial++) {
            int d = 2 + random.nextInt(300);
            double a = trial % 5 == 0 ? 1 : 4 * random.nextDouble();
            GibbsCartan member = new GibbsCartan(d, a);
            int k = 1 + random.nextInt(d);
            double tail = member.tail(k);
            assertTrue(member.tailLower(k) <= tail + 1e-13, REPEAT);
            assertTrue(tail <= member.tailUpper(k) + 1e-13, REPEAT);
        }
        assertThrows(IllegalArgumentException.class, () -> new GibbsCartan(4, -1).tailUpper(1));
    }

    @Test
    void p8AFittedTailNeverUnderstates() {
        Random random = Cases.random(22);
        for (int trial = 0; trial < 1_000; trial++) {
            int d = 2 + random.nextInt(60);
            double[] p = descending(random, d);
            GibbsCartan fit = GibbsCartan.fit(p, d);
            double distance = WindowSpectra.kolmogorovSmirnov(p, fit.probabilities());
            int k = random.nextInt(d);
            double tail = 0;
            for (int i = k; i < d; i++) {
                tail += p[i];
            }
            assertTrue(tail <= fit.tail(k) + distance + 1e-12, REPEAT);
            double h = WindowSpectra.hellinger(p, fit.probabilities());
            assertTrue(distance <= Math.sqrt(h * (2 - h)) + 1e-12, REPEAT);
        }
    }

    @Test
    void rankWindowsMoveWithinTheKolmogorovSmirnovDistance() {
        Random random = Cases.random(23);
        for (int trial = 0; trial < 1_000; trial++) {
            int d = 2 + random.nextInt(40);
            double[] p = descending(random, d);
            double[] q = descending(random, d);
            double delta = WindowSpectra.kolmogorovSmirnov(p, q) + 1e-12;
            double share = .5 + .4 * random.nextDouble();
            int rank = WindowSpectra.effectiveRank(q, share);
            assertTrue(WindowSpectra.effectiveRank(p, share - delta) <= rank, REPEAT);
            assertTrue(rank <= WindowSpectra.effectiveRank(p, share + delta), REPEAT);
        }
    }

    @Test
    void intervalsContainEverySpectrumTheLedgerAllows() {
        Random random = Cases.random(24);
        for (int trial = 0; trial < 500; trial++) {
            int d = 4 + random.nextInt(30);
            int l = 2 + random.nextInt(d - 2);
            double[] truth = descending(random, d);
            double delta = random.nextDouble() * truth[l - 1];
            // What a sketch of l rows could hold: each value lowered by at most delta.
            double[] held = new double[l];
            double shed = 0;
            for (int i = 0; i < d; i++) {
                double down = i < l ? delta * random.nextDouble() : truth[i];
                if (i < l) {
                    held[i] = Math.max(truth[i] - down, 0);
                }
                shed += i < l ? truth[i] - held[i] : truth[i];
            }
            Arrays.sort(held);
            double[] descending = new double[l];
            for (int i = 0; i < l; i++) {
                descending[i] = held[l - 1 - i];
            }
            Ledger ledger = new Ledger(Math.max(delta, truth[l]), 0, shed, 1, 1e-12);
            Spectrum spectrum = new Spectrum(d, 1_000, descending, new double[0], ledger);
            LayerChart chart = LayerChart.of(spectrum, l, .9);
            double exponent = GibbsCartan.fit(truth, l).exponent();
            assertTrue(chart.exponent().lower() <= exponent + 1e-6, REPEAT);
            assertTrue(exponent <= chart.exponent().upper() + 1e-6, REPEAT);
            int rank = WindowSpectra.effectiveRank(truth, .9);
            assertTrue(chart.effectiveRank().lower() <= rank, REPEAT);
            assertTrue(rank <= chart.effectiveRank().upper(), REPEAT);
        }
        assertTrue(new Interval(0, 1, 2).disjoint(new Interval(3, 3, 3)));
        assertFalse(new Interval(0, 1, 2).disjoint(new Interval(2, 3, 3)));
    }

    @Test
    void exponentsBeyondTheRangeAreUnbounded() {
        Interval line = exponent(1e-9, 4, 0, 0);
        assertEquals(50, line.estimate());
        assertEquals(Double.POSITIVE_INFINITY, line.upper());
        assertTrue(line.lower() > 10 && line.lower() <= 50, line.toString());
        Interval likely = exponent(0, 4, 1, .5, .25);
        assertTrue(likely.lower() < likely.upper() && likely.upper() < 5, likely.toString());
        Interval drowned = exponent(1000, 4, 1e-3);
        assertEquals(Double.NEGATIVE_INFINITY, drowned.lower());
        Interval single = exponent(0, 4);
        assertEquals(new Interval(Double.NEGATIVE_INFINITY, 0, Double.POSITIVE_INFINITY), single);
    }

    /** The exponent of a spectrum in which every eigenvalue may be too small by so much. */
    private static Interval exponent(double below, double... eigenvalues) {
        Ledger ledger = new Ledger(below, 0, below, 10, 1e-12);
        Spectrum spectrum = new Spectrum(9, 100, eigenvalues, new double[0], ledger);
        return LayerChart.of(spectrum, eigenvalues.length, .9).exponent();
    }

    private static double[] descending(Random random, int d) {
        double[] values = new double[d];
        for (int i = 0; i < d; i++) {
            values[i] = Math.exp(3 * random.nextGaussian());
        }
        Arrays.sort(values);
        double[] out = new double[d];
        for (int i = 0; i < d; i++) {
            out[i] = values[d - 1 - i];
        }
        return WindowSpectra.normalise(out);
    }

    @Test
    void rotationAddsToTheSpectralDistance() {
        Random random = Cases.random(25);
        int d = 6;
        double[] b1 = Cases.gaussian(random, 4 * d);
        double[] b2 = Cases.gaussian(random, 5 * d);
        double full = WindowSpectra.buresWasserstein(b1, b2, d);
        double[] s1 = Dense.singularValues(4, d, b1);
        double[] s2 = Dense.singularValues(5, d, b2);
        double spectral = 0;
        for (int i = 0; i < 5; i++) {
            double difference = (i < 4 ? s1[i] : 0) - s2[i];
            spectral += difference * difference;
        }
        assertTrue(full >= spectral - 1e-12, REPEAT);
        assertEquals(0, WindowSpectra.buresWasserstein(b1, b1, d), 1e-12, REPEAT);
    }

    @Test
    void principalAnglesAreThoseOfTheConstruction() {
        double[] first = {1, 0, 0, 0, 0, 1, 0, 0};
        double s = Math.sin(1e-9);
        double[] second = {Math.cos(.3), 0, Math.sin(.3), 0, 0, Math.cos(1e-9), 0, s};
        PrincipalAngles angles = PrincipalAngles.between(first, second, 4);
        assertEquals(Math.sin(.3), angles.largest(), 1e-15);
        assertEquals(1e-9, angles.sines()[1], 1e-20);
        assertEquals(Math.sin(.3) * Math.sin(.3) / 2, angles.chordal(), 1e-15);
        assertEquals(Math.sin(.3) - .1, angles.provenLargest(.04, .06), 1e-15);
    }
}
