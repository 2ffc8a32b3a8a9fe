package io.spectrawatch.spectral.sketch;

/**
 * What is known about E = A^T A - B^T B, the difference between the second moment of the rows and
 * the one a sketch holds: -(deltaMinus + roundoff) I &lt;= E &lt;= (deltaPlus + roundoff) I, and tr
 * E = shed within roundoff.
 *
 * @param deltaPlus certified upper end of the eigenvalues of E in exact arithmetic
 * @param deltaMinus certified lower end, negated; zero until a sketch is sealed in lower precision
 * @param shed T, the energy that shrinkage removed: tr E
 * @param energy F, the total energy tr A^T A
 * @param roundoff e_fp, bound on everything floating-point arithmetic added, in operator norm and
 *     in trace, while the kernels keep the error bounds of their operations
 */
public record Ledger(
        double deltaPlus, double deltaMinus, double shed, double energy, double roundoff) {}
