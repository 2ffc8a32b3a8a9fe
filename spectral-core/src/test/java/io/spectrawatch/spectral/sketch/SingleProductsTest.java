package io.spectrawatch.spectral.sketch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Roundoff;
import io.spectrawatch.spectral.linalg.SingleProducts;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An exact moment with fp32 products is within its bound, and the bound within its share. */
class SingleProductsTest {
    private static final int D = SingleProducts.LEAST_COLUMNS;
    private static final double SHARE = 1e-5;
    private static final int CASES = 12;

    /** What rows are multiplied by: from where squares are lost to where they near the most. */
    private static final double[] SCALES = {1, 1e-160, 1e-150, 1e-40, 1e30, 1e45, 1e120};

    @ParameterizedTest
    @EnumSource(
            value = KernelChoice.class,
            names = {"HOST", "ONNX_CPU"})
    void staysWithinItsBound(KernelChoice choice) {
        try (Kernels kernels = KernelProviders.open(choice)) {
            Property.forAll(getClass(), CASES, random -> check(kernels, random));
        }
    }

    private static void check(Kernels kernels, Random random) {
        double share = SHARE * (1 + 9 * random.nextDouble());
        int block;
        do {
            block = SingleProducts.LEAST_TERMS + random.nextInt(300);
        } while (SingleProducts.chunk(share, block, D) == 0);
        List<double[]> rows = rows(random, 3 * block / 2);
        SketchOptions options = options(share);
        Anchor anchor = random.nextBoolean() ? null : new Anchor("a", rows.get(0));
        try (CentredSketch single = Sketches.create(options, D, kernels, anchor);
                CentredSketch whole =
                        Sketches.create(options.withRounding(0), D, kernels, anchor)) {
            SecondMomentSketchContract.feed(single, rows, block);
            SecondMomentSketchContract.feed(whole, rows, block);
            assertEquals(whole.energy(), single.energy(), 1e-14 * whole.energy(), "F");
            double booked = single.roundoff - whole.roundoff;
            double allowed = share * single.energy();
            double lost = Roundoff.gamma(8) * whole.roundoff;
            assertTrue(booked > 0 || allowed < lost, "booked " + booked);
            assertTrue(booked <= allowed + lost, booked + " of " + single.energy());
            Replay.Comparison apart = Replay.compare(single, whole, kernels);
            double most = Math.max(apart.most(), -apart.least());
            assertTrue(
                    most <= booked + 2 * whole.roundoff,
                    most + " apart, booked " + booked + " of " + single.energy());
            double gap = Math.abs(trace(single) - trace(whole));
            assertTrue(gap <= booked + 2 * whole.roundoff, "trace " + gap);
            single.checkArithmetic();
            try (SecondMomentSketch read = Sketches.fromBytes(single.toBytes(), kernels)) {
                assertArrayEquals(single.toBytes(), read.toBytes());
                assertEquals(options, read.options());
            }
        }
    }

    /** Columns and rows of very different sizes that cancel, and some that are the same sign. */
    private static List<double[]> rows(Random random, int count) {
        double scale = SCALES[random.nextInt(SCALES.length)];
        int spread = random.nextInt(40);
        boolean positive = random.nextBoolean();
        Streams stream = Streams.values()[random.nextInt(Streams.values().length)];
        List<double[]> rows = stream.rows(random, count, D);
        for (double[] row : rows) {
            double own = Math.scalb(scale, -random.nextInt(1 + spread));
            for (int j = 0; j < D; j++) {
                double value = row[j] + random.nextGaussian() / 64;
                row[j] = own * Math.scalb(positive ? Math.abs(value) : value, -(j % (1 + spread)));
            }
        }
        return rows;
    }

    private static double trace(CentredSketch sketch) {
        double sum = 0;
        for (int i = 0; i < D; i++) {
            sum += ((ExactMoment) sketch).state().get(i * (D + 1));
        }
        return sum;
    }

    private static SketchOptions options(double share) {
        return SketchOptions.defaults().withKind(SketchKind.EXACT).withRounding(share);
    }

    /** All rows alike: every number is rounded upwards. */
    @Test
    void whatNarrowingChangesIsSeenAndBounded() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                CentredSketch sketch =
                        Sketches.create(
                                options(SHARE), D, kernels, new Anchor("zero", new double[D]))) {
            int n = SingleProducts.LEAST_TERMS;
            RowBlock block = new RowBlock(n, D);
            double[] row = new double[D];
            Arrays.fill(row, 1 + 0x1p-24 + 0x1p-40);
            for (int i = 0; i < n; i++) {
                block.append(row);
            }
            sketch.update(block);
            double gap = Math.abs(sketch.energy - trace(sketch)) / sketch.energy;
            assertTrue(gap > 1e-8, "fp32 was used: " + gap);
            assertTrue(gap <= SingleProducts.share(n, D), "gap " + gap);
        }
    }

    @Test
    void chunksAreAsLongAsTheShareAllows() {
        assertEquals(160, SingleProducts.chunk(SHARE, 160, D));
        assertEquals(160, SingleProducts.chunk(SHARE, 320, D));
        assertEquals(160, SingleProducts.chunk(1e-4, 160, D));
        assertEquals(480, SingleProducts.chunk(1e-4, 480, D));
        assertEquals(0, SingleProducts.chunk(SHARE, 160, D - 1), "narrow");
        assertEquals(0, SingleProducts.chunk(1, SingleProducts.LEAST_TERMS - 1, D), "few");
        assertEquals(0, SingleProducts.chunk(0, 160, D), "fp64");
        assertEquals(0, SingleProducts.chunk(1e-6, 160, D), "no chunk is worth it");
        Property.forAll(
                getClass(),
                100,
                random -> {
                    double share = Math.pow(10, -3 - 3 * random.nextDouble());
                    int rows = 1 + random.nextInt(4096);
                    int chunk = SingleProducts.chunk(share, rows, D);
                    assertTrue(chunk >= 0 && chunk <= rows);
                    assertTrue(chunk == 0 || SingleProducts.share(chunk, D) <= share);
                });
        assertTrue(SingleProducts.share(160, D) >= Roundoff.singleGamma(162));
    }

    @Test
    void aBlockIsTheSameWhateverCameBefore() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            List<double[]> rows = Streams.WHITE.rows(new Random(3), 320, D);
            Anchor anchor = new Anchor("a", rows.get(9));
            byte[][] found = new byte[2][];
            for (int i = 0; i < 2; i++) {
                try (SecondMomentSketch sketch =
                                Sketches.anchored(options(SHARE), D, kernels, anchor);
                        SecondMomentSketch other =
                                Sketches.create(options(SHARE), D + 60, kernels)) {
                    if (i == 1) {
                        SecondMomentSketchContract.feed(
                                other, Streams.REGIMES.rows(new Random(4), 320, D + 60), 160);
                    }
                    SecondMomentSketchContract.feed(sketch, rows, 160);
                    found[i] = sketch.toBytes();
                }
            }
            assertArrayEquals(found[0], found[1]);
        }
    }

    @Test
    void onlyAnExactMomentHasThem() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                SecondMomentSketch directions =
                        Sketches.create(
                                options(SHARE).withKind(SketchKind.FREQUENT_DIRECTIONS),
                                D,
                                kernels)) {
            assertEquals(0, directions.options().rounding());
        }
        assertThrows(IllegalArgumentException.class, () -> options(-1e-9));
        assertThrows(IllegalArgumentException.class, () -> options(0.01));
        assertThrows(IllegalArgumentException.class, () -> options(Double.NaN));
    }
}
