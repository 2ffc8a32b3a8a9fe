package io.spectrawatch.spectral.sequential;

/** What a sequential test promises about false alarms. */
public enum Horizon {
    /**
     * The probability that the test ever alarms without cause is at most alpha, at any time and
     * under any dependence (Ville 1939): start times t are weighted by 1/(t (t + 1)).
     */
    ANYTIME(1),
    /**
     * The mean number of steps between false alarms is at least 1/alpha (the e-SR detector of Shin,
     * Ramdas, Rinaldo 2023): all start times weigh 1. Faster, but false alarms come eventually.
     */
    RUN_LENGTH(2);

    private final byte code;

    Horizon(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static Horizon of(byte code) {
        for (Horizon horizon : values()) {
            if (horizon.code == code) {
                return horizon;
            }
        }
        throw new EvidenceFormatException("evidence bytes: horizon 1 or 2 expected, found " + code);
    }
}
