package io.spectrawatch.spectral.sketch;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * P9 and the sketch's part of P12: the facts about E = Z^T Z - B^T B that joint transports rest on,
 * for alpha-Frequent-Directions, after updates alone and after merges in any tree.
 */
class DirectionsPropertiesTest {
    private static final int D = 24;

    /** Columns of the first of the two layers that a joint sketch would hold. */
    private static final int FIRST = 14;

    private static final int L = 8;
    private static final int CASES = 24;
    private static final Streams[] STREAMS = {
        Streams.DECAYING, Streams.WHITE, Streams.REGIMES, Streams.MASSIVE_DIRECTION
    };

    private static Kernels kernels;

    @BeforeAll
    static void open() {
        kernels = KernelProviders.open(KernelChoice.HOST);
    }

    @AfterAll
    static void close() {
        kernels.close();
    }

    @Test
    void p9FactsOneToFiveHoldForStreamedSketches() {
        Property.forAll(getClass(), CASES, random -> new Case(random, false).check());
    }

    @Test
    void p12FactsOneToFiveHoldForMergedSketches() {
        Property.forAll(getClass(), CASES, random -> new Case(random, true).check());
    }

    /** What an exact moment takes of sketches is within the sum of their ledgers. */
    @Test
    void anExactMomentTakesSketchesWithTheirBounds() {
        Property.forAll(
                getClass(),
                CASES,
                random -> {
                    SketchOptions options = SketchOptions.defaults().withSketchRows(L);
                    try (SecondMomentSketch exact =
                                    Sketches.create(
                                            options.withKind(SketchKind.EXACT), D, kernels);
                            SecondMomentSketch directions =
                                    Sketches.create(
                                            options.withKind(SketchKind.FREQUENT_DIRECTIONS),
                                            D,
                                            kernels);
                            DirectMoment truth = new DirectMoment(D, kernels)) {
                        Streams stream = STREAMS[random.nextInt(STREAMS.length)];
                        List<double[]> rows = stream.rows(random, 200, D);
                        RowBlock block = new RowBlock(20, D);
                        for (int i = 0; i < rows.size(); i++) {
                            block.append(rows.get(i));
                            if (block.isFull()) {
                                (i < 60 ? exact : directions).update(block);
                                truth.add(block);
                                block.clear();
                            }
                        }
                        exact.merge(directions);
                        Ledger ledger = exact.ledger();
                        double allowed = ledger.deltaPlus() + ledger.roundoff() + truth.roundoff();
                        double found = truth.distanceTo(exact);
                        assertTrue(found <= allowed, found + " of " + allowed);
                        assertTrue(exact.rows() == 200 && exact.kind() == SketchKind.EXACT);
                        // Its bytes are checked against the ledger when they are read.
                        Sketches.fromBytes(exact.toBytes(), kernels).close();
                        assertTrue(
                                Sketches.kindOf(directions.toBytes())
                                        == SketchKind.FREQUENT_DIRECTIONS);
                        assertThrows(
                                IncompatibleSketchException.class, () -> directions.merge(exact));
                    }
                });
    }

    /** A sketch, what it should hold and by how much it may miss it. */
    private static final class Case {
        private final double alpha;
        private final double[] truth;
        private final double[] held;
        private final double[] error;
        private final double delta;
        private final double lost;

        /** What rounding may add to any inequality, in units of the moment. */
        private final double slack;

        Case(Random random, boolean merged) {
            this.alpha = random.nextBoolean() ? 1 : .5;
            Streams stream = STREAMS[random.nextInt(STREAMS.length)];
            List<double[]> rows = stream.rows(random, 150 + random.nextInt(200), D);
            SketchOptions options =
                    new SketchOptions(SketchKind.FREQUENT_DIRECTIONS, L, 6, alpha, 1 << 20);
            try (SecondMomentSketch sketch = sketch(options, rows, random, merged)) {
                double[] ones = SecondMomentSketchContract.ones(rows.size());
                this.truth = Reference.moment(rows, ones, Reference.mean(rows, ones, D));
                DoubleBuffer moment = Workspace.allocate(D * D);
                sketch.momentInto(moment);
                this.held = new double[D * D];
                moment.get(0, held);
                this.error = new double[D * D];
                Arrays.setAll(error, i -> truth[i] - held[i]);
                Ledger ledger = sketch.ledger();
                this.delta = ledger.deltaPlus();
                this.lost = ledger.shed();
                this.slack = ledger.roundoff() + 1e-12 * ledger.energy();
            }
        }

