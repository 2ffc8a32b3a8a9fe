package io.spectrawatch.ops.baseline;

/**
 * A request that was written.
 *
 * @param modelId model
 * @param modelVersion its version
 * @param baselineId what is to judge it; null: nothing
 * @param replaces what the request before this one asked for; null: nothing
 * @param effectiveFrom start of the first pane, ISO 8601
 * @param effectiveFromMicros the same in microseconds since the epoch
 * @param requestedBy who asked
 * @param offset place in the activation topic
 * @param segment attribute=value of what is to be judged; null: what no segment's baseline judges
 */
public record ActivationReport(
        String modelId,
        String modelVersion,
        String baselineId,
        String replaces,
        String effectiveFrom,
        long effectiveFromMicros,
        String requestedBy,
        long offset,
        String segment) {}
