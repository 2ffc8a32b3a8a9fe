package io.spectrawatch.spectral.detect.attack;

import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.sequential.EvidenceOptions;
import io.spectrawatch.spectral.sequential.Horizon;
import io.spectrawatch.spectral.sequential.StreamWeights;
import io.spectrawatch.spectral.sequential.ToleranceLimit;
import java.io.Serializable;

/**
 * How exceedances become the alert that a model is under attack.
 *
 * <p>A sample exceeds when its statistic lies above an upper tolerance limit of the calibration:
 * with confidence over the calibration, a clean sample does so with probability at most {@code
 * exceedance}. That confidence fails too, once per baseline, and then the test alarms almost
 * surely; so the risk is spent out of alpha as the rest is. Of the model's share of alpha, {@code
 * delta} in all goes to its baselines: the one that begins in epoch e of the model's test gets 1/(e
 * (e + 1)) of it. Of the other {@code alpha - delta} half goes to the test on all traffic, half to
 * the clients': the i-th client ever watched gets 1/(i (i + 1)) of it.
 *
 * @param alpha false-alarm level of all models and all their baselines together, in (0, 1)
 * @param weight this model's share of it, in (0, 1]
 * @param exceedance tolerated share of exceedances, in (0, 1); of later baselines, and of
 *     calibrations too small for it, as much more as their share of delta needs
 * @param delta the part of alpha that the error of the calibrations takes, in (0, alpha)
 * @param horizon what alpha bounds
 * @param calmPanes consecutive panes at or below the tolerated share after which the alert resolves
 * @param clients clients watched at a time
 */
public record AttackOptions(
        double alpha,
        double weight,
        double exceedance,
        double delta,
        Horizon horizon,
        int calmPanes,
        int clients)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Checks the ranges. */
    public AttackOptions {
        new EvidenceOptions(exceedance, alpha, weight, horizon, EvidenceOptions.DEFAULT_BETS);
        if (calmPanes < 1 || clients < 1 || !(delta > 0 && delta < alpha)) {
            throw new IllegalArgumentException(
                    "attack options: at least one calm pane, at least one client and delta between"
                            + " 0 and alpha expected, found "
                            + calmPanes
                            + ", "
                            + clients
                            + " and "
                            + delta
                            + " of "
                            + alpha);
        }
    }

    /**
     * Returns alpha = 0.01 for this one model, half of it for the calibrations, 5 % tolerated
     * exceedances, ANYTIME, five calm panes, 64 clients.
     */
    public static AttackOptions defaults() {
        return new AttackOptions(
                EvidenceOptions.DEFAULT_ALPHA, 1, 0.05, 0.005, Horizon.ANYTIME, 5, 64);
    }

    /** Returns these options with another level. */
    public AttackOptions withAlpha(double value) {
        return new AttackOptions(value, weight, exceedance, delta, horizon, calmPanes, clients);
    }

    /** Returns these options with another number of clients. */
    public AttackOptions withClients(int value) {
        return new AttackOptions(alpha, weight, exceedance, delta, horizon, calmPanes, value);
    }

    /**
     * Returns the limit that clean samples exceed with at most the tolerated share, at the risk of
     * a model's first baseline.
     */
    public ToleranceLimit limit(Detector detector) {
        return detector.limit(exceedance, risk(1));
    }

    /** The risk that the calibration of the baseline that begins in an epoch may take. */
    private double risk(int epoch) {
        return delta * weight * StreamWeights.spending(epoch);
    }

    /**
     * Returns the share of exceedances that is tolerated in an epoch of a model's test. The limit
     * is the same whatever the epoch: it is the share that grows as the risk shrinks.
     */
    double tolerated(int epoch, PaneExceedances pane) {
        return pane.calibrated()
                ? Math.max(
                        exceedance,
                        ToleranceLimit.share(pane.references(), pane.rank(), risk(epoch)))
                : exceedance;
    }

    EvidenceOptions model(double tolerance) {
        return test(tolerance, weight / 2);
    }

    /** The share of the client that is the {@code admission}-th ever watched, from 1. */
    EvidenceOptions client(int admission, double tolerance) {
        return test(tolerance, weight / 2 * StreamWeights.spending(admission));
    }

    private EvidenceOptions test(double tolerance, double share) {
        return new EvidenceOptions(
                tolerance, alpha - delta, share, horizon, EvidenceOptions.DEFAULT_BETS);
    }
}
