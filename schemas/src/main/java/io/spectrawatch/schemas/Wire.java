package io.spectrawatch.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Encodes and decodes every record of every topic in Avro single-object encoding.
 *
 * <pre>
 * offset  0     1     2 ............ 9   10 ...
 *        +-----+-----+----------------+-----------------+
 *        | C3  | 01  | fingerprint LE | Avro binary body|
 *        +-----+-----+----------------+-----------------+
 * </pre>
 *
 * The fingerprint is CRC-64-AVRO of the writer's schema in parsing canonical form, and thus the
 * record's type and version at once. Writers of every released schema are resolved to the current
 * record; everything else is refused with a {@link WireException}: an unknown fingerprint, a body
 * that ends early, a body that goes on after its record. Outside of activations every number is
 * finite, or the record is neither written nor read.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/">Avro specification, "Single
 *     object encoding"</a>
 */
public final class Wire {

    /** Bytes before the body. */
    public static final int HEADER_BYTES = 10;

    private static final int MARKER_0 = 0xC3;
    private static final int MARKER_1 = 0x01;
    private static final Map<Long, Format> BY_FINGERPRINT = new HashMap<>();
    private static final Map<String, Format> CURRENT = new HashMap<>();

    static {
        trustOwnRecords();
        for (Schema current : currentSchemas()) {
            Format format = new Format(current, current);
            CURRENT.put(current.getFullName(), format);
            BY_FINGERPRINT.put(fingerprint(current), format);
        }
        for (Schema released : SchemaHistory.released()) {
            Format reader = CURRENT.get(released.getFullName());
            if (reader == null) {
                throw new IllegalStateException(
                        "released schema " + released.getFullName() + " has no current record");
            }
            BY_FINGERPRINT.putIfAbsent(fingerprint(released), new Format(released, reader.reader));
        }
    }

    private Wire() {}

    /** The schemas of the records that may stand in a topic, in a fixed order. */
    public static List<Schema> currentSchemas() {
        return List.of(
                ActivationSnapshot.getClassSchema(),
                Tick.getClassSchema(),
                Activate.getClassSchema(),
                LayerSketch.getClassSchema(),
                SketchChunk.getClassSchema(),
                Alert.getClassSchema(),
                LayerCatalogueEntry.getClassSchema(),
                InterfaceCertificate.getClassSchema(),
                SampleScores.getClassSchema(),
                AttackEvidence.getClassSchema(),
                GainGrowth.getClassSchema(),
                UnwatchedLayers.getClassSchema(),
                BaselineChunk.getClassSchema(),
                BaselineEntry.getClassSchema(),
                ModelChunk.getClassSchema(),
                ModelEntry.getClassSchema(),
                LateSnapshot.getClassSchema(),
                ModelIdentity.getClassSchema(),
                AlertNote.getClassSchema(),
                AcceptedSnapshot.getClassSchema());
    }

    /** CRC-64-AVRO of the schema's parsing canonical form. */
    public static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    /**
     * Encodes a record with its current schema.
     *
     * @throws IllegalArgumentException if the record's type stands in no topic, or a number in it
     *     is NaN or infinite; activations excepted
     */
    public static byte[] encode(SpecificRecord record) {
        Format format = CURRENT.get(record.getSchema().getFullName());
        if (format == null) {
            throw new IllegalArgumentException(
                    record.getSchema().getFullName() + " is not a record of a topic");
        }
        String violation = format.violation(record);
        if (violation != null) {
            throw new IllegalArgumentException(
                    format.reader.getName() + ": a finite number expected, " + violation);
        }
        try {
            ByteBuffer encoded = format.encoder.get().encode(record);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new IllegalStateException("cannot encode " + format.reader.getFullName(), e);
        }
    }

