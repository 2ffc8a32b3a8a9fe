package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When scores of a sample that other arithmetic gave say the same.
 *
 * <p>No theorem bounds how rounding moves a score: distances are taken in whitened coordinates
 * whose condition the record does not tell. The bounds here are chosen; what passes them is
 * DIVERGED and named, and a replay on the recorded kernels decides.
 */
public final class ScoreRules {

    /** Rounding of statistics; relative above 1, else absolute, and relative for a p-value. */
    private static final double ROUNDING = 1e-6;

    /** What the third digit of a printed number can differ by. */
    private static final double PRINTED = 1e-2;

    /** A number that has a point: a p-value or a distance, no class and no id. */
    private static final Pattern NUMBER = Pattern.compile("\\d+\\.\\d+([eE][-+]?\\d+)?");

    /** How loud a row is. */
    private static final Pattern SHARE = Pattern.compile("speaking\\[\\d+]\\.share");

    private ScoreRules() {}

    /** Compares two records of the same sample that are not the same bytes. */
    public static ReplayFinding compare(Entry recorded, Entry recomputed) {
        SampleScores a = (SampleScores) recorded.decoded();
        SampleScores b = (SampleScores) recomputed.decoded();
        for (Difference each : Difference.between(a, b)) {
            if (ofWords(each) && saysTheSame(a, b, each)) {
                continue;
            }
            double allowed = each.numeric() ? allowed(a, b, each) : Double.NaN;
            if (!(each.distance() <= allowed && inRange(each))) {
                return ReplayFinding.diverged(recorded, each).within(each.distance(), allowed);
            }
        }
        return ReplayFinding.of(recorded, ReplayVerdict.EQUIVALENT)
                .within(
                        Math.abs(a.getStatistic() - b.getStatistic()),
                        ROUNDING * Math.max(1, Math.abs(b.getStatistic())));
    }

    /** Fields that repeat numbers of the record, or others like them, as text. */
    private static boolean ofWords(Difference each) {
        return each.field().equals("text") || each.under("evidence");
    }

    private static boolean saysTheSame(SampleScores a, SampleScores b, Difference each) {
        if (each.field().equals("text")) {
            return a.getText() != null
                    && b.getText() != null
                    && sameWords(a.getText(), b.getText(), PRINTED);
        }
        return a.getEvidence().keySet().equals(b.getEvidence().keySet())
                && sameWords(each.recorded(), each.recomputed(), ROUNDING);
    }

    /** Whether two texts have the same words, and numbers at the same places that are close. */
    private static boolean sameWords(String a, String b, double relative) {
        if (!NUMBER.matcher(a).replaceAll("#").equals(NUMBER.matcher(b).replaceAll("#"))) {
            return false;
        }
        Matcher x = NUMBER.matcher(a);
        Matcher y = NUMBER.matcher(b);
        while (x.find() && y.find()) {
            double then = Double.parseDouble(x.group());
            double now = Double.parseDouble(y.group());
            if (!(Math.abs(then - now) <= relative * Math.max(Math.abs(now), relative))) {
                return false;
            }
        }
        return true;
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
        if (SHARE.matcher(field).matches()) {
            return ROUNDING;
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
