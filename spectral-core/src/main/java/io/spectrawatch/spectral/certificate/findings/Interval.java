package io.spectrawatch.spectral.certificate.findings;

/**
 * A number with the interval that contains its true value.
 *
 * @param lower certified lower end, infinite where there is none
 * @param estimate point estimate, inside the interval
 * @param upper certified upper end, infinite where there is none
 */
public record Interval(double lower, double estimate, double upper) {
    /** Checks the order. */
    public Interval {
        if (!(lower <= estimate && estimate <= upper)) {
            throw new IllegalArgumentException(
                    "interval: lower <= estimate <= upper expected, found "
                            + lower
                            + ", "
                            + estimate
                            + ", "
                            + upper);
        }
    }

    /** Returns whether two intervals have no point in common: their true values differ, proven. */
    public boolean disjoint(Interval other) {
        return upper < other.lower || other.upper < lower;
    }
}
