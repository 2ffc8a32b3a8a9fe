package io.spectrawatch.spectral.descriptor;

import io.spectrawatch.spectral.sketch.Spectrum;
import java.util.List;

/**
 * The upper edge of noise, sigma^2 (1 + sqrt(d/n))^2 (Marchenko, Pastur 1967), with sigma^2 the
 * mean of the eigenvalues of the covariance that are not outliers: k is the first number of leading
 * eigenvalues after whose removal the next one lies below the edge.
 */
final class MarchenkoPastur {
    private MarchenkoPastur() {}

    /** Adds mp_aspect_ratio, mp_edge, mp_outliers and mp_outlier_energy_ratio. */
    static void add(Spectrum spectrum, FeasibleSpectrum feasible, List<CertifiedValue> values) {
        long n = spectrum.rows();
        int d = spectrum.dimension();
        if (feasible.isTrivial() || n < 1) {
            return;
        }
        double aspect = d / (double) n;
        values.add(new CertifiedValue("mp_aspect_ratio", aspect, aspect, aspect));
        Simplex flat = feasible.waterFilled();
        Simplex peaked = feasible.greedy();
        double factor = (1 + Math.sqrt(aspect)) * (1 + Math.sqrt(aspect));
        int least = -1;
        int most = d;
        int estimate = -1;
        for (int k = 0; k < d && most == d; k++) {
            double scale = factor / (n * (double) (d - k));
            double edgeHigh = scale * Math.max(feasible.mostEnergy() * (1 - flat.top(k)), 0);
            double edgeLow = scale * Math.max(feasible.leastEnergy() * (1 - peaked.top(k)), 0);
            if (least < 0 && feasible.eigenvalueLower(k) / n <= edgeHigh) {
                least = k;
            }
            double middle = scale * feasible.mostEnergy() * (1 - flat.top(k));
            if (estimate < 0 && flat.value(k) * feasible.mostEnergy() / n <= middle) {
                estimate = k;
            }
            if (feasible.eigenvalueUpper(k) / n <= edgeLow) {
                most = k;
            }
        }
        int low = Math.max(least, 0);
        int middle = Math.min(Math.max(estimate, low), most);
        values.add(new CertifiedValue("mp_outliers", low, middle, most));
        double edgeLow = most == d ? 0 : edge(factor, n, d, most, feasible.leastEnergy(), peaked);
        double edgeHigh = edge(factor, n, d, low, feasible.mostEnergy(), flat);
        double edge = middle == d ? 0 : edge(factor, n, d, middle, feasible.mostEnergy(), flat);
        values.add(Intervals.within("mp_edge", edgeLow, edge, edgeHigh, 0, Double.MAX_VALUE));
        values.add(
                Intervals.within(
                        "mp_outlier_energy_ratio",
                        flat.top(low),
                        flat.top(middle),
                        peaked.top(most),
                        0,
                        1));
    }

    private static double edge(double factor, long n, int d, int k, double energy, Simplex point) {
        return factor * energy * Math.max(1 - point.top(k), 0) / (n * (double) (d - k));
    }
}
