package io.spectrawatch.ops.audit;

import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The recorded records of a range beside the recomputed ones.
 *
 * @param findings one per identity, in the order of panes
 * @param hypothetical whether another baseline was asked about
 */
record Comparison(List<Finding> findings, boolean hypothetical) {

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
        try (Comparer comparer = new Comparer(compared, against, hypothetical)) {
            findings.addAll(comparer.findings());
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
        return new Comparison(List.copyOf(findings), hypothetical);
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

    /** One comparison; holds the kernels that whole sketches are compared with. */
    private static final class Comparer implements AutoCloseable {

        private final Map<String, List<Entry>> recorded;
        private final Map<String, List<Entry>> recomputed;
        private final boolean hypothetical;
        private Kernels kernels;

        Comparer(List<Entry> recorded, List<Entry> recomputed, boolean hypothetical) {
            this.recorded = byIdentity(recorded);
            this.recomputed = byIdentity(recomputed);
            this.hypothetical = hypothetical;
        }

        private static Map<String, List<Entry>> byIdentity(List<Entry> entries) {
            Map<String, List<Entry>> all = new LinkedHashMap<>();
            for (Entry entry : entries) {
                all.computeIfAbsent(entry.identity(), i -> new ArrayList<>()).add(entry);
            }
            return all;
        }

        List<Finding> findings() {
            List<Finding> found = new ArrayList<>();
            recorded.forEach((identity, own) -> found.add(compare(identity, own)));
            recomputed.forEach(
                    (identity, own) -> {
                        if (!recorded.containsKey(identity)) {
                            found.add(oneSided(own.get(0), "absent", "present"));
                        }
                    });
            return found;
        }

        private Finding compare(String identity, List<Entry> own) {
            List<Entry> other = recomputed.getOrDefault(identity, List.of());
            Entry a = own.get(0);
            if (own.size() > 1) {
                String offsets =
                        String.join(
                                ", ", own.stream().map(e -> "" + e.record().getOffset()).toList());
                return Finding.of(
                        a, Verdict.DIVERGED, "recorded twice", "at offsets " + offsets, "once");
            }
            if (other.isEmpty()) {
                return oneSided(a, "present", "absent");
            }
            if (other.size() > 1) {
                return Finding.of(
                        a, Verdict.DIVERGED, "recomputed twice", "once", other.size() + " times");
            }
            return compare(a, other.get(0));
        }

        private Finding oneSided(Entry entry, String then, String now) {
            Verdict verdict = hypothetical ? Verdict.HYPOTHETICAL : Verdict.DIVERGED;
            return Finding.of(entry, verdict, "record", then, now);
        }

        private Finding compare(Entry a, Entry b) {
            boolean same =
                    a.record().getKey().equals(b.record().getKey())
                            && a.record().getValue().equals(b.record().getValue());
            if (same) {
                return Finding.of(a, Verdict.IDENTICAL);
            }
            if (hypothetical) {
                Difference input = RecordRules.inputDifference(a, b);
                boolean pane = a.decoded() instanceof LayerSketch;
                return pane && input != null
                        ? Finding.diverged(a, input)
                        : Finding.of(a, Verdict.HYPOTHETICAL);
            }
            if (!a.record().getKey().equals(b.record().getKey())) {
                return Finding.of(
                        a,
                        Verdict.DIVERGED,
                        "key",
                        Bytes.hex(a.record().getKey()),
                        Bytes.hex(b.record().getKey()));
            }
            return switch (a.topic()) {
                case SKETCHES -> ofSketches(a, b);
                case CERTIFICATES -> RecordRules.certificates(a, b);
                case ALERTS -> RecordRules.alerts(a, b);
                default -> ofScores(a, b);
            };
        }

        private Finding ofSketches(Entry a, Entry b) {
            if (a.decoded() instanceof LayerSketch && b.decoded() instanceof LayerSketch) {
                return sketch(a, b);
            }
            return a.decoded() instanceof SketchChunk ? chunk(a, b) : RecordRules.exact(a, b);
        }

        private Finding ofScores(Entry a, Entry b) {
            if (a.decoded() instanceof SampleScores && b.decoded() instanceof SampleScores) {
                return RecordRules.scores(a, b);
            }
            return a.decoded() instanceof GainGrowth && b.decoded() instanceof GainGrowth
                    ? RecordRules.growth(a, b)
                    : RecordRules.exact(a, b);
        }

        private Finding sketch(Entry a, Entry b) {
            byte[] x = whole(a, recorded);
            byte[] y = whole(b, recomputed);
            byte[][] wholes = x == null || y == null ? null : new byte[][] {x, y};
            return RecordRules.sketches(a, b, wholes, this::kernels);
        }

        /** A chunk of other bytes says what its sketch says. */
        private Finding chunk(Entry a, Entry b) {
            String owner = a.identity().substring(0, a.identity().lastIndexOf("/chunk/"));
            List<Entry> then = recorded.getOrDefault(owner, List.of());
            List<Entry> now = recomputed.getOrDefault(owner, List.of());
            boolean explained =
                    then.size() == 1
                            && now.size() == 1
                            && !then.get(0)
                                    .record()
                                    .getValue()
                                    .equals(now.get(0).record().getValue())
                            && sketch(then.get(0), now.get(0)).verdict() == Verdict.EQUIVALENT;
            return explained ? Finding.of(a, Verdict.EQUIVALENT) : RecordRules.exact(a, b);
        }

        /** The whole sketch out of its chunks, null where they do not give it. */
        private static byte[] whole(Entry entry, Map<String, List<Entry>> all) {
            LayerSketch sketch = (LayerSketch) entry.decoded();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i < sketch.getSketchChunks(); i++) {
                List<Entry> own = all.getOrDefault(entry.identity() + "/chunk/" + i, List.of());
                if (own.size() != 1) {
                    return null;
                }
                bytes.writeBytes(Bytes.of(((SketchChunk) own.get(0).decoded()).getData()));
            }
            byte[] digest = Bytes.sha256().digest(bytes.toByteArray());
            boolean complete = Bytes.hex(digest).equals(Bytes.hex(sketch.getSketchDigest()));
            return complete ? bytes.toByteArray() : null;
        }

        private Kernels kernels() {
            if (kernels == null) {
                kernels = KernelProviders.open(KernelChoice.HOST);
            }
            return kernels;
        }

        @Override
        public void close() {
            if (kernels != null) {
                kernels.close();
            }
        }
    }
}
