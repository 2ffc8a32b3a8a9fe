package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Rows of the quality report in whole blocks, about their own mean, so that methods that do not
 * centre are compared fairly.
 *
 * @param title of the stream
 * @param dimension d
 * @param blocks full ones of {@link #BLOCK} rows
 */
record QualityInput(String title, int dimension, List<RowBlock> blocks) {
    static final int BLOCK = 64;

    /** Draws the rows of a generated stream. */
    static QualityInput of(QualityStream stream, QualityOptions options) {
        Random random = new Random(options.seed());
        int count = options.rows() / BLOCK * BLOCK;
        double[][] rows = new double[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = stream.row(random, options.dimension(), i, count);
        }
        return centred(stream.title(), rows);
    }

    /**
     * Takes the rows of an array; those after the last whole block are left out.
     *
     * @throws IllegalArgumentException if it is no matrix of at least a block of finite rows
     */
    static QualityInput of(String title, NpyArray array) {
        int count = array.rows() / BLOCK * BLOCK;
        int d = array.rowSize();
        if (array.shape().length != 2 || count == 0 || d == 0) {
            throw new IllegalArgumentException(
                    title
                            + ": a matrix of at least "
                            + BLOCK
                            + " rows expected, found "
                            + array.shape().length
                            + " dimensions and "
                            + array.rows()
                            + " rows");
        }
        double[][] rows = new double[count][d];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < d; j++) {
                rows[i][j] = array.values()[i * d + j];
                if (!Double.isFinite(rows[i][j])) {
                    throw new IllegalArgumentException(
                            title
                                    + ": finite numbers expected, found "
                                    + rows[i][j]
                                    + " in row "
                                    + i);
                }
            }
        }
        return centred(title, rows);
    }

    private static QualityInput centred(String title, double[][] rows) {
        int d = rows[0].length;
        double[] mean = new double[d];
        for (double[] row : rows) {
            for (int j = 0; j < d; j++) {
                mean[j] += row[j] / rows.length;
            }
        }
        List<RowBlock> blocks = new ArrayList<>();
        for (int i = 0; i < rows.length; i += BLOCK) {
            RowBlock block = new RowBlock(BLOCK, d);
            for (int k = i; k < i + BLOCK; k++) {
                for (int j = 0; j < d; j++) {
                    rows[k][j] -= mean[j];
                }
                block.append(rows[k]);
            }
            blocks.add(block);
        }
        return new QualityInput(title, d, blocks);
    }
}
