package io.spectrawatch.spectral.certificate.structure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.certificate.Cases;
import io.spectrawatch.spectral.certificate.InterfaceCalibration;
import io.spectrawatch.spectral.certificate.Uncorrelated;
import io.spectrawatch.spectral.linalg.Dense;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** P1 to P6: the theorems about the static radius, executed. */
class StructurePropertiesTest {
    private static final int MATRICES = Integer.getInteger("spectrawatch.matrices", 1_000);
    private static final int PERTURBATIONS = 100;
    private static final String REPEAT = Cases.repeat(StructurePropertiesTest.class);

    @Test
    void p1NoPerturbationInsideTheRadiusChangesTheStructure() {
        Random random = Cases.random(1);
        long tried = 0;
        long violations = 0;
        for (int m = 0; m < MATRICES; m++) {
            StructureCase c = StructureCase.draw(random);
            Structure before = c.structure();
            double radius = before.radius().value();
            for (int p = 0; p < PERTURBATIONS; p++) {
                double[] d = c.perturbation(random, p);
                double[] moved = Cases.plus(c.matrix(), d, .999999 * radius / c.norm(d, p));
                violations += before.sameAs(c.structure(moved)) ? 0 : 1;
                tried++;
            }
        }
        System.out.printf(
                "P1: %d perturbations inside the radius, %d violations; %s%n",
                tried, violations, REPEAT);
        assertEquals(0, violations, REPEAT);
    }

    @Test
    void p2EveryWitnessJustOutsideTheRadiusChangesIt() {
        Random random = Cases.random(2);
        int[] kinds = new int[Radius.Test.values().length];
        int witnesses = 3 * MATRICES;
        for (int m = 0; m < witnesses; m++) {
            StructureCase c = StructureCase.draw(random);
            Structure before = c.structure();
            Radius radius = before.radius();
            double t = 1e-6 * Math.max(1, radius.value());
            double[] witness = c.witness(radius, t);
            assertTrue(c.columnNorm(witness) <= radius.value() + 2 * t, REPEAT);
            if (radius.test() != Radius.Test.EDGE_PRESENT) {
                assertTrue(Dense.norm(witness) <= radius.value() + 2 * t, REPEAT);
            }
            assertFalse(before.sameAs(c.structure(Cases.plus(c.matrix(), witness, 1))), REPEAT);
            kinds[radius.test().ordinal()]++;
        }
        System.out.printf(
                "P2: %d of %d witnesses flip (activity %d, edge present %d, edge absent %d); %s%n",
                witnesses, witnesses, kinds[0], kinds[1], kinds[2], REPEAT);
        assertTrue(kinds[0] > 0 && kinds[1] > 0 && kinds[2] > 0, REPEAT);
    }

    @Test
    void blocksShareTheEnergyAndMoveNoFurtherThanTheMatrix() {
        Random random = Cases.random(9);
        for (int m = 0; m < 500; m++) {
            StructureCase c = StructureCase.draw(random);
            Structure s = c.structure();
            EnergyGrid grid = EnergyGrid.of(s);
            double[] energies = grid.energies().stream().mapToDouble(each -> each).toArray();
            double total = Dense.dot(c.matrix(), c.matrix());
            assertEquals(total, Dense.dot(energies, energies), 1e-12 * total, REPEAT);
            double[] d = c.perturbation(random, m);
            EnergyGrid moved = EnergyGrid.of(c.structure(Cases.plus(c.matrix(), d, 1)));
            for (int i = 0; i < energies.length; i++) {
                double apart = Math.abs(energies[i] - moved.energies().get(i));
                assertTrue(apart <= Dense.norm(d) * (1 + 1e-12), REPEAT);
            }
        }
    }

    @Test
    void p3MasksSplitTheMatrixOrthogonally() {
        Random random = Cases.random(3);
        Mask[] masks = Mask.values();
        for (int m = 0; m < 500; m++) {
            StructureCase c = StructureCase.draw(random);
            Structure s = c.structure();
            double[][] parts = new double[masks.length][c.matrix().length];
            for (int at = 0; at < c.matrix().length; at++) {
                int group = c.groups().groupOf(at / c.columns());
                parts[s.mask(group, at % c.columns()).ordinal()][at] = c.matrix()[at];
            }
            double total = Dense.dot(c.matrix(), c.matrix());
            double[] sum = new double[c.matrix().length];
            double squares = 0;
            for (Mask mask : masks) {
                double[] part = parts[mask.ordinal()];
                sum = Cases.plus(sum, part, 1);
                squares += Dense.dot(part, part);
                assertEquals(Dense.dot(part, part), s.energy(mask), 1e-12 * total, REPEAT);
                for (Mask other : masks) {
                    double inner = Dense.dot(part, parts[other.ordinal()]);
                    assertTrue(mask == other || inner == 0, REPEAT);
                }
            }
            assertArrayEquals(c.matrix(), sum, REPEAT);
            assertEquals(total, squares, 1e-12 * total, REPEAT);
        }
    }

