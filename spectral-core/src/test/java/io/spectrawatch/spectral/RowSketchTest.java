package io.spectrawatch.spectral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.descriptor.Comparison;
import io.spectrawatch.spectral.descriptor.Descriptors;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.IncompatibleSketchException;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchFormatException;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RowSketchTest {
    private static final int D = 20;

    private static final SketchOptions EXACT =
            SketchOptions.defaults().withKind(SketchKind.EXACT).withBlockRows(16);

    private static final SketchOptions DIRECTIONS =
            SketchOptions.defaults()
                    .withKind(SketchKind.FREQUENT_DIRECTIONS)
                    .withSketchRows(8)
                    .withBlockRows(16)
                    .withProbes(4, 7);

    private static float[] rows(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count * D];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / (1 + i % D) + i % 3);
        }
        return values;
    }

    private static RowSketch open(SketchOptions options) {
        return RowSketch.open(D, options, KernelChoice.HOST);
    }

    private static ByteBuffer bytes(float[] rows) {
        ByteBuffer bytes =
                ByteBuffer.allocate(rows.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(rows);
        return bytes;
    }

    /** The same by the parts: whole blocks, then what is left. */
    private static SecondMomentSketch parts(SketchOptions options, float[] rows, Kernels kernels) {
        SecondMomentSketch sketch = Sketches.create(options, D, kernels);
        RowBlock block = new RowBlock(options.blockRows(), D);
        ByteBuffer bytes = bytes(rows);
        int count = rows.length / D;
        for (int taken = 0; taken < count; ) {
            taken += block.append(bytes, ElementType.FLOAT32, taken, count - taken);
            sketch.update(block);
            block.clear();
        }
        return sketch;
    }

    @Test
    void itSaysBitForBitWhatThePartsSay() {
        Property.forAll(
                RowSketchTest.class,
                20,
                random -> {
                    SketchOptions options = random.nextBoolean() ? EXACT : DIRECTIONS;
                    float[] rows = rows(1 + random.nextInt(100), random.nextLong());
                    try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                            SecondMomentSketch parts = parts(options, rows, kernels);
                            RowSketch sketch = open(options)) {
                        addInPieces(sketch, rows, random);
                        assertEquals(rows.length / D, sketch.rows());
                        assertArrayEquals(parts.toBytes(), sketch.toBytes());
                        assertEquals(
                                Descriptors.all(parts.centredSpectrum(0)), sketch.descriptors());
                        assertArrayEquals(
                                parts.centredSpectrum(3).basis(), sketch.spectrum(3).basis());
                    }
                });
    }

    private static void addInPieces(RowSketch sketch, float[] rows, Random random) {
        int count = rows.length / D;
        for (int at = 0; at < count; ) {
            int piece = 1 + random.nextInt(count - at);
            float[] part = Arrays.copyOfRange(rows, at * D, (at + piece) * D);
            if (piece == 1) {
                sketch.add(part);
            } else if (random.nextBoolean()) {
                sketch.addAll(part);
            } else {
                sketch.addAll(bytes(part), ElementType.FLOAT32);
            }
            at += piece;
        }
    }

    @Test
    void wideRowsCountLikeNarrowOnes() {
        float[] rows = rows(37, 5);
        try (RowSketch narrow = open(EXACT);
                RowSketch wide = open(EXACT)) {
            narrow.addAll(rows);
            for (int i = 0; i < 37; i++) {
                double[] row = new double[D];
                for (int j = 0; j < D; j++) {
                    row[j] = rows[i * D + j];
                }
                wide.add(row);
            }
            assertArrayEquals(narrow.toBytes(), wide.toBytes());
        }
    }

    @Test
    void bytesContinueAndMergeAsTheSketchItself() {
        float[] first = rows(40, 1);
        float[] second = rows(25, 2);
        for (SketchOptions options : new SketchOptions[] {EXACT, DIRECTIONS}) {
            try (RowSketch whole = open(options);
                    RowSketch other = open(options)) {
                whole.addAll(first);
                try (RowSketch restored = RowSketch.fromBytes(whole.toBytes())) {
                    restored.addAll(second);
                    whole.addAll(second);
                    assertArrayEquals(whole.toBytes(), restored.toBytes());
                    other.addAll(second);
                    whole.merge(other);
                    restored.merge(other);
                    assertEquals(90, restored.rows());
                    assertEquals(25, other.rows());
                    assertArrayEquals(whole.toBytes(), restored.toBytes());
                }
            }
        }
    }

    @Test
    void distancesAreThoseOfTheParts() {
        float[] first = rows(50, 1);
        float[] second = rows(60, 2);
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                SecondMomentSketch a = parts(EXACT, first, kernels);
                SecondMomentSketch b = parts(EXACT, second, kernels);
                RowSketch one = open(EXACT);
                RowSketch other = open(EXACT);
                RowSketch empty = open(EXACT)) {
            one.addAll(first);
            other.addAll(second);
            assertEquals(Comparison.between(a, b, 3, kernels), one.distances(other, 3));
            assertThrows(IllegalArgumentException.class, () -> one.distances(empty, 3));
        }
    }

    @Test
    void nothingIsKnownOfNoRows() {
        try (RowSketch sketch = RowSketch.open(D)) {
            assertEquals(0, sketch.rows());
            assertEquals(0, sketch.descriptors().get(0).upper());
        }
    }

    @Test
    void badRowsAreNamedAndLeaveNothingBehind() {
        float[] rows = rows(20, 3);
        float[] bad = rows(20, 3);
        bad[2 * D + 4] = Float.NaN;
        double[] huge = new double[D];
        huge[1] = 1e200;
        try (RowSketch sketch = open(EXACT)) {
            sketch.addAll(rows);
            byte[] before = sketch.toBytes();
            refused("row 20: width 20 expected, found 19", () -> sketch.add(new float[19]));
            refused("row 20: width 20 expected, found 40", () -> sketch.add(new float[2 * D]));
            refused("row 20, column 1: a finite value", () -> sketch.add(huge));
            refused("row 22, column 4: a finite value", () -> sketch.addAll(bad));
            refused(
                    "row 22, column 4: a finite value",
                    () -> sketch.addAll(bytes(bad), ElementType.FLOAT32));
            refused(
                    "a multiple of 20 values expected, found 21",
                    () -> sketch.addAll(new float[21]));
            refused(
                    "a multiple of 40 bytes expected, found 42",
                    () -> sketch.addAll(ByteBuffer.allocate(42), ElementType.FLOAT16));
            assertArrayEquals(before, sketch.toBytes());
        }
    }

    @Test
    void aBlockThatOverflowsIsDropped() {
        double[] huge = new double[D];
        SketchOptions wide = EXACT.withBlockRows(1000);
        try (RowSketch sketch = open(wide)) {
            for (int i = 0; i < 1000 - 1; i++) {
                Arrays.fill(huge, (i % 2 == 0 ? 1 : -1) * SecondMomentSketch.MOST_VALUE);
                sketch.add(huge);
            }
            refused("an energy of at most", () -> sketch.spectrum(0));
            assertEquals(0, sketch.rows());
            sketch.addAll(rows(3, 1));
            assertEquals(3, sketch.spectrum(0).rows());
        }
    }

    private static void refused(String message, Executable call) {
        InvalidRowsException error = assertThrows(InvalidRowsException.class, call);
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> RowSketch.open(0));
        assertThrows(SketchFormatException.class, () -> RowSketch.fromBytes(new byte[9]));
        try (RowSketch exact = open(EXACT);
                RowSketch other = RowSketch.open(D + 1)) {
            assertThrows(IncompatibleSketchException.class, () -> exact.merge(other));
            assertThrows(IncompatibleSketchException.class, () -> exact.merge(exact));
        }
    }

    @Test
    void aClosedSketchSaysSo() {
        RowSketch sketch = RowSketch.open(D);
        sketch.close();
        sketch.close();
        assertThrows(IllegalStateException.class, () -> sketch.add(new float[D]));
        assertThrows(IllegalStateException.class, () -> sketch.add(new double[D]));
        assertThrows(IllegalStateException.class, sketch::toBytes);
        assertThrows(IllegalStateException.class, sketch::descriptors);
        try (RowSketch open = RowSketch.open(D)) {
            assertThrows(IllegalStateException.class, () -> open.merge(sketch));
        }
    }
}
