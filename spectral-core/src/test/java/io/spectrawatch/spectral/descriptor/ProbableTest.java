package io.spectrawatch.spectral.descriptor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.Anchor;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.ProbeEvidence;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchFormatException;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.sketch.Spectrum;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Intervals from probes against exact moments: certain given true evidence, which holds in 95 %.
 */
class ProbableTest {
    private static final boolean REFEREE = Boolean.getBoolean("spectrawatch.referee");
    private static final int CASES = REFEREE ? 4_000 : 120;
    private static final int DRAWS = REFEREE ? 5_000 : 400;

    /** Standard deviations that a count of misses may lie above 5 %. */
    private static final double SIGMAS = 4;

    /** Rows of one kind: flat, falling, of heavy tails, or of few directions. */
    private enum Shape {
        FLAT,
        FALLING,
        HEAVY,
        DEFICIENT;

        double[] row(Random random, int d) {
            double[] row = new double[d];
            double scale = this == HEAVY ? Math.pow(random.nextDouble(), -0.7) : 1;
            for (int j = 0; j < (this == DEFICIENT ? d / 3 : d); j++) {
                double falling = this == FALLING ? Math.pow(j + 1, -0.7) : 1;
                row[j] = 0.3 + random.nextGaussian() * scale * falling;
            }
            return row;
        }
    }

    /** The sketch and the exact moment of the same rows. */
    private record Pair(SecondMomentSketch sketch, SecondMomentSketch exact)
            implements AutoCloseable {
        static Pair of(SketchOptions options, int d, boolean anchored, Kernels kernels) {
            SketchOptions whole = options.withKind(SketchKind.EXACT).withProbes(0, 0);
            SecondMomentSketch exact = Sketches.create(whole, d, kernels);
            if (!anchored) {
                return new Pair(Sketches.create(options, d, kernels), exact);
            }
            Anchor anchor = new Anchor("a", new double[d]);
            return new Pair(Sketches.anchored(options, d, kernels, anchor), exact);
        }

        void feed(Random random, Shape shape, int rows) {
            RowBlock block = new RowBlock(sketch.options().blockRows(), sketch.dimension());
            for (int i = 0; i < rows; i++) {
                block.append(shape.row(random, sketch.dimension()));
                if (block.isFull() || i + 1 == rows) {
                    sketch.update(block);
                    exact.update(block);
                    block.clear();
                }
            }
        }

        @Override
        public void close() {
            sketch.close();
            exact.close();
        }
    }

