package io.spectrawatch.spectral.certificate.structure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.spectrawatch.spectral.certificate.Cases;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.linalg.Dense;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Structures worked out by hand, and the display they are read from. */
class StructureTest {
    private static final String REPEAT = Cases.repeat(StructureTest.class);

    @Test
    void theWorkedExample() {
        double[] matrix = {3, 0, .2, 4, .1, .1, 0, 2, .3, .1, 0, 1.9};
        RowGroups groups = RowGroups.of(0, 0, 1, 1);
        double[] energies = Display.dense(3, groups).energies(matrix);
        double[] expected = {5, .1, Math.sqrt(.05), .1, 2, Math.sqrt(3.70)};
        assertArrayEquals(expected, energies, 1e-14);
        Structure structure = new Structure(energies, new StructureRule(new double[] {1, 1}, 1, 2));
        assertArrayEquals(new int[] {0}, structure.support(0));
        assertArrayEquals(new int[] {1, 2}, structure.support(1));
        assertFalse(structure.edge(0, 1));
        assertEquals(32.70, structure.energy(Mask.CORE), 1e-13);
        assertEquals(0, structure.energy(Mask.OVERLAP));
        assertEquals(.07, structure.energy(Mask.NOISE), 1e-14);
        Radius radius = structure.radius();
        assertEquals(1 - Math.sqrt(.05), radius.value(), 1e-14);
        assertEquals(2, radius.column());
        assertEquals(structure.edgeMargin(0, 1), radius.value(), 1e-14);
        assertArrayEquals(new int[] {0, 1}, structure.components());
    }

    @Test
    void thresholdsLieBetweenColumns() {
        // The weakest column is farther from zero than any two columns are from each other.
        double[] similar = {.9, 1, 1.1, 1.05};
        ThresholdOptions any =
                new ThresholdOptions(.5, 1, 1, 0, 0, ThresholdOptions.Supports.THRESHOLD);
        assertEquals(.95, StructureRule.atLargestGaps(similar, 1, any).theta(0), 1e-15);
        double[] spread = {8, .1, 4, 3, 2, 1};
        assertEquals(6, StructureRule.atLargestGaps(spread, 1, any).theta(0));
        ThresholdOptions most =
                new ThresholdOptions(.99, 1, .5, 0, 0, ThresholdOptions.Supports.THRESHOLD);
        assertEquals(2.5, StructureRule.atLargestGaps(spread, 1, most).theta(0));
        assertEquals(1.5, StructureRule.atLargestGaps(new double[] {3}, 1, any).theta(0));
    }

    @Test
    void sharedSupportsHubsAndComponents() {
        double[] energies = {
            5, 0, 5, 0, //
            5, 0, 0, 0, //
            0, 5, 5, 0, //
            0, 0, 5, 5
        };
        Structure s = new Structure(energies, new StructureRule(new double[] {1, 1, 1, 6}, 6, 3));
        assertEquals(0, s.edgeCount());
        s = new Structure(energies, new StructureRule(new double[] {1, 1, 1, 1}, 1, 3));
        assertArrayEquals(new int[] {2}, s.hubs());
        assertArrayEquals(new int[] {0}, s.sharedSupport(0, 1));
        assertArrayEquals(new int[] {0, 0, 0, 0}, s.components());
        assertEquals(4, s.edgeCount());
        assertEquals(Mask.OVERLAP, s.mask(0, 0));
        assertEquals(Mask.CORE, s.mask(2, 1));
        assertEquals(Mask.NOISE, s.mask(2, 0));
    }

    @Test
    void aSmallMatrixHasABlockForEachGroupAndColumn() {
        double[] energies = {5, .1, 2, 0, 3, 4};
        EnergyGrid grid =
                EnergyGrid.of(
                        new Structure(energies, new StructureRule(new double[] {1, 1}, 1, 2)));
        assertEquals(List.of(0, 1), grid.firstGroups());
        assertEquals(List.of(0, 1, 2), grid.firstColumns());
        assertEquals(List.of(5.0, .1, 2.0, 0.0, 3.0, 4.0), grid.energies());
    }

    @Test
    void aLargeMatrixHasSixteenTimesSixteenBlocks() {
        int groups = 37;
        int columns = 100;
        double[] energies = new double[groups * columns];
        Arrays.fill(energies, 1);
        double[] theta = new double[groups];
        Arrays.fill(theta, .5);
        EnergyGrid grid = EnergyGrid.of(new Structure(energies, new StructureRule(theta, .5, 2)));
        assertEquals(16, grid.firstGroups().size());
        assertEquals(
                List.of(0, 6, 12, 18, 25, 31, 37, 43, 50, 56, 62, 68, 75, 81, 87, 93),
                grid.firstColumns());
        // Groups 2 and 3 in columns 18 to 24.
        assertEquals(List.of(0, 2, 4, 6, 9), grid.firstGroups().subList(0, 5));
        assertEquals(Math.sqrt(2 * 7), grid.energies().get(16 + 3), 1e-14);
    }

    @Test
    void factorsDisplayTheSameEnergiesAsTheMatrix() {
        Random random = Cases.random(10);
        int d = 11;
        int k = 3;
        FrozenWindow x = FrozenWindow.ofBasis(new double[d], Cases.orthonormal(random, k, d));
        FrozenWindow y = FrozenWindow.ofBasis(new double[9], Cases.orthonormal(random, 4, 9));
        // One group larger and one smaller than the window's rank, one row in no group.
        RowGroups groups = RowGroups.of(0, 0, 0, 0, 0, 0, 1, 1, -1);
        Display display = Display.physical(x, y, groups);
        double[] a = Cases.gaussian(random, 4 * k);
        double[] b = Cases.gaussian(random, 4 * k);
        double[] pa = display.matrix(a);
        double[] pb = display.matrix(b);
        double[] inner = display.inner(a, b);
        double[] expected = new double[2 * d];
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < d; j++) {
                expected[groups.groupOf(i) * d + j] += pa[i * d + j] * pb[i * d + j];
            }
        }
        assertArrayEquals(expected, inner, 1e-12, REPEAT);
        double[] rows = display.rowCoordinates(a);
        int width = rows.length / 9;
        double[] own = Dense.multiply(9, width, 9, rows, Dense.transpose(9, width, rows));
        double[] gram = Dense.multiply(9, d, 9, pa, Dense.transpose(9, d, pa));
        assertArrayEquals(gram, own, 1e-12, REPEAT);
    }
}
