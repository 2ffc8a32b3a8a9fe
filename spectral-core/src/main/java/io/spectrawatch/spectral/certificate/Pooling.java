package io.spectrawatch.spectral.certificate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How many rows a pooled pane needs so that, without change, the drift score's mean stays at half
 * the tolerated mean, measured on held-back reference panes.
 *
 * @param rows rows of a pooled pane
 * @param nullMean measured mean of the score at that size
 * @param windows pooled panes that the held-back rows are worth
 * @param refusal why no CERTIFICATE_DRIFT is claimed, or empty
 * @param spectrumNullMean measured mean of the spectrum score at that size
 * @param spectrumRefusal why no SPECTRUM_DRIFT is claimed, or empty
 */
public record Pooling(
        long rows,
        double nullMean,
        int windows,
        String refusal,
        double spectrumNullMean,
        String spectrumRefusal) {
    /** Fewer pooled panes than this say too little about a mean, and so do fewer panes in all. */
    private static final int FEWEST_WINDOWS = 4;

    private static final int FEWEST_PANES = 8;

    /** Pools drawn where a pool holds several panes. */
    private static final int DRAWS = 64;

    /** Checks that counts are not negative and that what is claimed was measured. */
    public Pooling {
        if (rows < 1
                || windows < 0
                || refusal.isEmpty() && !(nullMean < Double.POSITIVE_INFINITY)
                || spectrumRefusal.isEmpty() && !(spectrumNullMean < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "pooling: rows from 1, windows from 0 and finite means expected, found "
                            + rows
                            + ", "
                            + windows
                            + ", "
                            + nullMean
                            + ", "
                            + spectrumNullMean);
        }
    }

    /** Returns whether CERTIFICATE_DRIFT may be claimed. */
    public boolean accepted() {
        return refusal.isEmpty();
    }

    /** Returns whether SPECTRUM_DRIFT may be claimed. */
    public boolean spectrumAccepted() {
        return spectrumRefusal.isEmpty();
    }

    static Pooling refused(long rows, double nullMean, int windows, String reason) {
        return new Pooling(rows, nullMean, windows, reason, 0, reason);
    }

    Pooling withRefusal(String reason) {
        return new Pooling(rows, nullMean, windows, reason, spectrumNullMean, spectrumRefusal);
    }

    /** How many pools of a size the rows of all panes make, at most as many as panes. */
    static int worth(List<InterfaceMoments> panes, long rows) {
        long all = 0;
        for (InterfaceMoments pane : panes) {
            all += pane.rows();
        }
        return (int) Math.min(all / rows, panes.size());
    }

    /** Returns why panes are too few for pools of a size, or empty. */
    static String tooFew(List<InterfaceMoments> panes, long rows) {
        int worth = worth(panes, rows);
        return worth >= FEWEST_WINDOWS && panes.size() >= FEWEST_PANES
                ? ""
                : "held-back rows make "
                        + worth
                        + " pooled panes of "
                        + rows
                        + " rows, at least "
                        + FEWEST_WINDOWS
                        + " are needed, from at least "
                        + FEWEST_PANES
                        + " panes, found "
                        + panes.size();
    }

    /**
     * Returns pools of at least the wanted rows: the panes themselves where each has as many, else
     * pools of panes drawn with replacement. A handful of disjoint pools would leave the mean of a
     * skewed score to luck; drawing shows what the same panes might have made. Panes drawn twice
     * add noise, so the mean rather errs upwards.
     */
    static List<InterfaceMoments> pool(List<InterfaceMoments> panes, long rows) {
        if (panes.stream().allMatch(pane -> pane.rows() >= rows)) {
            return panes;
        }
        Random random = new Random(rows);
        List<InterfaceMoments> pooled = new ArrayList<>();
        for (int i = 0; i < DRAWS; i++) {
            InterfaceMoments pool = panes.get(random.nextInt(panes.size())).copy();
            while (pool.rows() < rows) {
                pool.merge(panes.get(random.nextInt(panes.size())));
            }
            pooled.add(pool);
        }
        return pooled;
    }
}
