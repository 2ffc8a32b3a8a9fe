package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What a statistic usually is among clean samples of about the same doubt, or of any other number
 * that it hangs on: its mean and its standard deviation over a window of neighbours in doubt, at
 * evenly spaced ranks, and linear between them.
 *
 * <pre>
 *   doubts ascending | means | standard deviations, a row of as many knots each
 * </pre>
 */
public final class Expected {
    private static final int KNOTS = 33;

    /** A window is this part of the samples, where they are many. */
    private static final int WINDOWS = 12;

    private static final int LEAST_WINDOW = 50;

    /** Beside a mean: statistics that do not vary at all still have a scale. */
    private static final double LEAST_DEVIATION = 1e-6;

    private final double[] doubts;
    private final double[] means;
    private final double[] deviations;

    private Expected(double[] doubts, double[] means, double[] deviations) {
        this.doubts = doubts;
        this.means = means;
        this.deviations = deviations;
    }

    /**
     * Learns from clean samples.
     *
     * @param doubt of each, larger for an answer less sure
     */
    public static Expected of(double[] doubt, double[] statistic) {
        int m = doubt.length;
        int[] order =
                IntStream.range(0, m)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> doubt[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        int window = Math.min(m, Math.max(LEAST_WINDOW, m / WINDOWS));
        int knots = Math.min(KNOTS, m - window + 1);
        double[] doubts = new double[knots];
        double[] means = new double[knots];
        double[] deviations = new double[knots];
        for (int k = 0; k < knots; k++) {
            int from = knots == 1 ? 0 : (int) ((long) k * (m - window) / (knots - 1));
            double sum = 0;
            double squares = 0;
            for (int i = from; i < from + window; i++) {
                sum += statistic[order[i]];
                squares += statistic[order[i]] * statistic[order[i]];
            }
            doubts[k] = doubt[order[from + window / 2]];
            means[k] = sum / window;
            double variance = squares / window - means[k] * means[k];
            deviations[k] = Math.sqrt(Math.max(0, variance)) + LEAST_DEVIATION;
        }
        return new Expected(doubts, means, deviations);
    }

    /** Returns by how many standard deviations a statistic lies above what is usual. */
    public double excess(double doubt, double statistic) {
        int at = Arrays.binarySearch(doubts, doubt);
        int above = at < 0 ? -at - 1 : at;
        if (above == 0 || above == doubts.length) {
            int end = above == 0 ? 0 : above - 1;
            return (statistic - means[end]) / deviations[end];
        }
        double width = doubts[above] - doubts[above - 1];
        double share = width > 0 ? (doubt - doubts[above - 1]) / width : 1;
        double mean = means[above - 1] + share * (means[above] - means[above - 1]);
        double deviation =
                deviations[above - 1] + share * (deviations[above] - deviations[above - 1]);
        return (statistic - mean) / deviation;
    }

    public void write(DataOutput out) throws IOException {
        for (double[] row : new double[][] {doubts, means, deviations}) {
            Matrix.of(1, row.length, row).write(out);
        }
    }

    public static Expected read(DetectorInput in) throws IOException {
        double[] doubts = in.ascending("doubts", 1);
        double[] means = in.vector("expected means", doubts.length);
        double[] deviations = in.vector("expected deviations", doubts.length);
        for (double deviation : deviations) {
            if (deviation < LEAST_DEVIATION) {
                throw new IOException(
                        "expected deviations from " + LEAST_DEVIATION + ", found " + deviation);
            }
        }
        return new Expected(doubts, means, deviations);
    }
}
