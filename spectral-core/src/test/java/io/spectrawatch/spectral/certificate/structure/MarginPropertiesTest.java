package io.spectrawatch.spectral.certificate.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.certificate.Cases;
import io.spectrawatch.spectral.linalg.Dense;
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
        assertEquals(
                ElementVerdict.UNRESOLVED, ElementComparison.verdict(Double.NaN, 0, true, true));
    }

    private static void assertNothingMoreIsResolved(
            double margin, double small, double large, boolean before, boolean now) {
        ElementVerdict less = ElementComparison.verdict(margin, small, before, now);
        ElementVerdict more = ElementComparison.verdict(margin, large, before, now);
        assertTrue(less == more || more == ElementVerdict.UNRESOLVED, REPEAT);
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

    /** A case whose rule takes as many of the largest columns as it draws for each group. */
    private static StructureCase ranked(Random random) {
        StructureCase c = StructureCase.draw(random);
        int[] sizes = new int[c.groups().groups()];
        for (int a = 0; a < sizes.length; a++) {
            sizes[a] = 1 + random.nextInt(c.columns() - 1);
        }
        return new StructureCase(
                c.rows(), c.columns(), c.groups(), c.matrix(), c.rule().ofRanks(sizes));
    }

    @Test
    void rankModeIsExactAtHalfTheGap() {
        Random random = Cases.random(7);
        for (int m = 0; m < 3_000; m++) {
            StructureCase c = ranked(random);
            Structure before = c.structure();
            double radius = before.radius().value();
            assertEquals(Radius.Test.ACTIVITY, before.radius().test(), REPEAT);
            for (int a = 0; a < before.groups(); a++) {
                assertEquals(c.rule().size(a), before.support(a).length, REPEAT);
            }
            double[] d = c.perturbation(random, m);
            double[] moved = Cases.plus(c.matrix(), d, .999999 * radius / c.columnNorm(d));
            assertTrue(before.sameAs(c.structure(moved)), REPEAT);
            double[] far = rankWitness(c, before);
            assertTrue(c.columnNorm(far) <= radius + 2e-6 * (1 + radius), REPEAT);
            Structure after = c.structure(Cases.plus(c.matrix(), far, 1));
            assertFalse(before.sameAs(after), REPEAT);
        }
    }

    /** The weakest active column falls while the strongest other one rises. */
    private static double[] rankWitness(StructureCase c, Structure before) {
        Radius radius = before.radius();
        int a = radius.group();
        int weakest = -1;
        int strongest = -1;
        for (int j = 0; j < c.columns(); j++) {
            if (before.active(a, j)) {
                boolean less = weakest < 0 || before.energy(a, j) < before.energy(a, weakest);
                weakest = less ? j : weakest;
            } else {
                boolean more = strongest < 0 || before.energy(a, j) > before.energy(a, strongest);
                strongest = more ? j : strongest;
            }
        }
        double[] d = new double[c.matrix().length];
        double t = 1e-6 * (1 + radius.value());
        c.grow(before, a, weakest, -(radius.value() + t), d);
        c.grow(before, a, strongest, radius.value() + t, d);
        return d;
    }

    /** No single element changes below its own margin, edges included. */
    @Test
    void rankModeMarginsAreSoundForEveryElement() {
        Random random = Cases.random(17);
        for (int m = 0; m < 2_000; m++) {
            StructureCase c = ranked(random);
            Structure before = c.structure();
            double[] d = c.perturbation(random, m);
            double size = 3 * before.radius().value() * random.nextDouble();
            Structure after = c.structure(Cases.plus(c.matrix(), d, size / c.columnNorm(d)));
            for (int a = 0; a < before.groups(); a++) {
                for (int j = 0; j < c.columns(); j++) {
                    assertTrue(
                            before.active(a, j) == after.active(a, j)
                                    || before.activityMargin(a, j) <= size * (1 + 1e-9),
                            REPEAT);
                }
                for (int b = a + 1; b < before.groups(); b++) {
                    boolean shares = before.sharedSupport(a, b).length > 0;
                    assertEquals(shares, before.edge(a, b), REPEAT);
                    assertTrue(
                            before.edge(a, b) == after.edge(a, b)
                                    || before.edgeMargin(a, b) <= size * (1 + 1e-9),
                            REPEAT);
                }
            }
        }
    }

    @Test
    void rankModeDoesNotSeeAScaleThatAGroupShares() {
        Random random = Cases.random(18);
        for (int m = 0; m < 200; m++) {
            StructureCase c = ranked(random);
            double[] scaled = c.matrix().clone();
            for (int at = 0; at < scaled.length; at++) {
                scaled[at] *= 1 + c.groups().groupOf(at / c.columns());
            }
            assertTrue(c.structure().sameAs(c.structure(scaled)), REPEAT);
        }
    }
}
