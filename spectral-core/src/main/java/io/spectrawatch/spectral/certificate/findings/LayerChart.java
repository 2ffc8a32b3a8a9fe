package io.spectrawatch.spectral.certificate.findings;

import io.spectrawatch.spectral.linalg.WindowSpectra;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.Arrays;

/**
 * A layer's spectrum in the power-law chart, each number with what the sketch's ledger certifies.
 *
 * @param ranks K, leading eigenvalues fitted
 * @param exponent fitted exponent, from -5 to 50, with the interval over all spectra the ledger
 *     allows; an end is infinite where the exponent may leave that range
 * @param effectiveRank r_q with its certified interval
 * @param kolmogorovSmirnov distance of the K held eigenvalues, renormalised, to the fitted member
 * @param hellinger the squared Hellinger distance between the same two
 */
public record LayerChart(
        int ranks,
        Interval exponent,
        Interval effectiveRank,
        double kolmogorovSmirnov,
        double hellinger) {
    /**
     * Charts a spectrum.
     *
     * @param ranks K, at most the number of held eigenvalues is used
     * @param share q of the effective rank, in (0, 1)
     * @throws IllegalArgumentException if the spectrum has no energy
     */
    public static LayerChart of(Spectrum spectrum, int ranks, double share) {
        double[] eigenvalues = spectrum.eigenvalues();
        int k = Math.min(Math.max(ranks, 1), eigenvalues.length);
        double[] held = WindowSpectra.normalise(Arrays.copyOf(eigenvalues, k));
        GibbsCartan fit = GibbsCartan.fit(held, k);
        double[] chart = fit.probabilities();
        return new LayerChart(
                k,
                exponent(spectrum, k, fit.exponent()),
                effectiveRank(spectrum, share),
                WindowSpectra.kolmogorovSmirnov(held, chart),
                WindowSpectra.hellinger(held, chart));
    }

    /**
     * The mean of log rank over the box of eigenvalues is extremal where one side of a threshold
     * rank sits at its upper and the other at its lower end. One rank fits every exponent.
     */
    private static Interval exponent(Spectrum spectrum, int k, double estimate) {
        if (k == 1) {
            return new Interval(Double.NEGATIVE_INFINITY, estimate, Double.POSITIVE_INFINITY);
        }
        Ledger ledger = spectrum.ledger();
        double[] eigenvalues = spectrum.eigenvalues();
        double up = ledger.deltaPlus() + ledger.roundoff();
        double down = ledger.deltaMinus() + ledger.roundoff();
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int t = 0; t <= k; t++) {
            least = Math.min(least, meanLog(eigenvalues, k, t, up, -down));
            most = Math.max(most, meanLog(eigenvalues, k, t, -down, up));
        }
        double lower = GibbsCartan.fit(k, Math.min(most, StrictMath.log(k))).exponent();
        double upper = GibbsCartan.fit(k, least).exponent();
        return new Interval(
                lower > GibbsCartan.LEAST ? Math.min(lower, estimate) : Double.NEGATIVE_INFINITY,
                estimate,
                upper < GibbsCartan.MOST ? Math.max(upper, estimate) : Double.POSITIVE_INFINITY);
    }

    private static double meanLog(double[] eigenvalues, int k, int t, double head, double tail) {
        double sum = 0;
        double first = 0;
        for (int i = 0; i < k; i++) {
            double value = Math.max(eigenvalues[i] + (i < t ? head : tail), 0);
            sum += value;
            first += value * StrictMath.log(i + 1.0);
        }
        return sum > 0 ? first / sum : 0;
    }

    private static Interval effectiveRank(Spectrum spectrum, double share) {
        Ledger ledger = spectrum.ledger();
        double[] eigenvalues = spectrum.eigenvalues();
        double up = ledger.deltaPlus() + ledger.roundoff();
        double down = ledger.deltaMinus() + ledger.roundoff();
        // Directions in which B^T B is too large leave that much more for the others.
        double shed =
                Math.max(ledger.shed(), 0)
                        + ledger.roundoff()
                        + spectrum.dimension() * ledger.deltaMinus();
        double least = share * (ledger.energy() - ledger.roundoff());
        double most = share * (ledger.energy() + ledger.roundoff());
        int d = spectrum.dimension();
        int low = d;
        int high = d;
        int estimate = d;
        double sum = 0;
        double certain = 0;
        for (int k = 1; k <= eigenvalues.length; k++) {
            sum += eigenvalues[k - 1];
            certain += Math.max(eigenvalues[k - 1] - down, 0);
            double possible = sum + Math.min(k * up, shed);
            low = possible >= least ? Math.min(low, k) : low;
            estimate = sum >= share * ledger.energy() ? Math.min(estimate, k) : estimate;
            high = certain >= most ? Math.min(high, k) : high;
        }
        for (int k = eigenvalues.length + 1; k < low; k++) {
            low = sum + Math.min(k * up, shed) >= least ? k : low;
        }
        return new Interval(low, Math.min(Math.max(estimate, low), high), high);
    }
}
