package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.Phase;
import io.spectrawatch.schemas.RowRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a layer, sample after sample.
 *
 * @param columns d
 * @param firstRow per sample the index of its first row, and the number of rows at the end
 * @param positions per row its place in the sequence of its sample, ascending; null where a row is
 *     the whole of its sample
 * @param phase of all rows; null where they are no tokens of a text
 * @param values rows x columns, row-major
 */
record LayerRows(int columns, int[] firstRow, int[] positions, Phase phase, float[] values) {

    /** Rows that have no place within their samples. */
    static LayerRows ofWholes(int columns, int[] firstRow, float[] values) {
        return new LayerRows(columns, firstRow, null, null, values);
    }

    /** A row for each sample. */
    static LayerRows ofOnePerSample(int columns, float[] values) {
        int[] firstRow = new int[values.length / columns + 1];
        Arrays.setAll(firstRow, row -> row);
        return ofWholes(columns, firstRow, values);
    }

    int rows(int sample) {
        return firstRow[sample + 1] - firstRow[sample];
    }

    int rows() {
        return firstRow[firstRow.length - 1];
    }

    /** Whether the samples from one to another have one row each. */
    boolean isOnePerSample(int from, int to) {
        for (int i = from; i < to; i++) {
            if (rows(i) != 1) {
                return false;
            }
        }
        return true;
    }

    /** Whether another layer has the same rows of the same samples. */
    boolean hasRowsOf(LayerRows other) {
        return phase == other.phase
                && Arrays.equals(firstRow, other.firstRow)
                && Arrays.equals(positions, other.positions);
    }

    /** How many ranges the rows from one to another need. */
    int ranges(int from, int to) {
        int count = from < to ? 1 : 0;
        for (int row = from + 1; row < to; row++) {
            count += positions[row] == positions[row - 1] + 1 ? 0 : 1;
        }
        return count;
    }

    /** The rows of one sample from one to another. */
    List<RowRange> rangesOf(int from, int to) {
        List<RowRange> ranges = new ArrayList<>();
        int first = from;
        for (int row = from + 1; row <= to; row++) {
            if (row == to || positions[row] != positions[row - 1] + 1) {
                ranges.add(new RowRange((long) positions[first], row - first, phase));
                first = row;
            }
        }
        return ranges;
    }
}
