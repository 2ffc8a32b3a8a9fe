package io.spectrawatch.spectral.detect.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.detect.SyntheticImages;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Features beside those of plain loops over what the features have written. */
class PatchFeaturesTest {
    private static final int SIDE = SyntheticImages.SIDE;
    private static final ImageGrid GRID = new ImageGrid(1, SIDE, SIDE, false);

    private final Kernels kernels = KernelProviders.open(KernelChoice.HOST);

    @AfterEach
    void close() {
        kernels.close();
    }

    private Projected project(Activations rows) {
        Window[] windows = new Window[rows.taps().size()];
        windows[0] = Window.fit(kernels, rows.values(0), SIDE * SIDE, 4, 1);
        return new Projector(rows.taps(), kernels, null)
                .project(rows, windows, SyntheticImages.CLASSES, 0, rows.rows());
    }

    private static double[] matrix(DataInputStream in) throws IOException {
        double[] values = new double[in.readInt() * in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }

    @Test
    void responsesAreRectifiedAndSummedOverCells() throws IOException {
        Activations rows = SyntheticImages.clean(40, 1);
        Projected projected = project(rows);
        PatchFeatures features = PatchFeatures.fit(projected, 0, GRID, 7);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        features.write(new DataOutputStream(bytes));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        in.skipBytes(13);
        double[] filters = matrix(in);
        double[] offsets = matrix(in);
        double[] thresholds = matrix(in);
        Matrix found = features.of(projected, 0, 0, 40);
        double[] row = new double[PatchFeatures.count()];
        for (int i = 0; i < 40; i++) {
            double[] expected = new double[row.length];
            for (int y = 0; y < 5; y++) {
                for (int x = 0; x < 5; x++) {
                    int cell = (y * 4 / 5) * 4 + x * 4 / 5;
                    for (int k = 0; k < 32; k++) {
                        double sum = offsets[k];
                        for (int j = 0; j < 36; j++) {
                            int at = (2 * y + j / 6) * SIDE + 2 * x + j % 6;
                            sum += filters[j * 32 + k] * rows.values(0)[i * SIDE * SIDE + at];
                        }
                        expected[cell * 64 + k] += Math.max(0, sum - thresholds[k]);
                        expected[cell * 64 + 32 + k] += Math.max(0, -sum - thresholds[k]);
                    }
                }
            }
            found.row(i, row);
            assertArrayEquals(expected, row, 1e-9, "image " + i);
        }
        assertTrue(Arrays.stream(found.toArray()).filter(v -> v > 0).count() > 1000);
        requireClose(found, features.single(0), projected);
    }

    /** Numbers of a response are some hundred; its rounding stays below that of 60 in fp32. */
    private static void requireClose(Matrix expected, SinglePatches single, Projected projected) {
        float[] features = new float[PatchFeatures.count() + 1];
        double[] row = new double[PatchFeatures.count()];
        for (int i = 0; i < expected.rows(); i++) {
            features[0] = 3;
            single.of(projected, i, features, 1);
            expected.row(i, row);
            for (int j = 0; j < row.length; j++) {
                assertEquals(row[j], features[j + 1], 1e-3, "image " + i + ", feature " + j);
            }
            assertEquals(3, features[0]);
        }
    }

    @Test
    void theSameReferenceAndSeedGiveTheSameFilters() throws IOException {
        PatchFeatures features =
                PatchFeatures.fit(project(SyntheticImages.clean(300, 2)), 0, GRID, 7);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        features.write(new DataOutputStream(bytes));
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        PatchFeatures.fit(project(SyntheticImages.clean(300, 2)), 0, GRID, 7)
                .write(new DataOutputStream(again));
        assertArrayEquals(bytes.toByteArray(), again.toByteArray());
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        in.skipBytes(13);
        matrix(in);
        matrix(in);
        for (double threshold : matrix(in)) {
            // Whitened patches vary by one in every direction, less what the ridge takes.
            assertTrue(threshold > 0 && threshold <= 0.6, "threshold " + threshold);
        }
    }

    @Test
    void imagesWithoutAnythingOnThemAreRefused() {
        Activations rows = SyntheticImages.clean(60, 1);
        Arrays.fill(rows.values(0), 3);
        ArithmeticException thrown =
                assertThrows(
                        ArithmeticException.class,
                        () -> PatchFeatures.fit(project(rows), 0, GRID, 7));
        assertEquals("all patches of the images are the same", thrown.getMessage());
    }
}
