package io.spectrawatch.ops.audit.compare;

import io.spectrawatch.ops.audit.record.Bytes;
import io.spectrawatch.ops.audit.record.Entries;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.rule.AlertRules;
import io.spectrawatch.ops.audit.rule.CertificateChain;
import io.spectrawatch.ops.audit.rule.CertificateRules;
import io.spectrawatch.ops.audit.rule.CountRules;
import io.spectrawatch.ops.audit.rule.Difference;
import io.spectrawatch.ops.audit.rule.Leaves;
import io.spectrawatch.ops.audit.rule.RecordRules;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.ops.audit.rule.ScoreRules;
import io.spectrawatch.ops.audit.rule.SettingRules;
import io.spectrawatch.ops.audit.rule.SketchRules;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.binary.Sha256;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One comparison; holds the kernels that whole sketches are compared with. */
final class Comparer implements AutoCloseable {

    private final Map<String, List<Entry>> copies;
    private final Map<String, List<Entry>> recomputedCopies;
    private final Map<String, Entry> recorded;
    private final Map<String, Entry> recomputed;
    private final Map<String, String> certificates = new HashMap<>();
    private final Map<String, ReplayFinding> sketches = new HashMap<>();
    private final Map<String, Entry> uncounted = new HashMap<>();
    private final Set<String> rewritten = new HashSet<>();
    private final CertificateChain chain;
    private final boolean hypothetical;
    private final boolean oneArithmetic;
    private Kernels kernels;

    Comparer(List<Entry> recorded, List<Entry> recomputed, boolean hypothetical) {
        this.copies = byIdentity(recorded);
        this.recomputedCopies = byIdentity(asRecorded(recomputed));
        this.recorded = first(copies);
        this.recomputed = first(recomputedCopies);
        this.hypothetical = hypothetical;
        this.chain = new CertificateChain(this.recorded, this.recomputed);
        this.oneArithmetic = oneArithmetic();
        for (Entry entry : this.recorded.values()) {
            if (entry.decoded() instanceof InterfaceCertificate) {
                certificates.putIfAbsent(place(entry), entry.identity());
            }
        }
    }

    /**
     * The recomputed records as the releases that wrote the recorded ones would have written them.
     */
    private List<Entry> asRecorded(List<Entry> recomputed) {
        List<Entry> all = new ArrayList<>();
        for (Entry each : recomputed) {
            List<Entry> own = copies.get(each.identity());
            Entry like =
                    own == null
                            ? each
                            : SettingRules.asRecorded(
                                    own.get(0), CountRules.asRecorded(own.get(0), each));
            if (like != each) {
                rewritten.add(each.identity());
            }
            if (own != null && CountRules.uncounted(own.get(0), like)) {
                uncounted.put(each.identity(), like);
                like = CountRules.withoutCounts(like);
            }
            all.add(like);
        }
        return all;
    }

    private static Map<String, List<Entry>> byIdentity(List<Entry> entries) {
        Map<String, List<Entry>> all = new LinkedHashMap<>();
        for (Entry entry : entries) {
            all.computeIfAbsent(entry.identity(), i -> new ArrayList<>()).add(entry);
        }
        return all;
    }

    private static Map<String, Entry> first(Map<String, List<Entry>> copies) {
        Map<String, Entry> first = new LinkedHashMap<>();
        copies.forEach((identity, own) -> first.put(identity, own.get(0)));
        return first;
    }

    /** Panes and part of a certificate, which its alerts share. */
    private static String place(Entry entry) {
        return Topics.key(entry.window(), Long.toString(entry.paneEnd()));
    }

    /** Whether all records that name their arithmetic name the same on both sides. */
    private boolean oneArithmetic() {
        boolean named = false;
        for (Entry a : recorded.values()) {
            Entry b = recomputed.get(a.identity());
            if (b != null
                    && RecordRules.manifest(a.decoded()) != null
                    && RecordRules.manifest(b.decoded()) != null) {
                named = true;
                if (!RecordRules.sameArithmetic(a.decoded(), b.decoded())) {
                    return false;
                }
            }
        }
        return named;
    }

