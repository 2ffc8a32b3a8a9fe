package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.flink.monitor.MonitorRecords;
import io.spectrawatch.ops.audit.compare.ReplayComparison;
import io.spectrawatch.ops.audit.record.Bytes;
import io.spectrawatch.ops.audit.record.Entries;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.rule.CountRules;
import io.spectrawatch.ops.audit.rule.RecordRules;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AuditRecord;
import io.spectrawatch.schemas.BlockEnergies;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Records of releases whose manifests had no counts, and of panes open when counting began; and
 * certificates without blocks.
 */
class EarlierRecordsTest {

    private static final String[] SETTINGS = {
        "kernels=host", "alert.streams=2", "alert.alpha=0.4", "alert.horizon=run-length"
    };

    /** The last version of each record with a manifest that had no counts. */
    private static final Map<String, Integer> WITHOUT_COUNTS =
            Map.of("LayerSketch", 2, "InterfaceCertificate", 1, "Alert", 1);

    /** The last version of a certificate whose matrix was not recorded in blocks. */
    private static final Map<String, Integer> WITHOUT_BLOCKS = Map.of("InterfaceCertificate", 3);

    private static List<Entry> recorded;
    private static List<Entry> same;
    private static List<Entry> other;

    @BeforeAll
    static void run() throws Exception {
        String id = MonitorRecords.keep(new ChainModel().whole(11));
        List<ShardRecord> log = MonitorRecords.chain(Runs.SHARDS, id, 8, 16);
        recorded = Runs.recorded(log, SETTINGS);
        same = Runs.recomputed(log, SETTINGS);
        List<String> elsewhere = new ArrayList<>(List.of(SETTINGS));
        elsewhere.add("kernels=onnx-cpu");
        other = Runs.recomputed(log, elsewhere.toArray(String[]::new));
    }

    @Test
    void theyAreIdenticalToWhatTheirReleaseWouldHaveWritten() throws Exception {
        identical(earlier(recorded, WITHOUT_COUNTS));
        identical(earlier(recorded, WITHOUT_BLOCKS));
    }

    private static void identical(List<Entry> earlier) {
        ReplayComparison comparison = ReplayComparison.of(earlier, same, false);
        assertEquals(
                ReplayVerdict.IDENTICAL,
                comparison.verdict(),
                () -> String.valueOf(comparison.firstDivergence()));
        for (String topic : List.of("sketches", "certificates", "alerts")) {
            assertNotNull(comparison.counts().get(topic), topic);
        }
        ReplayComparison elsewhere = ReplayComparison.of(earlier, other, false);
        assertEquals(
                ReplayVerdict.EQUIVALENT,
                elsewhere.verdict(),
                () -> String.valueOf(elsewhere.firstDivergence()));
    }

    /** Only an earlier version is a release that could not write them. */
    @Test
    void aCertificateOfTodayWithoutItsBlocksDiverges() {
        Entry entry =
                recorded.stream()
                        .filter(each -> blocks(each.decoded()) != null)
                        .findFirst()
                        .orElseThrow();
        for (List<Entry> now : List.of(same, other)) {
            InterfaceCertificate copy = (InterfaceCertificate) Runs.copy(entry.decoded());
            copy.getFindings().put("blocks", null);
            ReplayFinding found = found(entry, copy, now);
            assertEquals(ReplayVerdict.DIVERGED, found.verdict());
            assertEquals("findings.blocks", found.field());
        }
    }

    private static BlockEnergies blocks(SpecificRecord record) {
        return record instanceof InterfaceCertificate certificate
                        && certificate.getFindings() != null
                ? certificate.getFindings().getBlocks()
                : null;
    }

    @Test
    void allButTheirCountsIsHeldAgainstThem() throws Exception {
        Entry today = first(LayerSketch.class);
        LayerSketch copy = (LayerSketch) Runs.copy(today.decoded());
        oneMoreSnapshot(copy.getManifest());
        List<Entry> forged = Entries.of(List.of(Runs.with(today.record(), copy)));
        Entry entry = earlier(forged, WITHOUT_COUNTS).get(0);
        ReplayFinding found =
                ReplayComparison.of(List.of(entry), matching(entry, same), false).findings().get(0);
        assertEquals(ReplayVerdict.DIVERGED, found.verdict());
        assertEquals("manifest.shards[0].snapshots", found.field());
    }

