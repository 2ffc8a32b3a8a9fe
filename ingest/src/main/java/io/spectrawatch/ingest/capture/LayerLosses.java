package io.spectrawatch.ingest.capture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** The losses of several captures together, layer by layer in the order of the first. */
    public static List<LayerLosses> total(List<List<LayerLosses>> captures) {
        Map<String, LayerLosses> total = new LinkedHashMap<>();
        for (List<LayerLosses> layers : captures) {
            for (LayerLosses each : layers) {
                total.merge(
                        each.layer(),
                        each,
                        (a, b) -> a.plus(b.values(), b.overflows(), b.notFinite()));
            }
        }
        return List.copyOf(total.values());
    }

    /** Whether there are any. */
    public boolean any() {
        return overflows + notFinite > 0;
    }
}
