package io.spectrawatch.spectral.sketch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.Replay.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final int D = 40;
    private final Kernels host = KernelProviders.open(KernelChoice.HOST);
    private final Kernels graph = KernelProviders.open(KernelChoice.ONNX_CPU);

    private static SketchOptions options(SketchKind kind, int l) {
        return SketchOptions.defaults().withKind(kind).withSketchRows(l);
    }

    private SecondMomentSketch sketch(
            SketchKind kind, int l, int blockRows, Kernels kernels, List<double[]> rows) {
        SecondMomentSketch sketch = Sketches.create(options(kind, l), D, kernels);
        SecondMomentSketchContract.feed(sketch, rows, blockRows);
        return sketch;
    }

    @Test
    void sameRowsAgreeHoweverTheyWereSketched() {
        Property.forAll(
                getClass(),
                10,
                random -> {
                    Streams stream = Streams.values()[random.nextInt(Streams.values().length)];
                    List<double[]> rows = stream.rows(random, 300, D);
                    SecondMomentSketch one =
                            sketch(SketchKind.FREQUENT_DIRECTIONS, 12, 10, host, rows);
                    SecondMomentSketch same =
                            sketch(SketchKind.FREQUENT_DIRECTIONS, 12, 10, host, rows);
                    assertEquals(Verdict.IDENTICAL, Replay.compare(one, same, host).verdict());
                    List<SecondMomentSketch> others = new ArrayList<>();
                    others.add(sketch(SketchKind.FREQUENT_DIRECTIONS, 12, 10, graph, rows));
                    others.add(sketch(SketchKind.FREQUENT_DIRECTIONS, 16, 7, host, rows));
                    others.add(sketch(SketchKind.EXACT, 12, 31, host, rows));
                    SecondMomentSketch merged =
                            sketch(
                                    SketchKind.FREQUENT_DIRECTIONS,
                                    12,
                                    10,
                                    host,
                                    rows.subList(0, 111));
                    merged.merge(
                            sketch(
                                    SketchKind.FREQUENT_DIRECTIONS,
                                    12,
                                    9,
                                    host,
                                    rows.subList(111, 300)));
                    others.add(merged);
                    for (SecondMomentSketch other : others) {
                        Replay.Comparison comparison = Replay.compare(one, other, host);
                        assertTrue(
                                comparison.verdict() != Verdict.DIVERGED,
                                stream + " " + comparison);
                        assertTrue(
                                Replay.compare(other, one, host).verdict() != Verdict.DIVERGED,
                                "reversed");
                    }
                });
    }

    /** The bound that a forger would have to write into the record is held against the other's. */
    @Test
    void aRecordedBoundCountsOnlyAsFarAsTheRecomputedOneVouchesForIt() {
        List<double[]> rows = Streams.DECAYING.rows(new Random(4), 300, D);
        for (SketchKind kind :
                new SketchKind[] {SketchKind.EXACT, SketchKind.FREQUENT_DIRECTIONS}) {
            SecondMomentSketch recomputed = sketch(kind, 12, 10, graph, rows);
            SecondMomentSketch honest = sketch(kind, 12, 10, host, rows);
            assertEquals(Verdict.WITHIN_BOUND, Replay.audit(honest, recomputed, host).verdict());
            CentredSketch forged = (CentredSketch) sketch(kind, 12, 10, host, rows);
            forged.deltaPlus += 1e9;
            forged.deltaMinus += 1e9;
            assertForged(forged, recomputed, "deltaPlus");
            forged = (CentredSketch) sketch(kind, 12, 10, host, rows);
            forged.energy *= 1e5;
            forged.roundoff = 1e9;
            assertForged(forged, recomputed, "roundoff");
            forged = (CentredSketch) sketch(kind, 12, 10, host, rows);
            forged.mean.value.put(0, 1e6);
            forged.mean.error = 1e9;
            assertForged(forged, recomputed, "error of the mean");
        }
    }

    private void assertForged(CentredSketch forged, SecondMomentSketch recomputed, String what) {
        Replay.Comparison comparison = Replay.audit(forged, recomputed, host);
        assertEquals(Verdict.DIVERGED, comparison.verdict());
        assertTrue(
                comparison.violations().stream().anyMatch(each -> each.startsWith(what)),
                comparison.violations().toString());
    }

    @Test
    void aChangedRowIsFoundWithItsDirection() {
        for (SketchKind kind :
                new SketchKind[] {SketchKind.EXACT, SketchKind.FREQUENT_DIRECTIONS}) {
            List<double[]> rows = Streams.DECAYING.rows(new Random(4), 300, D);
            List<double[]> changed = new ArrayList<>(rows);
            double[] row = rows.get(150).clone();
            row[7] += 60;
            changed.set(150, row);
            Replay.Comparison comparison =
                    Replay.compare(
                            sketch(kind, 12, 10, host, rows),
                            sketch(kind, 12, 10, host, changed),
                            host);
            assertEquals(Verdict.DIVERGED, comparison.verdict());
            assertEquals(1, Math.abs(comparison.direction()[7]), 0.02);
        }
    }

    @Test
    void aMissingRowIsFoundByItsCount() {
        List<double[]> rows = Streams.DECAYING.rows(new Random(4), 300, D);
        Replay.Comparison comparison =
                Replay.compare(
                        sketch(SketchKind.EXACT, 12, 10, host, rows),
                        sketch(SketchKind.EXACT, 12, 10, host, rows.subList(0, 299)),
                        host);
        assertEquals(Verdict.DIVERGED, comparison.verdict());
        assertTrue(
                comparison.violations().get(0).contains("rows 300 and 299"),
                comparison.violations().toString());
    }

    @Test
    void differentMomentsAreNotCompared() {
        SecondMomentSketch centred = Sketches.create(options(SketchKind.EXACT, 12), D, host);
        SecondMomentSketch anchored =
                Sketches.anchored(
                        options(SketchKind.EXACT, 12), D, host, new Anchor("a", new double[D]));
        assertThrows(
                IncompatibleSketchException.class, () -> Replay.compare(centred, anchored, host));
    }
}
