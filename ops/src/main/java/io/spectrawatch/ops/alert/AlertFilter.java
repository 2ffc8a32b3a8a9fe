package io.spectrawatch.ops.alert;

import io.spectrawatch.schemas.Alert;

/**
 * Which alerts are wanted; null and false ask for nothing.
 *
 * @param model model
 * @param kind kind, in any case
 * @param since the deciding pane ends then or later, microseconds since the epoch
 * @param until it ends before
 * @param active raised and not resolved
 */
public record AlertFilter(String model, String kind, Long since, Long until, boolean active) {

    /** All alerts from a moment on. */
    public static AlertFilter from(long since) {
        return new AlertFilter(null, null, since, null, false);
    }

    boolean admits(Alert alert) {
        return (model == null || model.equals(alert.getModelId()))
                && (kind == null || kind.equalsIgnoreCase(alert.getKind()))
                && (since == null || alert.getPaneEnd() >= since)
                && (until == null || alert.getPaneEnd() < until);
    }
}
