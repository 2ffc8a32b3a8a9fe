package io.spectrawatch.schemas;

/** Says that bytes are not exactly one record of a known schema, and why. */
public final class WireException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RejectionReason reason;

    WireException(RejectionReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    WireException(RejectionReason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** UNDECODABLE or UNKNOWN_SCHEMA. */
    public RejectionReason reason() {
        return reason;
    }
}
