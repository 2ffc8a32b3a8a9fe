package io.spectrawatch.spectral.descriptor;

/**
 * A number with the interval that contains its true value.
 *
 * @param name descriptor, with its parameter and convention
 * @param lower certified lower end
 * @param estimate point estimate, inside the interval
 * @param upper certified upper end
 */
public record CertifiedValue(String name, double lower, double estimate, double upper) {
    /** Checks the order. */
    public CertifiedValue {
        if (!(lower <= estimate && estimate <= upper)) {
            throw new IllegalArgumentException(
                    name
                            + ": lower <= estimate <= upper expected, found "
                            + lower
                            + ", "
                            + estimate
                            + ", "
                            + upper);
        }
    }
}
