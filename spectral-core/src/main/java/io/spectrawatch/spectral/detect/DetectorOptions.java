package io.spectrawatch.spectral.detect;

import java.util.List;

/**
 * How a detector is fitted.
 *
 * @param coordinates window directions per tap: 128 where rows are samples, 32 where rows are
 *     tokens
 * @param neighbours k of the neighbour distance
 * @param coresetRows reference rows kept to find neighbours among
 * @param seed seed of the splits and of the start of the power iteration
 * @param evidenceLayers taps that evidence is taken at; empty for the input where it is tapped;
 *     {@link #NO_EVIDENCE} alone for none
 */
public record DetectorOptions(
        int coordinates, int neighbours, int coresetRows, long seed, List<String> evidenceLayers) {

    /** In place of a tap: the detector does without evidence. */
    public static final String NO_EVIDENCE = "none";

    /** Checks the ranges. */
    public DetectorOptions {
        require("coordinates", coordinates, 1);
        require("neighbours", neighbours, 1);
        require("coresetRows", coresetRows, 1);
        evidenceLayers = List.copyOf(evidenceLayers);
    }

    public DetectorOptions(int coordinates, int neighbours, int coresetRows, long seed) {
        this(coordinates, neighbours, coresetRows, seed, List.of());
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
        return new DetectorOptions(count, neighbours, coresetRows, seed, evidenceLayers);
    }

    /** Returns the same with another seed. */
    public DetectorOptions withSeed(long value) {
        return new DetectorOptions(coordinates, neighbours, coresetRows, value, evidenceLayers);
    }

    /** Returns the same with evidence taken at other taps. */
    public DetectorOptions withEvidenceLayers(List<String> taps) {
        return new DetectorOptions(coordinates, neighbours, coresetRows, seed, taps);
    }
}
