package io.spectrawatch.spectral.certificate;

/** What an alert on an interface says, by what statistic, with what guarantee. */
public enum AlertKind {
    /** Some certified element differs from the reference. */
    STRUCTURE_CHANGED(
            1,
            "changed elements",
            "proven for the rows of this pane relative to the error budget; about the population"
                    + " only with a sampling term or beside CERTIFICATE_DRIFT"),
    /** The error reaches the radius: the structure is unknown, not changed. */
    CERTIFICATE_LOST(2, "unresolved elements", "deterministic; says nothing about the structure"),
    /** Margins are systematically consumed. */
    CERTIFICATE_DRIFT(
            3,
            "log evidence of the margin-consumption test",
            "while the score's conditional mean stays at the tolerated mean, the probability of any"
                    + " such alert in the fleet, ever, is at most alpha"),
    /** The spectra of the two windows have moved. */
    SPECTRUM_DRIFT(
            4,
            "log evidence of the Hellinger test",
            "while the score's conditional mean stays at the tolerated mean, the probability of any"
                    + " such alert in the fleet, ever, is at most alpha");

    private final byte code;
    private final String statistic;
    private final String guarantee;

    AlertKind(int code, String statistic, String guarantee) {
        this.code = (byte) code;
        this.statistic = statistic;
        this.guarantee = guarantee;
    }

    byte code() {
        return code;
    }

    /** Returns what is compared with the threshold. */
    public String statistic() {
        return statistic;
    }

    /** Returns what is guaranteed. */
    public String guarantee() {
        return guarantee;
    }
}
