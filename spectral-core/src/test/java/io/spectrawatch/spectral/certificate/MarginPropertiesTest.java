package io.spectrawatch.spectral.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** P10 and P11: what an error may do to a verdict, and the radii of the further tests. */
class MarginPropertiesTest {
    private static final String REPEAT = Cases.repeat(MarginPropertiesTest.class);

    @Test
    void p10MoreErrorNeverResolvesMore() {
        Random random = Cases.random(6);
        for (int m = 0; m < 1_000; m++) {
            StructureCase c = StructureCase.draw(random);
            Structure before = c.structure();
            double[] moved = Cases.plus(c.matrix(), c.perturbation(random, m), random.nextDouble());
            Structure now = c.structure(moved);
            double small = random.nextDouble();
            double large = small + random.nextDouble();
            for (int a = 0; a < now.groups(); a++) {
                for (int j = 0; j < now.columns(); j++) {
                    assertNothingMoreIsResolved(
                            now.activityMargin(a, j),
                            small,
                            large,
                            before.active(a, j),
                            now.active(a, j));
                }
                for (int b = a + 1; b < now.groups(); b++) {
                    assertNothingMoreIsResolved(
                            now.edgeMargin(a, b), small, large, before.edge(a, b), now.edge(a, b));
                }
            }
        }
        assertEquals(Verdict.UNRESOLVED, Comparison.verdict(Double.NaN, 0, true, true));
    }

    private static void assertNothingMoreIsResolved(
            double margin, double small, double large, boolean before, boolean now) {
        Verdict less = Comparison.verdict(margin, small, before, now);
        Verdict more = Comparison.verdict(margin, large, before, now);
        assertTrue(less == more || more == Verdict.UNRESOLVED, REPEAT);
    }

    @Test
    void p11TheNoiseCapIsExactInFrobeniusNorm() {
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
    void p11RowLabelsAreExactInRowNorm() {
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
    void rankModeIsExactAtHalfTheGap() {
        Random random = Cases.random(7);
        for (int m = 0; m < 3_000; m++) {
            StructureCase c = StructureCase.draw(random);
            int[] sizes = new int[c.groups().groups()];
            for (int a = 0; a < sizes.length; a++) {
                sizes[a] = 1 + random.nextInt(c.columns() - 1);
            }
            double[] energies = c.display().energies(c.matrix());
            RankSupports before = new RankSupports(energies, sizes);
            double[] d = c.perturbation(random, m);
            double[] moved = Cases.plus(c.matrix(), d, .999999 * before.radius() / c.columnNorm(d));
            assertTrue(
                    same(c, before, new RankSupports(c.display().energies(moved), sizes)), REPEAT);
            double[] far = rankWitness(c, before, energies);
            assertFalse(
                    same(c, before, new RankSupports(c.display().energies(far), sizes)), REPEAT);
        }
    }

    private static double[] rankWitness(StructureCase c, RankSupports before, double[] energies) {
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
                c.grow(s, a, weakest, -(before.radius() + t), d);
                c.grow(s, a, strongest, before.radius() + t, d);
                return Cases.plus(c.matrix(), d, 1);
            }
        }
        throw new AssertionError(REPEAT);
    }

    private static boolean same(StructureCase c, RankSupports a, RankSupports b) {
        for (int g = 0; g < c.groups().groups(); g++) {
            for (int j = 0; j < c.columns(); j++) {
                if (a.active(g, j) != b.active(g, j)) {
                    return false;
                }
            }
        }
        return true;
    }
}
