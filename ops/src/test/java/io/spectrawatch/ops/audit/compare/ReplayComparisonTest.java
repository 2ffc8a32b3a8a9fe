package io.spectrawatch.ops.audit.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.audit.Made;
import io.spectrawatch.ops.audit.bundle.Html;
import io.spectrawatch.ops.audit.record.Entries;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.rule.AlertRules;
import io.spectrawatch.ops.audit.rule.Leaves;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.SketchLedger;
import io.spectrawatch.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Which differences between two records are none, which are explained, which are not. */
class ReplayComparisonTest {

    private static final Manifest HERE = Made.manifest("SKYLAKEX", 1);
    private static final Manifest ELSEWHERE = Made.manifest("ZEN", 1);

    private static ReplayFinding compare(Topics topic, SpecificRecord then, SpecificRecord now) {
        ReplayComparison comparison =
                ReplayComparison.of(
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
        ReplayFinding finding = compare(Topics.SKETCHES, sketch, sketch);
        assertEquals(ReplayVerdict.IDENTICAL, finding.verdict());
        assertEquals(5, finding.offset());
        assertEquals("m/1/layer%2F1/0", finding.window());
    }

    @Test
    void eigenvaluesWithinBothLedgersAreEquivalentWithBothNumbers() {
        ReplayFinding finding =
                compare(
                        Topics.SKETCHES,
                        Made.sketch(0, 9, HERE),
                        Made.sketch(0, 9.1875, ELSEWHERE));
        assertEquals(ReplayVerdict.EQUIVALENT, finding.verdict(), finding.toString());
        assertEquals(.1875, finding.distance());
        // Each lost at most .25 and gained nothing, so they are no further apart than .25.
        assertEquals(.25 + 2e-9, finding.bound(), 1e-15);
        ReplayFinding beyond =
                compare(Topics.SKETCHES, Made.sketch(0, 9, HERE), Made.sketch(0, 9.375, ELSEWHERE));
        assertEquals(ReplayVerdict.DIVERGED, beyond.verdict(), beyond.toString());
    }

    /** The ledgers allow .25, the gap behind the first direction is 8: a sine of .03125. */
    @Test
    void leadingDirectionsTurnByNoMoreThanTheGapAllows() {
        LayerSketch then = turned(0, HERE);
        ReplayFinding near = compare(Topics.SKETCHES, then, turned(.025, ELSEWHERE));
        assertEquals(ReplayVerdict.EQUIVALENT, near.verdict(), near.toString());
        assertEquals(1, near.directions().vectors());
        assertEquals(.025, near.directions().apart(), 1e-6);
        assertEquals(.03125, near.directions().allowed(), 1e-6);

        ReplayFinding far = compare(Topics.SKETCHES, then, turned(.08, ELSEWHERE));
        assertEquals(ReplayVerdict.DIVERGED, far.verdict(), far.toString());
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
        ReplayFinding near =
                compare(Topics.SCORES, Made.scores(.02, 12.5), Made.scores(.025, 12.500001));
        assertEquals(ReplayVerdict.EQUIVALENT, near.verdict(), near.toString());
        assertEquals(1e-6, near.distance(), 1e-9);
        ReplayFinding ranks =
                compare(Topics.SCORES, Made.scores(.02, 12.5), Made.scores(.035, 12.5));
        assertEquals("p", ranks.field());
        ReplayFinding far = compare(Topics.SCORES, Made.scores(.02, 12.5), Made.scores(.02, 12.6));
        assertEquals(ReplayVerdict.DIVERGED, far.verdict());
        assertEquals("statistic", far.field());
    }

    /**
     * A rank changes only with the statistic behind it, and a small p-value by a share of itself.
     */
    @Test
    void aScoreMovesNoFurtherThanItsStatistic() {
        ReplayFinding still =
                compare(Topics.SCORES, Made.scores(.02, 12.5), Made.scores(.025, 12.5));
        assertEquals("p", still.field(), still.toString());
        ReplayFinding never =
                compare(Topics.SCORES, Made.scores(-.004, 12.5), Made.scores(0, 12.6));
        assertEquals(ReplayVerdict.DIVERGED, never.verdict());
        SampleScores tiny =
                SampleScores.newBuilder(Made.scores(.02, 12.5))
                        .setScores(Map.of("knn", 1e-9))
                        .build();
        SampleScores other =
                SampleScores.newBuilder(Made.scores(.02, 12.5))
                        .setScores(Map.of("knn", 1e-7))
                        .build();
        assertEquals("scores.knn", compare(Topics.SCORES, tiny, other).field());
    }

    @Test
    void growthMayDifferAtTheBoundaryOfTheProfile() {
        GainGrowth then = Made.growth(2000, 10, .3, .1);
        ReplayFinding near = compare(Topics.SCORES, then, Made.growth(2000, 12, .34, 1.2));
        assertEquals(ReplayVerdict.EQUIVALENT, near.verdict(), near.toString());
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
        ReplayFinding finding =
                compare(Topics.SKETCHES, Made.sketch(0, 9, HERE), Made.sketch(0, 10, ELSEWHERE));
        assertEquals(ReplayVerdict.DIVERGED, finding.verdict());
        assertEquals("spectrum[0]", finding.field());
        assertEquals("9.0", finding.recorded());
        assertEquals("10.0", finding.recomputed());
    }

    @Test
    void oneSketchByOneArithmeticHasOneSummary() {
        ReplayFinding finding =
                compare(Topics.SKETCHES, Made.sketch(0, 9, HERE), Made.sketch(0, 9.1, HERE));
        assertEquals(ReplayVerdict.DIVERGED, finding.verdict());
        assertEquals("spectrum[0]", finding.field());
    }

    @Test
    void anotherInputDivergesHoweverCloseTheNumbers() {
        ReplayFinding finding =
                compare(
                        Topics.SKETCHES,
                        Made.sketch(0, 9, HERE),
                        Made.sketch(0, 9, Made.manifest("SKYLAKEX", 2)));
        assertEquals(ReplayVerdict.DIVERGED, finding.verdict());
        assertEquals("manifest.shards[0].chain", finding.field());
        assertEquals("01", finding.recorded());
        assertEquals("02", finding.recomputed());
    }

    /** The bounds of a record count as far as the recomputed ones vouch for them. */
    @Test
    void aRecordDoesNotChooseItsOwnBounds() {
        LayerSketch forged = Made.sketch(0, 9, HERE);
        LayerSketch loss =
                LayerSketch.newBuilder(forged)
                        .setSpectrum(List.of(5000.0, 1.0))
                        .setLedger(new SketchLedger(1e9, 0.0, .25, 10.25, 1e-9))
                        .build();
        LayerSketch now = Made.sketch(0, 9, ELSEWHERE);
        ReplayFinding finding = compare(Topics.SKETCHES, loss, now);
        assertEquals(ReplayVerdict.DIVERGED, finding.verdict());
        assertEquals("ledger.deltaPlus", finding.field());
        LayerSketch energy =
                LayerSketch.newBuilder(forged)
                        .setLedger(new SketchLedger(.25, 0.0, .25, 1e6, 1e9))
                        .build();
        assertEquals("ledger.roundoff", compare(Topics.SKETCHES, energy, now).field());
    }

    @Test
    void energyHasToAgreeWithinRounding() {
        LayerSketch more = Made.sketch(0, 9, 100.1, ELSEWHERE);
        ReplayFinding finding = compare(Topics.SKETCHES, Made.sketch(0, 9, HERE), more);
        assertEquals("ledger.energy", finding.field());
    }

    @Test
    void certificatesWithoutFindingsHaveNoSlack() {
        InterfaceCertificate then = Made.certificate("x->y", 0, 10, "b");
        InterfaceCertificate.Builder other =
                InterfaceCertificate.newBuilder(then).setReason("in other words");
        assertEquals("reason", compare(Topics.CERTIFICATES, then, other.build()).field());
        ReplayFinding finding =
                compare(
                        Topics.CERTIFICATES,
                        then,
                        InterfaceCertificate.newBuilder(then).setRows(11).build());
        assertEquals(ReplayVerdict.DIVERGED, finding.verdict());
        assertEquals("rows", finding.field());
    }

    /** Without the certificate that it was made from nothing says how far its number may move. */
    @Test
    void aNumberOfAnAlertIsACopyOrDiverges() {
        ReplayFinding finding =
                compare(Topics.ALERTS, Made.alert("a", 7.5, "7.5"), Made.alert("a", 7.25, "7.25"));
        assertEquals(ReplayVerdict.DIVERGED, finding.verdict());
        assertEquals("statistic.lower", finding.field());
        Leaves sources = new Leaves().add(Made.growth(9, 1, 7.5, .1), Made.growth(9, 1, 7.25, .1));
        Entry then = Made.entry(Topics.ALERTS, 5, Made.alert("a", 7.5, "at 7.50, epoch 1"));
        Entry now = Made.entry(Topics.ALERTS, -1, Made.alert("a", 7.25, "at 7.25, epoch 1"));
        ReplayFinding copied = AlertRules.compare(then, now, sources);
        assertEquals(ReplayVerdict.EQUIVALENT, copied.verdict(), copied.toString());
        assertEquals(.25, copied.distance());
        Entry epoch = Made.entry(Topics.ALERTS, -1, Made.alert("a", 7.25, "at 7.25, epoch 2"));
        assertEquals("text", AlertRules.compare(then, epoch, sources).field());
    }

    @Test
    void missingAndUnexpectedRecordsDiverge() {
        Entry first = Made.entry(Topics.SKETCHES, 5, Made.sketch(0, 9, HERE));
        Entry next = Made.entry(Topics.SKETCHES, 9, Made.sketch(10, 9, HERE));
        ReplayComparison missing = ReplayComparison.of(List.of(first, next), List.of(first), false);
        assertEquals(ReplayVerdict.DIVERGED, missing.verdict());
        assertEquals("absent", missing.firstDivergence().recomputed());
        assertEquals(
                Map.of("sketches", Map.of(ReplayVerdict.IDENTICAL, 1, ReplayVerdict.DIVERGED, 1)),
                missing.counts());
        ReplayComparison unexpected =
                ReplayComparison.of(List.of(first), List.of(first, next), false);
        assertEquals("absent", unexpected.firstDivergence().recorded());
    }

    /** As after a monitor that began again: what is said twice is still said. */
    @Test
    void copiesOfARecordAreSaidOnceAndComparedEach() {
        Entry first = Made.entry(Topics.SKETCHES, 5, Made.sketch(0, 9, HERE));
        Entry again = Made.entry(Topics.SKETCHES, 8, Made.sketch(0, 9, HERE));
        Entry now = Made.entry(Topics.SKETCHES, -1, Made.sketch(0, 9, HERE));
        ReplayComparison twice = ReplayComparison.of(List.of(first, again), List.of(now), false);
        assertEquals(ReplayVerdict.IDENTICAL, twice.verdict());
        assertEquals(1, twice.findings().size());
        assertEquals(1, twice.repeated().size());
        assertEquals(List.of(5L, 8L), twice.repeated().get(0).offsets());
        assertTrue(
                twice.repeated()
                        .get(0)
                        .text()
                        .endsWith("stands 2 times, at offsets 5, 8, the same each time"),
                twice.repeated().get(0).text());

        Entry third = Made.entry(Topics.SKETCHES, 11, Made.sketch(0, 8, HERE));
        ReplayComparison differing =
                ReplayComparison.of(List.of(first, again, third), List.of(now), false);
        assertEquals(ReplayVerdict.DIVERGED, differing.verdict());
        ReplayFinding finding = differing.firstDivergence();
        assertEquals("copies differ in spectrum[0]", finding.field());
        assertEquals("offset 5 9.0", finding.recorded());
        assertEquals("offset 11 8.0", finding.recomputed());
        assertEquals(List.of(5L, 8L, 11L), differing.repeated().get(0).offsets());

        Entry wrong = Made.entry(Topics.SKETCHES, -1, Made.sketch(0, 8, HERE));
        ReplayComparison both = ReplayComparison.of(List.of(first, again), List.of(wrong), false);
        assertEquals("spectrum[0]", both.firstDivergence().field());
    }

    @Test
    void underAnotherBaselineOnlyTheInputHasToAgree() {
        Entry then = Made.entry(Topics.SKETCHES, 5, Made.sketch(0, 9, HERE));
        Entry now = Made.entry(Topics.SKETCHES, -1, Made.sketch(0, 50, HERE));
        Entry other =
                Made.entry(Topics.SKETCHES, -1, Made.sketch(0, 9, Made.manifest("SKYLAKEX", 2)));
        assertEquals(
                ReplayVerdict.HYPOTHETICAL,
                ReplayComparison.of(List.of(then), List.of(now), true).verdict());
        assertEquals(
                ReplayVerdict.DIVERGED,
                ReplayComparison.of(List.of(then), List.of(other), true).verdict());
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
