package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.detect.rank.ConformalTable;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.linalg.Ascending;
import io.spectrawatch.spectral.linalg.Matrix;
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
public final class ScoreTable {
    /** Rows kept; evenly spaced order statistics beyond that. */
    private static final int MAXIMUM_ROWS = 8192;

    /** The least p-value; the combination stays far from overflow. */
    static final double LEAST = 1e-12;

    private static final double TAIL_SHARE = 0.1;
    private static final int LEAST_TAIL_ROWS = 10;

    private final boolean twoSided;
    private final double[] sorted;
    private final double upperThreshold;
    private final double upperExcess;
    private final double lowerThreshold;
    private final double lowerExcess;

    /** Half-Cauchy terms by rank. */
    private final double[] terms;

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
        this.terms = new double[m + 2];
        for (int rank = 1; rank < terms.length; rank++) {
            terms[rank] = Combination.halfCauchy(Math.min(1, sides() * rank / (m + 1)));
        }
    }

    private static int tailRows(int m) {
        return Math.min(m - 1, Math.max(LEAST_TAIL_ROWS, (int) (TAIL_SHARE * m)));
    }

    public static ScoreTable of(double[] scores, boolean twoSided) {
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
        double beyond = beyond(score);
        return Math.max(
                LEAST, beyond < 1 ? beyond : Math.min(1, sides() * rank(score) / (m() + 1)));
    }

    /** Returns the half-Cauchy term of the p-value of a score. */
    double term(double score) {
        double beyond = beyond(score);
        return beyond < 1 ? Combination.halfCauchy(Math.max(LEAST, beyond)) : terms[rank(score)];
    }

    private double sides() {
        return twoSided ? 2 : 1;
    }

    private int m() {
        return sorted.length;
    }

    /** Returns the p-value of a score in a continued tail, 1 elsewhere. */
    private double beyond(double score) {
        double excess = 0;
        double distance = 0;
        if (score > upperThreshold) {
            excess = upperExcess;
            distance = score - upperThreshold;
        } else if (twoSided && score < lowerThreshold) {
            excess = lowerExcess;
            distance = lowerThreshold - score;
        }
        return excess > 0 ? sides() * Math.exp(-distance / excess) * tailRows(m()) / m() : 1;
    }

    /**
     * Returns 1 + the calibration rows at or beyond the score, on the side where they are fewer.
     */
    private int rank(double score) {
        int below = Ascending.below(sorted, score);
        int above = m() - below;
        boolean upper = !twoSided || above <= below;
        return 1 + (upper ? above : Math.min(above, Ascending.upTo(sorted, score)));
    }

    public void write(DataOutput out) throws IOException {
        out.writeBoolean(twoSided);
        Matrix.of(1, sorted.length, sorted).write(out);
    }

    public static ScoreTable read(DetectorInput in) throws IOException {
        return new ScoreTable(in.flag(), in.ascending("score table", 2));
    }
}
