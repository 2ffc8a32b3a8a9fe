package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Which differences between two records are none, which are explained, which are not. */
class ComparisonTest {

    private static final Manifest HERE = Made.manifest("SKYLAKEX", 1);
    private static final Manifest ELSEWHERE = Made.manifest("ZEN", 1);

    private static Finding compare(Topics topic, SpecificRecord then, SpecificRecord now) {
        Comparison comparison =
                Comparison.of(
                        List.of(Made.entry(topic, 5, then)),
                        List.of(Made.entry(topic, -1, now)),
                        false);
        assertEquals(1, comparison.findings().size());
        assertEquals(comparison.findings().get(0).verdict(), comparison.verdict());
        return comparison.findings().get(0);
    }

    @Test
    void theSameBytesAreIdentical() {
        LayerSketch sketch = Made.sketch(0, 9, HERE);
        Finding finding = compare(Topics.SKETCHES, sketch, sketch);
        assertEquals(Verdict.IDENTICAL, finding.verdict());
        assertEquals(5, finding.offset());
        assertEquals("m/1/layer%2F1/0", finding.window());
    }

    @Test
    void eigenvaluesWithinBothLedgersAreEquivalentWithBothNumbers() {
        Finding finding =
                compare(Topics.SKETCHES, Made.sketch(0, 9, HERE), Made.sketch(0, 9.375, ELSEWHERE));
        assertEquals(Verdict.EQUIVALENT, finding.verdict(), finding.toString());
        assertEquals(.375, finding.distance());
        assertEquals(.5 + 2e-9, finding.bound());
    }

    /** Both ledgers together allow .5, the gap behind the first direction is 8: a sine of .0625. */
    @Test
    void leadingDirectionsTurnByNoMoreThanTheGapAllows() {
        LayerSketch then = turned(0, HERE);
        Finding near = compare(Topics.SKETCHES, then, turned(.05, ELSEWHERE));
        assertEquals(Verdict.EQUIVALENT, near.verdict(), near.toString());
        assertEquals(1, near.directions().vectors());
        assertEquals(.05, near.directions().apart(), 1e-6);
        assertEquals(.0625, near.directions().allowed(), 1e-6);

        Finding far = compare(Topics.SKETCHES, then, turned(.08, ELSEWHERE));
        assertEquals(Verdict.DIVERGED, far.verdict(), far.toString());
        assertEquals("basis", far.field());
    }