    /**
     * Whether the bytes claim to be a record of this schema's type, judged by the header alone.
     *
     * @param fullName full name of an Avro record, such as {@code io.spectrawatch.schemas.Tick}
     */
    public static boolean isA(byte[] bytes, String fullName) {
        if (!hasHeader(bytes)) {
            return false;
        }
        Format format = BY_FINGERPRINT.get(fingerprintOf(bytes));
        return format != null && format.reader.getFullName().equals(fullName);
    }

    /**
     * Decodes a record of any known type and version. Its long {@code bytes} are views of the
     * array, which is thus not to be changed while the record is in use.
     *
     * @throws WireException if the bytes are not exactly one record of a known schema, or hold NaN
     *     or an infinity outside of activations
     */
    public static SpecificRecord decode(byte[] bytes) {
        if (bytes == null) {
            throw new WireException(RejectionReason.UNDECODABLE, "no value (a tombstone)");
        }
        if (!hasHeader(bytes)) {
            throw new WireException(
                    RejectionReason.UNDECODABLE,
                    "expected the single-object marker C3 01 and an 8-byte fingerprint, found "
                            + bytes.length
                            + " bytes that begin "
                            + hex(bytes)
                            + "; encode with Avro's BinaryMessageEncoder, not with a registry's"
                            + " serializer or as JSON");
        }
        Format format = BY_FINGERPRINT.get(fingerprintOf(bytes));
        if (format == null) {
            throw new WireException(RejectionReason.UNKNOWN_SCHEMA, unknownFingerprint(bytes));
        }
        return format.decode(bytes);
    }

    /** The bytes as they stand, because a number would hide in which order they do. */
    private static String unknownFingerprint(byte[] bytes) {
        Format turned = BY_FINGERPRINT.get(Long.reverseBytes(fingerprintOf(bytes)));
        Schema meant = turned == null ? ActivationSnapshot.getClassSchema() : turned.writer;
        return "schema fingerprint unknown: bytes 2 to 9 are "
                + hex(Arrays.copyOfRange(bytes, 2, HEADER_BYTES))
                + ", those of "
                + meant.getName()
                + " are "
                + hex(littleEndian(fingerprint(meant)))
                + (turned == null
                        ? "; write the CRC-64-AVRO of the schema in parsing canonical form, lowest"
                                + " byte first, from an .avsc of a release"
                        : "; the fingerprint stands highest byte first, write it lowest byte first"
                                + " (little-endian)");
    }

