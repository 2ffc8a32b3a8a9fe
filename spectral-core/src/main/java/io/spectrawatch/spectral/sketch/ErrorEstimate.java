package io.spectrawatch.spectral.sketch;

/**
 * What the probes say about the true error E = A^T A - B^T B: probable, not certified.
 *
 * @param frobenius estimate of |E|_F, which is at least |E|_2
 * @param trace estimate of tr E
 * @param upper95 bound on |E|_2 with 95 % confidence
 */
public record ErrorEstimate(double frobenius, double trace, double upper95) {}
