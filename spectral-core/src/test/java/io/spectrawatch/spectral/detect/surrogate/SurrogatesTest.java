package io.spectrawatch.spectral.detect.surrogate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
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
        static WrittenRows read(DataInputStream in) throws IOException {
            int[] starts = new int[CLASSES + 1];
            for (int c = 0; c < CLASSES; c++) {
                starts[c + 1] = starts[c] + in.readInt();
            }
            double[][] rows = new double[in.readInt()][WIDTH];
            double unit = in.readDouble();
            float[] steps = floats(in, rows.length);
            for (int m = 0; m < rows.length; m++) {
                for (int i = 0; i < WIDTH; i++) {
                    rows[m][i] = in.readShort() * steps[m];
                }
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
            WrittenRows landmarks = WrittenRows.read(in);
            WrittenRows others =
                    in.readBoolean()
                            ? WrittenRows.read(in)
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
}
