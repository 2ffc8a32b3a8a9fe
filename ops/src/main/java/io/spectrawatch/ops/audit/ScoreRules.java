package io.spectrawatch.ops.audit;

import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.spectral.detect.ClientPairs;

/**
 * When scores of a sample that other arithmetic gave say the same.
 *
 * <p>No theorem bounds how rounding moves a score: distances are taken in whitened coordinates
 * whose condition the record does not tell. The bounds here are chosen; what passes them is
 * DIVERGED and named, and a replay on the recorded kernels decides.
 */
final class ScoreRules {

    /** Rounding of statistics; relative above 1, else absolute, and relative for a p-value. */
    private static final double ROUNDING = 1e-6;

    private ScoreRules() {}

    /** Compares two records of the same sample that are not the same bytes. */
    static Finding compare(Entry recorded, Entry recomputed) {
        SampleScores a = (SampleScores) recorded.decoded();
        SampleScores b = (SampleScores) recomputed.decoded();
        for (Difference each : Difference.between(a, b)) {
            double allowed = each.numeric() ? allowed(a, b, each) : Double.NaN;
            if (!(each.distance() <= allowed && inRange(each))) {
                return Finding.diverged(recorded, each).within(each.distance(), allowed);
            }
        }
        return Finding.of(recorded, Verdict.EQUIVALENT)
                .within(
                        Math.abs(a.getStatistic() - b.getStatistic()),
                        ROUNDING * Math.max(1, Math.abs(b.getStatistic())));
    }

    private static boolean inRange(Difference each) {
        return each.field().equals("statistic") || each.then() >= 0 && each.then() <= 1;
    }

    /**
     * The p-value of a statistic that other arithmetic moved may have changed places with one
     * calibration sample, that of an unchanged statistic with none.
     */
    private static double allowed(SampleScores a, SampleScores b, Difference each) {
        String field = each.field();
        if (field.equals("p")) {
            return a.getStatistic() == b.getStatistic() ? 0 : b.getResolution() * (1 + ROUNDING);
        }
        if (field.equals("statistic")) {
            return ROUNDING * Math.max(1, Math.abs(each.now()));
        }
        boolean ofPair =
                field.equals("scores." + ClientPairs.GAIN)
                        || field.equals("scores." + ClientPairs.LIFT);
        if (ofPair && b.getPairResolution() != null) {
            return b.getPairResolution() * (1 + ROUNDING);
        }
        // cot(p pi / 2) and with it p keeps the relative error of the term it is made from.
        return field.startsWith("scores.") ? ROUNDING * each.now() : Double.NaN;
    }
}
