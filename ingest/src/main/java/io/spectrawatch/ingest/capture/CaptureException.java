package io.spectrawatch.ingest.capture;

/** Says why a model cannot be tapped or its activations cannot be published. */
public final class CaptureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CaptureException(String message) {
        super(message);
    }

    CaptureException(String message, Throwable cause) {
        super(message, cause);
    }
}
