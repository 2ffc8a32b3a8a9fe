package io.spectrawatch.ops.audit.rule;

/** What an audit says, of one record or of all. */
public enum ReplayVerdict {
    /** The same bytes. */
    IDENTICAL,
    /** The same input, and every number within the bounds that the recomputed record carries. */
    EQUIVALENT,
    /** Computed under another baseline than recorded: nothing to be equal to. */
    HYPOTHETICAL,
    /** Not recomputed, because the log or the record no longer has all that it takes. */
    INCOMPLETE,
    /** Not explained by the bounds, on one side only, or recorded again with other content. */
    DIVERGED;

    /** Whether an audit that ends so has passed. */
    public boolean passed() {
        return this != DIVERGED && this != INCOMPLETE;
    }

    public ReplayVerdict worse(ReplayVerdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
