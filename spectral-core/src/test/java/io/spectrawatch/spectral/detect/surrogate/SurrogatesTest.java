package io.spectrawatch.spectral.detect.surrogate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.detect.SyntheticImages;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.ImageGrid;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.Projector;
import io.spectrawatch.spectral.detect.reference.Window;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What surrogates say beside the same in fp64 and plain loops, from the bytes they write. */
class SurrogatesTest {
    private static final int WIDTH = 20;
    private static final int CLASSES = 4;

    /** Most that rounding changes an evidence by; outputs are about 1. */
    private static final double ROUNDING = 5e-3;

    private final long seed = Long.getLong("spectrawatch.seed", 20260101L);
    private final Random random = new Random(seed);
    private final Kernels kernels = KernelProviders.open(KernelChoice.HOST);

    @AfterEach
    void close() {
        kernels.close();
    }

    private static final List<Tap> TAPS =
            List.of(new Tap("x", TapRole.INPUT, WIDTH), new Tap("logits", TapRole.LOGITS, CLASSES));

    /** Rows about a mean per class, some of them answered as another one. */
    private Activations rows(int count, double scale) {
        float[] all = new float[count * WIDTH];
        float[] logits = new float[count * CLASSES];
        for (int i = 0; i < count; i++) {
            int c = random.nextInt(CLASSES);
            int answered = random.nextInt(10) == 0 ? random.nextInt(CLASSES) : c;
            logits[i * CLASSES + answered] = 3;
            for (int j = 0; j < WIDTH; j++) {
                double own = random.nextGaussian() + (j % CLASSES == c ? 2 : 0);
                all[i * WIDTH + j] = (float) (scale * own / (1 + j / 4));
            }
        }
        return Activations.of(TAPS, new float[][] {all, logits});
    }

    /** Models of a reference, with the window that they were fitted in. */
    private final class Fitted {
        private final Window window;
        private final Surrogates surrogates;

        Fitted(Activations reference, int nearest) {
            this.window = Window.fit(kernels, reference.values(0), WIDTH, WIDTH, 1);
            this.surrogates =
                    Surrogates.fit(project(reference), 0, CLASSES, Optional.empty(), nearest, 1);
        }

        Projected project(Activations rows) {
            return new Projector(TAPS, kernels, null)
                    .project(rows, new Window[] {window, null}, CLASSES, 0, rows.rows());
        }
    }

    /** Rows as they are written, and the first of each class. */
    private record WrittenRows(double unit, double[][] rows, int[] starts) {
        static WrittenRows read(DataInputStream in, double unit) throws IOException {
            double[][] rows = new double[in.readInt()][WIDTH];
            float[] steps = floats(in, rows.length);
            for (int m = 0; m < rows.length; m++) {
                for (int i = 0; i < WIDTH; i++) {
                    rows[m][i] = in.readShort() * steps[m];
                }
            }
            int[] starts = new int[CLASSES + 1];
            for (int c = 0; c < CLASSES; c++) {
                starts[c + 1] = starts[c] + in.readInt();
            }
            return new WrittenRows(unit, rows, starts);
        }

        double squared(double[] row, int m) {
            double sum = 0;
            for (int i = 0; i < WIDTH; i++) {
                double apart = unit * row[i] - rows[m][i];
                sum += apart * apart;
            }
            return sum;
        }

        DoubleStream toClass(double[] row, int c) {
            return IntStream.range(starts[c], starts[c + 1]).mapToDouble(m -> squared(row, m));
        }
    }

    private static float[] floats(DataInputStream in, int count) throws IOException {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }

    private record Written(
            WrittenRows landmarks, WrittenRows others, float[] wide, float[] narrow) {
        static Written of(Surrogates surrogates) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            surrogates.write(new DataOutputStream(bytes));
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
            assertEquals(WIDTH, in.readInt());
            double unit = in.readDouble();
            WrittenRows landmarks = WrittenRows.read(in, unit);
            WrittenRows others =
                    in.readBoolean()
                            ? WrittenRows.read(in, unit)
                            : new WrittenRows(1, new double[0][], new int[CLASSES + 1]);
            int weights = (landmarks.rows.length + 1) * CLASSES;
            return new Written(landmarks, others, floats(in, weights), floats(in, weights));
        }

        double radial(double[] row, int answered, double rate, float[] weights) {
            double[] outputs = new double[CLASSES];
            for (int m = 0; m < landmarks.rows.length; m++) {
                double feature = Math.exp(-rate * landmarks.squared(row, m));
                for (int c = 0; c < CLASSES; c++) {
                    outputs[c] += feature * weights[m * CLASSES + c];
                }
            }
            double own = outputs[answered];
            outputs[answered] = Double.NEGATIVE_INFINITY;
            return Arrays.stream(outputs).max().orElseThrow() - own;
        }

