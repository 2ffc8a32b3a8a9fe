package io.spectrawatch.ops.audit;

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
 */
public record Finding(
        String topic,
        String identity,
        String window,
        String part,
        long paneStart,
        long paneEnd,
        long offset,
        Verdict verdict,
        String field,
        String recorded,
        String recomputed,
        Double distance,
        Double bound) {

    static Finding of(Entry entry, Verdict verdict) {
        return of(entry, verdict, null, null, null);
    }

    static Finding of(
            Entry entry, Verdict verdict, String field, String recorded, String recomputed) {
        return new Finding(
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
                null);
    }

    static Finding diverged(Entry entry, Difference difference) {
        return of(
                entry,
                Verdict.DIVERGED,
                difference.field(),
                difference.recorded(),
                difference.recomputed());
    }

    Finding within(double apart, double allowed) {
        return new Finding(
                topic,
                identity,
                window,
                part,
                paneStart,
                paneEnd,
                offset,
                verdict,
                field,
                recorded,
                recomputed,
                finite(apart),
                finite(allowed));
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
