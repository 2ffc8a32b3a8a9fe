package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The theorems about the static radius, executed. */
class StructureTheoremTest {
    private static final int MATRICES = Integer.getInteger("spectrawatch.matrices", 1_000);
    private static final int PERTURBATIONS = 100;
    private static final String REPEAT = Cases.repeat(StructureTheoremTest.class);

    /** A matrix with groups and a rule. */
    private record Case(
            int rows, int columns, RowGroups groups, double[] matrix, StructureRule rule) {
        Display display() {
            return Display.dense(columns, groups);
        }

        Structure structure(double[] of) {
            return new Structure(display().energies(of), rule);
        }

        Structure structure() {
            return structure(matrix);
        }
    }

    private static Case draw(Random random) {
        int count = 2 + random.nextInt(3);
        int rows = count + random.nextInt(8);
        int columns = 2 + random.nextInt(8);
        RowGroups groups = RowGroups.equalBlocks(rows, count);
        double[] matrix = Cases.rough(random, rows * columns);
        double[] energies = Display.dense(columns, groups).energies(matrix);
        StructureRule rule;
        if (random.nextBoolean()) {
            rule = StructureRule.atLargestGaps(energies, count, ThresholdOptions.defaults());
        } else {
            double[] theta = new double[count];
            double largest = 0;
            for (int a = 0; a < count; a++) {
                theta[a] = .3 + 2 * random.nextDouble();
                largest = Math.max(largest, theta[a]);
            }
            rule = new StructureRule(theta, largest * (1 + random.nextDouble()), 2);
        }
        return new Case(rows, columns, groups, matrix, rule);
    }

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
    void noPerturbationInsideTheRadiusChangesTheStructure() {
        Random random = Cases.random(1);
        long tried = 0;
        for (int m = 0; m < MATRICES; m++) {
            Case c = draw(random);
            Structure before = c.structure();
            double radius = before.radius().value();
            for (int p = 0; p < PERTURBATIONS; p++) {
                double[] d = perturbation(c, random, p);
                double norm = norm(c, d, p);
                double[] moved = Cases.plus(c.matrix(), d, .999999 * radius / norm);
                assertTrue(before.sameAs(c.structure(moved)), REPEAT);
                tried++;
            }
        }
        System.out.printf("perturbations inside the radius: %d, violations: 0%n", tried);
    }

    private static double[] perturbation(Case c, Random random, int p) {
        double[] d = Cases.gaussian(random, c.matrix().length);
        if (p % 4 >= 2) {
            // Straight towards or away from zero, every column at full length.
            double sign = p % 4 == 2 ? -1 : 1;
            for (int j = 0; j < c.columns(); j++) {
                double square = 0;
                for (int i = 0; i < c.rows(); i++) {
                    double entry = c.matrix()[i * c.columns() + j];
                    square += entry * entry;
                }
                for (int i = 0; i < c.rows(); i++) {
                    int at = i * c.columns() + j;
                    d[at] = sign * c.matrix()[at] / Math.sqrt(square);
                }
            }
        } else if (p % 4 == 1) {
            // One column only.
            int only = random.nextInt(c.columns());
            for (int at = 0; at < d.length; at++) {
                d[at] = at % c.columns() == only ? d[at] : 0;
            }
        }
        return d;
    }

    /** Mostly the column norm, in which the radius is exact; the larger norms now and then. */
    private static double norm(Case c, double[] d, int p) {
        return switch (p % 20) {
            case 0 -> Cases.spectralNorm(c.rows(), c.columns(), d);
            case 4 -> Dense.norm(d);
            default -> Cases.columnNorm(c.rows(), c.columns(), d);
        };
    }

