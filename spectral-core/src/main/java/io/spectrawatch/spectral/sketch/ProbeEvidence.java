package io.spectrawatch.spectral.sketch;

/**
 * What the probes say about the eigenvalues of the rows' centred second moment. Both statements
 * hold together with 95 % over the probes' draw, for rows that do not depend on the probes: who
 * knows the seed can choose rows that the probes do not see.
 *
 * @param squares the squares of all eigenvalues sum to at most this
 * @param leading k, eigenvalues that the second statement is about
 * @param leadingEnergy the k largest eigenvalues sum to at least this
 */
public record ProbeEvidence(double squares, int leading, double leadingEnergy) {}
