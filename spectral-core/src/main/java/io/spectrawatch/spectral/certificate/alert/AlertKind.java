package io.spectrawatch.spectral.certificate.alert;

import io.spectrawatch.spectral.sequential.EvidenceOptions;
import io.spectrawatch.spectral.sequential.Horizon;

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
    CERTIFICATE_DRIFT(3, "log evidence of the margin-consumption test", AlertKind.WITHOUT_CHANGE),
    /** The spectra of the two windows have moved. */
    SPECTRUM_DRIFT(4, "log evidence of the Hellinger test", AlertKind.WITHOUT_CHANGE);

    /** The contract of both tests; what follows from it depends on the horizon. */
    private static final String WITHOUT_CHANGE =
            "while the score's conditional mean stays at the tolerated mean, ";

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

    /**
     * Returns what is guaranteed.
     *
     * @param contract of the kind's test; null for a kind without one
     */
    String guarantee(EvidenceOptions contract) {
        if (contract == null) {
            return guarantee;
        }
        return guarantee
                + (contract.horizon() == Horizon.ANYTIME
                        ? "the probability of any such alert in the fleet, ever, is at most alpha"
                        : "at least 1/alpha pools of each interface are expected before such an"
                                + " alert in the fleet, and some without change do come");
    }
}