    private static byte[] littleEndian(long number) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
    }

    /** The first bytes, as many as a header has. */
    private static String hex(byte[] bytes) {
        int shown = Math.min(bytes.length, HEADER_BYTES);
        return HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes, 0, shown);
    }

    /**
     * Decodes a record of one type.
     *
     * @throws WireException if the bytes are not exactly one record of that type
     */
    public static <T extends SpecificRecord> T decode(byte[] bytes, Class<T> type) {
        SpecificRecord record = decode(bytes);
        if (!type.isInstance(record)) {
            throw new WireException(
                    RejectionReason.UNKNOWN_SCHEMA,
                    "expected a "
                            + type.getSimpleName()
                            + ", found a "
                            + record.getSchema().getName());
        }
        return type.cast(record);
    }

    /**
     * Writes a record again as the release did that wrote another one of its type: of the same
     * content, with the fields that the release knew.
     *
     * @param like the other record, as encoded by that release
     * @param encoded the record to write again, of any released version
     * @throws WireException if either is not of a known schema
     * @throws IllegalArgumentException if they are of two types, or the release could not write
     *     this content
     */
    public static byte[] encodedLike(byte[] like, byte[] encoded) {
        decode(encoded);
        decode(like);
        Format target = BY_FINGERPRINT.get(fingerprintOf(like));
        Format source = BY_FINGERPRINT.get(fingerprintOf(encoded));
        if (source.reader != target.reader) {
            throw new IllegalArgumentException(
                    "expected a "
                            + target.reader.getName()
                            + ", found a "
                            + source.reader.getName());
        }
        return Rewriting.of(encoded, HEADER_BYTES, source.writer, target.writer);
    }

    /** Avro instantiates no class that its owner has not named (since 1.12.2). */
    private static void trustOwnRecords() {
        Set<String> own =
                Set.of(
                        Sample.class.getName(),
                        RowRange.class.getName(),
                        Phase.class.getName(),
                        Layer.class.getName(),
                        LayerRole.class.getName(),
                        ElementType.class.getName(),
                        Interval.class.getName(),
                        Manifest.class.getName(),
                        ShardInput.class.getName(),
                        NumericConfig.class.getName(),
                        SketchLedger.class.getName(),
                        AlertTransition.class.getName(),
                        AlertNoteKind.class.getName(),
                        SampleExample.class.getName(),
                        SampleContext.class.getName(),
                        SpeakingRow.class.getName(),
                        CertificateStatus.class.getName(),
                        CertificateFindings.class.getName(),
                        BindingTest.class.getName(),
                        ErrorTerms.class.getName(),
                        ElementChange.class.getName(),
                        MarginConsumption.class.getName(),
                        Movement.class.getName(),
                        SpectrumChart.class.getName(),
                        ExponentInterval.class.getName(),
                        BlockEnergies.class.getName(),
                        TestEvidence.class.getName(),
                        OffsetRange.class.getName(),
                        UnwatchedLayer.class.getName(),
                        WeightTensor.class.getName(),
                        LayerIdentity.class.getName(),
                        AuditRecord.class.getName());
        Set<String> records =
                currentSchemas().stream().map(Schema::getFullName).collect(Collectors.toSet());
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(
                        ClassSecurityValidator.getGlobal(),
                        type -> own.contains(type.getName()) || records.contains(type.getName())));
    }

    private static boolean hasHeader(byte[] bytes) {
        return bytes.length >= HEADER_BYTES
                && (bytes[0] & 0xFF) == MARKER_0
                && (bytes[1] & 0xFF) == MARKER_1;
    }

    private static long fingerprintOf(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    }

    /** A writer's schema and the current schema it is resolved to. */
    private static final class Format {
        private final Schema writer;
        private final Schema reader;
        private final ThreadLocal<BinaryMessageEncoder<SpecificRecord>> encoder;
        private final ThreadLocal<SpecificDatumReader<SpecificRecord>> datumReader;

        Format(Schema writer, Schema reader) {
            this.writer = writer;
            this.reader = reader;
            SpecificData data = SpecificData.getForSchema(reader);
            this.encoder =
                    ThreadLocal.withInitial(() -> new BinaryMessageEncoder<>(data, reader, true));
            this.datumReader =
                    ThreadLocal.withInitial(() -> new SpecificDatumReader<>(writer, reader, data));
        }

        /** What number is none; what clients send is for ingest to judge, with its reasons. */
        String violation(SpecificRecord record) {
            return record instanceof ActivationSnapshot ? null : Finite.violation(record);
        }

        SpecificRecord decode(byte[] bytes) {
            ArrayDecoder decoder = new ArrayDecoder(bytes, HEADER_BYTES);
            try {
                SpecificRecord record = datumReader.get().read(null, decoder);
                if (!decoder.isEnd()) {
                    throw new WireException(
                            RejectionReason.UNDECODABLE,
                            "bytes follow the " + reader.getName() + " record");
                }
                String violation = violation(record);
                if (violation != null) {
                    throw new WireException(
                            RejectionReason.UNDECODABLE,
                            reader.getName() + ": a finite number expected, " + violation);
                }
                return record;
            } catch (IOException | RuntimeException e) {
                if (e instanceof WireException wire) {
                    throw wire;
                }
                // Avro reports broken input by many exceptions, AvroRuntimeException and
                // IndexOutOfBoundsException among them; all mean the same here.
                throw new WireException(
                        RejectionReason.UNDECODABLE,
                        "the body is not a " + reader.getName() + ": " + e.getMessage(),
                        e);
            }
        }
    }
}
