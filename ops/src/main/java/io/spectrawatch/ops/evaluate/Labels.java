package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.detect.Activations;
import io.spectrawatch.spectral.detect.TapRole;
import io.spectrawatch.spectral.evaluate.NpyArray;
import io.spectrawatch.spectral.evaluate.NpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * True classes of the reference or of the clean rows, told apart by their number. Rows the model
 * answers wrongly are left out: they look like what the detector is after.
 */
final class Labels {
    private final float[] classes;

    private Labels(float[] classes) {
        this.classes = classes;
    }

    static Labels read(Path file, Activations reference, Activations clean) throws IOException {
        NpyArray array = NpyFile.read(file);
        int count = array.values().length;
        if (array.rowSize() != 1 || count != reference.rows() && count != clean.rows()) {
            throw new IllegalArgumentException(
                    file
                            + ": one class per reference row ("
                            + reference.rows()
                            + ") or per clean row ("
                            + clean.rows()
                            + ") expected, found shape "
                            + Arrays.toString(array.shape()));
        }
        return new Labels(array.values());
    }

    Activations answeredRightly(Activations rows) {
        if (rows.rows() != classes.length) {
            return rows;
        }
        int logits = rows.taps().size() - 1;
        if (rows.taps().get(logits).role() != TapRole.LOGITS) {
            throw new IllegalArgumentException("labels: logits are needed to compare them with");
        }
        int columns = rows.taps().get(logits).dimension();
        int[] kept = new int[rows.rows()];
        int count = 0;
        for (int i = 0; i < rows.rows(); i++) {
            int best = 0;
            for (int c = 1; c < columns; c++) {
                float value = rows.values(logits)[i * columns + c];
                best = value > rows.values(logits)[i * columns + best] ? c : best;
            }
            if (best == classes[i]) {
                kept[count++] = i;
            }
        }
        return rows.select(Arrays.copyOf(kept, count));
    }
}
