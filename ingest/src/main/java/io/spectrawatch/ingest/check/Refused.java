package io.spectrawatch.ingest.check;

import io.spectrawatch.schemas.RejectionReason;

/** A record goes to the rejected topic, and why. */
public final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final RejectionReason reason;

    /**
     * Adds what helps to what is wrong.
     *
     * <p>Without a stack trace: bad input is an outcome, and may come at the rate of good input.
     *
     * @param message where, what is allowed and what was found
     */
    public Refused(RejectionReason reason, String message) {
        super(message + "; " + Remedy.of(reason), null, false, false);
        this.reason = reason;
    }

    public RejectionReason reason() {
        return reason;
    }
}
