package io.spectrawatch.spectral.detect;

import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Turns a score into a p-value against clean calibration rows.
 *
 * <p>Inside the calibration rows it is the conformal rank (1 + #{s_j >= s})/(m + 1). Beyond the
 * largest tenth the tail is continued by the exponential law of the mean excess (Pickands, Annals
 * of Statistics 3, 1975, with shape 0), so that two scores beyond every calibration row still
 * differ. The continuation is no guarantee: validity comes from the {@link ConformalTable} behind
 * it, which ranks the combination.
 */
final class ScoreTable {
    /** Rows kept; evenly spaced order statistics beyond that. */
    private static final int MAXIMUM_ROWS = 8192;

    /** The least p-value; the combination stays far from overflow. */
    private static final double LEAST = 1e-12;

    private static final double TAIL_SHARE = 0.1;
    private static final int LEAST_TAIL_ROWS = 10;

    private final boolean twoSided;
    private final double[] sorted;
    private final double upperThreshold;
    private final double upperExcess;
    private final double lowerThreshold;
    private final double lowerExcess;

    private ScoreTable(boolean twoSided, double[] sorted) {
        this.twoSided = twoSided;
        this.sorted = sorted;
        int m = sorted.length;
        int tail = tailRows(m);
        this.upperThreshold = sorted[m - 1 - tail];
        this.lowerThreshold = sorted[tail];
        double above = 0;
        double below = 0;
        for (int i = 0; i < tail; i++) {
            above += sorted[m - 1 - i] - upperThreshold;
            below += lowerThreshold - sorted[i];
        }
        this.upperExcess = above / tail;
        this.lowerExcess = below / tail;
    }

    private static int tailRows(int m) {
        return Math.min(m - 1, Math.max(LEAST_TAIL_ROWS, (int) (TAIL_SHARE * m)));
    }

    static ScoreTable of(double[] scores, boolean twoSided) {
        double[] all = scores.clone();
        Arrays.sort(all);
        int kept = Math.min(MAXIMUM_ROWS, all.length);
        double[] sorted = new double[kept];
        for (int i = 0; i < kept; i++) {
            sorted[i] = all[(int) ((2L * i + 1) * all.length / (2L * kept))];
        }
        return new ScoreTable(twoSided, sorted);
    }

    /** Returns the p-value of a score, in [1e-12, 1]. */
    double p(double score) {
        double p = upper(score);
        if (twoSided) {
            p = Math.min(1, 2 * Math.min(p, lower(score)));
        }
        return Math.max(LEAST, p);
    }

    private double upper(double score) {
        int m = sorted.length;
        if (score > upperThreshold && upperExcess > 0) {
            double beyond = Math.exp((upperThreshold - score) / upperExcess);
            return beyond * tailRows(m) / m;
        }
        return (1.0 + m - first(score, false)) / (m + 1);
    }

    private double lower(double score) {
        int m = sorted.length;
        if (score < lowerThreshold && lowerExcess > 0) {
            double beyond = Math.exp((score - lowerThreshold) / lowerExcess);
            return beyond * tailRows(m) / m;
        }
        return (1.0 + first(score, true)) / (m + 1);
    }

    /** Returns how many rows lie below the score, or at it too. */
    private int first(double score, boolean orEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean before = orEqual ? sorted[middle] <= score : sorted[middle] < score;
            low = before ? middle + 1 : low;
            high = before ? high : middle;
        }
        return low;
    }

    void write(DataOutput out) throws IOException {
        out.writeBoolean(twoSided);
        Matrix.of(1, sorted.length, sorted).write(out);
    }

    static ScoreTable read(DetectorInput in) throws IOException {
        return new ScoreTable(in.flag(), in.ascending("score table", 2));
    }
}
