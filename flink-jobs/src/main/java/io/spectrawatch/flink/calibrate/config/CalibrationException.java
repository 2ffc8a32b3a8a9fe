package io.spectrawatch.flink.calibrate.config;

/** Says why a range of the log gives no baseline; the message is for the person who asked. */
public final class CalibrationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates the error; the message says what was needed and what was found. */
    public CalibrationException(String message) {
        super(message);
    }

    public CalibrationException(String message, Throwable cause) {
        super(message, cause);
    }
}
