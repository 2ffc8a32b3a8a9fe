package io.spectrawatch.spectral.detect.surrogate;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Landmarks class by class.
 *
 * @param starts the first of each class, and one past the last of all
 */
record ClassLandmarks(int[] starts, Landmarks rows) {
    /** Returns landmarks taken from reference rows that stand class by class. */
    static ClassLandmarks of(Landmarks landmarks, int[] rows, int[] predicted, int classes) {
        int[] starts = new int[classes + 1];
        for (int row : rows) {
            starts[predicted[row] + 1]++;
        }
        for (int c = 0; c < classes; c++) {
            starts[c + 1] += starts[c];
        }
        return new ClassLandmarks(starts, landmarks);
    }

    /** Writes how many there are of each class. */
    void writeCounts(DataOutput out) throws IOException {
        for (int c = 0; c + 1 < starts.length; c++) {
            out.writeInt(starts[c + 1] - starts[c]);
        }
    }

    /** Reads how many landmarks, read before, there are of each class. */
    static ClassLandmarks read(DetectorInput in, Landmarks landmarks) throws IOException {
        int[] starts = new int[in.classes() + 1];
        for (int c = 0; c < in.classes(); c++) {
            starts[c + 1] = starts[c] + in.integer("rows of a class", 0, Landmarks.MOST);
        }
        if (starts[in.classes()] != landmarks.count()) {
            throw new IOException(
                    landmarks.count() + " rows expected, found " + starts[in.classes()]);
        }
        return new ClassLandmarks(starts, landmarks);
    }
}
