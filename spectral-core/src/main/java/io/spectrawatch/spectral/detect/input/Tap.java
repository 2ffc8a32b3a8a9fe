package io.spectrawatch.spectral.detect.input;

/**
 * A tapped tensor.
 *
 * @param name its name in the model
 * @param role what it is to the model
 * @param dimension columns
 */
public record Tap(String name, TapRole role, int dimension) {
    /** Checks the dimension. */
    public Tap {
        if (dimension < 1) {
            throw new IllegalArgumentException(
                    "tap '" + name + "': a dimension of at least 1, found " + dimension);
        }
    }
}
