package io.spectrawatch.spectral.certificate.moments;

/** Moments of too few rows or without energy, from which no transport can be formed. */
public final class DegenerateMomentsException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; the message names what was needed and what was found. */
    public DegenerateMomentsException(String message) {
        super(message);
    }
}