        double nearest(double[] row, int answered) {
            double own = 0;
            double other = Double.POSITIVE_INFINITY;
            for (int c = 0; c < CLASSES; c++) {
                DoubleStream all =
                        DoubleStream.concat(landmarks.toClass(row, c), others.toClass(row, c));
                double mean = all.sorted().limit(3).average().orElseThrow();
                own = c == answered ? mean : own;
                other = c == answered ? other : Math.min(other, mean);
            }
            return Math.log(own / other);
        }
    }

    private static double[] evidence(Surrogates.Opinions found, Surrogates.Part part) {
        return found.evidence()[part.ordinal()];
    }

    @Test
    void theyAreTheSameInPlainLoopsWithinTheirRounding() throws IOException {
        for (double scale : new double[] {1, 1e-9, 1e12}) {
            Fitted fitted = new Fitted(rows(1500, scale), scale == 1 ? 1200 : 0);
            Written written = Written.of(fitted.surrogates);
            assertEquals(750, written.landmarks.rows.length);
            assertEquals(scale == 1 ? 450 : 0, written.others.rows.length);
            Projected asked = fitted.project(rows(300, scale));
            Surrogates.Opinions found = fitted.surrogates.of(asked);
            double[] row = new double[WIDTH];
            for (int i = 0; i < asked.rows(); i++) {
                asked.coordinates(0).row(i, row);
                int answered = asked.predicted()[i];
                String where = "row " + i + ", scale " + scale + ", seed " + seed;
                assertEquals(
                        written.radial(row, answered, 1, written.wide),
                        evidence(found, Surrogates.Part.WIDE)[i],
                        ROUNDING,
                        where);
                assertEquals(
                        written.radial(row, answered, 4, written.narrow),
                        evidence(found, Surrogates.Part.NARROW)[i],
                        ROUNDING,
                        where);
                assertEquals(
                        written.nearest(row, answered),
                        evidence(found, Surrogates.Part.NEAREST)[i],
                        ROUNDING,
                        where);
            }
        }
    }

    @Test
    void anotherAnswerHasTheEvidenceAgainstIt() {
        Fitted fitted = new Fitted(rows(1500, 1), 0);
        Projected asked = fitted.project(rows(400, 1));
        int[] favoured = fitted.surrogates.of(asked).favoured();
        int agreed = 0;
        for (int i = 0; i < favoured.length; i++) {
            agreed += favoured[i] == asked.predicted()[i] ? 1 : 0;
        }
        assertTrue(agreed > 300, agreed + " of 400");
    }

    @Test
    void rowsFarBeyondTheReferenceAreAnsweredByNothing() {
        Fitted fitted = new Fitted(rows(1500, 1), 0);
        float[] all = new float[3 * WIDTH];
        Arrays.fill(all, 0, WIDTH, 1e10f);
        Arrays.fill(all, WIDTH, 2 * WIDTH, 1e36f);
        Arrays.fill(all, 2 * WIDTH, 3 * WIDTH, 1e5f);
        Activations far = Activations.of(TAPS, new float[][] {all, new float[3 * CLASSES]});
        Surrogates.Opinions found = fitted.surrogates.of(fitted.project(far));
        assertArrayEquals(new double[3], evidence(found, Surrogates.Part.WIDE), 1e-9);
        assertArrayEquals(new double[3], evidence(found, Surrogates.Part.NARROW), 1e-9);
        for (double value : evidence(found, Surrogates.Part.NEAREST)) {
            assertTrue(Double.isFinite(value), "finite expected, found " + value);
        }
    }

    @Test
    void aReferenceThatFp32CannotHoldIsRefused() {
        Activations rows = rows(1500, 1e-9);
        Arrays.fill(rows.values(0), 0, WIDTH, 1e15f);
        ArithmeticException thrown =
                assertThrows(ArithmeticException.class, () -> new Fitted(rows, 0));
        assertTrue(thrown.getMessage().startsWith("landmarks:"), thrown.getMessage());
    }

    @Test
    void whatIsNotFiniteHasNoDistance() {
        Matrix marked = Matrix.of(4, 2, new double[] {0, 0, 1, 0, 0, 1, 1, 1});
        Landmarks landmarks = Landmarks.of(kernels, marked);
        Landmarks.Rows group = new Landmarks.Rows(3, 2);
        landmarks.take(new double[] {Double.NaN, 1}, group, 0);
        landmarks.take(new double[] {1e300, 1}, group, 1);
        landmarks.take(new double[] {1, 1}, group, 2);
        landmarks.squared(
                kernels,
                group,
                (from, width, squared) -> {
                    for (int m = 0; m < width; m++) {
                        assertTrue(Float.isNaN(squared[3 * m]));
                        assertTrue(squared[3 * m + 1] > 1e9 && squared[3 * m + 1] < 1e15);
                    }
                    assertEquals(0, squared[3 * 3 + 2], 1e-6);
                });
    }

    @Test
    void aReferenceThatIsMostlyTheSameRowHasAUnitAndEvidence() {
        Activations rows = rows(1500, 1);
        for (int i = 0; i < 1500; i++) {
            if (i % 5 < 4) {
                System.arraycopy(rows.values(0), 0, rows.values(0), i * WIDTH, WIDTH);
                System.arraycopy(rows.values(1), 0, rows.values(1), i * CLASSES, CLASSES);
            }
        }
        Fitted fitted = new Fitted(rows, 0);
        Projected asked = fitted.project(rows);
        Surrogates.Opinions found = fitted.surrogates.of(asked);
        int agreed = 0;
        for (int i = 4; i < 1500; i += 5) {
            agreed += found.favoured()[i] == asked.predicted()[i] ? 1 : 0;
        }
        assertTrue(agreed > 200, agreed + " of 300, seed " + seed);
    }

    @Test
    void landmarksThatAreNearlyAllTheSameHaveNoUnit() {
        double[] values = new double[80];
        Arrays.fill(values, 3);
        values[17] = 4;
        ArithmeticException thrown =
                assertThrows(
                        ArithmeticException.class,
                        () -> Landmarks.of(kernels, Matrix.of(40, 2, values)));
        assertEquals(
                "landmarks: one positive distance in 16 required, found 78 in 1600",
                thrown.getMessage());
    }

    /** Of each class there are five rows, and two or three landmarks. */
    @Test
    void theNearestOfManyClassesAreFoundAmongTheOtherRows() {
        int classes = 400;
        int count = 5 * classes;
        List<Tap> taps = List.of(TAPS.get(0), new Tap("logits", TapRole.LOGITS, classes));
        float[] logits = new float[count * classes];
        float[] all = new float[count * WIDTH];
        for (int i = 0; i < count; i++) {
            logits[i * classes + i % classes] = 3;
            for (int j = 0; j < WIDTH; j++) {
                all[i * WIDTH + j] = (float) random.nextGaussian();
            }
        }
        Activations rows = Activations.of(taps, new float[][] {all, logits});
        Window[] windows = {Window.fit(kernels, all, WIDTH, WIDTH, 1), null};
        Projected reference =
                new Projector(taps, kernels, null).project(rows, windows, classes, 0, count);
        for (boolean others : new boolean[] {false, true}) {
            Surrogates surrogates =
                    Surrogates.fit(reference, 0, classes, Optional.empty(), others ? count : 0, 1);
            double[] found = evidence(surrogates.of(reference), Surrogates.Part.NEAREST);
            long silent = Arrays.stream(found).filter(value -> value == 0).count();
            assertTrue(others ? silent == 0 : silent > count / 4, silent + ", seed " + seed);
        }
    }

    @Test
    void unitsAndStepsOutOfTheirRangeAreRefused() throws IOException {
        byte[] bytes = bytes(new Fitted(rows(300, 1), 0).surrogates);
        // So wide that it has as many contrasts: there is no model with a window here.
        List<Tap> taps = List.of(new Tap("x", TapRole.INPUT, WIDTH + 1), TAPS.get(1));
        for (double unit : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            byte[] other = bytes.clone();
            ByteBuffer.wrap(other).putDouble(Integer.BYTES, unit);
            refused("unit", other, taps, CLASSES);
        }
        byte[] other = bytes.clone();
        ByteBuffer.wrap(other).putFloat(Integer.BYTES + Double.BYTES + Integer.BYTES, -1);
        refused("steps from 0 on", other, taps, CLASSES);
    }

    @Test
    void otherRowsBesidePatchesAreRefused() throws IOException {
        Activations images = SyntheticImages.clean(300, 1);
        int width = images.taps().get(0).dimension();
        Window[] windows = new Window[3];
        windows[0] = Window.fit(kernels, images.values(0), width, 8, 1);
        Projected reference =
                new Projector(images.taps(), kernels, null)
                        .project(images, windows, SyntheticImages.CLASSES, 0, 300);
        byte[] bytes =
                bytes(
                        Surrogates.fit(
                                reference,
                                0,
                                SyntheticImages.CLASSES,
                                ImageGrid.of(images.values(0), width),
                                0,
                                1));
        // Landmarks after coordinates and unit: 150 of a step and 8 coordinates; then the classes.
        int from = Integer.BYTES + Double.BYTES;
        int length = 4 + 150 * (4 + 8 * 2) + 4 * SyntheticImages.CLASSES;
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        other.write(bytes, 0, from + length);
        other.write(1);
        other.write(bytes, from, length);
        other.write(bytes, from + length + 1, bytes.length - from - length - 1);
        assertEquals(0, bytes[from + length]);
        refused("no other rows", other.toByteArray(), images.taps(), SyntheticImages.CLASSES);
    }

    private static byte[] bytes(Surrogates surrogates) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        surrogates.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static void refused(String part, byte[] bytes, List<Tap> taps, int classes) {
        DetectorInput in = new DetectorInput(bytes);
        in.context(taps, classes, new LayerModel[taps.size()]);
        String message = assertThrows(IOException.class, () -> Surrogates.read(in, 0)).getMessage();
        assertTrue(message.contains(part), message);
    }
}
