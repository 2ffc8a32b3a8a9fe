package io.spectrawatch.spectral.sequential;

/** Bytes that are not the state of a sequential test of a known version. */
public final class EvidenceFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; the message names what was allowed and what was found. */
    public EvidenceFormatException(String message) {
        super(message);
    }
}
