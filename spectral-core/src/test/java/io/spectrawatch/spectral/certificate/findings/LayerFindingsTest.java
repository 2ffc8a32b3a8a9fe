package io.spectrawatch.spectral.certificate.findings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.certificate.Cases;
import io.spectrawatch.spectral.certificate.moments.CentredLayer;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.Part;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.linalg.SymmetricEigenvalues;
import io.spectrawatch.spectral.linalg.WindowSpectra;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LayerFindingsTest {
    private static final String REPEAT = Cases.repeat(LayerFindingsTest.class);
    private static final int D = 9;
    private static Kernels kernels;

    @BeforeAll
    static void open() {
        kernels = KernelProviders.open(KernelChoice.HOST);
    }

    @AfterAll
    static void close() {
        kernels.close();
    }

    private static RowBlock rows(Random random, int n, double decay) {
        RowBlock block = new RowBlock(n, D);
        for (int i = 0; i < n; i++) {
            double[] row = Cases.gaussian(random, D);
            for (int j = 0; j < D; j++) {
                row[j] = 1 + row[j] * Math.pow(j + 1.0, -decay);
            }
            block.append(row);
        }
        return block;
    }

    /** The same rows on both sides. */
    private static CentredLayer layer(FrozenWindow window, RowBlock block) {
        InterfaceMoments moments = new InterfaceMoments(window, window);
        try (WindowRows x = new WindowRows(kernels, window, block.rows())) {
            x.project(block, new byte[block.rows()]);
            moments.update(x, x);
        }
        return moments.transport(Part.FIRST).x();
    }

    @Test
    void intervalsFromTheWindowContainTheChartOfTheWholeLayer() {
        Random random = Cases.random(50);
        boolean wide = false;
        for (int trial = 0; trial < 60; trial++) {
            int k = 2 + random.nextInt(D - 3);
            double[] anchor = new double[D];
            FrozenWindow window =
                    trial % 3 == 0
                            ? FrozenWindow.ofChannels(
                                    anchor, java.util.stream.IntStream.range(0, k).toArray())
                            : FrozenWindow.ofBasis(anchor, Cases.orthonormal(random, k, D));
            RowBlock block = rows(random, 40, random.nextDouble() * 2);
            CentredLayer inside = layer(window, block);
            CentredLayer whole = layer(FrozenWindow.ofBasis(anchor, Dense.identity(D)), block);
            LayerChart bounds = findings(inside, inside).chart();
            double[] truth = SymmetricEigenvalues.of(D, whole.moment);
            double[] leading = WindowSpectra.normalise(Arrays.copyOf(truth, k));
            double exponent = GibbsCartan.fit(leading, k).exponent();
            int rank =
                    WindowSpectra.effectiveRank(
                            WindowSpectra.normalise(truth), LayerFindings.SHARE);
            assertTrue(
                    bounds.exponent().lower() <= exponent + 1e-9
                            && exponent <= bounds.exponent().upper() + 1e-9,
                    exponent + " in " + bounds + "; " + REPEAT);
            assertTrue(
                    bounds.effectiveRank().lower() <= rank
                            && rank <= bounds.effectiveRank().upper(),
                    rank + " in " + bounds + "; " + REPEAT);
            wide |= bounds.exponent().upper() > bounds.exponent().estimate() + .1;
        }
        assertTrue(wide, "no window left anything out: the bound was not put to the test");
    }

    private static LayerFindings findings(CentredLayer reference, CentredLayer layer) {
        return LayerFindings.of(ReferenceLayer.of(reference), layer);
    }

    @Test
    void theRotationInsideTheWindowIsMeasured() {
        FrozenWindow window = FrozenWindow.ofChannels(new double[D], 0, 1, 2);
        double angle = .3;
        CentredLayer before = layer(window, ellipse(0));
        LayerFindings same = findings(before, before);
        assertEquals(0, same.rotation().largest(), 1e-12);
        LayerFindings turned = findings(before, layer(window, ellipse(angle)));
        assertArrayEquals(new double[] {Math.sin(angle)}, turned.rotation().sines(), 1e-9);
        assertTrue(turned.rotationError() < 1e-9, turned.rotationError() + "");
        FrozenWindow line = FrozenWindow.ofChannels(new double[D], 0);
        CentredLayer single = layer(line, ellipse(0));
        assertNull(findings(single, single).rotation());
    }

    /** Rows in the plane of the first two channels, ten times longer along one axis. */
    private static RowBlock ellipse(double angle) {
        RowBlock block = new RowBlock(4, D);
        for (int i = 0; i < 4; i++) {
            double along = i < 2 ? (i == 0 ? 10 : -10) : 0;
            double across = i < 2 ? 0 : (i == 2 ? 1 : -1);
            double[] row = new double[D];
            row[0] = along * Math.cos(angle) - across * Math.sin(angle);
            row[1] = along * Math.sin(angle) + across * Math.cos(angle);
            block.append(row);
        }
        return block;
    }

    @Test
    void aWindowWithoutEnergyHasNoChart() {
        FrozenWindow elsewhere = FrozenWindow.ofChannels(new double[D], 4, 5);
        CentredLayer layer = layer(elsewhere, ellipse(0));
        assertEquals(1, layer.escape());
        assertNull(findings(layer, layer).chart());
    }

    @Test
    void partsOfABlockAddUpToIt() {
        Random random = Cases.random(51);
        RowBlock block = new RowBlock(16, D);
        byte[] halves = new byte[16];
        for (int i = 0; i < 16; i++) {
            double[] row = new double[D];
            Arrays.setAll(row, j -> random.nextInt(9) - 4);
            block.append(row);
            halves[i] = (byte) random.nextInt(2);
        }
        FrozenWindow window = FrozenWindow.ofChannels(new double[D], 0, 2, 5);
        InterfaceMoments whole = new InterfaceMoments(window, window);
        InterfaceMoments parts = new InterfaceMoments(window, window);
        try (WindowRows x = new WindowRows(kernels, window, 16)) {
            x.project(block, halves);
            whole.update(x, x);
            for (int from = 0; from < 16; from += 5) {
                int n = Math.min(5, 16 - from);
                x.project(block, from, n, Arrays.copyOfRange(halves, from, from + n));
                parts.update(x, x);
            }
            assertArrayEquals(
                    whole.transport(Part.ALL).matrix(), parts.transport(Part.ALL).matrix());
            assertEquals(whole.rows(), parts.rows());
            assertThrows(InvalidRowsException.class, () -> x.project(block, 12, 5, new byte[16]));
        }
    }
}
