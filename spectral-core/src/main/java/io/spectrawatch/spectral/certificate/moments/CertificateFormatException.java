package io.spectrawatch.spectral.certificate.moments;

/** Bytes that are not a certificate's state, window or baseline of a known version. */
public final class CertificateFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; the message names what was allowed and what was found. */
    public CertificateFormatException(String message) {
        super(message);
    }
}