    /** What is recorded more than once, in the order of the record. */
    List<Repeated> repeated() {
        return copies.values().stream().filter(own -> own.size() > 1).map(Repeated::of).toList();
    }

    /** One finding for each identity of either side. */
    List<ReplayFinding> findings() {
        List<ReplayFinding> found = new ArrayList<>();
        copies.forEach((identity, own) -> found.add(compare(identity, own)));
        recomputed.forEach(
                (identity, own) -> {
                    if (!recorded.containsKey(identity)) {
                        found.add(oneSided(own, "absent", "present"));
                    }
                });
        return found;
    }

    private ReplayFinding compare(String identity, List<Entry> own) {
        List<Entry> other = recomputedCopies.getOrDefault(identity, List.of());
        Entry a = own.get(0);
        for (Entry copy : own) {
            if (!Repeated.sameBytes(a, copy)) {
                return differing(a, copy);
            }
        }
        if (other.isEmpty()) {
            return oneSided(a, "present", "absent");
        }
        if (other.size() > 1) {
            return ReplayFinding.of(
                    a, ReplayVerdict.DIVERGED, "recomputed twice", "once", other.size() + " times");
        }
        Entry counted = uncounted.get(identity);
        if (counted == null) {
            return compare(a, other.get(0));
        }
        ReplayFinding allElse = compare(CountRules.withoutCounts(a), other.get(0));
        return hypothetical ? allElse : CountRules.uncounted(a, counted, allElse);
    }

    /** Rewriting keeps all content, but not the order in which maps were encoded. */
    private boolean isSameRewritten(Entry a, Entry b) {
        return rewritten.contains(b.identity())
                && Difference.between(a.decoded(), b.decoded()).isEmpty();
    }

    /** Copies that do not say the same: whichever is right, the record was written twice. */
    private static ReplayFinding differing(Entry a, Entry copy) {
        List<Difference> differences = Difference.between(a.decoded(), copy.decoded());
        String field = differences.isEmpty() ? "bytes" : differences.get(0).field();
        String then = differences.isEmpty() ? "" : " " + differences.get(0).recorded();
        String now = differences.isEmpty() ? "" : " " + differences.get(0).recomputed();
        return ReplayFinding.of(
                a,
                ReplayVerdict.DIVERGED,
                "copies differ in " + field,
                "offset " + a.record().getOffset() + then,
                "offset " + copy.record().getOffset() + now);
    }

    private ReplayFinding oneSided(Entry entry, String then, String now) {
        ReplayVerdict verdict = hypothetical ? ReplayVerdict.HYPOTHETICAL : ReplayVerdict.DIVERGED;
        return ReplayFinding.of(entry, verdict, "record", then, now);
    }

    private ReplayFinding compare(Entry a, Entry b) {
        if (Repeated.sameBytes(a, b) || isSameRewritten(a, b)) {
            return ReplayFinding.of(a, ReplayVerdict.IDENTICAL);
        }
        if (hypothetical) {
            Difference input = RecordRules.inputDifference(a, b);
            boolean pane = a.decoded() instanceof LayerSketch;
            return pane && input != null
                    ? ReplayFinding.diverged(a, input)
                    : ReplayFinding.of(a, ReplayVerdict.HYPOTHETICAL);
        }
        if (!a.record().getKey().equals(b.record().getKey())) {
            return ReplayFinding.of(
                    a,
                    ReplayVerdict.DIVERGED,
                    "key",
                    Bytes.hex(a.record().getKey()),
                    Bytes.hex(b.record().getKey()));
        }
        if (a.decoded().getClass() != b.decoded().getClass()) {
            return RecordRules.exact(a, b);
        }
        return switch (a.topic()) {
            case SKETCHES -> ofSketches(a, b);
            case CERTIFICATES -> CertificateRules.compare(a, b, chain.of(a));
            case ALERTS ->
                    oneArithmetic
                            ? RecordRules.exact(a, b)
                            : AlertRules.compare(a, b, sources((Alert) a.decoded(), a));
            default -> ofScores(a, b);
        };
    }

