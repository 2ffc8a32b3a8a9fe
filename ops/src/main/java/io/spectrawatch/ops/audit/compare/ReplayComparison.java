package io.spectrawatch.ops.audit.compare;

import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.record.Reach;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The recorded records of a range beside the recomputed ones.
 *
 * @param findings one per identity, in the order of panes
 * @param repeated identities that are recorded more than once
 * @param hypothetical whether another baseline was asked about
 */
public record ReplayComparison(
        List<ReplayFinding> findings, List<Repeated> repeated, boolean hypothetical) {

    private static final Comparator<ReplayFinding> ORDER =
            Comparator.comparingLong(ReplayFinding::paneStart)
                    .thenComparingLong(ReplayFinding::paneEnd)
                    .thenComparing(
                            ReplayFinding::topic, Comparator.comparing(ReplayComparison::place))
                    .thenComparing(ReplayFinding::identity);

    /**
     * Compares records of the same scope.
     *
     * @param recorded in the order of their topics
     * @param recomputed in the order in which they came
     * @param hypothetical whether they were recomputed under another baseline; then only the input
     *     has to agree
     */
    public static ReplayComparison of(
            List<Entry> recorded, List<Entry> recomputed, boolean hypothetical) {
        return of(recorded, recomputed, hypothetical, Reach.EVERYTHING);
    }

    /**
     * Compares what could be recomputed; each other record is a finding of its own.
     *
     * @param reach what could be
     */
    public static ReplayComparison of(
            List<Entry> recorded, List<Entry> recomputed, boolean hypothetical, Reach reach) {
        List<Entry> compared = recorded.stream().filter(reach::covers).toList();
        List<Entry> against = recomputed.stream().filter(reach::covers).toList();
        List<ReplayFinding> findings = new ArrayList<>();
        List<Repeated> repeated;
        try (Comparer comparer = new Comparer(compared, against, hypothetical)) {
            findings.addAll(comparer.findings());
            repeated = comparer.repeated();
        }
        for (Entry entry : recorded) {
            if (!reach.covers(entry)) {
                findings.add(
                        ReplayFinding.of(
                                entry,
                                ReplayVerdict.INCOMPLETE,
                                "record",
                                "present",
                                reach.reason(entry)));
            }
        }
        findings.sort(ORDER);
        return new ReplayComparison(List.copyOf(findings), repeated, hypothetical);
    }

    public ReplayVerdict verdict() {
        ReplayVerdict worst = hypothetical ? ReplayVerdict.HYPOTHETICAL : ReplayVerdict.IDENTICAL;
        for (ReplayFinding finding : findings) {
            worst = worst.worse(finding.verdict());
        }
        return worst;
    }

    /** The first finding that diverged, null if none did. */
    public ReplayFinding firstDivergence() {
        return findings.stream()
                .filter(finding -> finding.verdict() == ReplayVerdict.DIVERGED)
                .findFirst()
                .orElse(null);
    }

    /** The equivalent finding that is nearest to what its bound allows, null if there is none. */
    public ReplayFinding nearestToBound() {
        return findings.stream()
                .filter(finding -> finding.verdict() == ReplayVerdict.EQUIVALENT)
                .max(Comparator.comparingDouble(ReplayFinding::used))
                .orElse(null);
    }

    /** Findings by topic and verdict; only those that occur. */
    public Map<String, Map<ReplayVerdict, Integer>> counts() {
        Map<String, Map<ReplayVerdict, Integer>> counts = new TreeMap<>();
        for (ReplayFinding finding : findings) {
            counts.computeIfAbsent(finding.topic(), t -> new EnumMap<>(ReplayVerdict.class))
                    .merge(finding.verdict(), 1, Integer::sum);
        }
        return counts;
    }

    private static int place(String topic) {
        return Topics.valueOf(topic.toUpperCase(java.util.Locale.ROOT)).ordinal();
    }
}
