package io.spectrawatch.flink.blob;

import java.io.IOException;

/** Says why a blob cannot be had from its topic. */
public final class BlobException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /**
     * @param message what, where, and what was expected
     */
    public BlobException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    BlobException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What stands in the way. */
    public enum Reason {
        /** The topic holds nothing of this name, or what was given is no name. */
        UNKNOWN,
        /** Pieces are missing: still being written, or lost. */
        INCOMPLETE,
        /** All is there, but the pieces do not have the hash, or the entry does not fit them. */
        CORRUPT,
        /** A piece or the entry is no record that this release knows. */
        UNREADABLE
    }

    /** What stands in the way. */
    public Reason reason() {
        return reason;
    }
}
