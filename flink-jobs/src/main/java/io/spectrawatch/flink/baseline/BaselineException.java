package io.spectrawatch.flink.baseline;

import java.io.IOException;

/** Says why what was asked about baselines cannot be done. */
public final class BaselineException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    BaselineException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What stands in the way. */
    public enum Reason {
        /** No baseline has this id, or none came before. */
        UNKNOWN,
        /** What was given begins the ids of several baselines. */
        AMBIGUOUS,
        /** An activation is not allowed as asked for. */
        NOT_ALLOWED
    }

    /** What stands in the way. */
    public Reason reason() {
        return reason;
    }
}
