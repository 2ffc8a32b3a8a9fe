package io.spectrawatch.ops.audit;

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
record Comparison(List<Finding> findings, List<Repeated> repeated, boolean hypothetical) {

    private static final Comparator<Finding> ORDER =
            Comparator.comparingLong(Finding::paneStart)
                    .thenComparingLong(Finding::paneEnd)
                    .thenComparing(Finding::topic, Comparator.comparing(Comparison::place))
                    .thenComparing(Finding::identity);

    /**
     * Compares records of the same scope.
     *
     * @param recorded in the order of their topics
     * @param recomputed in the order in which they came
     * @param hypothetical whether they were recomputed under another baseline; then only the input
     *     has to agree
     */
    static Comparison of(List<Entry> recorded, List<Entry> recomputed, boolean hypothetical) {
        return of(recorded, recomputed, hypothetical, Reach.EVERYTHING);
    }

    /**
     * Compares what could be recomputed; each other record is a finding of its own.
     *
     * @param reach what could be
     */
    static Comparison of(
            List<Entry> recorded, List<Entry> recomputed, boolean hypothetical, Reach reach) {
        List<Entry> compared = recorded.stream().filter(reach::covers).toList();
        List<Entry> against = recomputed.stream().filter(reach::covers).toList();
        List<Finding> findings = new ArrayList<>();
        List<Repeated> repeated;
        try (Comparer comparer = new Comparer(compared, against, hypothetical)) {
            findings.addAll(comparer.findings());
            repeated = comparer.repeated();
        }
        for (Entry entry : recorded) {
            if (!reach.covers(entry)) {
                findings.add(
                        Finding.of(
                                entry,
                                Verdict.INCOMPLETE,
                                "record",
                                "present",
                                reach.reason(entry)));
            }
        }
        findings.sort(ORDER);
        return new Comparison(List.copyOf(findings), repeated, hypothetical);
    }

    Verdict verdict() {
        Verdict worst = hypothetical ? Verdict.HYPOTHETICAL : Verdict.IDENTICAL;
        for (Finding finding : findings) {
            worst = worst.worse(finding.verdict());
        }
        return worst;
    }

    /** The first finding that diverged, null if none did. */
    Finding firstDivergence() {
        return findings.stream()
                .filter(finding -> finding.verdict() == Verdict.DIVERGED)
                .findFirst()
                .orElse(null);
    }

    /** The equivalent finding that is nearest to what its bound allows, null if there is none. */
    Finding nearestToBound() {
        return findings.stream()
                .filter(finding -> finding.verdict() == Verdict.EQUIVALENT)
                .max(Comparator.comparingDouble(Finding::used))
                .orElse(null);
    }

    /** Findings by topic and verdict; only those that occur. */
    Map<String, Map<Verdict, Integer>> counts() {
        Map<String, Map<Verdict, Integer>> counts = new TreeMap<>();
        for (Finding finding : findings) {
            counts.computeIfAbsent(finding.topic(), t -> new EnumMap<>(Verdict.class))
                    .merge(finding.verdict(), 1, Integer::sum);
        }
        return counts;
    }

    private static int place(String topic) {
        return Topics.valueOf(topic.toUpperCase(java.util.Locale.ROOT)).ordinal();
    }
}
