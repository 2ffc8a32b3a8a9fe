package io.spectrawatch.ops.audit;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AuditRecord;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads output records and says what each is the record of.
 *
 * <p>A chunk belongs to the last sketch before it with its key and digest, so records have to come
 * in the order of their topic.
 */
final class Entries {

    /** Where a recomputed record has no offset. */
    static final long NO_OFFSET = -1;

    private static final Map<String, Topics> BY_NAME = new HashMap<>();

    static {
        for (Topics topic : Topics.values()) {
            BY_NAME.put(name(topic), topic);
        }
    }

    private final Map<String, Entry> owners = new HashMap<>();

    /** A topic as bundles and reports name it. */
    static String name(Topics topic) {
        return topic.name().toLowerCase(Locale.ROOT);
    }

    /** Reads records in order. */
    static List<Entry> of(List<AuditRecord> records) {
        Entries entries = new Entries();
        List<Entry> read = new ArrayList<>(records.size());
        records.forEach(record -> read.add(entries.read(record)));
        return read;
    }

    static AuditRecord record(Topics topic, long offset, byte[] key, byte[] value) {
        ByteBuffer keyBytes = ByteBuffer.wrap(key == null ? new byte[0] : key);
        return new AuditRecord(name(topic), offset, keyBytes, ByteBuffer.wrap(value));
    }

    /**
     * Reads the next record.
     *
     * @throws io.spectrawatch.schemas.WireException if it is no record of a topic
     */
    Entry read(AuditRecord record) {
        Topics topic = BY_NAME.get(record.getTopic());
        SpecificRecord decoded = Wire.decode(bytes(record.getValue()));
        if (decoded instanceof LayerSketch sketch) {
            Entry entry = of(record, topic, sketch);
            owners.put(ownerKey(record, sketch.getSketchDigest()), entry);
            return entry;
        }
        if (decoded instanceof SketchChunk chunk) {
            return of(record, topic, chunk);
        }
        if (decoded instanceof InterfaceCertificate certificate) {
            return of(record, topic, certificate);
        }
        if (decoded instanceof Alert alert) {
            return of(record, topic, alert);
        }
        if (decoded instanceof SampleScores scores) {
            return of(record, topic, scores);
        }
        if (decoded instanceof GainGrowth growth) {
            return of(record, topic, growth);
        }
        throw new IllegalStateException(
                "a " + decoded.getSchema().getName() + " does not belong into " + topic);
    }

    private static Entry of(AuditRecord record, Topics topic, LayerSketch sketch) {
        String window =
                Topics.key(
                        sketch.getModelId(),
                        sketch.getModelVersion(),
                        sketch.getLayer(),
                        Long.toString(sketch.getPaneStart()));
        String identity =
                "sketch/"
                        + window
                        + '/'
                        + Topics.key(
                                sketch.getModelDigest(),
                                Integer.toString(sketch.getLayerIndex()),
                                Integer.toString(sketch.getColumns()));
        return new Entry(
                record,
                topic,
                sketch,
                identity + suffix(sketch.getManifest().getBaselineId()),
                window,
                sketch.getModelId(),
                sketch.getModelVersion(),
                sketch.getLayer(),
                sketch.getPaneStart(),
                sketch.getPaneEnd());
    }

    private static String suffix(String baselineId) {
        return baselineId == null ? "" : '/' + baselineId;
    }

    private Entry of(AuditRecord record, Topics topic, SketchChunk chunk) {
        Entry owner = owners.get(ownerKey(record, chunk.getDigest()));
        if (owner == null) {
            String orphan = "chunk/" + Bytes.hex(chunk.getDigest()) + '/' + chunk.getIndex();
            return new Entry(record, topic, chunk, orphan, orphan, "", "", "", Long.MIN_VALUE, 0);
        }
        return new Entry(
                record,
                topic,
                chunk,
                owner.identity() + "/chunk/" + chunk.getIndex(),
                owner.window(),
                owner.model(),
                owner.version(),
                owner.part(),
                owner.paneStart(),
                owner.paneEnd());
    }

    private static String ownerKey(AuditRecord record, ByteBuffer digest) {
        return Bytes.hex(record.getKey()) + '/' + Bytes.hex(digest);
    }

    private static Entry of(AuditRecord record, Topics topic, InterfaceCertificate certificate) {
        String window =
                Topics.key(
                        certificate.getModelId(),
                        certificate.getModelVersion(),
                        certificate.getInterfaceName(),
                        Long.toString(certificate.getPaneStart()));
        String identity =
                "certificate/"
                        + window
                        + '/'
                        + Topics.key(
                                Long.toString(certificate.getPaneEnd()),
                                certificate.getModelDigest());
        return new Entry(
                record,
                topic,
                certificate,
                identity,
                window,
                certificate.getModelId(),
                certificate.getModelVersion(),
                certificate.getInterfaceName(),
                certificate.getPaneStart(),
                certificate.getPaneEnd());
    }

    private static Entry of(AuditRecord record, Topics topic, Alert alert) {
        String part = alert.getPart() == null ? "" : alert.getPart();
        String window =
                Topics.key(
                        alert.getModelId(),
                        alert.getModelVersion(),
                        part,
                        Long.toString(alert.getPaneStart()));
        return new Entry(
                record,
                topic,
                alert,
                "alert/" + alert.getId() + '/' + alert.getTransition(),
                window,
                alert.getModelId(),
                alert.getModelVersion(),
                part,
                alert.getPaneStart(),
                alert.getPaneEnd());
    }

    private static Entry of(AuditRecord record, Topics topic, SampleScores scores) {
        String window =
                Topics.key(
                        scores.getModelId(),
                        scores.getModelVersion(),
                        scores.getSampleId(),
                        Long.toString(scores.getCapturedAt()));
        return new Entry(
                record,
                topic,
                scores,
                "score/"
                        + scores.getShard()
                        + '/'
                        + scores.getOffset()
                        + '/'
                        + Topics.key(scores.getSampleId()),
                window,
                scores.getModelId(),
                scores.getModelVersion(),
                scores.getSampleId(),
                scores.getCapturedAt(),
                scores.getCapturedAt());
    }

    private static Entry of(AuditRecord record, Topics topic, GainGrowth growth) {
        String window =
                Topics.key(
                        growth.getModelId(),
                        growth.getModelVersion(),
                        "",
                        Long.toString(growth.getPaneStart()));
        return new Entry(
                record,
                topic,
                growth,
                "growth/"
                        + window
                        + '/'
                        + Topics.key(
                                Long.toString(growth.getPaneEnd()),
                                growth.getModelDigest(),
                                growth.getBaselineId()),
                window,
                growth.getModelId(),
                growth.getModelVersion(),
                "",
                growth.getPaneStart(),
                growth.getPaneEnd());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        return Bytes.of(buffer);
    }
}
