package io.spectrawatch.ops.alert;

import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.spectral.sequential.ToleranceLimit;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many of the alerts of a kind were true, by what people said of them, month by month and in
 * all.
 *
 * @param rows by kind, then detector, then month; after the months of a detector its total
 */
public record AlertPrecision(List<Row> rows) {

    /** Error of each end of the interval: both together leave 95 %. */
    private static final double TAIL = 0.025;

    private static final long MICROS_PER_MILLI = 1000;

    /**
     * A detector in a month.
     *
     * @param kind kind of alert
     * @param detector detector and its version
     * @param month by the end of the deciding pane, in UTC, such as 2026-03; null for the total
     * @param trueAlarms alerts that were judged true
     * @param falseAlarms alerts that were judged false
     * @param precision trueAlarms / (trueAlarms + falseAlarms)
     * @param lower end of the 95 % interval of Clopper and Pearson (1934), as if judged alerts were
     *     drawn independently of what they are
     * @param upper the other end
     */
    public record Row(
            String kind,
            String detector,
            String month,
            long trueAlarms,
            long falseAlarms,
            double precision,
            double lower,
            double upper) {

        static Row of(String kind, String detector, String month, int trues, int falses) {
            int all = trues + falses;
            double upper = most(trues, all);
            double lower = 1 - most(falses, all);
            return new Row(
                    kind, detector, month, trues, falses, (double) trues / all, lower, upper);
        }

        /** The largest share that does not make so few of so many unlikely. */
        private static double most(int found, int all) {
            return found == all ? 1 : ToleranceLimit.share(all, all - found, TAIL);
        }
    }

    private static final class Count {
        private int trues;
        private int falses;

        void add(AlertNote note) {
            if (note.getKind() == AlertNoteKind.TRUE_ALARM) {
                trues++;
            } else {
                falses++;
            }
        }
    }

    /**
     * Counts feedback.
     *
     * @param feedback at most one note of each alert
     */
    static AlertPrecision of(Collection<AlertNote> feedback, AlertFilter filter) {
        Map<String, Map<String, TreeMap<String, Count>>> counts = new TreeMap<>();
        for (AlertNote note : feedback) {
            if (admits(filter, note)) {
                counts.computeIfAbsent(note.getAlertKind(), kind -> new TreeMap<>())
                        .computeIfAbsent(note.getDetector(), detector -> new TreeMap<>())
                        .computeIfAbsent(month(note.getPaneEnd()), month -> new Count())
                        .add(note);
            }
        }
        List<Row> rows = new ArrayList<>();
        counts.forEach(
                (kind, detectors) ->
                        detectors.forEach(
                                (detector, months) -> rows.addAll(rows(kind, detector, months))));
        return new AlertPrecision(rows);
    }

    private static boolean admits(AlertFilter filter, AlertNote note) {
        return (filter.model() == null || filter.model().equals(note.getModelId()))
                && (filter.kind() == null || filter.kind().equalsIgnoreCase(note.getAlertKind()))
                && (filter.since() == null || note.getPaneEnd() >= filter.since())
                && (filter.until() == null || note.getPaneEnd() < filter.until());
    }

    private static List<Row> rows(String kind, String detector, Map<String, Count> months) {
        List<Row> rows = new ArrayList<>();
        int trues = 0;
        int falses = 0;
        for (Map.Entry<String, Count> month : months.entrySet()) {
            Count count = month.getValue();
            rows.add(Row.of(kind, detector, month.getKey(), count.trues, count.falses));
            trues += count.trues;
            falses += count.falses;
        }
        rows.add(Row.of(kind, detector, null, trues, falses));
        return rows;
    }

    private static String month(long micros) {
        long millis = Math.floorDiv(micros, MICROS_PER_MILLI);
        return YearMonth.from(Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC)).toString();
    }
}
