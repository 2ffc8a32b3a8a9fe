package io.spectrawatch.ingest.capture;

/**
 * What goes into one record: whole samples, or of one sample the rows of one part. All parts of a
 * sample have as many rows of a layer as can be, and a layer with one row has it in the last.
 *
 * @param from first sample
 * @param to behind the last sample
 * @param part number of the part, from 0
 * @param parts of the sample; 1 where samples are whole
 */
record Cut(int from, int to, int part, int parts) {

    static Cut ofWholes(int from, int to) {
        return new Cut(from, to, 0, 1);
    }

    boolean whole() {
        return parts == 1;
    }

    boolean last() {
        return part == parts - 1;
    }

    /** Index of a layer's first row in the record. */
    int first(LayerRows layer) {
        return at(layer, part);
    }

    /** Index behind a layer's last row in the record. */
    int end(LayerRows layer) {
        return at(layer, part + 1);
    }

    private int at(LayerRows layer, int before) {
        int first = layer.firstRow()[from];
        long rows = layer.firstRow()[to] - first;
        return first + (int) (rows * before / parts);
    }
}
