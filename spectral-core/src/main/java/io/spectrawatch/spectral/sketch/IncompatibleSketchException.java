package io.spectrawatch.spectral.sketch;

/** Two sketches that cannot be merged or compared. */
public final class IncompatibleSketchException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; the message names what was allowed and what was found. */
    public IncompatibleSketchException(String message) {
        super(message);
    }
}
