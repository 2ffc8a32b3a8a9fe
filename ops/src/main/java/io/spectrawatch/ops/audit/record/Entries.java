package io.spectrawatch.ops.audit.record;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.AuditRecord;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.UnwatchedLayers;
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
public final class Entries {

    /** Where a recomputed record has no offset. */
    public static final long NO_OFFSET = -1;

    private static final Map<String, Topics> BY_NAME = new HashMap<>();

    static {
        for (Topics topic : Topics.values()) {
            BY_NAME.put(name(topic), topic);
        }
    }

    private final Map<String, Entry> owners = new HashMap<>();

    /** A topic as bundles and reports name it. */
    public static String name(Topics topic) {
        return topic.name().toLowerCase(Locale.ROOT);
    }

    /** Reads records in order. */
    public static List<Entry> of(List<AuditRecord> records) {
        Entries entries = new Entries();
        List<Entry> read = new ArrayList<>(records.size());
        records.forEach(record -> read.add(entries.read(record)));
        return read;
    }

    public static AuditRecord record(Topics topic, long offset, byte[] key, byte[] value) {
        ByteBuffer keyBytes = ByteBuffer.wrap(key == null ? new byte[0] : key);
        return new AuditRecord(name(topic), offset, keyBytes, ByteBuffer.wrap(value));
    }

    /**
     * Reads the next record.
     *
     * @throws io.spectrawatch.schemas.WireException if it is no record of a topic
     */
    public Entry read(AuditRecord record) {
        Topics topic = BY_NAME.get(record.getTopic());
        SpecificRecord decoded = Wire.decode(Bytes.of(record.getValue()));
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
        if (decoded instanceof AttackEvidence step) {
            return of(record, topic, step);
        }
        if (decoded instanceof GainGrowth growth) {
            return of(record, topic, growth);
        }
        if (decoded instanceof UnwatchedLayers unwatched) {
            return of(record, topic, unwatched);
        }
        throw new IllegalStateException(
                "a " + decoded.getSchema().getName() + " does not belong into " + topic);
    }

    /** A part of a model over panes; of a score the sample, at the moment of its capture. */
    private record Place(
            String model, String version, String segment, String part, long start, long end) {

        String window() {
            return Topics.inSegment(Topics.key(model, version, part), segment) + '/' + start;
        }

        Entry entry(AuditRecord record, Topics topic, SpecificRecord decoded, String identity) {
            return new Entry(
                    record, topic, decoded, identity, window(), model, version, part, start, end);
        }
    }

    private static Entry of(AuditRecord record, Topics topic, LayerSketch sketch) {
        Place place =
                new Place(
                        sketch.getModelId(),
                        sketch.getModelVersion(),
                        sketch.getSegment(),
                        sketch.getLayer(),
                        sketch.getPaneStart(),
                        sketch.getPaneEnd());
        String layer =
                Topics.key(
                        sketch.getModelDigest(),
                        Integer.toString(sketch.getLayerIndex()),
                        Integer.toString(sketch.getColumns()));
        String baseline = sketch.getManifest().getBaselineId();
        String identity = "sketch/" + place.window() + '/' + layer;
        return place.entry(
                record, topic, sketch, baseline == null ? identity : identity + '/' + baseline);
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
        Place place =
                new Place(
                        certificate.getModelId(),
                        certificate.getModelVersion(),
                        certificate.getSegment(),
                        certificate.getInterfaceName(),
                        certificate.getPaneStart(),
                        certificate.getPaneEnd());
        String panes =
                Topics.key(Long.toString(certificate.getPaneEnd()), certificate.getModelDigest());
        return place.entry(
                record, topic, certificate, "certificate/" + place.window() + '/' + panes);
    }

    private static Entry of(AuditRecord record, Topics topic, Alert alert) {
        Place place =
                new Place(
                        alert.getModelId(),
                        alert.getModelVersion(),
                        alert.getSegment(),
                        alert.getPart() == null ? "" : alert.getPart(),
                        alert.getPaneStart(),
                        alert.getPaneEnd());
        return place.entry(
                record, topic, alert, "alert/" + alert.getId() + '/' + alert.getTransition());
    }

    private static Entry of(AuditRecord record, Topics topic, AttackEvidence step) {
        Place place =
                new Place(
                        step.getModelId(),
                        step.getModelVersion(),
                        step.getSegment(),
                        "",
                        step.getPaneStart(),
                        step.getPaneEnd());
        return place.entry(
                record,
                topic,
                step,
                "attack/" + place.window() + '/' + Topics.key(step.getModelDigest()));
    }

    /** Identity of a sample's scores; of anything else an alert names it is that of none. */
    public static String scoreIdentity(String shard, String offset, String sampleId) {
        return "score/" + shard + '/' + offset + '/' + Topics.key(String.valueOf(sampleId));
    }

    private static Entry of(AuditRecord record, Topics topic, SampleScores scores) {
        Place place =
                new Place(
                        scores.getModelId(),
                        scores.getModelVersion(),
                        scores.getSegment(),
                        scores.getSampleId(),
                        scores.getCapturedAt(),
                        scores.getCapturedAt());
        String identity =
                scoreIdentity(
                        Integer.toString(scores.getShard()),
                        Long.toString(scores.getOffset()),
                        scores.getSampleId());
        return place.entry(record, topic, scores, identity);
    }

    private static Entry of(AuditRecord record, Topics topic, UnwatchedLayers unwatched) {
        Place place =
                new Place(
                        unwatched.getModelId(),
                        unwatched.getModelVersion(),
                        unwatched.getSegment(),
                        "",
                        unwatched.getPaneStart(),
                        unwatched.getPaneEnd());
        String pane = Topics.key(Long.toString(unwatched.getPaneEnd()), unwatched.getModelDigest());
        return place.entry(record, topic, unwatched, "unwatched/" + place.window() + '/' + pane);
    }

    private static Entry of(AuditRecord record, Topics topic, GainGrowth growth) {
        Place place =
                new Place(
                        growth.getModelId(),
                        growth.getModelVersion(),
                        growth.getSegment(),
                        "",
                        growth.getPaneStart(),
                        growth.getPaneEnd());
        String judged =
                Topics.key(
                        Long.toString(growth.getPaneEnd()),
                        growth.getModelDigest(),
                        growth.getBaselineId());
        return place.entry(record, topic, growth, "growth/" + place.window() + '/' + judged);
    }
}
