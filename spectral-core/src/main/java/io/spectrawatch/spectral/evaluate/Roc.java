package io.spectrawatch.spectral.evaluate;

import java.util.Arrays;

/** How well scores tell attacked from clean samples; larger scores mean attacked. */
final class Roc {
    private static final double Z95 = 1.959963984540054;

    private Roc() {}

    /** A value with its 95 % confidence interval. */
    record Estimate(double value, double lower, double upper) {}

    /**
     * Returns the area under the curve with ties at one half, with the standard error of Hanley and
     * McNeil (Radiology 143, 1982).
     */
    static Estimate area(double[] clean, double[] attacked) {
        double[] sorted = clean.clone();
        Arrays.sort(sorted);
        double sum = 0;
        for (double value : attacked) {
            int below = position(sorted, value, false);
            int upTo = position(sorted, value, true);
            sum += below + 0.5 * (upTo - below);
        }
        double n = clean.length;
        double m = attacked.length;
        double area = sum / (n * m);
        double q1 = area / (2 - area);
        double q2 = 2 * area * area / (1 + area);
        double variance =
                (area * (1 - area) + (m - 1) * (q1 - area * area) + (n - 1) * (q2 - area * area))
                        / (n * m);
        double half = Z95 * Math.sqrt(Math.max(0, variance));
        return new Estimate(area, Math.max(0, area - half), Math.min(1, area + half));
    }

    /**
     * Returns the share of attacked scores above the threshold that a share {@code rate} of the
     * clean ones exceeds at most, with Wilson's interval (JASA 22, 1927).
     */
    static Estimate detected(double[] clean, double[] attacked, double rate) {
        double[] sorted = clean.clone();
        Arrays.sort(sorted);
        int allowed = (int) Math.floor(rate * clean.length);
        double threshold = sorted[clean.length - 1 - Math.min(allowed, clean.length - 1)];
        int found = 0;
        for (double value : attacked) {
            found += value > threshold ? 1 : 0;
        }
        return wilson(found, attacked.length);
    }

    static Estimate wilson(int found, int of) {
        double share = (double) found / of;
        double z2 = Z95 * Z95;
        double centre = (share + z2 / (2 * of)) / (1 + z2 / of);
        double half =
                Z95 / (1 + z2 / of) * Math.sqrt(share * (1 - share) / of + z2 / (4.0 * of * of));
        return new Estimate(share, Math.max(0, centre - half), Math.min(1, centre + half));
    }

    private static int position(double[] sorted, double value, boolean orEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean before = orEqual ? sorted[middle] <= value : sorted[middle] < value;
            low = before ? middle + 1 : low;
            high = before ? high : middle;
        }
        return low;
    }
}
