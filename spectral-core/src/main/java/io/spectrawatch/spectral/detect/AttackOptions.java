package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.sequential.EvidenceOptions;
import io.spectrawatch.spectral.sequential.Horizon;
import io.spectrawatch.spectral.sequential.StreamWeights;
import java.io.Serializable;

/**
 * How exceedances become the alert that a model is under attack.
 *
 * <p>A sample exceeds when its statistic lies above an upper tolerance limit of the calibration:
 * with confidence 1 - delta over the calibration, a clean sample does so with probability at most
 * {@code exceedance}. Half of the model's share of alpha goes to all traffic, half to the clients:
 * the i-th client ever watched gets 1/(i (i + 1)) of it.
 *
 * @param alpha false-alarm level of all models together, in (0, 1)
 * @param weight this model's share of it, in (0, 1]
 * @param exceedance tolerated share of exceedances, in (0, 1)
 * @param delta risk that the calibration understates it, in (0, 1)
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
        if (calmPanes < 1 || clients < 1 || !(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException(
                    "attack options: at least one calm pane, at least one client and delta in"
                            + " (0, 1) expected, found "
                            + calmPanes
                            + ", "
                            + clients
                            + " and "
                            + delta);
        }
        new EvidenceOptions(exceedance, alpha, weight, horizon, EvidenceOptions.DEFAULT_BETS);
    }

    /**
     * Returns alpha = 0.01 for this one model, 5 % tolerated exceedances at a risk of 0.5 %,
     * ANYTIME, five calm panes, 64 clients.
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

    EvidenceOptions model() {
        return test(weight / 2);
    }

    /** The share of the client that is the {@code admission}-th ever watched, from 1. */
    EvidenceOptions client(int admission) {
        return test(weight / 2 * StreamWeights.spending(admission));
    }

    private EvidenceOptions test(double share) {
        return new EvidenceOptions(exceedance, alpha, share, horizon, EvidenceOptions.DEFAULT_BETS);
    }
}
