package io.spectrawatch.ingest.config;

/** Says why ingest cannot start: no broker, a topic that is missing or has the wrong shape. */
public final class IngestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public IngestException(String message) {
        super(message);
    }

    public IngestException(String message, Throwable cause) {
        super(message, cause);
    }
}
