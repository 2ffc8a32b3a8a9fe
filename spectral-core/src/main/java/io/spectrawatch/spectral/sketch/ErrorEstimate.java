package io.spectrawatch.spectral.sketch;

/**
 * What the probes say: probable, not certified, and only for rows that do not depend on the probes.
 * Who knows the seed can choose rows that the probes do not see.
 *
 * @param frobenius estimate of |E|_F of the true error E = A^T A - B^T B, which is at least |E|_2
 * @param trace estimate of tr E
 */
public record ErrorEstimate(double frobenius, double trace) {}
