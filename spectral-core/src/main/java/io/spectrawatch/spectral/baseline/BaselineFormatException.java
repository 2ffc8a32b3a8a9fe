package io.spectrawatch.spectral.baseline;

/** Says that bytes are not a baseline this release can read. */
public final class BaselineFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; the message names what was allowed and what was found. */
    public BaselineFormatException(String message) {
        super(message);
    }

    BaselineFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
