package io.spectrawatch.ops.baseline;

import java.util.List;

/**
 * The published baselines.
 *
 * @param baselines in the order of their publication
 * @param unreadable records that could not be decoded, each with its place and the reason
 */
public record BaselineList(List<Baseline> baselines, List<String> unreadable) {

    /** Whether a baseline is in use. */
    public enum State {
        /** Panes that begin now are judged by it. */
        ACTIVE,
        /** It has been asked for and takes effect later. */
        PENDING,
        /** Not in use. */
        INACTIVE
    }

    /**
     * A published baseline.
     *
     * @param id content address
     * @param modelId model it was calibrated for
     * @param modelVersion its version
     * @param modelDigest digest the reference snapshots carried
     * @param rows rows of the reference
     * @param bytes size
     * @param chunks records that carry it
     * @param state whether it is in use
     * @param since when the request behind the state takes effect, ISO 8601; null if inactive
     * @param requestedBy who asked for it; null if inactive
     * @param segment attribute=value of the samples it was calibrated on; null for all
     */
    public record Baseline(
            String id,
            String modelId,
            String modelVersion,
            String modelDigest,
            long rows,
            long bytes,
            int chunks,
            State state,
            String since,
            String requestedBy,
            String segment) {}
}
