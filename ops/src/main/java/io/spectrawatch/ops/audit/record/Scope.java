package io.spectrawatch.ops.audit.record;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.UnwatchedLayers;

/**
 * What an audit covers.
 *
 * @param from start of the first pane, microseconds, inclusive
 * @param to end of the last pane, exclusive
 */
public record Scope(String model, String version, long from, long to) {

    /** Kind of the alert that stands while layers of a model are left out. */
    private static final String LEFT_OUT = "LAYERS_UNWATCHED";

    /**
     * Whether a record is compared: sketches whose pane begins in the range, certificates and
     * alerts whose pool ends in it. Not what begins and ends a notice about layers left out, which
     * depends on panes before the range; that they were left out is compared pane by pane.
     */
    public boolean covers(Entry entry) {
        boolean inside =
                switch (entry.topic()) {
                    case CERTIFICATES, ALERTS -> entry.paneEnd() > from && entry.paneEnd() <= to;
                    default -> entry.paneStart() >= from && entry.paneStart() < to;
                };
        return inside
                && !isNotice(entry)
                && model.equals(entry.model())
                && version.equals(entry.version());
    }

    private static boolean isNotice(Entry entry) {
        return entry.decoded() instanceof Alert alert && alert.getKind().equals(LEFT_OUT)
                || entry.decoded() instanceof UnwatchedLayers pane && pane.getLayers().isEmpty();
    }
}
