package io.spectrawatch.spectral;

/**
 * Sizes of the Monte Carlo studies behind the published guarantees: quick ones by default, the full
 * ones with {@code -Dspectrawatch.referee=true}.
 */
public final class Referee {
    private Referee() {}

    /** Returns the size for this run. */
    public static int size(int quick, int full) {
        return Boolean.getBoolean("spectrawatch.referee") ? full : quick;
    }
}
