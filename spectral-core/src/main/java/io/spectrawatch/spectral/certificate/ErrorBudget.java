package io.spectrawatch.spectral.certificate;

/**
 * What separates the matrix at hand from the one the claim is about, term by term, in column norm
 * and normalised units.
 *
 * @param sketch what a sketch may have lost; 0 for exact moments
 * @param truncation what the windows leave out of the claimed matrix; 0 if the claim is about the
 *     windowed transport
 * @param roundoff bound on floating-point arithmetic
 * @param sampling bound on the distance to the population, 0 if the claim is about these rows
 */
public record ErrorBudget(double sketch, double truncation, double roundoff, double sampling) {
    /** Checks that every term is a number from 0. */
    public ErrorBudget {
        if (!(sketch >= 0 && truncation >= 0 && roundoff >= 0 && sampling >= 0)) {
            throw new IllegalArgumentException(
                    "error budget: terms from 0 expected, found "
                            + sketch
                            + ", "
                            + truncation
                            + ", "
                            + roundoff
                            + ", "
                            + sampling);
        }
    }

    /** Returns epsilon, the sum of the terms. */
    public double total() {
        return sketch + truncation + roundoff + sampling;
    }
}
