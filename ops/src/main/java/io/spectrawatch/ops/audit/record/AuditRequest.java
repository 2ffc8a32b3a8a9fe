package io.spectrawatch.ops.audit.record;

import java.nio.file.Path;

/**
 * What to audit: a range of a model, one alert, or one window.
 *
 * @param model model, null where an alert or a window names it
 * @param version its version, null for the only one recorded
 * @param from start of the first pane, microseconds, inclusive; with {@code to} null otherwise
 * @param to end of the last pane, exclusive
 * @param alert id of an alert, or null
 * @param window model/version/part/start as reports print it, or null
 * @param baseline judge by this baseline instead of those recorded; null for an audit proper
 * @param output folder of the bundle, null for none
 */
public record AuditRequest(
        String model,
        String version,
        Long from,
        Long to,
        String alert,
        String window,
        String baseline,
        Path output) {

    /** All of a model between two moments. */
    public static AuditRequest range(String model, String version, long from, long to) {
        return new AuditRequest(model, version, from, to, null, null, null, null);
    }

    /** The same, with a bundle. */
    public AuditRequest withOutput(Path folder) {
        return new AuditRequest(model, version, from, to, alert, window, baseline, folder);
    }

    /** The same under another baseline. */
    public AuditRequest withBaseline(String id) {
        return new AuditRequest(model, version, from, to, alert, window, id, output);
    }
}
