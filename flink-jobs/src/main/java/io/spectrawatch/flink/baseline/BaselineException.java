package io.spectrawatch.flink.baseline;

import java.io.IOException;

/** Says why a baseline cannot be had. */
public final class BaselineException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    BaselineException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    BaselineException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What stands in the way. */
    public enum Reason {
        /** No baseline has this id, or what was given is no id. */
        UNKNOWN,
        /** What was given begins the ids of several baselines. */
        AMBIGUOUS,
        /** Pieces are missing: still being written, or lost. */
        INCOMPLETE,
        /** The pieces are all there but do not have the id as their hash. */
        CORRUPT,
        /** A piece or the entry is no record that this release knows. */
        UNREADABLE,
        /** An activation is not allowed as asked for. */
        NOT_ALLOWED
    }

    /** What stands in the way. */
    public Reason reason() {
        return reason;
    }
}
