package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.schemas.Alert;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * When an alert that other arithmetic gave says the same: the same decision at the same panes, and
 * every number or hash in it a copy of one in the records that it was made from, which are compared
 * themselves.
 */
public final class AlertRules {

    /** Rounding of the numbers of samples, which are those of their scores. */
    private static final double ROUNDING = 1e-6;

    private static final Pattern OF_EXAMPLE =
            Pattern.compile("examples\\[\\d+]\\.(statistic|speaking\\[\\d+]\\.share)");

    private AlertRules() {}

    /**
     * Compares two alerts that are not the same bytes.
     *
     * @param sources what differs in the records that they were made from
     */
    public static ReplayFinding compare(Entry recorded, Entry recomputed, Leaves sources) {
        Alert a = (Alert) recorded.decoded();
        Alert b = (Alert) recomputed.decoded();
        boolean exact = RecordRules.sameArithmetic(a, b);
        Difference unordered = RecordRules.unordered(a);
        if (unordered != null) {
            return ReplayFinding.diverged(recorded, unordered);
        }
        for (Difference each : Difference.between(a, b)) {
            boolean holds =
                    RecordRules.namesArithmetic(each)
                            || switch (each.field()) {
                                case "statistic.lower",
                                        "statistic.estimate",
                                        "statistic.upper",
                                        "text" ->
                                        sources.explain(text(a, each), text(b, each));
                                default ->
                                        each.under("evidence") && evidence(a, b, sources)
                                                || isOfExample(each);
                            };
            if (exact || !holds) {
                return ReplayFinding.diverged(recorded, each);
            }
        }
        ReplayFinding same = ReplayFinding.of(recorded, ReplayVerdict.EQUIVALENT);
        return a.getStatistic() == null || b.getStatistic() == null
                ? same
                : same.within(
                        Math.abs(a.getStatistic().getEstimate() - b.getStatistic().getEstimate()),
                        Double.NaN);
    }

    private static boolean isOfExample(Difference each) {
        return OF_EXAMPLE.matcher(each.field()).matches()
                && each.distance() <= ROUNDING * Math.max(1, Math.abs(each.now()));
    }

    /** In full: differences show texts cut short. */
    private static String text(Alert alert, Difference each) {
        return switch (each.field()) {
            case "text" -> alert.getText();
            case "statistic.lower" -> Double.toString(alert.getStatistic().getLower());
            case "statistic.upper" -> Double.toString(alert.getStatistic().getUpper());
            default -> Double.toString(alert.getStatistic().getEstimate());
        };
    }

    private static boolean evidence(Alert a, Alert b, Leaves sources) {
        Map<String, String> x = a.getEvidence();
        Map<String, String> y = b.getEvidence();
        return new TreeSet<>(x.keySet()).equals(new TreeSet<>(y.keySet()))
                && x.entrySet().stream()
                        .allMatch(own -> sources.explain(own.getValue(), y.get(own.getKey())));
    }
}