    @Test
    void aRecordOfTodayWithoutCountsIsIncompleteUnlessMoreDiffers() {
        for (Class<?> type : List.of(LayerSketch.class, InterfaceCertificate.class, Alert.class)) {
            Entry entry = first(type);
            Manifest own = RecordRules.manifest(entry.decoded());
            for (List<Entry> now : List.of(same, other)) {
                ReplayFinding found = compare(entry, now, manifest -> {});
                assertEquals(ReplayVerdict.INCOMPLETE, found.verdict(), found.toString());
                assertEquals("manifest.refusedRecords", found.field());
                assertEquals(own.getRefusedRecords().toString(), found.recomputed());
                ReplayFinding more = compare(entry, now, EarlierRecordsTest::oneMoreSnapshot);
                assertEquals(ReplayVerdict.DIVERGED, more.verdict(), more.toString());
            }
        }
    }

    private static void oneMoreSnapshot(Manifest manifest) {
        ShardInput input = manifest.getShards().get(0);
        input.put("snapshots", input.getSnapshots() + 1);
    }

    private static Entry first(Class<?> type) {
        return recorded.stream()
                .filter(each -> type.isInstance(each.decoded()))
                .filter(each -> RecordRules.manifest(each.decoded()) != null)
                .findFirst()
                .orElseThrow();
    }

    /** One count of several is not left out by a release that counts. */
    @Test
    void aSingleCountThatIsMissingDiverges() {
        Entry entry = first(LayerSketch.class);
        for (String field : List.of("refusedRecords", "lateRecords")) {
            LayerSketch copy = (LayerSketch) Runs.copy(entry.decoded());
            copy.getManifest().put(field, null);
            ReplayFinding found = found(entry, copy, same);
            assertEquals(ReplayVerdict.DIVERGED, found.verdict());
            assertEquals("manifest." + field, found.field());
        }
        Manifest without = RecordRules.manifest(CountRules.withoutCounts(entry).decoded());
        assertNull(without.getRefusedRecords());
        without.getShards().forEach(each -> assertNull(each.getCountedFromOffset()));
    }

    private static ReplayFinding compare(Entry entry, List<Entry> now, Consumer<Manifest> change) {
        SpecificRecord copy = Runs.copy(CountRules.withoutCounts(entry).decoded());
        change.accept(RecordRules.manifest(copy));
        return found(entry, copy, now);
    }

    private static ReplayFinding found(Entry entry, SpecificRecord content, List<Entry> now) {
        List<Entry> changed = new ArrayList<>(recorded);
        changed.set(
                recorded.indexOf(entry),
                Entries.of(List.of(Runs.with(entry.record(), content))).get(0));
        return ReplayComparison.of(changed, now, false).findings().stream()
                .filter(each -> each.identity().equals(entry.identity()))
                .findFirst()
                .orElseThrow();
    }

    private static List<Entry> matching(Entry entry, List<Entry> all) {
        return all.stream().filter(each -> each.identity().equals(entry.identity())).toList();
    }

    /** The same records as the release wrote them that had these versions. */
    private static List<Entry> earlier(List<Entry> entries, Map<String, Integer> versions)
            throws IOException {
        List<AuditRecord> records = new ArrayList<>();
        for (Entry each : entries) {
            AuditRecord record = each.record();
            Schema today = each.decoded().getSchema();
            Integer version = versions.get(today.getName());
            if (version == null) {
                records.add(record);
                continue;
            }
            byte[] value = written(Bytes.of(record.getValue()), today, version);
            assertFalse(Arrays.equals(value, Bytes.of(record.getValue())));
            records.add(
                    Entries.record(
                            Topics.valueOf(record.getTopic().toUpperCase(Locale.ROOT)),
                            record.getOffset(),
                            Bytes.of(record.getKey()),
                            value));
        }
        return Entries.of(records);
    }

    private static byte[] written(byte[] value, Schema today, int version) throws IOException {
        String file = "/history/" + today.getName() + "/" + version + ".avsc";
        try (InputStream in = Wire.class.getResourceAsStream(file)) {
            Schema then = new Schema.Parser().parse(in);
            GenericRecord content =
                    new GenericDatumReader<GenericRecord>(today, then)
                            .read(
                                    null,
                                    DecoderFactory.get()
                                            .binaryDecoder(
                                                    value,
                                                    Wire.HEADER_BYTES,
                                                    value.length - Wire.HEADER_BYTES,
                                                    null));
            var encoded =
                    new BinaryMessageEncoder<GenericRecord>(GenericData.get(), then)
                            .encode(content);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        }
    }
}
