package io.spectrawatch.spectral.sketch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.WindowStep;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every sketch on every provider promises. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SecondMomentSketchContract {
    static final int D = 40;
    static final int L = 12;
    static final int B = 10;
    static final int ROWS = 433;

    Kernels kernels;

    abstract Kernels open();

    abstract SketchOptions options();

    /** Largest roundoff over F that still says something, for streams of some forty blocks. */
    double usefulRoundoff() {
        return 1e-6;
    }

    @BeforeAll
    void openKernels() {
        kernels = open();
    }

    @AfterAll
    void closeKernels() {
        kernels.close();
    }

    SecondMomentSketch empty() {
        return Sketches.create(options(), D, kernels);
    }

    static void feed(SecondMomentSketch sketch, List<double[]> rows, int blockRows) {
        RowBlock block = new RowBlock(blockRows, sketch.dimension());
        for (double[] row : rows) {
            block.append(row);
            if (block.isFull()) {
                sketch.update(block);
                block.clear();
            }
        }
        if (block.rows() > 0) {
            sketch.update(block);
        }
    }

    static double[] ones(int count) {
        double[] weights = new double[count];
        Arrays.fill(weights, 1);
        return weights;
    }

    /** Holds the ledger against the moment of the rows about a centre. */
    void assertCertified(
            SecondMomentSketch sketch, List<double[]> rows, double[] weights, double[] centre) {
        int d = sketch.dimension();
        double[] truth = Reference.moment(rows, weights, centre);
        DoubleBuffer error = Workspace.allocate((long) d * d);
        sketch.momentInto(error);
        double traceOfError = 0;
        for (int i = 0; i < d * d; i++) {
            error.put(i, truth[i] - error.get(i));
        }
        for (int i = 0; i < d; i++) {
            traceOfError += error.get(i * (d + 1));
        }
        DoubleBuffer values = Workspace.allocate(d);
        kernels.eigen(d, error, values);
        Ledger ledger = sketch.ledger();
        double energy = Reference.trace(truth, d);
        String found =
                ledger + ", eigenvalues of E from " + values.get(0) + " to " + values.get(d - 1);
        assertTrue(values.get(0) >= -ledger.deltaMinus() - ledger.roundoff(), "E below: " + found);
        assertTrue(
                values.get(d - 1) <= ledger.deltaPlus() + ledger.roundoff(), "E above: " + found);
        assertEquals(ledger.shed(), traceOfError, ledger.roundoff(), "T: " + found);
        assertLosses(sketch.spectrum(0), values, found);
        assertEquals(energy, ledger.energy(), ledger.roundoff(), "F: " + found);
        assertTrue(
                ledger.roundoff() <= usefulRoundoff() * energy + sizeOfRounding(rows),
                "roundoff stays useful: " + found);
    }

    /** The k largest eigenvalues of E sum to at most the first k losses, for every k. */
    private static void assertLosses(Spectrum spectrum, DoubleBuffer ascending, String found) {
        double[] losses = spectrum.losses();
        double error = 0;
        double allowed = 0;
        for (int k = 0; losses.length > 0 && k < spectrum.dimension(); k++) {
            error += ascending.get(spectrum.dimension() - 1 - k);
            allowed += losses[Math.min(k, losses.length - 1)] + spectrum.ledger().roundoff();
            assertTrue(error <= allowed, (k + 1) + " largest: " + error + ", " + found);
        }
    }

    /** Centring rows of large mean cannot be more exact than their own last bits. */
    private static double sizeOfRounding(List<double[]> rows) {
        double square = 0;
        for (double[] row : rows) {
            for (double x : row) {
                square += x * x;
            }
        }
        return square * 1e-12 + Double.MIN_NORMAL * rows.size() * 100;
    }

    void assertCertified(SecondMomentSketch sketch, List<double[]> rows) {
        double[] weights = ones(rows.size());
        assertCertified(sketch, rows, weights, Reference.mean(rows, weights, D));
    }

    @ParameterizedTest
    @EnumSource(Streams.class)
    void keepsItsBoundsOn(Streams stream) {
        Property.forAll(
                getClass(),
                2,
                random -> {
                    List<double[]> rows = stream.rows(random, ROWS, D);
                    try (SecondMomentSketch sketch = empty()) {
                        feed(sketch, rows, B);
                        assertEquals(ROWS, sketch.rows());
                        assertCertified(sketch, rows);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = Streams.class,
            names = {"DECAYING", "REGIMES", "MASSIVE_DIRECTION", "RANK_THREE", "CONSTANT"})
    void mergesInAnyTree(Streams stream) {
        Property.forAll(
                getClass(),
                2,
                random -> {
                    List<double[]> rows = stream.rows(random, ROWS, D);
                    List<SecondMomentSketch> parts = new ArrayList<>();
                    int start = 0;
                    while (start < rows.size()) {
                        int end = Math.min(rows.size(), start + 1 + random.nextInt(120));
                        SecondMomentSketch part = empty();
                        feed(part, rows.subList(start, end), B);
                        parts.add(part);
                        start = end;
                    }
                    parts.add(empty());
                    while (parts.size() > 1) {
                        SecondMomentSketch other = parts.remove(random.nextInt(parts.size()));
                        parts.get(random.nextInt(parts.size())).merge(other);
                        other.close();
                    }
                    assertEquals(ROWS, parts.get(0).rows());
                    assertCertified(parts.get(0), rows);
                });
    }

    @Test
    void decaysExponentially() {
        Property.forAll(
                getClass(),
                3,
                random -> {
                    double beta = 0.9;
                    List<double[]> rows = Streams.REGIMES.rows(random, 40 * B, D);
                    double[] weights = new double[rows.size()];
                    for (int i = 0; i < weights.length; i++) {
                        weights[i] = Math.pow(beta, 39 - i / B);
                    }
                    try (SecondMomentSketch sketch =
                            Sketches.create(options().withDecay(beta), D, kernels)) {
                        feed(sketch, rows, B);
                        assertCertified(sketch, rows, weights, Reference.mean(rows, weights, D));
                    }
                });
    }

    /** A merge decays nothing, also where it computes the known directions' products afresh. */
    @Test
    void mergesDecayedSketchesAsTheyAre() {
        double beta = 0.9;
        SketchOptions options = options().withDecay(beta);
        for (int blocks : new int[] {1, 32, 63, 64, 65}) {
            List<double[]> rows = Streams.DECAYING.rows(new Random(6), blocks * B, D);
            try (SecondMomentSketch a = Sketches.create(options, D, kernels);
                    SecondMomentSketch b = Sketches.create(options, D, kernels)) {
                feed(a, rows, B);
                feed(b, rows, B);
                a.merge(b);
                double[] weights = new double[2 * rows.size()];
                for (int i = 0; i < rows.size(); i++) {
                    weights[i] = Math.pow(beta, blocks - 1 - i / B);
                    weights[rows.size() + i] = weights[i];
                }
                List<double[]> both = new ArrayList<>(rows);
                both.addAll(rows);
                assertCertified(a, both, weights, Reference.mean(both, weights, D));
                a.toBytes();
            }
        }
    }

    @Test
    void fadesBeforeAMerge() {
        Random random = new Random(5);
        List<double[]> old = Streams.DECAYING.rows(random, 95, D);
        List<double[]> recent = Streams.REGIMES.rows(random, 88, D);
        double[] weights = new double[old.size() + recent.size()];
        Arrays.fill(weights, 1);
        Arrays.fill(weights, 0, old.size(), 0.25);
        try (SecondMomentSketch a = empty();
                SecondMomentSketch b = empty()) {
            feed(a, old, B);
            feed(b, recent, B);
            a.fade(0.25);
            a.merge(b);
            List<double[]> all = new ArrayList<>(old);
            all.addAll(recent);
            assertCertified(a, all, weights, Reference.mean(all, weights, D));
        }
    }

    @ParameterizedTest
    @EnumSource(Streams.class)
    void keepsItsBoundsWhenAnchored(Streams stream) {
        Property.forAll(
                getClass(),
                1,
                random -> {
                    List<double[]> rows = stream.rows(random, ROWS, D);
                    double[] anchor = rows.get(0).clone();
                    try (SecondMomentSketch sketch =
                            Sketches.anchored(options(), D, kernels, new Anchor("first", anchor))) {
                        feed(sketch, rows, B);
                        assertCertified(sketch, rows, ones(ROWS), anchor);
                    }
                });
    }

    /** Rows converted for a window are used again only where they are the sketch's, bit for bit. */
    @Test
    void sketchesTheSameWhateverWasProjectedBefore() {
        Property.forAll(
                getClass(),
                3,
                random -> {
                    List<double[]> rows = Streams.REGIMES.rows(random, ROWS, D);
                    Anchor anchor = new Anchor("first", rows.get(0));
                    SecondMomentSketch alone = Sketches.anchored(options(), D, kernels, anchor);
                    SecondMomentSketch beside = Sketches.anchored(options(), D, kernels, anchor);
                    feed(alone, rows, B);
                    RowBlock block = new RowBlock(B, D);
                    int taken = 0;
                    while (taken < ROWS) {
                        int end = Math.min(ROWS, taken + B);
                        int seen = taken + 1 + random.nextInt(end - taken);
                        append(block, rows.subList(taken, seen));
                        project(random, block, rows.get(random.nextInt(2)));
                        append(block, rows.subList(seen, end));
                        if (random.nextBoolean()) {
                            project(random, block, rows.get(random.nextInt(2)));
                        }
                        beside.update(block);
                        block.clear();
                        taken = end;
                    }
                    assertArrayEquals(alone.toBytes(), beside.toBytes());
                });
    }

    private static void append(RowBlock block, List<double[]> rows) {
        rows.forEach(block::append);
    }

    private void project(Random random, RowBlock block, double[] anchor) {
        WindowStep step = new WindowStep();
        step.block = block;
        step.from = random.nextInt(2) * random.nextInt(block.rows());
        step.count = block.rows() - step.from;
        step.anchor = Workspace.allocate(D).put(0, anchor);
        step.members = Workspace.allocate(2 * step.count);
        step.sums = Workspace.allocate(2 * D);
        kernels.project(step);
    }

    @Test
    void continuesBitForBitAfterRestoring() {
        Property.forAll(
                getClass(),
                3,
                random -> {
                    List<double[]> rows = Streams.REGIMES.rows(random, ROWS, D);
                    int cut = B * (1 + random.nextInt(40));
                    SketchOptions options = options().withProbes(8, 42);
                    SecondMomentSketch whole = Sketches.create(options, D, kernels);
                    SecondMomentSketch first = Sketches.create(options, D, kernels);
                    feed(whole, rows, B);
                    feed(first, rows.subList(0, cut), B);
                    SecondMomentSketch second = Sketches.fromBytes(first.toBytes(), kernels);
                    feed(second, rows.subList(cut, ROWS), B);
                    assertArrayEquals(whole.toBytes(), second.toBytes());
                });
    }

    @Test
    void sealedPaneKeepsItsBounds() {
        Property.forAll(
                getClass(),
                3,
                random -> {
                    List<double[]> rows = Streams.MASSIVE_DIRECTION.rows(random, ROWS, D);
                    SecondMomentSketch sketch = empty();
                    feed(sketch, rows, B);
                    byte[] sealed = sketch.seal();
                    assertTrue(sealed.length < sketch.toBytes().length, "smaller");
                    SecondMomentSketch restored = Sketches.fromBytes(sealed, kernels);
                    assertTrue(restored.ledger().deltaMinus() > 0, "the penalty is booked");
                    assertCertified(restored, rows);
                    List<double[]> more = Streams.DECAYING.rows(random, 57, D);
                    feed(restored, more, B);
                    List<double[]> all = new ArrayList<>(rows);
                    all.addAll(more);
                    assertCertified(restored, all);
                    assertTrue(
                            restored.ledger().roundoff() < 1e-4 * restored.energy(),
                            "" + restored.ledger());
                });
    }

    @Test
    void spectrumBelongsToTheMoment() {
        List<double[]> rows = Streams.DECAYING.rows(new Random(3), ROWS, D);
        try (SecondMomentSketch sketch = empty()) {
            feed(sketch, rows, B);
            Spectrum spectrum = sketch.spectrum(5);
            assertEquals(5, spectrum.basisVectors());
            DoubleBuffer vectors = Workspace.allocate(5 * D).put(0, spectrum.basis());
            DoubleBuffer image = Workspace.allocate(5 * D);
            sketch.multiply(5, vectors, image);
            double scale = spectrum.eigenvalues()[0];
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j < D; j++) {
                    double expected = spectrum.eigenvalues()[i] * vectors.get(i * D + j);
                    assertEquals(
                            expected,
                            image.get(i * D + j),
                            1e-12 * scale + spectrum.ledger().roundoff());
                }
            }
        }
    }

    @Test
    void centredSpectrumRemovesTheMeanShift() {
        List<double[]> rows = Streams.LARGE_MEAN.rows(new Random(3), 90, D);
        double[] anchor = new double[D];
        Arrays.fill(anchor, 1e6 - 3);
        try (SecondMomentSketch anchored =
                Sketches.anchored(options(), D, kernels, new Anchor("a", anchor))) {
            feed(anchored, rows, B);
            double[] weights = ones(rows.size());
            double[] truth = Reference.moment(rows, weights, Reference.mean(rows, weights, D));
            DoubleBuffer dense = Workspace.allocate(D * D).put(0, truth);
            DoubleBuffer values = Workspace.allocate(D);
            kernels.eigen(D, dense, values);
            Spectrum spectrum = anchored.centredSpectrum(4);
            Ledger ledger = spectrum.ledger();
            assertEquals(Reference.trace(truth, D), ledger.energy(), ledger.roundoff());
            for (int i = 0; i < spectrum.eigenvalues().length; i++) {
                double value = spectrum.eigenvalues()[i];
                double exact = values.get(D - 1 - i);
                assertTrue(
                        exact >= value - ledger.deltaMinus() - ledger.roundoff(),
                        i + ": " + exact + " " + value);
                assertTrue(
                        exact <= value + ledger.deltaPlus() + ledger.roundoff(),
                        i + ": " + exact + " " + value);
            }
            DoubleBuffer product = Workspace.allocate(16);
            DoubleBuffer basis = Workspace.allocate(4 * D).put(0, spectrum.basis());
            kernels.cross(4, 4, D, basis, basis, product, 0, 4);
            for (int i = 0; i < 16; i++) {
                assertEquals(i % 5 == 0 ? 1 : 0, product.get(i), 1e-6);
            }
        }
    }

    @Test
    void probesEstimateTheError() {
        List<double[]> rows = Streams.WHITE.rows(new Random(8), ROWS, D);
        try (SecondMomentSketch sketch = Sketches.create(options().withProbes(16, 7), D, kernels)) {
            feed(sketch, rows, B);
            double[] weights = ones(ROWS);
            double[] truth = Reference.moment(rows, weights, Reference.mean(rows, weights, D));
            DoubleBuffer held = Workspace.allocate(D * D);
            sketch.momentInto(held);
            double square = 0;
            for (int i = 0; i < D * D; i++) {
                square += (truth[i] - held.get(i)) * (truth[i] - held.get(i));
            }
            ErrorEstimate estimate = sketch.estimateError().orElseThrow();
            double slack = 1e-12 * sketch.energy();
            assertEquals(Math.sqrt(square), estimate.frobenius(), 0.3 * Math.sqrt(square) + slack);
            assertEquals(
                    sketch.ledger().shed(), estimate.trace(), 0.3 * sketch.ledger().shed() + slack);
        }
    }

    @Test
    void refusesBadBlocksUnchanged() {
        try (SecondMomentSketch sketch = empty()) {
            feed(sketch, Streams.DECAYING.rows(new Random(1), 50, D), B);
            byte[] before = sketch.toBytes();
            assertRefused(sketch, block(D, Double.NaN), "NaN");
            assertRefused(sketch, block(D, Double.NEGATIVE_INFINITY), "-Infinity");
            assertRefused(sketch, block(D, 1e200), "overflows");
            assertRefused(
                    sketch, block(D - 1, 1), "row width " + D + " expected, found " + (D - 1));
            assertRefused(sketch, new RowBlock(B, D), "empty");
            assertArrayEquals(before, sketch.toBytes());
        }
    }

    @Test
    void refusedOperationsChangeNothing() {
        List<SketchOptions> all =
                List.of(
                        options(),
                        options().withDecay(0.9),
                        options().withProbes(4, 7),
                        options().withProbes(4, 7).withDecay(0.5));
        for (SketchOptions options : all) {
            try (SecondMomentSketch sketch = Sketches.create(options, D, kernels)) {
                feed(sketch, Streams.DECAYING.rows(new Random(1), 50, D), B);
                checkRefusals(sketch);
            }
            Anchor anchor = new Anchor("some", new double[D]);
            try (SecondMomentSketch sketch = Sketches.anchored(options, D, kernels, anchor)) {
                feed(sketch, Streams.DECAYING.rows(new Random(1), 50, D), B);
                checkRefusals(sketch);
            }
        }
    }

    private void checkRefusals(SecondMomentSketch sketch) {
        RowBlock constant = new RowBlock(2, D);
        double[] row = new double[D];
        Arrays.fill(row, 1e200);
        constant.append(row);
        constant.append(row);
        List<RowBlock> blocks =
                List.of(
                        block(D, Double.NaN),
                        block(D, Double.POSITIVE_INFINITY),
                        block(D, 1e200),
                        constant,
                        block(D - 1, 1),
                        new RowBlock(B, D));
        for (RowBlock block : blocks) {
            assertUnchanged(sketch, InvalidRowsException.class, () -> sketch.update(block));
        }
        for (double factor : new double[] {0, -1, 1.5, Double.NaN}) {
            assertUnchanged(sketch, IllegalArgumentException.class, () -> sketch.fade(factor));
        }
        for (SecondMomentSketch other : foreign(sketch)) {
            if (!isPartOfAnExactMoment(sketch, other)) {
                assertUnchanged(
                        sketch, IncompatibleSketchException.class, () -> sketch.merge(other));
            }
            assertUnchanged(
                    sketch, IncompatibleSketchException.class, () -> sketch.subtract(other));
            other.close();
        }
        assertUnchanged(sketch, IncompatibleSketchException.class, () -> sketch.merge(sketch));
        assertUnchanged(sketch, IncompatibleSketchException.class, () -> sketch.subtract(sketch));
        SecondMomentSketch closed = Sketches.fromBytes(sketch.toBytes(), kernels);
        closed.close();
        assertUnchanged(sketch, IllegalStateException.class, () -> sketch.merge(closed));
        checkOverflow(sketch);
    }

    /** The one kind of sketch that another kind takes; otherwise the two agree. */
    private static boolean isPartOfAnExactMoment(
            SecondMomentSketch sketch, SecondMomentSketch other) {
        return sketch.kind() == SketchKind.EXACT && other.kind() == SketchKind.FREQUENT_DIRECTIONS;
    }

    /** Sketches with rows, each of which differs in one thing that must agree. */
    private List<SecondMomentSketch> foreign(SecondMomentSketch sketch) {
        SketchOptions own = sketch.options();
        Anchor anchor = new Anchor("other", new double[D]);
        SketchKind other =
                sketch.kind() == SketchKind.EXACT
                        ? SketchKind.FREQUENT_DIRECTIONS
                        : SketchKind.EXACT;
        List<SecondMomentSketch> all =
                List.of(
                        alike(sketch, own, D - 1),
                        alike(sketch, own.withKind(other), D),
                        alike(sketch, own.withProbes(own.probes() + 1, own.probeSeed()), D),
                        alike(
                                sketch,
                                own.withProbes(Math.max(own.probes(), 1), own.probeSeed() + 1),
                                D),
                        Sketches.anchored(own, D, kernels, anchor));
        for (SecondMomentSketch each : all) {
            feed(each, Streams.WHITE.rows(new Random(2), 30, each.dimension()), B);
        }
        return all;
    }

    private SecondMomentSketch alike(SecondMomentSketch sketch, SketchOptions options, int d) {
        return sketch.anchor().isEmpty()
                ? Sketches.create(options, d, kernels)
                : Sketches.anchored(options, d, kernels, new Anchor("some", new double[d]));
    }

    /** A sketch merged with its own copies until its energy would leave the range of fp64. */
    private void checkOverflow(SecondMomentSketch like) {
        try (SecondMomentSketch sketch = alike(like, like.options(), D)) {
            RowBlock huge = new RowBlock(B, D);
            Streams.WHITE.rows(new Random(3), B, D).forEach(row -> huge.append(scaled(row)));
            sketch.update(huge);
            int doublings = 0;
            byte[] bytes = sketch.toBytes();
            while (doublings < 100) {
                byte[] before = bytes;
                try (SecondMomentSketch copy = Sketches.fromBytes(bytes, kernels)) {
                    sketch.merge(copy);
                } catch (IncompatibleSketchException e) {
                    break;
                }
                bytes = sketch.toBytes();
                assertTrue(!Arrays.equals(before, bytes), "merged");
                doublings++;
            }
            assertTrue(doublings < 100, "an energy without end");
            assertArrayEquals(bytes, sketch.toBytes());
            for (double entry : sketch.mean()) {
                assertTrue(Double.isFinite(entry), "mean " + entry);
            }
            assertTrue(Double.isFinite(sketch.ledger().roundoff()), "" + sketch.ledger());
        }
    }

    private static double[] scaled(double[] row) {
        double[] huge = row.clone();
        for (int j = 0; j < huge.length; j++) {
            huge[j] *= 1e139;
        }
        return huge;
    }

    private static void assertUnchanged(
            SecondMomentSketch sketch, Class<? extends RuntimeException> why, Runnable operation) {
        byte[] before = sketch.toBytes();
        assertThrows(why, operation::run);
        assertArrayEquals(before, sketch.toBytes(), why.getSimpleName());
    }

    private static RowBlock block(int d, double value) {
        RowBlock block = new RowBlock(B, d);
        double[] row = new double[d];
        block.append(row);
        row[d - 1] = value;
        block.append(row);
        return block;
    }

    private static void assertRefused(SecondMomentSketch sketch, RowBlock block, String found) {
        InvalidRowsException e =
                assertThrows(InvalidRowsException.class, () -> sketch.update(block));
        assertTrue(e.getMessage().contains(found), e.getMessage());
    }

    @Test
    void refusesForeignSketches() {
        try (SecondMomentSketch sketch = empty();
                SecondMomentSketch narrow = Sketches.create(options(), D - 1, kernels);
                SecondMomentSketch anchored =
                        Sketches.anchored(
                                options(), D, kernels, new Anchor("zero", new double[D]))) {
            assertThrows(IncompatibleSketchException.class, () -> sketch.merge(narrow));
            assertThrows(IncompatibleSketchException.class, () -> sketch.merge(anchored));
            assertThrows(IncompatibleSketchException.class, () -> sketch.merge(sketch));
        }
    }

    @Test
    void agreesWithADirectMoment() {
        List<double[]> rows = Streams.MASSIVE_CHANNEL.rows(new Random(11), ROWS, D);
        try (SecondMomentSketch sketch = empty();
                DirectMoment direct = new DirectMoment(D, kernels)) {
            feed(sketch, rows, B);
            RowBlock block = new RowBlock(ROWS, D);
            rows.forEach(block::append);
            direct.add(block);
            Ledger ledger = sketch.ledger();
            double distance = direct.distanceTo(sketch);
            assertTrue(distance <= ledger.deltaPlus() + ledger.roundoff(), distance + " " + ledger);
        }
    }
}
