package io.spectrawatch.ops.audit.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.audit.Made;
import io.spectrawatch.ops.audit.record.CutSamples;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a cut sample explains, and what stays a difference nevertheless. */
class CutRulesTest {

    private static final CutSamples CUT =
            new CutSamples(
                    List.of(new CutSamples.Cut(0, "c", "sample", 2, 3)), List.of(), List.of());

    private static final Entry ORPHAN = score("MISSING_PART");

    /** As the monitor reports a sample of whose beginning it knows nothing. */
    private static final Entry NOBODYS =
            Made.entry(
                    Topics.SCORES,
                    6,
                    SampleScores.newBuilder(Made.scores(1, 0))
                            .setIncomplete("MISSING_PART")
                            .setRows(0L)
                            .build());

    private static final Entry THEN = step(4, 0);
    private static final Entry NOW = step(4, 1);

    @Test
    void theReplaysReportOfASampleThatBeganBeforeIsNotCompared() {
        ReplayComparison judged = judge(CUT, List.of(), List.of(ORPHAN));

        assertEquals(ReplayVerdict.INCOMPLETE, judged.verdict());
        assertTrue(CutRules.isCut(judged.findings().get(0)));
    }

    @Test
    void norTheCountOfItsPane() {
        ReplayComparison judged = judge(CUT, List.of(THEN), List.of(ORPHAN, NOW));

        assertEquals(ReplayVerdict.INCOMPLETE, judged.verdict());
        assertEquals(2, judged.findings().stream().filter(CutRules::isCut).count());
    }

    /** Where the monitor knew of no beginning either, and the replay leaves it to panes before. */
    @Test
    void aRecordedReportOfASampleThatBeganBeforeIsNotComparedEither() {
        ReplayComparison judged = judge(CUT, List.of(NOBODYS, NOW), List.of(THEN));

        assertEquals(ReplayVerdict.INCOMPLETE, judged.verdict());
        assertEquals(2, judged.findings().stream().filter(CutRules::isCut).count());
        CutSamples ofThePaneBefore = new CutSamples(List.of(), CUT.begunBefore(), List.of());
        assertEquals(
                ReplayVerdict.INCOMPLETE,
                judge(ofThePaneBefore, List.of(NOBODYS, NOW), List.of(THEN)).verdict());
    }

    @Test
    void reportsOfOneSampleAtTwoPlacesLeaveTheCountOfItsPane() {
        Entry later =
                Made.entry(
                        Topics.SCORES,
                        -1,
                        SampleScores.newBuilder((SampleScores) NOBODYS.decoded())
                                .setOffset(9)
                                .build());

        ReplayComparison judged = judge(CUT, List.of(NOBODYS, NOW), List.of(later, NOW));
        assertEquals(ReplayVerdict.INCOMPLETE, judged.verdict());
        assertEquals(2, judged.findings().stream().filter(CutRules::isCut).count());
        assertEquals(
                ReplayVerdict.DIVERGED,
                judge(CUT, List.of(NOBODYS, NOW), List.of(later, THEN)).verdict());
    }

    @Test
    void allElseStaysADifference() {
        assertEquals(
                ReplayVerdict.DIVERGED,
                judge(CUT, List.of(), List.of(score(null))).verdict(),
                "a score of a sample that is said to be whole");
        assertEquals(
                ReplayVerdict.DIVERGED,
                judge(CUT, List.of(ORPHAN), List.of()).verdict(),
                "recorded, and not recomputed, with rows");
        assertEquals(
                ReplayVerdict.DIVERGED,
                judge(CutSamples.NONE, List.of(NOBODYS), List.of()).verdict(),
                "recorded of a sample that did not begin before");
        assertEquals(
                ReplayVerdict.DIVERGED,
                judge(CUT, List.of(NOBODYS, step(4, 2)), List.of(THEN)).verdict(),
                "a recorded step with more than the one sample");
        assertEquals(
                ReplayVerdict.DIVERGED,
                judge(CUT, List.of(step(5, 0)), List.of(ORPHAN, NOW)).verdict(),
                "a step with another count beside");
        assertEquals(
                ReplayVerdict.DIVERGED,
                judge(CUT, List.of(step(4, 3)), List.of(ORPHAN, NOW)).verdict(),
                "a step with more than the one sample");
        CutSamples other =
                new CutSamples(
                        List.of(new CutSamples.Cut(1, "c", "sample", 2, 3)), List.of(), List.of());
        assertEquals(
                ReplayVerdict.DIVERGED,
                judge(other, List.of(), List.of(ORPHAN)).verdict(),
                "a sample of another shard");
        CutSamples goesOn = new CutSamples(List.of(), List.of(), CUT.begunBefore());
        assertEquals(
                ReplayVerdict.DIVERGED,
                judge(goesOn, List.of(NOBODYS), List.of()).verdict(),
                "a sample whose beginning was replayed");
    }

    @Test
    void whereNothingIsCutNothingChanges() {
        ReplayComparison comparison = ReplayComparison.of(List.of(), List.of(ORPHAN), false);

        assertSame(
                comparison,
                CutRules.apply(comparison, CutSamples.NONE, List.of(), List.of(ORPHAN)));
    }

    private static ReplayComparison judge(
            CutSamples cut, List<Entry> recorded, List<Entry> recomputed) {
        return CutRules.apply(
                ReplayComparison.of(recorded, recomputed, false), cut, recorded, recomputed);
    }

    private static Entry score(String incomplete) {
        SampleScores scores =
                SampleScores.newBuilder(Made.scores(1, 2)).setIncomplete(incomplete).build();
        return Made.entry(Topics.SCORES, -1, scores);
    }

    private static Entry step(long samples, long incomplete) {
        return Made.entry(
                Topics.SCORES,
                7,
                AttackEvidence.newBuilder()
                        .setModelId("m")
                        .setModelVersion("1")
                        .setModelDigest("d")
                        .setPaneStart(0)
                        .setPaneEnd(10)
                        .setDetector("test/1")
                        .setSamples(samples)
                        .setExceedances(0)
                        .setStateAfter("ab")
                        .setState(ByteBuffer.wrap(new byte[] {1}))
                        .setIncomplete(incomplete)
                        .build());
    }
}
