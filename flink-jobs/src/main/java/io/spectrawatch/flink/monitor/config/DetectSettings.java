package io.spectrawatch.flink.monitor.config;

import io.spectrawatch.spectral.certificate.moments.SampleSplit;
import io.spectrawatch.spectral.detect.attack.AttackOptions;
import io.spectrawatch.spectral.detect.attack.SurgeOptions;
import io.spectrawatch.spectral.detect.attack.TrailOptions;
import java.io.Serializable;

/**
 * What the operators need of the configuration to score samples.
 *
 * @param level a sample whose p-value is at or below it is a finding
 * @param scoresShare share of the samples without a finding whose scores are published
 * @param seed of the choice of these
 * @param clientsPerShard clients counted per model, pane and shard
 * @param clientsByTenant whether these are told apart by their tenant too
 * @param gainPoints images kept per model, pane and shard to measure how far the gain profile is
 *     outgrown, 0 not to
 * @param pairLevel a sample is a finding too if the p-value of the lift between it and an earlier
 *     request of its client is at or below it
 * @param pairRequests last requests remembered of a client in a pane, 0 not to compare them
 * @param pairClients clients remembered per model, pane and shard
 * @param openSamples samples of several parts that are open at a time, per model, pane and shard
 * @param attack how exceedances become an alert on the stream
 * @param surge how overwhelming ones do so before the pane ends
 * @param trails when near-identical requests of a client do so
 */
public record DetectSettings(
        double level,
        double scoresShare,
        long seed,
        int clientsPerShard,
        boolean clientsByTenant,
        int gainPoints,
        double pairLevel,
        int pairRequests,
        int pairClients,
        int openSamples,
        AttackOptions attack,
        SurgeOptions surge,
        TrailOptions trails)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final int PARTS = 1 << 20;

    /** Whether a sample's scores are published even without a finding: by its id alone. */
    public boolean publishes(String sampleId) {
        return SampleSplit.part(seed, sampleId, PARTS) < scoresShare * PARTS;
    }
}
