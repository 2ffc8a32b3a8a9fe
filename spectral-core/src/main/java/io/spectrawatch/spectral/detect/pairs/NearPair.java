package io.spectrawatch.spectral.detect.pairs;

import io.spectrawatch.spectral.gsvd.PairRatio;

/**
 * Two near requests of one client, and how steep the model is between them.
 *
 * @param earlier sample id of the request that came first
 * @param offset where that sample stands in the log
 * @param answer its predicted class, 0 where classes are pooled
 * @param ratio how far apart the two are, and the incremental gain and the lift ratio between them
 * @param gainP p-value of the gain among clean pairs about as far apart: of samples with the
 *     nearest of the reference, which a client's requests need not be like
 * @param liftP p-value of the lift likewise; the more decisive of the two
 * @param resolution the least p-value a pair at this distance can get
 * @param extrapolated whether the two are nearer than any pair of calibration, which the ranks are
 *     then no theorem about
 * @param depth how many requests of the client led to this one in steps that were so near
 */
public record NearPair(
        String earlier,
        long offset,
        int answer,
        PairRatio ratio,
        double gainP,
        double liftP,
        double resolution,
        boolean extrapolated,
        int depth) {}
