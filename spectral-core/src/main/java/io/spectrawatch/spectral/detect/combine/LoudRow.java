package io.spectrawatch.spectral.detect.combine;

/**
 * A row of a sample that contributes to its statistic.
 *
 * @param position its place in the sequence of the sample, from 0
 * @param phase what the caller said of the row, 0 where nothing
 * @param share of the statistic that is the row's, above 0 and at most 1
 */
public record LoudRow(long position, int phase, double share) {}
