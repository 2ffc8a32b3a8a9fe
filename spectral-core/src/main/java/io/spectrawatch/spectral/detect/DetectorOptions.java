package io.spectrawatch.spectral.detect;

/**
 * How a detector is fitted.
 *
 * @param coordinates window directions per tap: 128 where rows are samples, 32 where rows are
 *     tokens
 * @param neighbours k of the neighbour distance
 * @param coresetRows reference rows kept to find neighbours among
 * @param seed seed of the splits and of the start of the power iteration
 */
public record DetectorOptions(int coordinates, int neighbours, int coresetRows, long seed) {

    /** Checks the ranges. */
    public DetectorOptions {
        require("coordinates", coordinates, 1);
        require("neighbours", neighbours, 1);
        require("coresetRows", coresetRows, 1);
    }

    private static void require(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + ": at least " + least + " required, found " + value);
        }
    }

    /**
     * Returns what rows that are tokens can afford: 32 coordinates, 12 neighbours among 500 rows.
     */
    public static DetectorOptions forTokens() {
        return new DetectorOptions(32, 12, 500, 20260101L);
    }

    /** Returns 128 coordinates, 50 neighbours among 2,000 rows. */
    public static DetectorOptions defaults() {
        return new DetectorOptions(128, 50, 2000, 20260101L);
    }

    /** Returns the same with another number of window directions. */
    public DetectorOptions withCoordinates(int count) {
        return new DetectorOptions(count, neighbours, coresetRows, seed);
    }

    /** Returns the same with another seed. */
    public DetectorOptions withSeed(long value) {
        return new DetectorOptions(coordinates, neighbours, coresetRows, value);
    }
}