    @Test
    void everyWitnessJustOutsideTheRadiusChangesIt() {
        Random random = Cases.random(2);
        int[] kinds = new int[Radius.Test.values().length];
        for (int m = 0; m < 3_000; m++) {
            Case c = draw(random);
            Structure before = c.structure();
            Radius radius = before.radius();
            double t = 1e-6 * Math.max(1, radius.value());
            double[] witness = witness(c, before, radius, t);
            double norm = Cases.columnNorm(c.rows(), c.columns(), witness);
            assertTrue(norm <= radius.value() + 2 * t, REPEAT);
            if (radius.test() != Radius.Test.EDGE_PRESENT) {
                assertTrue(Dense.norm(witness) <= radius.value() + 2 * t, REPEAT);
            }
            assertFalse(before.sameAs(c.structure(Cases.plus(c.matrix(), witness, 1))), REPEAT);
            kinds[radius.test().ordinal()]++;
        }
        System.out.printf(
                "witnesses that flip: 3000 of 3000 (activity %d, edge present %d, edge absent %d)%n",
                kinds[0], kinds[1], kinds[2]);
        assertTrue(kinds[0] > 0 && kinds[1] > 0 && kinds[2] > 0, REPEAT);
    }

    private static double[] witness(Case c, Structure s, Radius radius, double t) {
        double[] d = new double[c.matrix().length];
        switch (radius.test()) {
            case ACTIVITY -> {
                double gap =
                        s.energy(radius.group(), radius.column()) - c.rule().theta(radius.group());
                grow(c, s, radius.group(), radius.column(), -(gap + Math.copySign(t, gap)), d);
            }
            case EDGE_ABSENT -> {
                // Both blocks share one column, so the rises share the length r + t.
                double total = radius.value();
                for (int a : new int[] {radius.group(), radius.other()}) {
                    double rise = c.rule().eta() - s.energy(a, radius.column());
                    if (rise > 0) {
                        grow(c, s, a, radius.column(), rise * (1 + t / total), d);
                    }
                }
            }
            case EDGE_PRESENT -> {
                for (int j = 0; j < c.columns(); j++) {
                    double a = s.energy(radius.group(), j);
                    double b = s.energy(radius.other(), j);
                    double excess = Math.min(a, b) - c.rule().eta();
                    if (excess > 0) {
                        int smaller = a <= b ? radius.group() : radius.other();
                        grow(c, s, smaller, j, -(excess + t), d);
                    }
                }
            }
            case NONE -> throw new AssertionError(REPEAT);
        }
        return d;
    }

    /** Lengthens the block of a group in a column by an amount. */
    private static void grow(
            Case c, Structure s, int group, int column, double amount, double[] d) {
        double energy = s.energy(group, column);
        boolean first = true;
        for (int i = 0; i < c.rows(); i++) {
            if (c.groups().groupOf(i) == group) {
                int at = i * c.columns() + column;
                double unit = energy > 0 ? c.matrix()[at] / energy : first ? 1 : 0;
                d[at] += amount * unit;
                first = false;
            }
        }
    }

    @Test
    void masksSplitTheMatrixOrthogonally() {
        Random random = Cases.random(3);
        for (int m = 0; m < 500; m++) {
            Case c = draw(random);
            Structure s = c.structure();
            double[] parts = new double[3];
            for (int i = 0; i < c.rows(); i++) {
                for (int j = 0; j < c.columns(); j++) {
                    double entry = c.matrix()[i * c.columns() + j];
                    parts[s.mask(c.groups().groupOf(i), j).ordinal()] += entry * entry;
                }
            }
            double total = Dense.dot(c.matrix(), c.matrix());
            for (Mask mask : Mask.values()) {
                assertEquals(parts[mask.ordinal()], s.energy(mask), 1e-12 * total, REPEAT);
            }
            assertEquals(total, parts[0] + parts[1] + parts[2], 1e-12 * total, REPEAT);
        }
    }

