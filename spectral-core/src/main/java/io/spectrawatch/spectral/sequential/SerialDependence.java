package io.spectrawatch.spectral.sequential;

import java.util.Arrays;
import java.util.Random;

/**
 * Whether neighbours in a series are more alike than chance makes them: the sum of squared
 * differences of neighbouring ranks (Bartels, The rank version of von Neumann's ratio test for
 * randomness, 1982), small where a series drifts or follows itself.
 *
 * <p>Its distribution is that over orders of the same values, drawn with a fixed seed: if all
 * orders are equally likely, P(p &lt;= a) &lt;= a holds exactly, whatever the values, ties
 * included.
 */
public final class SerialDependence {
    private static final int ORDERS = 999;
    private static final long SEED = 20260101L;

    private SerialDependence() {}

    /** Returns the p-value, a multiple of 1/1,000; 1 for a series that cannot show anything. */
    public static double pValue(double[] series) {
        double[] ranks = ranks(series);
        double observed = neighbours(ranks);
        Random random = new Random(SEED);
        int asAlike = 1;
        for (int order = 0; order < ORDERS; order++) {
            shuffle(ranks, random);
            asAlike += neighbours(ranks) <= observed ? 1 : 0;
        }
        return asAlike / (ORDERS + 1.0);
    }

    /** Ranks times two from the smallest; equal values share the mean of theirs. */
    private static double[] ranks(double[] series) {
        double[] sorted = series.clone();
        Arrays.sort(sorted);
        double[] ranks = new double[series.length];
        for (int i = 0; i < ranks.length; i++) {
            int first = 0;
            while (sorted[first] < series[i]) {
                first++;
            }
            int last = first;
            while (last + 1 < sorted.length && sorted[last + 1] == series[i]) {
                last++;
            }
            ranks[i] = first + last;
        }
        return ranks;
    }

    /** A sum of integers, so that equal orders compare as equal. */
    private static double neighbours(double[] ranks) {
        double sum = 0;
        for (int i = 1; i < ranks.length; i++) {
            sum += (ranks[i] - ranks[i - 1]) * (ranks[i] - ranks[i - 1]);
        }
        return sum;
    }

    private static void shuffle(double[] values, Random random) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            double held = values[i];
            values[i] = values[other];
            values[other] = held;
        }
    }
}
