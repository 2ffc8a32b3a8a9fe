package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.numpy.NpyArray;
import java.nio.file.Path;
import java.util.List;

/**
 * What to measure.
 *
 * @param folder where quality.tsv and quality.svg go
 * @param dimension d
 * @param rows rows of each stream
 * @param sketchRows the sizes l to try
 * @param alphas the shares of shrinking directions to try
 * @param seed of the generated rows
 * @param measuredTitle of rows to measure beside the generated ones, null without them
 * @param measured these rows, null without them
 */
public record QualityOptions(
        Path folder,
        int dimension,
        int rows,
        List<Integer> sketchRows,
        List<Double> alphas,
        long seed,
        String measuredTitle,
        NpyArray measured) {
    /** Returns d = 384, 8,192 rows, l from 16 to 128, alpha 0, 0.2, 0.5 and 1. */
    public static QualityOptions into(Path folder) {
        return new QualityOptions(
                folder,
                384,
                8_192,
                List.of(16, 32, 64, 128),
                List.of(0.0, 0.2, 0.5, 1.0),
                1,
                null,
                null);
    }

    /** Returns a copy with measured rows beside the generated ones, of their own width. */
    public QualityOptions withMeasured(String title, NpyArray rows) {
        return new QualityOptions(
                folder, dimension, this.rows, sketchRows, alphas, seed, title, rows);
    }
}
