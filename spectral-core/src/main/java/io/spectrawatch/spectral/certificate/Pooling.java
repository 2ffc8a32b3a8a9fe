package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.sequential.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How many rows a pooled pane needs so that, without change, the scores' means stay at the
 * tolerated ones, measured on held-back reference panes, and where the tests cut scores off.
 *
 * @param rows rows of a pooled pane
 * @param nullMean measured mean of the score at that size
 * @param windows pooled panes that the held-back rows are worth: disjoint ones
 * @param refusal why no CERTIFICATE_DRIFT is claimed, or empty
 * @param spectrumNullMean measured mean of the spectrum score at that size
 * @param spectrumRefusal why no SPECTRUM_DRIFT is claimed, or empty
 * @param cut what larger drift scores count as in the test, in (0, 1]
 * @param spectrumCut what larger spectrum scores count as in the test, in (0, 1]
 */
public record Pooling(
        long rows,
        double nullMean,
        int windows,
        String refusal,
        double spectrumNullMean,
        String spectrumRefusal,
        double cut,
        double spectrumCut) {
    /** Pools drawn where a pool holds several panes. */
    private static final int DRAWS = 64;

    /** Fewer pools than this show no scatter, and neither do fewer panes in all. */
    private static final int FEWEST_POOLS = 4;

    private static final int FEWEST_PANES = 8;

    /** Checks counts and cuts, and that what is claimed was measured. */
    public Pooling {
        if (rows < 1
                || windows < 0
                || refusal.isEmpty() && !(nullMean < Double.POSITIVE_INFINITY)
                || spectrumRefusal.isEmpty() && !(spectrumNullMean < Double.POSITIVE_INFINITY)
                || !(cut > 0 && cut <= 1 && spectrumCut > 0 && spectrumCut <= 1)) {
            throw new IllegalArgumentException(
                    "pooling: rows from 1, windows from 0, finite means and cuts in (0, 1]"
                            + " expected, found "
                            + rows
                            + ", "
                            + windows
                            + ", "
                            + nullMean
                            + ", "
                            + spectrumNullMean
                            + ", "
                            + cut
                            + " and "
                            + spectrumCut);
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

    /** Returns the drift test after a pool; a test that was refused is not fed. */
    public Evidence drift(Evidence test, double score) {
        return accepted() ? test.observe(Math.min(score, cut)) : test;
    }

    /** Returns the spectrum test after a pool; a test that was refused is not fed. */
    public Evidence spectrum(Evidence test, double score) {
        return spectrumAccepted() ? test.observe(Math.min(score, spectrumCut)) : test;
    }

    /** Before anything was measured. */
    static Pooling unmeasured(long rows) {
        return new Pooling(rows, 0, 0, "not measured", 0, "not measured", 1, 1);
    }

    static Pooling of(long rows, int windows, NullTest drift, NullTest spectrum) {
        return new Pooling(
                rows,
                drift.mean(),
                windows,
                drift.refusal(),
                spectrum.mean(),
                spectrum.refusal(),
                drift.cut(),
                spectrum.cut());
    }

    Pooling withRefusal(String reason) {
        return new Pooling(
                rows,
                nullMean,
                windows,
                reason,
                spectrumNullMean,
                spectrumRefusal,
                cut,
                spectrumCut);
    }

    /** Returns pools of consecutive panes, of which none is in two; a short rest is left out. */
    static List<InterfaceMoments> disjoint(List<InterfaceMoments> panes, long rows) {
        List<InterfaceMoments> pools = new ArrayList<>();
        InterfaceMoments open = null;
        for (InterfaceMoments pane : panes) {
            if (open == null) {
                open = pane.rows() < rows ? pane.copy() : pane;
            } else {
                open.merge(pane);
            }
            if (open.rows() >= rows) {
                pools.add(open);
                open = null;
            }
        }
        return pools;
    }

    /**
     * Returns pools that show how far movements scatter: the panes themselves where each has the
     * rows, else pools of panes drawn with replacement; none where there are too few. They are not
     * independent of each other, so no bound rests on them.
     */
    static List<InterfaceMoments> drawn(List<InterfaceMoments> panes, long rows) {
        long all = panes.stream().mapToLong(InterfaceMoments::rows).sum();
        if (all < FEWEST_POOLS * rows || panes.size() < FEWEST_PANES) {
            return List.of();
        }
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
