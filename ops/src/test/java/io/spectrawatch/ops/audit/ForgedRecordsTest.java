package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.flink.monitor.MonitorRecords;
import io.spectrawatch.ops.audit.compare.ReplayComparison;
import io.spectrawatch.ops.audit.record.Entries;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every field of every type of record, forged by a large amount, is DIVERGED: beside a replay on
 * the same kernels, and beside one on others, where honest records are EQUIVALENT.
 */
class ForgedRecordsTest {

    private static final String[] SETTINGS = {
        "kernels=host",
        "sketch.kind.frequent-directions.layers=out",
        "alert.streams=2",
        "alert.alpha=0.4",
        "alert.horizon=run-length"
    };

    /** What names the arithmetic is true of the machine that recorded; reports show it. */
    private static final Pattern NAMES =
            Pattern.compile(
                    "manifest\\.numerics\\.(provider|library|libraryVersion|coreName|device|threads"
                            + "|javaVersion)");

    /** The digest of a sketch that is not published, by arithmetic that is not at hand. */
    private static final Pattern UNPUBLISHED = Pattern.compile("sketchDigest");

    private static final String NOTHING = "(?!)";

    private static List<Entry> recorded;
    private static List<Entry> same;
    private static List<Entry> other;
    private static List<Entry> summaries;
    private static List<Entry> otherSummaries;

    @BeforeAll
    static void run() throws Exception {
        List<ShardRecord> log = log();
        recorded = Runs.recorded(log, SETTINGS);
        same = Runs.recomputed(log, SETTINGS);
        other = Runs.recomputed(log, with("kernels=onnx-cpu"));
        summaries = Runs.recorded(log, with("publish.sketch=false"));
        otherSummaries = Runs.recomputed(log, with("publish.sketch=false", "kernels=onnx-cpu"));
    }

    private static List<ShardRecord> log() {
        String id = MonitorRecords.keep(new ChainModel().whole(11));
        return MonitorRecords.chain(Runs.SHARDS, id, 8, 16);
    }

