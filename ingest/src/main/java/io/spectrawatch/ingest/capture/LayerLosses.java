package io.spectrawatch.ingest.capture;

/**
 * What of a layer's values cannot be monitored; ingest refuses every snapshot that holds one, with
 * the reason NOT_FINITE.
 *
 * @param layer its name
 * @param values values captured
 * @param overflows finite ones that the encoding makes infinite
 * @param notFinite ones that the model itself returned infinite or as no number
 */
public record LayerLosses(String layer, long values, long overflows, long notFinite) {

    LayerLosses plus(long moreValues, long moreOverflows, long moreNotFinite) {
        return new LayerLosses(
                layer, values + moreValues, overflows + moreOverflows, notFinite + moreNotFinite);
    }

    /** Whether there are any. */
    public boolean any() {
        return overflows + notFinite > 0;
    }
}
