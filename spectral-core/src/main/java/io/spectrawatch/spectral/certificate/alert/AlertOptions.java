package io.spectrawatch.spectral.certificate.alert;

import io.spectrawatch.spectral.sequential.EvidenceOptions;
import io.spectrawatch.spectral.sequential.Horizon;
import java.io.Serializable;

/**
 * How evidence becomes alerts; the tolerated means come with the baseline.
 *
 * @param alpha false-alarm level of the whole fleet, in (0, 1)
 * @param weight this interface's share of it, in (0, 1]; half goes to each of its two tests
 * @param horizon what alpha bounds
 * @param calmPanes consecutive calm panes after which an alert resolves, at least 1
 * @param structureNeedsDrift whether STRUCTURE_CHANGED waits for CERTIFICATE_DRIFT: sampling alone
 *     can flip elements of a single pane
 */
public record AlertOptions(
        double alpha, double weight, Horizon horizon, int calmPanes, boolean structureNeedsDrift)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Panes of calm that end an alert unless configured. */
    public static final int DEFAULT_CALM_PANES = 5;

    /** Checks the ranges. */
    public AlertOptions {
        if (calmPanes < 1) {
            throw new IllegalArgumentException(
                    "alert options: at least one calm pane expected, found " + calmPanes);
        }
        new EvidenceOptions(
                EvidenceOptions.DEFAULT_TOLERANCE,
                alpha,
                weight,
                horizon,
                EvidenceOptions.DEFAULT_BETS);
    }

    /** Returns alpha = 0.01 for the fleet, this share of it, ANYTIME, five calm panes. */
    public static AlertOptions defaults(double weight) {
        return new AlertOptions(
                EvidenceOptions.DEFAULT_ALPHA, weight, Horizon.ANYTIME, DEFAULT_CALM_PANES, true);
    }

    /** Returns these options with another fleet level. */
    public AlertOptions withAlpha(double value) {
        return new AlertOptions(value, weight, horizon, calmPanes, structureNeedsDrift);
    }

    /** Returns these options with another promise. */
    public AlertOptions withHorizon(Horizon value) {
        return new AlertOptions(alpha, weight, value, calmPanes, structureNeedsDrift);
    }

    /** Returns these options with or without waiting for drift. */
    public AlertOptions withStructureNeedsDrift(boolean value) {
        return new AlertOptions(alpha, weight, horizon, calmPanes, value);
    }

    EvidenceOptions evidence(double tolerance) {
        return new EvidenceOptions(
                tolerance, alpha, weight / 2, horizon, EvidenceOptions.DEFAULT_BETS);
    }
}
