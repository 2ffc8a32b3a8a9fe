package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.linalg.Ascending;
import java.util.Arrays;

/** How well scores tell attacked from clean samples; larger scores mean attacked. */
final class Roc {
    private static final double Z95 = 1.959963984540054;

    /** Placements added to either class, half at 0 and half at 1: about the square of Z95. */
    private static final int ADDED = 4;

    private Roc() {}

    /** A value with its 95 % confidence interval. */
    record Estimate(double value, double lower, double upper) {}

    /**
     * Returns the area under the curve with ties at one half, and an interval that is honest at the
     * ends.
     *
     * <p>The variance is that of the placements, the share of the other class that each sample
     * beats (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988). It vanishes where every
     * attacked sample beats every clean one, and says nothing of attacks that were not seen; so two
     * placements at 0 and two at 1 are added to either class, as Agresti and Coull (The American
     * Statistician 52, 1998) do for shares, and Student's quantile takes the place of the normal
     * one.
     */
    static Estimate area(double[] clean, double[] attacked) {
        double[] above = placements(attacked, clean);
        double[] below = placements(clean, attacked);
        double area = Arrays.stream(above).sum() / above.length;
        for (int i = 0; i < below.length; i++) {
            below[i] = 1 - below[i];
        }
        int smaller = Math.min(clean.length, attacked.length);
        double centre = (smaller * area + ADDED / 2.0) / (smaller + ADDED);
        double half =
                student(smaller + ADDED - 1)
                        * Math.sqrt(variance(above, centre) + variance(below, centre));
        return new Estimate(
                area,
                Math.max(0, Math.min(area, centre - half)),
                Math.min(1, Math.max(area, centre + half)));
    }

    /**
     * The 97.5 % point of Student's law by its expansion about the normal one (Abramowitz and
     * Stegun, 26.7.5): 2.770 for 2.776 at 4 degrees of freedom, nearer for more.
     */
    private static double student(int freedom) {
        double z = Z95;
        double z3 = z * z * z;
        double z5 = z3 * z * z;
        double n = freedom;
        return z
                + (z3 + z) / (4 * n)
                + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
                + (3 * z5 * z * z + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n);
    }

    /** The share of others below each score, ties at one half. */
    private static double[] placements(double[] scores, double[] others) {
        double[] sorted = others.clone();
        Arrays.sort(sorted);
        double[] places = new double[scores.length];
        for (int i = 0; i < places.length; i++) {
            int below = Ascending.below(sorted, scores[i]);
            int upTo = Ascending.upTo(sorted, scores[i]);
            places[i] = (below + 0.5 * (upTo - below)) / sorted.length;
        }
        return places;
    }

    /** Variance of the mean of placements and of those that are added, about a centre. */
    private static double variance(double[] places, double centre) {
        double sum = ADDED / 2.0 * (centre * centre + (1 - centre) * (1 - centre));
        for (double place : places) {
            sum += (place - centre) * (place - centre);
        }
        double n = places.length + ADDED;
        return sum / n / n;
    }

    /**
     * Returns the share of attacked scores above the threshold that a share {@code rate} of the
     * clean ones exceeds at most, with Wilson's interval (JASA 22, 1927) for that threshold.
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

    /**
     * What is found at thresholds that flag more and more clean samples.
     *
     * @param flagged shares of the clean samples, ascending
     * @param found shares of the attacked samples
     */
    record Curve(double[] flagged, double[] found) {
        /** Returns the share found where at most this share of the clean samples is flagged. */
        double at(double share) {
            double last = 0;
            for (int i = 0; i < flagged.length && flagged[i] <= share; i++) {
                last = found[i];
            }
            return last;
        }
    }

    /** Returns the curve, from no clean sample flagged to all, with every step. */
    static Curve curve(double[] clean, double[] attacked) {
        double[] sorted = clean.clone();
        double[] others = attacked.clone();
        Arrays.sort(sorted);
        Arrays.sort(others);
        int n = sorted.length;
        double[] flagged = new double[n + 1];
        double[] found = new double[n + 1];
        int kept = 0;
        for (int allowed = 0; allowed < n; allowed++) {
            double threshold = sorted[n - 1 - allowed];
            double share = 1 - (double) Ascending.upTo(others, threshold) / others.length;
            if (kept == 0 || share > found[kept - 1]) {
                flagged[kept] = (double) (n - Ascending.upTo(sorted, threshold)) / n;
                found[kept++] = share;
            }
        }
        flagged[kept] = 1;
        found[kept++] = 1;
        return new Curve(Arrays.copyOf(flagged, kept), Arrays.copyOf(found, kept));
    }

    static Estimate wilson(int found, int of) {
        double share = (double) found / of;
        double z2 = Z95 * Z95;
        double centre = (share + z2 / (2 * of)) / (1 + z2 / of);
        double half =
                Z95 / (1 + z2 / of) * Math.sqrt(share * (1 - share) / of + z2 / (4.0 * of * of));
        return new Estimate(share, Math.max(0, centre - half), Math.min(1, centre + half));
    }
}
