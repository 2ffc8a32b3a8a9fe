package io.spectrawatch.ops.audit;

/**
 * What an audit covers.
 *
 * @param from start of the first pane, microseconds, inclusive
 * @param to end of the last pane, exclusive
 */
record Scope(String model, String version, long from, long to) {

    /**
     * Whether a record is compared: sketches whose pane begins in the range, certificates and
     * alerts whose pool ends in it.
     */
    boolean covers(Entry entry) {
        boolean inside =
                switch (entry.topic()) {
                    case CERTIFICATES, ALERTS -> entry.paneEnd() > from && entry.paneEnd() <= to;
                    default -> entry.paneStart() >= from && entry.paneStart() < to;
                };
        return inside && model.equals(entry.model()) && version.equals(entry.version());
    }
}
