package io.spectrawatch.ops.alert;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;

/**
 * What an alert is about. At most one alert of a subject stands at a time, and a mute is of a
 * subject.
 *
 * @param kind kind of alert
 * @param model model
 * @param version its version
 * @param segment segment of the traffic, or null
 * @param part layer, interface or client; null for a model as a whole
 */
public record AlertSubject(String kind, String model, String version, String segment, String part) {

    /** Where the evidence of an alert names its client. */
    private static final String CLIENT = "client";

    public static AlertSubject of(Alert alert) {
        String part = alert.getPart() != null ? alert.getPart() : alert.getEvidence().get(CLIENT);
        return new AlertSubject(
                alert.getKind(),
                alert.getModelId(),
                alert.getModelVersion(),
                alert.getSegment(),
                part);
    }

    static AlertSubject of(AlertNote note) {
        return new AlertSubject(
                note.getAlertKind(),
                note.getModelId(),
                note.getModelVersion(),
                note.getSegment(),
                note.getSubject());
    }
}
