package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * True classes of one set of rows. Rows the model answers wrongly are left out: they look like what
 * the detector is after.
 */
final class Labels {
    private final Path file;
    private final float[] classes;

    private Labels(Path file, float[] classes) {
        this.file = file;
        this.classes = classes;
    }

    /**
     * Reads the classes of a set.
     *
     * @param rows of the set
     * @param set what it is called in errors
     */
    static Labels read(Path file, int rows, String set) throws IOException {
        NpyArray array = NpyFile.read(file);
        if (array.rowSize() != 1 || array.values().length != rows) {
            throw new IllegalArgumentException(
                    file
                            + ": one class per "
                            + set
                            + " row ("
                            + rows
                            + ") expected, found shape "
                            + Arrays.toString(array.shape()));
        }
        return new Labels(file, array.values());
    }

    /**
     * Returns whether a file has the classes of the reference, by its length.
     *
     * @throws IllegalArgumentException if the length is that of neither set or of both
     */
    static boolean areOfReference(Path file, int reference, int clean) throws IOException {
        NpyArray array = NpyFile.read(file);
        int count = array.values().length;
        if (reference == clean && count == clean) {
            throw new IllegalArgumentException(
                    file
                            + ": reference and clean inputs have "
                            + count
                            + " rows each, so --labels is ambiguous; use --reference-labels or"
                            + " --clean-labels");
        }
        if (count != reference && count != clean) {
            throw new IllegalArgumentException(
                    file
                            + ": one class per reference row ("
                            + reference
                            + ") or per clean row ("
                            + clean
                            + ") expected, found shape "
                            + Arrays.toString(array.shape()));
        }
        return count == reference;
    }

    /**
     * Returns the rows whose answer is the true class: the largest logit, or of a single one
     * whether it is above zero.
     *
     * @throws IllegalArgumentException if there are no logits, a label is no class of the model, or
     *     no answer is right
     */
    Activations answeredRightly(Activations rows) {
        int logits = rows.taps().size() - 1;
        if (rows.taps().get(logits).role() != TapRole.LOGITS) {
            throw new IllegalArgumentException("labels: logits are needed to compare them with");
        }
        int columns = rows.taps().get(logits).dimension();
        requireClasses(Math.max(2, columns));
        int[] kept = new int[rows.rows()];
        int count = 0;
        for (int i = 0; i < rows.rows(); i++) {
            if (answer(rows.values(logits), i, columns) == classes[i]) {
                kept[count++] = i;
            }
        }
        if (count == 0) {
            throw new IllegalArgumentException(
                    file
                            + ": the model answers none of the "
                            + kept.length
                            + " rows so; are these"
                            + " the classes of these rows?");
        }
        return rows.select(Arrays.copyOf(kept, count));
    }

    private static int answer(float[] logits, int row, int columns) {
        if (columns == 1) {
            return logits[row] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int c = 1; c < columns; c++) {
            best = logits[row * columns + c] > logits[row * columns + best] ? c : best;
        }
        return best;
    }

    private void requireClasses(int count) {
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] != (int) classes[i] || classes[i] < 0 || classes[i] >= count) {
                throw new IllegalArgumentException(
                        file
                                + ": classes from 0 to "
                                + (count - 1)
                                + " expected, found "
                                + classes[i]
                                + " in row "
                                + i);
            }
        }
    }
}