        private static SecondMomentSketch sketch(
                SketchOptions options, List<double[]> rows, Random random, boolean merged) {
            List<SecondMomentSketch> parts = new ArrayList<>();
            int start = 0;
            while (start < rows.size()) {
                int size = merged ? 1 + random.nextInt(90) : rows.size();
                int end = Math.min(rows.size(), start + size);
                SecondMomentSketch part = Sketches.create(options, D, kernels);
                SecondMomentSketchContract.feed(part, rows.subList(start, end), 6);
                parts.add(part);
                start = end;
            }
            while (parts.size() > 1) {
                try (SecondMomentSketch other = parts.remove(random.nextInt(parts.size()))) {
                    parts.get(random.nextInt(parts.size())).merge(other);
                }
            }
            return parts.get(0);
        }

        void check() {
            double[] spectrum = eigenvalues(truth, D);
            double[] kept = eigenvalues(held, D);
            double[] missing = eigenvalues(error, D);
            assertTrue(missing[D - 1] >= -slack, "F1 from below: " + missing[D - 1]);
            assertTrue(missing[0] <= delta + slack, "F1 from above: " + missing[0] + " " + delta);
            double total = 0;
            for (double value : spectrum) {
                total += value;
            }
            double tail = total;
            for (int k = 0; k < alpha * L; k++) {
                double bound = tail / (alpha * L + 1 - k);
                assertTrue(delta <= bound + slack, "F2 a priori, k = " + k + ": " + delta);
                tail -= spectrum[k];
            }
            assertTrue((alpha * L + 1) * delta <= lost + slack, "F2: " + delta + " " + lost);
            double[] cross = cross();
            double square = 0;
            for (double entry : cross) {
                square += entry * entry;
            }
            assertTrue(largest(cross) <= delta / 2 + slack, "F3: " + largest(cross));
            assertTrue(Math.sqrt(square) <= Math.sqrt(delta * lost / 2) + slack, "F4: " + square);
            double sum = 0;
            double keptSum = 0;
            for (int i = 0; i < D; i++) {
                sum += spectrum[i];
                keptSum += kept[i];
                assertTrue(kept[i] <= spectrum[i] + slack, "F5 from below, i = " + i);
                assertTrue(spectrum[i] <= kept[i] + delta + slack, "F5 from above, i = " + i);
                double room = Math.min((i + 1) * delta, lost);
                assertTrue(sum <= keptSum + room + D * slack, "F5, sums, i = " + i);
            }
        }

        /** E_12, the error of the cross moment of the two layers (FIRST x rest). */
        private double[] cross() {
            double[] block = new double[FIRST * (D - FIRST)];
            for (int i = 0; i < FIRST; i++) {
                System.arraycopy(error, i * D + FIRST, block, i * (D - FIRST), D - FIRST);
            }
            return block;
        }

        /** The spectral norm of a block of E_12's shape. */
        private static double largest(double[] block) {
            int width = D - FIRST;
            double[] gram = new double[width * width];
            for (int i = 0; i < FIRST; i++) {
                for (int a = 0; a < width; a++) {
                    for (int b = 0; b < width; b++) {
                        gram[a * width + b] += block[i * width + a] * block[i * width + b];
                    }
                }
            }
            return Math.sqrt(Math.max(eigenvalues(gram, width)[0], 0));
        }

        /** Descending. */
        private static double[] eigenvalues(double[] symmetric, int n) {
            DoubleBuffer matrix = Workspace.allocate(n * n);
            matrix.put(0, symmetric, 0, n * n);
            DoubleBuffer values = Workspace.allocate(n);
            kernels.eigen(n, matrix, values);
            double[] out = new double[n];
            Arrays.setAll(out, i -> values.get(n - 1 - i));
            return out;
        }
    }
}
