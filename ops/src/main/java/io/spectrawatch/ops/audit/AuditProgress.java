package io.spectrawatch.ops.audit;

/** Follows an audit's replay. */
@FunctionalInterface
public interface AuditProgress {

    /** Nobody looks. */
    AuditProgress NONE = (done, total) -> {};

    /**
     * Says how far the replay is.
     *
     * @param done rows recomputed, over all layers
     * @param total rows recorded in the panes that are replayed
     */
    void rows(long done, long total);
}
