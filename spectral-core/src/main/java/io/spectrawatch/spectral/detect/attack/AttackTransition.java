package io.spectrawatch.spectral.detect.attack;

/**
 * An alert on the stream raised or resolved.
 *
 * @param client the client concerned, null for all traffic of the model
 * @param raised true when raised, false when resolved
 * @param logEvidence logarithm of the evidence of the pane's test
 * @param logThreshold what it was compared with
 * @param epoch epoch of the test
 * @param tolerated the share of exceedances that it tolerates
 * @param samples samples of the pane that count for it
 * @param exceedances exceedances among them
 */
public record AttackTransition(
        String client,
        boolean raised,
        double logEvidence,
        double logThreshold,
        int epoch,
        double tolerated,
        long samples,
        long exceedances) {}