    private ReplayFinding ofSketches(Entry a, Entry b) {
        if (a.decoded() instanceof LayerSketch && b.decoded() instanceof LayerSketch) {
            return sketch(a, b);
        }
        return a.decoded() instanceof SketchChunk ? chunk(a, b) : RecordRules.exact(a, b);
    }

    private ReplayFinding ofScores(Entry a, Entry b) {
        if (oneArithmetic) {
            return RecordRules.exact(a, b);
        }
        if (a.decoded() instanceof SampleScores) {
            return ScoreRules.compare(a, b);
        }
        return a.decoded() instanceof GainGrowth
                ? RecordRules.growth(a, b)
                : RecordRules.exact(a, b);
    }

    /** What differs in the records that an alert was made from. */
    private Leaves sources(Alert alert, Entry entry) {
        Leaves sources = new Leaves();
        String certificate = certificates.get(place(entry));
        if (certificate != null && recomputed.containsKey(certificate)) {
            Entry own = recorded.get(certificate);
            sources.add(own.decoded(), recomputed.get(certificate).decoded());
            CertificateChain.Link link = chain.of(own);
            if (link.before() != null) {
                // A test that was resolved goes on afresh; its last evidence stands before.
                sources.add(link.before(), link.recomputedBefore());
            }
        }
        String score =
                Entries.scoreIdentity(
                        alert.getEvidence().get("shard"),
                        alert.getEvidence().get("offset"),
                        alert.getSampleId());
        if (recorded.containsKey(score) && recomputed.containsKey(score)) {
            sources.add(recorded.get(score).decoded(), recomputed.get(score).decoded());
        }
        return sources;
    }

    private ReplayFinding sketch(Entry a, Entry b) {
        ReplayFinding known = sketches.get(a.identity());
        if (known == null) {
            byte[][] wholes = {whole(a, copies), whole(b, recomputedCopies)};
            known = SketchRules.compare(a, b, wholes, this::kernels);
            sketches.put(a.identity(), known);
        }
        return known;
    }

    /** A chunk of other bytes says what its sketch says. */
    private ReplayFinding chunk(Entry a, Entry b) {
        String owner = a.identity().substring(0, a.identity().lastIndexOf("/chunk/"));
        Entry then = recorded.get(owner);
        Entry now = recomputed.get(owner);
        boolean ofContent =
                Difference.between(a.decoded(), b.decoded()).stream()
                        .allMatch(each -> each.under("data") || each.under("digest"));
        boolean explained =
                ofContent
                        && then != null
                        && now != null
                        && !then.record().getValue().equals(now.record().getValue())
                        && sketch(then, now).verdict() == ReplayVerdict.EQUIVALENT;
        return explained ? ReplayFinding.of(a, ReplayVerdict.EQUIVALENT) : RecordRules.exact(a, b);
    }

    /** The whole sketch out of its chunks, null where they do not give it. */
    private static byte[] whole(Entry entry, Map<String, List<Entry>> all) {
        LayerSketch sketch = (LayerSketch) entry.decoded();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < sketch.getSketchChunks(); i++) {
            List<Entry> own = all.getOrDefault(entry.identity() + "/chunk/" + i, List.of());
            if (own.isEmpty()
                    || !own.stream().allMatch(each -> Repeated.sameBytes(own.get(0), each))) {
                return null;
            }
            bytes.writeBytes(Bytes.of(((SketchChunk) own.get(0).decoded()).getData()));
        }
        byte[] digest = Sha256.digest().digest(bytes.toByteArray());
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
