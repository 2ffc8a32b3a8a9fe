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

/**
 * What a sample that began before the replayed offsets makes differ, and nothing else: the replay
 * reports it as one with a part missing, which nobody recorded, and counts it as incomplete in its
 * pane. Neither is compared.
 */
public final class CutRules {

    private static final String WHY =
            "not compared: a part of the sample lies before the offsets that were replayed";

    private static final String INCOMPLETE = "incomplete";

    private final Map<String, Entry> recorded;
    private final Map<String, Entry> recomputed;

    /** Moments of capture of the samples that are not compared. */
    private final List<Long> moments = new ArrayList<>();

    private final Set<String> samples = new HashSet<>();

    private CutRules(CutSamples cut, List<Entry> recorded, List<Entry> recomputed) {
        this.recorded = byIdentity(recorded);
        this.recomputed = byIdentity(recomputed);
        for (Entry entry : recomputed) {
            boolean alone =
                    entry.decoded() instanceof SampleScores scores
                            && scores.getIncomplete() != null
                            && cut.beganBefore(scores.getShard(), scores.getSampleId())
                            && !this.recorded.containsKey(entry.identity());
            if (alone && samples.add(entry.identity())) {
                moments.add(entry.paneStart());
            }
        }
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
        if (cut.begunBefore().isEmpty()) {
            return comparison;
        }
        CutRules rules = new CutRules(cut, recorded, recomputed);
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
        if (samples.contains(finding.identity())) {
            return ReplayFinding.of(
                    recomputed.get(finding.identity()),
                    ReplayVerdict.INCOMPLETE,
                    "record",
                    "absent",
                    WHY);
        }
        Entry then = recorded.get(finding.identity());
        Entry now = recomputed.get(finding.identity());
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
        long cutHere =
                moments.stream()
                        .filter(at -> at >= then.paneStart() && at < then.paneEnd())
                        .count();
        List<Difference> differences = Difference.between(a, b);
        return differences.size() == 1
                && differences.get(0).field().equals(INCOMPLETE)
                && b.getIncomplete() - a.getIncomplete() == cutHere;
    }

    /** Whether a record is incomplete only because a sample was cut. */
    public static boolean isCut(ReplayFinding finding) {
        return finding.verdict() == ReplayVerdict.INCOMPLETE
                && finding.recomputed() != null
                && finding.recomputed().endsWith(WHY);
    }
}