    private static String[] with(String... more) {
        List<String> all = new ArrayList<>(List.of(SETTINGS));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void honestRecordsPass() {
        assertEquals(ReplayVerdict.IDENTICAL, ReplayComparison.of(recorded, same, false).verdict());
        ReplayComparison elsewhere = ReplayComparison.of(recorded, other, false);
        assertEquals(
                ReplayVerdict.EQUIVALENT,
                elsewhere.verdict(),
                () -> String.valueOf(elsewhere.firstDivergence()));
        Set<String> types = new TreeSet<>();
        recorded.forEach(each -> types.add(each.decoded().getSchema().getName()));
        assertEquals(
                Set.of(
                        "Alert",
                        "AttackEvidence",
                        "GainGrowth",
                        "InterfaceCertificate",
                        "LayerSketch",
                        "SampleScores",
                        "SketchChunk"),
                types);
    }

    @Test
    void everyForgedFieldIsFoundByTheSameArithmetic() {
        for (Class<?> type : List.of(LayerSketch.class, InterfaceCertificate.class, Alert.class)) {
            everyFieldOf(type, recorded, same, NAMES.pattern());
        }
        for (Class<?> type :
                List.of(
                        SampleScores.class,
                        SketchChunk.class,
                        GainGrowth.class,
                        AttackEvidence.class)) {
            everyFieldOf(type, recorded, same, NOTHING);
        }
    }

    @Test
    void everyForgedFieldIsFoundByOtherArithmetic() {
        everyFieldOf(LayerSketch.class, recorded, other, NAMES.pattern());
        everyFieldOf(SketchChunk.class, recorded, other, NOTHING);
        everyFieldOf(InterfaceCertificate.class, recorded, other, NAMES.pattern());
        everyFieldOf(Alert.class, recorded, other, NAMES.pattern());
        for (Class<?> type : List.of(SampleScores.class, GainGrowth.class, AttackEvidence.class)) {
            everyFieldOf(type, recorded, other, NOTHING);
        }
    }

    @Test
    void everyForgedFieldOfASummaryAloneIsFound() {
        ReplayComparison honest = ReplayComparison.of(summaries, otherSummaries, false);
        assertEquals(
                ReplayVerdict.EQUIVALENT,
                honest.verdict(),
                () -> String.valueOf(honest.firstDivergence()));
        everyFieldOf(
                LayerSketch.class,
                summaries,
                otherSummaries,
                NAMES.pattern() + "|" + UNPUBLISHED.pattern());
    }

    /** A layer by Frequent Directions, whose intervals know its losses by rank and its probes. */
    @Test
    void everyForgedFieldOfASketchThatLosesIsFound() throws Exception {
        List<ShardRecord> log = log();
        for (String published : List.of("publish.sketch=true", "publish.sketch=false")) {
            String[] settings = with("sketch.rows=3", "block.rows=4", published);
            List<Entry> then = Runs.recorded(log, settings);
            List<Entry> again = Runs.recomputed(log, settings);
            assertEquals(
                    ReplayVerdict.IDENTICAL, ReplayComparison.of(then, again, false).verdict());
            String[] elsewhere =
                    with("sketch.rows=3", "block.rows=4", published, "kernels=onnx-cpu");
            List<Entry> now = Runs.recomputed(log, elsewhere);
            ReplayComparison honest = ReplayComparison.of(then, now, false);
            assertEquals(
                    ReplayVerdict.EQUIVALENT,
                    honest.verdict(),
                    () -> published + ": " + honest.firstDivergence());
            List<Entry> probed =
                    then.stream()
                            .filter(each -> each.decoded() instanceof LayerSketch)
                            .filter(
                                    each ->
                                            !((LayerSketch) each.decoded())
                                                    .getDescriptors95()
                                                    .isEmpty())
                            .toList();
            assertFalse(probed.isEmpty(), "no layer has probes");
            everyFieldOf(
                    LayerSketch.class, then, now, NAMES.pattern() + "|" + UNPUBLISHED.pattern());
        }
    }

    /** The record of a type that has the most to forge, in a range cut down to what it needs. */
    private static void everyFieldOf(
            Class<?> type, List<Entry> then, List<Entry> now, String exempt) {
        Map<String, Entry> richest = new TreeMap<>();
        Map<String, Integer> sizes = new TreeMap<>();
        for (Entry entry : then) {
            if (type.isInstance(entry.decoded())) {
                String kind = kind(entry.decoded());
                int size = Forgery.of(entry.decoded()).size();
                if (size > sizes.getOrDefault(kind, 0)) {
                    sizes.put(kind, size);
                    richest.put(kind, entry);
                }
            }
        }
        assertTrue(!richest.isEmpty(), "no " + type.getSimpleName());
        Pattern allowed = Pattern.compile(exempt);
        Set<String> missed = new TreeSet<>();
        int forged = 0;
        for (Entry entry : richest.values()) {
            List<Entry> part = then.stream().filter(each -> belongs(entry, each)).toList();
            List<Entry> against = now.stream().filter(each -> belongs(entry, each)).toList();
            for (Forgery each : Forgery.of(entry.decoded())) {
                if (!allowed.matcher(each.name()).matches()) {
                    forged++;
                    if (verdict(part, against, entry, each) != ReplayVerdict.DIVERGED) {
                        missed.add(type.getSimpleName() + '.' + each.field());
                    }
                }
            }
        }
        assertEquals(Set.of(), missed, "of " + forged + " forged fields these passed");
    }

    private static String kind(SpecificRecord record) {
        if (record instanceof LayerSketch sketch) {
            return sketch.getAlgorithm();
        }
        if (record instanceof InterfaceCertificate certificate) {
            return certificate.getStatus() + certificate.getInterfaceName();
        }
        return record instanceof Alert alert ? alert.getKind() + alert.getTransition() : "";
    }

    private static boolean belongs(Entry entry, Entry each) {
        return switch (entry.topic()) {
            case SKETCHES ->
                    each.topic() == Topics.SKETCHES
                            && each.part().equals(entry.part())
                            && each.paneStart() == entry.paneStart();
            case CERTIFICATES -> each.topic() == Topics.CERTIFICATES && near(entry, each);
            case ALERTS ->
                    each == entry
                            || each.identity().equals(entry.identity())
                            || each.topic() == Topics.CERTIFICATES && near(entry, each)
                            || each.decoded() instanceof SampleScores scores
                                    && scores.getSampleId()
                                            .equals(((Alert) entry.decoded()).getSampleId());
            default -> each.identity().equals(entry.identity());
        };
    }

    private static boolean near(Entry entry, Entry each) {
        return each.part().equals(entry.part());
    }

    private static ReplayVerdict verdict(
            List<Entry> part, List<Entry> against, Entry entry, Forgery forgery) {
        List<Entry> changed =
                Entries.of(
                        part.stream()
                                .map(
                                        each ->
                                                each == entry
                                                        ? Runs.with(
                                                                each.record(),
                                                                forgery.apply(each.decoded()))
                                                        : each.record())
                                .collect(Collectors.toList()));
        return ReplayComparison.of(changed, against, false).verdict();
    }

    /** One change to a summary, beside its recomputation by other arithmetic. */
    private static ReplayFinding forge(Consumer<LayerSketch> change) {
        Entry entry =
                summaries.stream()
                        .filter(each -> each.part().equals("out"))
                        .min(Comparator.comparingLong(Entry::paneStart))
                        .orElseThrow();
        Entry against =
                otherSummaries.stream()
                        .filter(each -> each.identity().equals(entry.identity()))
                        .findFirst()
                        .orElseThrow();
        LayerSketch forged = (LayerSketch) Runs.copy(entry.decoded());
        change.accept(forged);
        List<Entry> changed = Entries.of(List.of(Runs.with(entry.record(), forged)));
        return ReplayComparison.of(changed, List.of(against), false).findings().get(0);
    }

    @Test
    void aRecordCannotWidenWhatItIsHeldAgainst() {
        ReplayFinding loss =
                forge(
                        sketch -> {
                            sketch.getSpectrum().set(0, 5000.0);
                            sketch.getLedger().put("deltaPlus", 1e9);
                        });
        assertEquals("ledger.deltaPlus", loss.field(), loss.toString());
        ReplayFinding energy =
                forge(
                        sketch -> {
                            sketch.getLedger().put("energy", 1e6);
                            sketch.getLedger().put("roundoff", 1e9);
                        });
        assertEquals("ledger.roundoff", energy.field(), energy.toString());
    }

    @Test
    void noNumberOfASummaryMovesOnItsOwn() {
        ReplayFinding outside =
                forge(
                        sketch ->
                                interval(sketch)
                                        .put("estimate", interval(sketch).getUpper() * 1.01));
        assertTrue(outside.field().startsWith("descriptors"), outside.toString());
        ReplayFinding wider =
                forge(sketch -> interval(sketch).put("upper", interval(sketch).getUpper() * 1.01));
        assertTrue(wider.field().startsWith("descriptors"), wider.toString());
        ReplayFinding narrower =
                forge(
                        sketch -> {
                            interval(sketch).put("lower", interval(sketch).getEstimate());
                            interval(sketch).put("upper", interval(sketch).getEstimate());
                        });
        assertTrue(narrower.field().startsWith("descriptors"), narrower.toString());
        ReplayFinding tighter = forge(sketch -> sketch.getLedger().put("deltaPlus", 0.0));
        assertEquals("ledger.deltaPlus", tighter.field(), tighter.toString());
        ReplayFinding replaced =
                forge(
                        sketch -> {
                            ByteBuffer basis =
                                    ByteBuffer.allocate(sketch.getBasis().remaining())
                                            .order(ByteOrder.LITTLE_ENDIAN);
                            int d = sketch.getColumns();
                            for (int i = 0; i < sketch.getBasisVectors(); i++) {
                                basis.putFloat(4 * (i * d + d - 1 - i), 1);
                            }
                            sketch.put("basis", basis);
                        });
        assertEquals("basis", replaced.field(), replaced.toString());
    }

    private static Interval interval(LayerSketch sketch) {
        return sketch.getDescriptors().stream()
                .filter(each -> each.getName().equals("effective_rank"))
                .findFirst()
                .orElseThrow();
    }
}
