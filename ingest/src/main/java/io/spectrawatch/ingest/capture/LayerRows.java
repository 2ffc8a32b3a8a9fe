package io.spectrawatch.ingest.capture;

/**
 * The rows of a layer, sample after sample.
 *
 * @param columns d
 * @param firstRow per sample the index of its first row, and the number of rows at the end
 * @param values rows x columns, row-major
 */
record LayerRows(int columns, int[] firstRow, float[] values) {

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
}