    @Test
    void p4StructureIsInvariantUnderSignsRotationsPermutationsAndScale() {
        Random random = Cases.random(4);
        for (int m = 0; m < 500; m++) {
            StructureCase c = StructureCase.draw(random);
            Structure s = c.structure();
            double radius = s.radius().value();
            if (radius < 1e-9) {
                // Rotating rows rounds, which may cross so small a margin.
                continue;
            }
            double[] flipped = c.matrix().clone();
            for (int at = 0; at < flipped.length; at++) {
                flipped[at] *= at % c.columns() % 2 == 0 ? -1 : 1;
            }
            assertTrue(s.sameAs(c.structure(flipped)), REPEAT);
            double[] turned = rotatedWithinGroups(c, random);
            assertTrue(s.sameAs(c.structure(turned)), REPEAT);
            assertEquals(radius, c.structure(turned).radius().value(), 1e-9, REPEAT);
            assertPermutes(c, s, random);
            assertScales(c, s);
        }
    }

    private static void assertPermutes(StructureCase c, Structure s, Random random) {
        int[] to = new int[c.columns()];
        for (int j = 0; j < to.length; j++) {
            int other = random.nextInt(j + 1);
            to[j] = to[other];
            to[other] = j;
        }
        double[] permuted = new double[c.matrix().length];
        for (int at = 0; at < permuted.length; at++) {
            int row = at / c.columns();
            permuted[row * c.columns() + to[at % c.columns()]] = c.matrix()[at];
        }
        Structure moved = c.structure(permuted);
        assertEquals(s.radius().value(), moved.radius().value(), 0, REPEAT);
        for (int a = 0; a < s.groups(); a++) {
            for (int j = 0; j < c.columns(); j++) {
                assertEquals(s.active(a, j), moved.active(a, to[j]), REPEAT);
            }
            for (int b = a + 1; b < s.groups(); b++) {
                assertEquals(s.edge(a, b), moved.edge(a, b), REPEAT);
            }
        }
    }

    /** By a power of two, which rounds nothing. */
    private static void assertScales(StructureCase c, Structure s) {
        double[] theta = c.rule().thresholds().clone();
        for (int a = 0; a < theta.length; a++) {
            theta[a] *= 8;
        }
        double[] scaled = Cases.plus(c.matrix(), c.matrix(), 7);
        Structure larger =
                new Structure(
                        c.display().energies(scaled),
                        new StructureRule(theta, 8 * c.rule().eta(), c.rule().hubDegree()));
        assertTrue(s.sameAs(larger), REPEAT);
        double radius = s.radius().value();
        assertEquals(8 * radius, larger.radius().value(), 1e-12 * radius, REPEAT);
    }

    private static double[] rotatedWithinGroups(StructureCase c, Random random) {
        double[] out = new double[c.matrix().length];
        for (int a = 0; a < c.groups().groups(); a++) {
            int first = 0;
            while (c.groups().groupOf(first) != a) {
                first++;
            }
            int size = 0;
            while (first + size < c.rows() && c.groups().groupOf(first + size) == a) {
                size++;
            }
            double[] q = Cases.orthonormal(random, size, size);
            double[] block = new double[size * c.columns()];
            System.arraycopy(c.matrix(), first * c.columns(), block, 0, block.length);
            double[] turned = Dense.multiply(size, size, c.columns(), q, block);
            System.arraycopy(turned, 0, out, first * c.columns(), turned.length);
        }
        return out;
    }

    @Test
    void p5TheRadiusIsLipschitzInsideItsBall() {
        Random random = Cases.random(5);
        for (int m = 0; m < 2_000; m++) {
            StructureCase c = StructureCase.draw(random);
            double radius = c.structure().radius().value();
            double[] d = c.perturbation(random, m);
            double size = radius * random.nextDouble();
            double[] moved = Cases.plus(c.matrix(), d, size / c.columnNorm(d));
            double left = c.structure(moved).radius().value();
            assertTrue(left >= radius - size - 1e-12 * (1 + radius), REPEAT);
        }
    }

    @Test
    void p6AZeroMarginIsRefused() {
        StructureRule rule = new StructureRule(new double[] {1, 1}, 1, 2);
        Structure structure = new Structure(new double[] {1, 3, .2, 2}, rule);
        assertEquals(0, structure.radius().value());
        assertEquals(
                ElementVerdict.UNRESOLVED,
                ElementComparison.verdict(structure.activityMargin(0, 0), 0, true, true));
        // All energies equal: no gap, so the threshold falls on them.
        StructureRule flat =
                StructureRule.atLargestGaps(
                        new double[] {0, 0, 0, 0}, 2, ThresholdOptions.defaults());
        assertEquals(0, new Structure(new double[] {0, 0, 0, 0}, flat).radius().value());
        InterfaceCalibration calibration = Uncorrelated.calibrate();
        assertFalse(calibration.accepted(), REPEAT);
        assertTrue(calibration.refusal().contains("resolve 0 of"), calibration.refusal());
    }
}