    @Test
    void holdTheTruthWheneverTheEvidenceDoes() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Property.forAll(getClass(), CASES, random -> check(random, kernels));
        }
    }

    private static void check(Random random, Kernels kernels) {
        int d = 6 + random.nextInt(40);
        SketchOptions options =
                frequentDirections(1 + random.nextInt(d / 2), 1 + random.nextInt(2 * d))
                        .withAlpha(random.nextInt(5) / 4.0);
        Shape shape = Shape.values()[random.nextInt(4)];
        try (Pair pair = Pair.of(options, d, random.nextBoolean(), kernels)) {
            pair.feed(random, shape, 2 + random.nextInt(300));
            double[] truth = pair.exact.spectrum(0).eigenvalues();
            int k = random.nextInt(d + 1);
            double loose = random.nextInt(2) * random.nextDouble();
            double squares = squares(truth) * (1 + loose);
            double leading = top(truth, k) * (1 - loose);
            compare(pair, new ProbeEvidence(squares * (1 + 1e-9), k, leading * (1 - 1e-9)));
        }
    }

    private static void compare(Pair pair, ProbeEvidence evidence) {
        Spectrum spectrum = pair.sketch.centredSpectrum(0);
        List<CertifiedValue> exact = Descriptors.of(pair.exact.spectrum(0));
        List<CertifiedValue> certain = Descriptors.of(spectrum);
        for (CertifiedValue value : Descriptors.probable(spectrum, evidence)) {
            CertifiedValue point = find(exact, value.name());
            CertifiedValue wide = find(certain, value.name());
            double slack = 1e-8 * (1 + Math.abs(point.estimate()));
            assertTrue(
                    value.lower() <= point.upper() + slack
                            && point.lower() - slack <= value.upper(),
                    value + " misses " + point + " by " + evidence);
            assertTrue(
                    wide.lower() <= value.lower() && value.upper() <= wide.upper(),
                    value + " is wider than " + wide);
        }
    }

    @Test
    void theEvidenceMissesAtMostOnceInTwenty() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            double most = 0.05 * DRAWS + SIGMAS * Math.sqrt(0.05 * 0.95 * DRAWS);
            for (Shape shape : Shape.values()) {
                for (int probes : new int[] {1, 16}) {
                    int misses = misses(shape, probes, kernels);
                    assertTrue(misses <= most, shape + ", " + probes + ": " + misses);
                }
            }
        }
    }

    private static int misses(Shape shape, int probes, Kernels kernels) {
        int d = 24;
        int misses = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            SketchOptions options = frequentDirections(6, 8).withProbes(probes, draw);
            try (Pair pair = Pair.of(options, d, draw % 2 == 1, kernels)) {
                pair.feed(new Random(draw % 16), shape, 60);
                double[] truth = pair.exact.spectrum(0).eigenvalues();
                ProbeEvidence evidence = pair.sketch.probeEvidence().orElseThrow();
                double slack = 1e-12 * pair.exact.energy();
                boolean holds =
                        evidence.squares() >= squares(truth) - slack * pair.exact.energy()
                                && evidence.leadingEnergy()
                                        <= top(truth, evidence.leading()) + slack;
                misses += holds ? 0 : 1;
            }
        }
        return misses;
    }

    /** The case it is for: many directions share the energy, and the certificate says little. */
    @Test
    void halveTheIntervalOfManyEqualDirections() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                Pair pair =
                        Pair.of(frequentDirections(16, 16).withProbes(16, 1), 96, false, kernels)) {
            pair.feed(new Random(1), Shape.FLAT, 2_000);
            Spectrum spectrum = pair.sketch.centredSpectrum(0);
            CertifiedValue certain = find(Descriptors.of(spectrum), "effective_rank");
            ProbeEvidence evidence = pair.sketch.probeEvidence().orElseThrow();
            CertifiedValue probable =
                    find(Descriptors.probable(spectrum, evidence), "effective_rank");
            assertTrue(
                    2 * (probable.upper() - probable.lower()) < certain.upper() - certain.lower(),
                    certain + ", " + probable);
        }
    }

    /** From the smallest to the largest rows of fp32: their eighth powers leave fp64. */
    @Test
    void theEvidenceScalesWithTheRows() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            for (boolean anchored : new boolean[] {false, true}) {
                ProbeEvidence one = evidence(0, anchored, kernels);
                for (int exponent : new int[] {-140, -100, 100, 124}) {
                    ProbeEvidence scaled = evidence(exponent, anchored, kernels);
                    assertEquals(one.leading(), scaled.leading());
                    assertEquals(
                            one.squares(),
                            Math.scalb(scaled.squares(), -4 * exponent),
                            1e-9 * one.squares());
                    assertEquals(
                            one.leadingEnergy(),
                            Math.scalb(scaled.leadingEnergy(), -2 * exponent),
                            1e-9 * one.leadingEnergy());
                }
            }
        }
    }

    private static ProbeEvidence evidence(int exponent, boolean anchored, Kernels kernels) {
        SketchOptions options = frequentDirections(6, 8).withProbes(4, 3);
        try (Pair pair = Pair.of(options, 24, anchored, kernels)) {
            RowBlock block = new RowBlock(8, 24);
            Random random = new Random(5);
            for (int i = 0; i < 20; i++) {
                while (!block.isFull()) {
                    double[] row = Shape.FALLING.row(random, 24);
                    Arrays.setAll(row, j -> Math.scalb(row[j], exponent));
                    block.append(row);
                }
                pair.sketch.update(block);
                block.clear();
            }
            return pair.sketch.probeEvidence().orElseThrow();
        }
    }

    /** What is not sampled needs no interval, and a sketch without probes has none. */
    @Test
    void exactMomentsAndSketchesWithoutProbesSayNothing() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST);
                Pair pair = Pair.of(frequentDirections(4, 4), 8, false, kernels)) {
            pair.feed(new Random(1), Shape.FLAT, 20);
            assertTrue(pair.sketch.probeEvidence().isEmpty());
            assertTrue(pair.exact.probeEvidence().isEmpty());
        }
    }

    /** Shards that keep probes beside shards that do not, and state from before there were any. */
    @Test
    void sketchesOfOtherProbesAreMergedWithoutThem() {
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            for (boolean anchored : new boolean[] {false, true}) {
                SketchOptions plain = frequentDirections(4, 4);
                byte[] bare = bytes(plain, anchored, kernels);
                byte[] probed = bytes(plain.withProbes(3, 5), anchored, kernels);
                assertArrayEquals(bare, Sketches.ofEqualProbes(List.of(bare, probed)).get(1));
                assertArrayEquals(probed, Sketches.ofEqualProbes(List.of(probed, probed)).get(1));
                byte[] cut = Arrays.copyOf(probed, probed.length - 1);
                assertThrows(
                        SketchFormatException.class,
                        () -> Sketches.ofEqualProbes(List.of(bare, cut)));
            }
        }
    }

    private static byte[] bytes(SketchOptions options, boolean anchored, Kernels kernels) {
        try (Pair pair = Pair.of(options, 8, anchored, kernels)) {
            pair.feed(new Random(1), Shape.FALLING, 30);
            return pair.sketch.toBytes();
        }
    }

    /** By hand: where 8 and 4 of 16 are held, four entries have the least squares as 8, 4, 2, 2. */
    @Test
    void knownEntriesUseUpTheirPartOfTheSquares() {
        Spectrum spectrum =
                new Spectrum(
                        4, 100, new double[] {8, 4}, new double[0], new Ledger(4, 0, 4, 16, 0));
        FeasibleSpectrum feasible = new FeasibleSpectrum(spectrum);
        double truth = 0.5 * Math.log(2) + 0.25 * Math.log(4) + 0.25 * Math.log(8);
        double floor = EntropyFloor.of(feasible, 0.25 + 0.0625 + 2.0 / 64);
        assertEquals(truth, floor, 1e-3);
        assertTrue(floor <= truth, floor + " above " + truth);
    }

    private static SketchOptions frequentDirections(int rows, int block) {
        return SketchOptions.defaults()
                .withKind(SketchKind.FREQUENT_DIRECTIONS)
                .withSketchRows(rows)
                .withBlockRows(block);
    }

    private static CertifiedValue find(List<CertifiedValue> values, String name) {
        return values.stream().filter(value -> value.name().equals(name)).findFirst().orElseThrow();
    }

    private static double squares(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }

    private static double top(double[] values, int k) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
            sum += values[i];
        }
        return sum;
    }
}
