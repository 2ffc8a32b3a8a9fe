package io.spectrawatch.spectral.sketch;

/** Bytes that are not a sketch of a known version and kind. */
public final class SketchFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; the message names what was allowed and what was found. */
    public SketchFormatException(String message) {
        super(message);
    }
}
