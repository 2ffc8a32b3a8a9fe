package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.ops.audit.record.Entry;

/**
 * What was found about one record.
 *
 * @param topic topic, as sketches
 * @param identity what it is the record of
 * @param window model/version/part/start
 * @param offset where it is recorded, -1 if it is not
 * @param field first field that differs, null where none does
 * @param recorded its recorded value
 * @param recomputed its recomputed value
 * @param distance how far the records are apart, null where that is no number
 * @param bound how far they may be
 * @param directions the same of their leading directions, null where those are not compared
 */
public record ReplayFinding(
        String topic,
        String identity,
        String window,
        String part,
        long paneStart,
        long paneEnd,
        long offset,
        ReplayVerdict verdict,
        String field,
        String recorded,
        String recomputed,
        Double distance,
        Double bound,
        Directions directions) {

    public static ReplayFinding of(Entry entry, ReplayVerdict verdict) {
        return of(entry, verdict, null, null, null);
    }

    public static ReplayFinding of(
            Entry entry, ReplayVerdict verdict, String field, String recorded, String recomputed) {
        return new ReplayFinding(
                entry.record().getTopic(),
                entry.identity(),
                entry.window(),
                entry.part(),
                entry.paneStart(),
                entry.paneEnd(),
                entry.record().getOffset(),
                verdict,
                field,
                recorded,
                recomputed,
                null,
                null,
                null);
    }

    public static ReplayFinding diverged(Entry entry, Difference difference) {
        return of(
                entry,
                ReplayVerdict.DIVERGED,
                difference.field(),
                difference.recorded(),
                difference.recomputed());
    }

    ReplayFinding within(double apart, double allowed) {
        return copy(
                verdict, field, recorded, recomputed, finite(apart), finite(allowed), directions);
    }

    /** The same numbers, which do not hold after all. */
    public ReplayFinding diverged(String what, String then, String now) {
        return copy(ReplayVerdict.DIVERGED, what, then, now, distance, bound, directions);
    }

    ReplayFinding with(Directions compared) {
        return copy(verdict, field, recorded, recomputed, distance, bound, compared);
    }

    private ReplayFinding copy(
            ReplayVerdict nextVerdict,
            String what,
            String then,
            String now,
            Double apart,
            Double allowed,
            Directions compared) {
        return new ReplayFinding(
                topic,
                identity,
                window,
                part,
                paneStart,
                paneEnd,
                offset,
                nextVerdict,
                what,
                then,
                now,
                apart,
                allowed,
                compared);
    }

    /** Share of the bound that the distance uses up; 0 where there are no such numbers. */
    public double used() {
        double own = distance == null || bound == null || bound == 0 ? 0 : distance / bound;
        return directions == null ? own : Math.max(own, directions.apart() / directions.allowed());
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
