package io.spectrawatch.spectral.sketch;

/**
 * A ledger that contradicts its state beyond the rounding bound; the sketch can no longer be
 * trusted.
 */
public final class ArithmeticAlarmException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; the message names what was allowed and what was found. */
    public ArithmeticAlarmException(String message) {
        super(message);
    }
}
