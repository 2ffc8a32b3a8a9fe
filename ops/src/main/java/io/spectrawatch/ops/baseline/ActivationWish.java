package io.spectrawatch.ops.baseline;

/**
 * When a request is to take effect, and who asks.
 *
 * @param effectiveFrom microseconds since the epoch; null for as soon as possible
 * @param maxClockSkew microseconds, as ingest is configured
 * @param requestedBy recorded with the request
 */
public record ActivationWish(Long effectiveFrom, long maxClockSkew, String requestedBy) {}
