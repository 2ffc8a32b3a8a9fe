package io.spectrawatch.spectral.certificate.moments;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.certificate.Cases;
import io.spectrawatch.spectral.certificate.structure.Display;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MomentsTest {
    private static final String REPEAT = Cases.repeat(MomentsTest.class);
    private static final int D = 7;
    private static final int NEXT = 5;
    private static Kernels kernels;

    @BeforeAll
    static void open() {
        kernels = KernelProviders.open(KernelChoice.HOST);
    }

    @AfterAll
    static void close() {
        kernels.close();
    }

    /** Rows of both layers with their halves, and what they sum to. */
    private record Rows(int n, double[] x, double[] y, byte[] halves) {
        static Rows draw(Random random, int n) {
            double[] x = Cases.gaussian(random, n * D);
            double[] y = Cases.gaussian(random, n * NEXT);
            byte[] halves = new byte[n];
            for (int i = 0; i < n; i++) {
                halves[i] = (byte) random.nextInt(2);
                for (int j = 0; j < NEXT; j++) {
                    y[i * NEXT + j] += 2 * x[i * D + j] + 3;
                }
            }
            return new Rows(n, x, y, halves);
        }

        void addTo(InterfaceMoments moments, int from, int to, int block) {
            try (WindowRows wx = new WindowRows(kernels, moments.windowX(), block);
                    WindowRows wy = new WindowRows(kernels, moments.windowY(), block)) {
                for (int at = from; at < to; at += block) {
                    int rows = Math.min(block, to - at);
                    byte[] part = java.util.Arrays.copyOfRange(halves, at, at + rows);
                    wx.project(block(x, D, at, rows), part);
                    wy.project(block(y, NEXT, at, rows), part);
                    moments.update(wx, wy);
                }
            }
        }

        private static RowBlock block(double[] values, int width, int at, int rows) {
            RowBlock block = new RowBlock(rows, width);
            for (int i = at; i < at + rows; i++) {
                block.append(java.util.Arrays.copyOfRange(values, i * width, (i + 1) * width));
            }
            return block;
        }

        /** The centred normalised transport of the full matrices, then projected. */
        double[] direct(FrozenWindow wx, FrozenWindow wy, Part part) {
            int count = 0;
            double[] meanX = new double[D];
            double[] meanY = new double[NEXT];
            for (int i = 0; i < n; i++) {
                if (part.contains(halves[i])) {
                    count++;
                    Dense.addScaled(D, 1, x, i * D, meanX, 0);
                    Dense.addScaled(NEXT, 1, y, i * NEXT, meanY, 0);
                }
            }
            double[] k = new double[NEXT * D];
            double ex = 0;
            double ey = 0;
            for (int i = 0; i < n; i++) {
                if (part.contains(halves[i])) {
                    double[] cx = new double[D];
                    for (int j = 0; j < D; j++) {
                        cx[j] = x[i * D + j] - meanX[j] / count;
                    }
                    ex += Dense.dot(cx, cx);
                    for (int r = 0; r < NEXT; r++) {
                        double cy = y[i * NEXT + r] - meanY[r] / count;
                        ey += cy * cy;
                        Dense.addScaled(D, cy, cx, 0, k, r * D);
                    }
                }
            }
            for (int at = 0; at < k.length; at++) {
                k[at] /= Math.sqrt(ex * ey);
            }
            double[] half =
                    Dense.multiply(NEXT, D, wx.rank(), k, Dense.transpose(wx.rank(), D, basis(wx)));
            return Dense.multiply(wy.rank(), NEXT, wx.rank(), basis(wy), half);
        }
    }

    private static double[] basis(FrozenWindow window) {
        if (!window.ofChannels()) {
            return window.basisValues();
        }
        double[] rows = new double[window.rank() * window.dimension()];
        for (int i = 0; i < window.rank(); i++) {
            rows[i * window.dimension() + window.channelValues()[i]] = 1;
        }
        return rows;
    }

    private static FrozenWindow window(Random random, int k, int d) {
        return FrozenWindow.ofBasis(Cases.gaussian(random, d), Cases.orthonormal(random, k, d));
    }

    @Test
    void momentsEqualThoseOfTheRowsWithinTheirBound() {
        Random random = Cases.random(30);
        for (int trial = 0; trial < 20; trial++) {
            FrozenWindow wx = window(random, 3, D);
            FrozenWindow wy =
                    trial % 2 == 0
                            ? window(random, 2, NEXT)
                            : FrozenWindow.ofChannels(Cases.gaussian(random, NEXT), 0, 3, 4);
            Rows rows = Rows.draw(random, 150);
            InterfaceMoments moments = new InterfaceMoments(wx, wy);
            rows.addTo(moments, 0, 150, 32);
            for (Part part : Part.values()) {
                Transport transport = moments.transport(part);
                double[] expected = rows.direct(wx, wy, part);
                double error = Dense.norm(Dense.subtract(expected, transport.matrix()));
                assertTrue(error <= 2 * transport.roundoff(), error + "; " + REPEAT);
                assertTrue(transport.roundoff() < 1e-10, transport.roundoff() + "; " + REPEAT);
            }
            assertEquals(150, moments.rows());
        }
    }

    @Test
    void escapeIsTheEnergyOutsideTheWindowAndBoundsTheTruncation() {
        Random random = Cases.random(31);
        FrozenWindow wx = window(random, 3, D);
        FrozenWindow wy = window(random, 2, NEXT);
        FrozenWindow allX = FrozenWindow.ofBasis(wx.anchor(), Dense.identity(D));
        FrozenWindow allY = FrozenWindow.ofBasis(wy.anchor(), Dense.identity(NEXT));
        Rows rows = Rows.draw(random, 200);
        InterfaceMoments part = new InterfaceMoments(wx, wy);
        InterfaceMoments whole = new InterfaceMoments(allX, allY);
        rows.addTo(part, 0, 200, 64);
        rows.addTo(whole, 0, 200, 64);
        Transport windowed = part.transport(Part.ALL);
        Transport full = whole.transport(Part.ALL);
        assertEquals(0, full.escapeX(), 1e-12);
        assertTrue(windowed.escapeX() > 0 && windowed.escapeX() < 1);
        RowGroups groups = RowGroups.equalBlocks(NEXT, 1);
        double[] p = Display.physical(allX, allY, groups).matrix(full.matrix());
        double[] q = Display.physical(wx, wy, groups).matrix(windowed.matrix());
        double lost = Dense.norm(Dense.subtract(p, q));
        assertTrue(lost <= Math.sqrt(windowed.escapeX() + windowed.escapeY()), REPEAT);
        assertTrue(Dense.norm(p) <= 1, REPEAT);
    }

    @Test
    void p12PartsMergeInAnyTreeAndComeOutAgain() {
        Random random = Cases.random(32);
        for (int trial = 0; trial < 50; trial++) {
            FrozenWindow wx = window(random, 3, D);
            FrozenWindow wy = window(random, 2, NEXT);
            Rows rows = Rows.draw(random, 192);
            InterfaceMoments[] parts = new InterfaceMoments[3];
            for (int i = 0; i < 3; i++) {
                parts[i] = new InterfaceMoments(wx, wy);
                rows.addTo(parts[i], 64 * i, 64 * (i + 1), 64);
            }
            InterfaceMoments left = merged(parts[0], parts[1], parts[2]);
            assertArrayEquals(left.toBytes(), merged(parts[0], parts[1], parts[2]).toBytes());
            InterfaceMoments right = parts[2].copy();
            right.merge(merged(parts[1], parts[0]));
            InterfaceMoments whole = new InterfaceMoments(wx, wy);
            rows.addTo(whole, 0, 192, 48);
            for (Part part : Part.values()) {
                double[] expected = whole.transport(part).matrix();
                assertArrayEquals(expected, left.transport(part).matrix(), 1e-12, REPEAT);
                assertArrayEquals(expected, right.transport(part).matrix(), 1e-12, REPEAT);
            }
            left.subtract(parts[2]);
            InterfaceMoments two = merged(parts[0], parts[1]);
            assertEquals(two.rows(), left.rows());
            assertArrayEquals(
                    two.transport(Part.ALL).matrix(), left.transport(Part.ALL).matrix(), 1e-12);
            assertTrue(left.transport(Part.ALL).roundoff() > two.transport(Part.ALL).roundoff());
            assertThrows(IllegalArgumentException.class, () -> left.subtract(right));
        }
    }

    private static InterfaceMoments merged(InterfaceMoments first, InterfaceMoments... others) {
        InterfaceMoments sum = first.copy();
        for (InterfaceMoments other : others) {
            sum.merge(other);
        }
        return sum;
    }

    @Test
    void bytesContinueBitForBitAndRefuseDamage() {
        Random random = Cases.random(33);
        FrozenWindow wx = window(random, 3, D);
        FrozenWindow wy = window(random, 2, NEXT);
        Rows rows = Rows.draw(random, 100);
        InterfaceMoments moments = new InterfaceMoments(wx, wy);
        rows.addTo(moments, 0, 50, 16);
        byte[] bytes = moments.toBytes();
        InterfaceMoments read = InterfaceMoments.fromBytes(bytes, wx, wy);
        rows.addTo(moments, 50, 100, 16);
        rows.addTo(read, 50, 100, 16);
        assertArrayEquals(moments.toBytes(), read.toBytes());
        for (int at = 0; at < bytes.length; at += 97) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4;
            assertThrows(
                    CertificateFormatException.class,
                    () -> InterfaceMoments.fromBytes(damaged, wx, wy));
        }
        assertThrows(
                CertificateFormatException.class, () -> InterfaceMoments.fromBytes(bytes, wy, wx));
    }

    @Test
    void refusesWhatItCannotUse() {
        Random random = Cases.random(34);
        FrozenWindow wx = window(random, 3, D);
        FrozenWindow wy = window(random, 2, NEXT);
        InterfaceMoments moments = new InterfaceMoments(wx, wy);
        assertThrows(DegenerateMomentsException.class, () -> moments.transport(Part.ALL));
        try (WindowRows rows = new WindowRows(kernels, wx, 4);
                WindowRows next = new WindowRows(kernels, wy, 4)) {
            assertThrows(
                    InvalidRowsException.class,
                    () -> rows.project(new RowBlock(4, D + 1), new byte[4]));
            RowBlock bad = new RowBlock(1, D);
            bad.append(new double[] {0, 0, Double.NaN, 0, 0, 0, 0});
            assertThrows(InvalidRowsException.class, () -> rows.project(bad, new byte[1]));
            RowBlock good = new RowBlock(1, D);
            good.append(new double[D]);
            rows.project(good, new byte[1]);
            assertThrows(IllegalArgumentException.class, () -> moments.update(rows, next));
            assertThrows(IllegalArgumentException.class, () -> moments.update(next, rows));
        }
        // The same row again and again has no energy about its mean.
        Rows constant = new Rows(20, new double[20 * D], new double[20 * NEXT], new byte[20]);
        constant.addTo(moments, 0, 20, 8);
        assertThrows(DegenerateMomentsException.class, () -> moments.transport(Part.ALL));
        assertThrows(
                IllegalArgumentException.class,
                () -> FrozenWindow.ofBasis(new double[3], new double[] {1, 0, 0, .5, 1, 0}));
        assertThrows(
                IllegalArgumentException.class, () -> FrozenWindow.ofChannels(new double[3], 1, 1));
    }

    @Test
    void leastSquaresIsTheMapOfTheWindowCoordinates() {
        Random random = Cases.random(35);
        FrozenWindow wx = FrozenWindow.ofBasis(new double[D], Dense.identity(D));
        FrozenWindow wy = FrozenWindow.ofBasis(new double[NEXT], Dense.identity(NEXT));
        int n = 400;
        double[] x = Cases.gaussian(random, n * D);
        double[] w = Cases.gaussian(random, NEXT * D);
        double[] y = Dense.multiply(n, D, NEXT, x, Dense.transpose(NEXT, D, w));
        Rows rows = new Rows(n, x, y, new byte[n]);
        InterfaceMoments moments = new InterfaceMoments(wx, wy);
        rows.addTo(moments, 0, n, 64);
        assertArrayEquals(w, moments.transport(Part.ALL).leastSquares(), 1e-10, REPEAT);
        java.util.Arrays.fill(x, 0, 1, 0);
        for (int i = 0; i < n; i++) {
            x[i * D + 1] = x[i * D];
        }
        InterfaceMoments singular = new InterfaceMoments(wx, wy);
        rows.addTo(singular, 0, n, 64);
        assertNull(singular.transport(Part.ALL).leastSquares());
    }

    @Test
    void splitsAreBalancedSeededAndIndependentOfTheHalves() {
        int[] parts = new int[3];
        int both = 0;
        int differs = 0;
        for (int i = 0; i < 30_000; i++) {
            String id = "request-" + i;
            int part = SampleSplit.part(1, id, 3);
            parts[part]++;
            both += part == 0 && SampleSplit.half(2, id) == 0 ? 1 : 0;
            differs += SampleSplit.half(1, id) != SampleSplit.half(2, id) ? 1 : 0;
            assertEquals(part, SampleSplit.part(1, new StringBuilder(id), 3));
        }
        for (int count : parts) {
            assertEquals(10_000, count, 500);
        }
        assertEquals(5_000, both, 350);
        assertEquals(15_000, differs, 600);
        // Pinned: baselines depend on it.
        assertEquals(6, SampleSplit.part(42, "sample", 7));
    }
}