    private static LayerSketch turned(double sine, Manifest manifest) {
        ByteBuffer basis = ByteBuffer.allocate(4 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        basis.putFloat(0, (float) Math.sqrt(1 - sine * sine)).putFloat(4, (float) sine);
        return LayerSketch.newBuilder(Made.sketch(0, 9, manifest))
                .setBasisVectors(1)
                .setBasis(basis)
                .build();
    }

    @Test
    void scoresMayDifferAsArithmeticRounds() {
        Finding near = compare(Topics.SCORES, Made.scores(.02, 12.5), Made.scores(.025, 12.500001));
        assertEquals(Verdict.EQUIVALENT, near.verdict(), near.toString());
        assertEquals(1e-6, near.distance(), 1e-9);
        Finding ranks = compare(Topics.SCORES, Made.scores(.02, 12.5), Made.scores(.035, 12.5));
        assertEquals("p", ranks.field());
        Finding far = compare(Topics.SCORES, Made.scores(.02, 12.5), Made.scores(.02, 12.6));
        assertEquals(Verdict.DIVERGED, far.verdict());
        assertEquals("statistic", far.field());
    }

    @Test
    void growthMayDifferAtTheBoundaryOfTheProfile() {
        GainGrowth then = Made.growth(2000, 10, .3, .1);
        Finding near = compare(Topics.SCORES, then, Made.growth(2000, 12, .34, 1.2));
        assertEquals(Verdict.EQUIVALENT, near.verdict(), near.toString());
        assertEquals(.04, near.distance(), 1e-12);
        assertEquals(.05, near.bound());
        assertEquals(
                "outside", compare(Topics.SCORES, then, Made.growth(2000, 13, .3, .1)).field());
        assertEquals(
                "logVolume", compare(Topics.SCORES, then, Made.growth(2000, 10, .4, .1)).field());
        assertEquals("rows", compare(Topics.SCORES, then, Made.growth(1999, 10, .3, .1)).field());
    }

    @Test
    void eigenvaluesBeyondBothLedgersDiverge() {
        Finding finding =
                compare(Topics.SKETCHES, Made.sketch(0, 9, HERE), Made.sketch(0, 10, ELSEWHERE));
        assertEquals(Verdict.DIVERGED, finding.verdict());
        assertEquals("spectrum[0]", finding.field());
        assertEquals("9.0", finding.recorded());
        assertEquals("10.0", finding.recomputed());
    }

    @Test
    void oneSketchByOneArithmeticHasOneSummary() {
        Finding finding =
                compare(Topics.SKETCHES, Made.sketch(0, 9, HERE), Made.sketch(0, 9.1, HERE));
        assertEquals(Verdict.DIVERGED, finding.verdict());
        assertEquals("spectrum[0]", finding.field());
    }

    @Test
    void anotherInputDivergesHoweverCloseTheNumbers() {
        Finding finding =
                compare(
                        Topics.SKETCHES,
                        Made.sketch(0, 9, HERE),
                        Made.sketch(0, 9, Made.manifest("SKYLAKEX", 2)));
        assertEquals(Verdict.DIVERGED, finding.verdict());
        assertEquals("manifest.shards[0].chain", finding.field());
        assertEquals("01", finding.recorded());
        assertEquals("02", finding.recomputed());
    }

    @Test
    void energyHasToAgreeWithinRounding() {
        LayerSketch more = Made.sketch(0, 9, 100.1, ELSEWHERE);
        Finding finding = compare(Topics.SKETCHES, Made.sketch(0, 9, HERE), more);
        assertEquals("ledger.energy", finding.field());
    }

    @Test
    void certificatesWithoutFindingsHaveNoSlack() {
        InterfaceCertificate then = Made.certificate("x->y", 0, 10, "b");
        InterfaceCertificate.Builder other =
                InterfaceCertificate.newBuilder(then).setReason("in other words");
        assertEquals(
                Verdict.EQUIVALENT, compare(Topics.CERTIFICATES, then, other.build()).verdict());
        Finding finding = compare(Topics.CERTIFICATES, then, other.setRows(11).build());
        assertEquals(Verdict.DIVERGED, finding.verdict());
        assertEquals("rows", finding.field());
    }

    @Test
    void alertsAreAboutTheDecision() {
        Finding finding =
                compare(Topics.ALERTS, Made.alert("a", 7.5, "7.5"), Made.alert("a", 7.25, "7.25"));
        assertEquals(Verdict.EQUIVALENT, finding.verdict());
        assertEquals(.25, finding.distance());
    }

    @Test
    void missingUnexpectedAndRepeatedRecordsDiverge() {
        Entry first = Made.entry(Topics.SKETCHES, 5, Made.sketch(0, 9, HERE));
        Entry again = Made.entry(Topics.SKETCHES, 8, Made.sketch(0, 9, HERE));
        Entry next = Made.entry(Topics.SKETCHES, 9, Made.sketch(10, 9, HERE));
        Comparison twice = Comparison.of(List.of(first, again), List.of(first), false);
        assertEquals("recorded twice", twice.firstDivergence().field());
        assertEquals("at offsets 5, 8", twice.firstDivergence().recorded());
        Comparison missing = Comparison.of(List.of(first, next), List.of(first), false);
        assertEquals(Verdict.DIVERGED, missing.verdict());
        assertEquals("absent", missing.firstDivergence().recomputed());
        assertEquals(
                Map.of("sketches", Map.of(Verdict.IDENTICAL, 1, Verdict.DIVERGED, 1)),
                missing.counts());
        Comparison unexpected = Comparison.of(List.of(first), List.of(first, next), false);
        assertEquals("absent", unexpected.firstDivergence().recorded());
    }

    @Test
    void underAnotherBaselineOnlyTheInputHasToAgree() {
        Entry then = Made.entry(Topics.SKETCHES, 5, Made.sketch(0, 9, HERE));
        Entry now = Made.entry(Topics.SKETCHES, -1, Made.sketch(0, 50, HERE));
        Entry other =
                Made.entry(Topics.SKETCHES, -1, Made.sketch(0, 9, Made.manifest("SKYLAKEX", 2)));
        assertEquals(
                Verdict.HYPOTHETICAL, Comparison.of(List.of(then), List.of(now), true).verdict());
        assertEquals(
                Verdict.DIVERGED, Comparison.of(List.of(then), List.of(other), true).verdict());
    }

    @Test
    void aChunkBelongsToTheSketchBeforeItWithItsDigest() {
        SketchChunk chunk =
                new SketchChunk(ByteBuffer.wrap(new byte[] {1}), 0, 1, ByteBuffer.allocate(2));
        List<Entry> entries =
                Entries.of(
                        List.of(
                                Made.record(Topics.SKETCHES, 0, Made.sketch(0, 9, HERE)),
                                Made.record(Topics.SKETCHES, 1, chunk),
                                Made.record(Topics.SKETCHES, 2, Made.sketch(10, 9, HERE)),
                                Made.record(Topics.SKETCHES, 3, chunk)));
        assertEquals(entries.get(0).identity() + "/chunk/0", entries.get(1).identity());
        assertEquals(10, entries.get(3).paneStart());
        assertNotEquals(entries.get(1).identity(), entries.get(3).identity());
    }

    @Test
    void textOfRecordsIsEscaped() {
        assertEquals(
                "&lt;a b=&quot;c&quot;&gt; &amp; &#39;\uFFFD", Html.escape("<a b=\"c\"> & '\0"));
        assertTrue(Html.row("<x>").contains("&lt;x&gt;"));
    }
}
