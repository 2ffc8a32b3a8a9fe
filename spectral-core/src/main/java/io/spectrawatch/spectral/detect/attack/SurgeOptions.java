package io.spectrawatch.spectral.detect.attack;

import io.spectrawatch.spectral.sequential.EvidenceOptions;
import io.spectrawatch.spectral.sequential.Horizon;
import java.io.Serializable;

/**
 * How soon overwhelming evidence within a pane is an alert.
 *
 * @param alertsPerDay expected false alerts of a model per day at most, while nothing changes
 * @param beatMicros how much time one observation of the test covers, in microseconds
 * @param exceedance tolerated share of a beat's samples beyond the calibration's limit, in (0, 1)
 * @param calmPanes panes without a surge after which its alert is over
 */
public record SurgeOptions(double alertsPerDay, long beatMicros, double exceedance, int calmPanes)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final double DAY_MICROS = 86_400e6;

    /** A beat may hold samples of the pane that is about to close and of the one that began. */
    private static final int PANES_OF_A_BEAT = 2;

    /**
     * @throws IllegalArgumentException if a value is not positive, or the budget allows an alert
     *     per beat
     */
    public SurgeOptions {
        if (!(alertsPerDay > 0) || beatMicros < 1 || calmPanes < 1) {
            throw new IllegalArgumentException(
                    "surge: alerts per day, beat and calm panes must be positive, found "
                            + alertsPerDay
                            + ", "
                            + beatMicros
                            + " us and "
                            + calmPanes);
        }
        if (alertsPerDay * beatMicros >= DAY_MICROS) {
            throw new IllegalArgumentException(
                    "surge: "
                            + alertsPerDay
                            + " alerts per day must be fewer than the day has beats of "
                            + beatMicros
                            + " us");
        }
    }

    /**
     * The contract of the test of one pane: after b beats without change the probability of an
     * alert is at most b times {@code alpha}, so that the beats of a day bring at most {@code
     * alertsPerDay}, while a pane's samples come within its own length after its end.
     */
    EvidenceOptions test() {
        double alpha = alertsPerDay * beatMicros / DAY_MICROS / PANES_OF_A_BEAT;
        return new EvidenceOptions(
                exceedance, alpha, 1, Horizon.RUN_LENGTH, EvidenceOptions.DEFAULT_BETS);
    }
}