    @Test
    void structureIsInvariantUnderSignsRotationsPermutationsAndScale() {
        Random random = Cases.random(4);
        for (int m = 0; m < 300; m++) {
            Case c = draw(random);
            Structure s = c.structure();
            double radius = s.radius().value();
            if (radius < 1e-9) {
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
            double[] reversed = new double[flipped.length];
            for (int at = 0; at < reversed.length; at++) {
                int row = at / c.columns();
                reversed[row * c.columns() + c.columns() - 1 - at % c.columns()] = c.matrix()[at];
            }
            Structure mirror = c.structure(reversed);
            assertEquals(radius, mirror.radius().value(), 0, REPEAT);
            assertEquals(s.active(0, 0), mirror.active(0, c.columns() - 1), REPEAT);
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
            assertEquals(8 * radius, larger.radius().value(), 1e-12 * radius, REPEAT);
        }
    }

    private static double[] rotatedWithinGroups(Case c, Random random) {
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
    void theRadiusIsLipschitzInsideItsBall() {
        Random random = Cases.random(5);
        for (int m = 0; m < 2_000; m++) {
            Case c = draw(random);
            double radius = c.structure().radius().value();
            double[] d = Cases.gaussian(random, c.matrix().length);
            double size = radius * random.nextDouble();
            double norm = Cases.columnNorm(c.rows(), c.columns(), d);
            Structure moved = c.structure(Cases.plus(c.matrix(), d, size / norm));
            assertTrue(moved.radius().value() >= radius - size - 1e-12 * (1 + radius), REPEAT);
        }
    }

    @Test
    void anEnergyAtItsThresholdHasNoMargin() {
        StructureRule rule = new StructureRule(new double[] {1, 1}, 1, 2);
        Structure structure = new Structure(new double[] {1, 3, .2, 2}, rule);
        assertEquals(0, structure.radius().value());
        // All energies equal: no gap, so the threshold falls on them.
        StructureRule flat =
                StructureRule.atLargestGaps(
                        new double[] {0, 0, 0, 0}, 2, ThresholdOptions.defaults());
        assertEquals(0, new Structure(new double[] {0, 0, 0, 0}, flat).radius().value());
    }

    @Test
    void moreErrorNeverResolvesMore() {
        Random random = Cases.random(6);
        for (int m = 0; m < 1_000; m++) {
            double margin = random.nextDouble();
            double error = random.nextDouble();
            boolean now = random.nextBoolean();
            Verdict small = Comparison.verdict(margin, error, true, now);
            Verdict large = Comparison.verdict(margin, error + random.nextDouble(), true, now);
            assertTrue(small == large || large == Verdict.UNRESOLVED, REPEAT);
        }
        assertEquals(Verdict.UNRESOLVED, Comparison.verdict(Double.NaN, 0, true, true));
    }

    @Test
    void rankModeIsExactAtHalfTheGap() {
        Random random = Cases.random(7);
        for (int m = 0; m < 3_000; m++) {
            Case c = draw(random);
            int[] sizes = new int[c.groups().groups()];
            for (int a = 0; a < sizes.length; a++) {
                sizes[a] = 1 + random.nextInt(c.columns() - 1);
            }
            double[] energies = c.display().energies(c.matrix());
            RankSupports before = new RankSupports(energies, sizes);
            double[] d = perturbation(c, random, m);
            double norm = Cases.columnNorm(c.rows(), c.columns(), d);
            double[] moved = Cases.plus(c.matrix(), d, .999999 * before.radius() / norm);
            assertTrue(
                    same(c, before, new RankSupports(c.display().energies(moved), sizes)), REPEAT);
            double[] far = rankWitness(c, before, energies);
            assertFalse(
                    same(c, before, new RankSupports(c.display().energies(far), sizes)), REPEAT);
        }
    }

    private static double[] rankWitness(Case c, RankSupports before, double[] energies) {
        Structure s = new Structure(energies, c.rule());
        for (int a = 0; a < c.groups().groups(); a++) {
            if (before.gap(a) == 2 * before.radius()) {
                int weakest = -1;
                int strongest = -1;
                for (int j = 0; j < c.columns(); j++) {
                    if (before.active(a, j)) {
                        weakest =
                                weakest < 0 || s.energy(a, j) < s.energy(a, weakest) ? j : weakest;
                    } else {
                        strongest =
                                strongest < 0 || s.energy(a, j) > s.energy(a, strongest)
                                        ? j
                                        : strongest;
                    }
                }
                double[] d = new double[c.matrix().length];
                double t = 1e-6 * (1 + before.radius());
                grow(c, s, a, weakest, -(before.radius() + t), d);
                grow(c, s, a, strongest, before.radius() + t, d);
                return Cases.plus(c.matrix(), d, 1);
            }
        }
        throw new AssertionError(REPEAT);
    }

    private static boolean same(Case c, RankSupports a, RankSupports b) {
        for (int g = 0; g < c.groups().groups(); g++) {
            for (int j = 0; j < c.columns(); j++) {
                if (a.active(g, j) != b.active(g, j)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void theNoiseCapIsExactInFrobeniusNorm() {
        Random random = Cases.random(8);
        for (int m = 0; m < 2_000; m++) {
            double noise = Math.abs(random.nextGaussian());
            double rest = Math.abs(random.nextGaussian());
            double beta = .05 + .9 * random.nextDouble();
            NoiseCap cap = cap(noise, rest, beta);
            double angle = 2 * Math.PI * random.nextDouble();
            double size = .999999 * cap.radius();
            NoiseCap near =
                    cap(
                            Math.abs(noise + size * Math.cos(angle)),
                            Math.abs(rest + size * Math.sin(angle)),
                            beta);
            assertEquals(cap.within(), near.within(), REPEAT);
            // The foot of the perpendicular on the cone, and a little beyond.
            double along = rest * Math.sqrt(1 - beta * beta) + noise * beta;
            double beyond = 1 + 1e-6;
            NoiseCap foot =
                    cap(
                            noise + (along * beta - noise) * beyond,
                            rest + (along * Math.sqrt(1 - beta * beta) - rest) * beyond,
                            beta);
            assertTrue(cap.within() != foot.within(), REPEAT);
        }
    }

    /** One group: the first column active, the second noise; masks stay as they are. */
    private static NoiseCap cap(double noise, double rest, double beta) {
        double ratio = noise / Math.hypot(noise, rest);
        double angle = Math.abs(Math.asin(ratio) - Math.asin(beta));
        NoiseCap cap = new NoiseCap(ratio, beta, Math.hypot(noise, rest) * Math.sin(angle));
        if (noise < rest) {
            double theta = (noise + rest) / 2;
            Structure s =
                    new Structure(
                            new double[] {rest, noise},
                            new StructureRule(new double[] {theta}, theta, 1));
            assertEquals(cap.radius(), NoiseCap.of(s, beta).radius(), 1e-12, REPEAT);
            assertEquals(cap.within(), NoiseCap.of(s, beta).within(), REPEAT);
        }
        return cap;
    }

    @Test
    void rowLabelsAreExactInRowNorm() {
        Random random = Cases.random(9);
        int width = 5;
        for (int m = 0; m < 3_000; m++) {
            double[] row = Cases.gaussian(random, width);
            double[] profile = Cases.gaussian(random, width);
            double weak = .1 + random.nextDouble();
            double angle = .1 + 1.4 * random.nextDouble();
            RowLabels labels = new RowLabels(row, profile, width, weak, angle);
            double[] d = Cases.gaussian(random, width);
            double[] near = Cases.plus(row, d, .999999 * labels.margin(0) / Dense.norm(d));
            RowLabels after = new RowLabels(near, profile, width, weak, angle);
            assertEquals(labels.label(0), after.label(0), REPEAT);
            double[] flip = labelWitness(row, profile, weak, angle, labels);
            assertTrue(
                    labels.label(0) != new RowLabels(flip, profile, width, weak, angle).label(0)
                            || labels.margin(0) == 0,
                    REPEAT);
        }
        assertTrue(RowLabels.certified(1, .1, 1, .1, .3));
        assertFalse(RowLabels.certified(1, .1, 1, .1, .15));
        assertFalse(RowLabels.certified(1, 2, 1, .1, 3));
    }

    /** Across the energy threshold, or onto the cone around the profile, a little beyond. */
    private static double[] labelWitness(
            double[] row, double[] profile, double weak, double angle, RowLabels labels) {
        double length = Dense.norm(row);
        double beyond = 1 + 1e-6;
        if (Math.abs(length - weak) <= labels.margin(0) * (1 + 1e-12)) {
            return Cases.plus(row, row, (weak - length) / length * beyond);
        }
        double[] u = Cases.plus(new double[row.length], profile, 1 / Dense.norm(profile));
        double along = Dense.dot(row, u);
        double[] across = Cases.plus(row, u, -along);
        double[] w = Cases.plus(new double[row.length], across, 1 / Dense.norm(across));
        double[] edge =
                Cases.plus(
                        Cases.plus(new double[row.length], u, Math.cos(angle)), w, Math.sin(angle));
        double foot = Math.max(Dense.dot(row, edge), 0);
        double[] target = Cases.plus(new double[row.length], edge, foot);
        return Cases.plus(row, Cases.plus(target, row, -1), beyond);
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
