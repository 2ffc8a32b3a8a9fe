package io.spectrawatch.spectral.certificate;

import java.util.ArrayList;
import java.util.List;

/**
 * How many rows a pooled pane needs so that, without change, the drift score's mean stays at half
 * the tolerated mean, measured on held-back reference panes.
 *
 * @param rows rows of a pooled pane
 * @param nullMean measured mean of the score at that size
 * @param windows pooled panes behind the mean
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
    /** Fewer pooled panes than this say too little about a mean. */
    static final int FEWEST_WINDOWS = 4;

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

    /** Joins consecutive panes until each has the wanted rows; a short rest is left out. */
    static List<InterfaceMoments> pool(List<InterfaceMoments> panes, long rows) {
        List<InterfaceMoments> pooled = new ArrayList<>();
        InterfaceMoments open = null;
        for (InterfaceMoments pane : panes) {
            if (open == null) {
                open = pane.copy();
            } else {
                open.merge(pane);
            }
            if (open.rows() >= rows) {
                pooled.add(open);
                open = null;
            }
        }
        return pooled;
    }
}
