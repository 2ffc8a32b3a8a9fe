package io.spectrawatch.ops.audit.compare;

import io.spectrawatch.ops.audit.record.CutSamples;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.rule.Difference;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.SampleScores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a sample that began before the panes that are judged makes differ, and nothing else. Whether
 * its beginning was known when a part of it came, only the panes before can tell: the replay may
 * report it as one without a beginning, which nobody recorded, or leave it to these panes, although
 * it was recorded as one. Neither report is compared, nor the number of them in the step of a pane.
 */
public final class CutRules {

    private static final String WHY =
            "not compared: the sample began before the panes that were replayed";

    private static final String INCOMPLETE = "incomplete";
    private static final String NO_BEGINNING = "MISSING_PART";

    private final Map<String, Entry> recorded;
    private final Map<String, Entry> recomputed;

    /** Moments of capture of the samples that only the replay reports, and only the record. */
    private final List<Long> momentsNow = new ArrayList<>();

    private final List<Long> momentsThen = new ArrayList<>();
    private final Set<String> samples = new HashSet<>();

    private CutRules(CutSamples cut, List<Entry> recorded, List<Entry> recomputed) {
        this.recorded = byIdentity(recorded);
        this.recomputed = byIdentity(recomputed);
        collect(
                recomputed,
                this.recorded,
                scores -> scores.getIncomplete() != null,
                cut,
                momentsNow);
        collect(recorded, this.recomputed, CutRules::saysNoBeginning, cut, momentsThen);
    }

    /** Takes reports of samples that began before, of which the other side has none. */
    private void collect(
            List<Entry> entries,
            Map<String, Entry> others,
            Predicate<SampleScores> report,
            CutSamples cut,
            List<Long> moments) {
        for (Entry entry : entries) {
            boolean alone =
                    !others.containsKey(entry.identity())
                            && entry.decoded() instanceof SampleScores scores
                            && report.test(scores)
                            && cut.beganBefore(scores.getShard(), scores.getSampleId());
            if (alone && samples.add(entry.identity())) {
                moments.add(entry.paneStart());
            }
        }
    }

    /** Of a sample whose beginning was known, there would be rows, or its pane's end. */
    private static boolean saysNoBeginning(SampleScores scores) {
        return NO_BEGINNING.equals(scores.getIncomplete())
                && Long.valueOf(0).equals(scores.getRows())
                && scores.getStatistic() == 0
                && scores.getP() == 1;
    }

    /**
     * The same findings, those about samples that were cut set apart.
     *
     * @param recorded the entries that were compared
     * @param recomputed likewise
     */
    public static ReplayComparison apply(
            ReplayComparison comparison,
            CutSamples cut,
            List<Entry> recorded,
            List<Entry> recomputed) {
        if (cut.knowsAllBeginnings()) {
            return comparison;
        }
        CutRules rules = new CutRules(cut, recorded, recomputed);
        if (rules.samples.isEmpty()) {
            return comparison;
        }
        return new ReplayComparison(
                comparison.findings().stream().map(rules::judge).toList(),
                comparison.repeated(),
                comparison.hypothetical());
    }

    private static Map<String, Entry> byIdentity(List<Entry> entries) {
        Map<String, Entry> all = new HashMap<>();
        entries.forEach(entry -> all.putIfAbsent(entry.identity(), entry));
        return all;
    }

    private ReplayFinding judge(ReplayFinding finding) {
        if (finding.verdict() != ReplayVerdict.DIVERGED) {
            return finding;
        }
        Entry then = recorded.get(finding.identity());
        Entry now = recomputed.get(finding.identity());
        if (samples.contains(finding.identity())) {
            return ReplayFinding.of(
                    then == null ? now : then,
                    ReplayVerdict.INCOMPLETE,
                    "record",
                    then == null ? "absent" : "present",
                    WHY);
        }
        return then != null && now != null && countsAlone(then, now)
                ? ReplayFinding.of(
                        then,
                        ReplayVerdict.INCOMPLETE,
                        INCOMPLETE,
                        finding.recorded(),
                        finding.recomputed() + ", " + WHY)
                : finding;
    }

    /** Whether a pane's step differs by the samples that were cut in it, and by nothing else. */
    private boolean countsAlone(Entry then, Entry now) {
        if (!(then.decoded() instanceof AttackEvidence a)
                || !(now.decoded() instanceof AttackEvidence b)) {
            return false;
        }
        List<Difference> differences = Difference.between(a, b);
        return differences.size() == 1
                && differences.get(0).field().equals(INCOMPLETE)
                && b.getIncomplete() - a.getIncomplete()
                        == within(then, momentsNow) - within(then, momentsThen);
    }

    private static long within(Entry pane, List<Long> moments) {
        return moments.stream().filter(at -> at >= pane.paneStart() && at < pane.paneEnd()).count();
    }

    /** Whether a record is incomplete only because a sample was cut. */
    public static boolean isCut(ReplayFinding finding) {
        return finding.verdict() == ReplayVerdict.INCOMPLETE
                && finding.recomputed() != null
                && finding.recomputed().endsWith(WHY);
    }
}
