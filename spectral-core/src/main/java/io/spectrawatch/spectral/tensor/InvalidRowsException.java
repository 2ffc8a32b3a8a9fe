package io.spectrawatch.spectral.tensor;

/**
 * Rows that cannot be taken: not finite, of the wrong width, none at all, or of inconsistent size.
 */
public final class InvalidRowsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; the message names what was allowed and what was found. */
    public InvalidRowsException(String message) {
        super(message);
    }
}
