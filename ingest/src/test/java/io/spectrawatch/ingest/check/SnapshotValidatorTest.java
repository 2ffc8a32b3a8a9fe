package io.spectrawatch.ingest.check;

import static io.spectrawatch.ingest.topology.Snapshots.floats;
import static io.spectrawatch.ingest.topology.Snapshots.pooled;
import static io.spectrawatch.ingest.topology.Snapshots.sample;
import static io.spectrawatch.ingest.topology.Snapshots.tokens;
import static io.spectrawatch.ingest.topology.Snapshots.utf8;
import static io.spectrawatch.ingest.topology.Snapshots.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.topology.Snapshots;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotValidatorTest {

    private static final byte[] KEY = utf8(Snapshots.CAPTURE);

    private final SnapshotValidator validator =
            new SnapshotValidator(
                    IngestConfig.fromMap(
                            Map.of(
                                    "limit.text", "8",
                                    "limit.samples", "3",
                                    "limit.layers", "2",
                                    "limit.columns", "4")));

    @Test
    void aValidSnapshotIsDecoded() throws Refused {
        ActivationSnapshot expected = valid().build();

        assertEquals(expected, validator.validate(KEY, Wire.encode(expected)));
    }

    @Test
    void aLayerMayBeEmptyAndOf16Bits() throws Refused {
        Layer.Builder empty = tokens().setRows(0).setRowSample(List.of()).setData(floats());
        Layer.Builder half =
                pooled().setElementType(ElementType.BFLOAT16).setData(ByteBuffer.allocate(8));

        validator.validate(KEY, Snapshots.bytes(valid().setLayers(layers(empty, half))));
    }

    @ParameterizedTest
    @MethodSource
    void aFieldOutsideItsRangeIsNamed(ActivationSnapshot.Builder snapshot, String named) {
        assertRefused(RejectionReason.INVALID_FIELD, named, Snapshots.bytes(snapshot));
    }

    static Stream<Arguments> aFieldOutsideItsRangeIsNamed() {
        return Stream.of(
                Arguments.of(valid().setModelId(""), "modelId"),
                Arguments.of(valid().setModelVersion(" "), "modelVersion"),
                Arguments.of(valid().setModelId("123456789"), "modelId may have 8"),
                Arguments.of(valid().setModelDigest("ABC"), "modelDigest"),
                Arguments.of(valid().setSequence(-1), "sequence"),
                Arguments.of(valid().setCapturedAt(-1), "capturedAt"),
                Arguments.of(valid().setSamples(List.of()), "samples must be 1..3, found 0"),
                Arguments.of(
                        valid().setSamples(
                                        List.of(
                                                sample("a"),
                                                sample("b"),
                                                sample("c"),
                                                sample("d"))),
                        "samples must be 1..3, found 4"),
                Arguments.of(
                        valid().setSamples(List.of(sample("a"), sample("a"))),
                        "samples[1].id 'a' occurs twice"),
                Arguments.of(valid().setSamples(List.of(sample("a"), sample(""))), "samples[1].id"),
                Arguments.of(weighted(0), "samplingWeight"),
                Arguments.of(weighted(-1), "samplingWeight"),
                Arguments.of(weighted(Double.NaN), "samplingWeight"),
                Arguments.of(weighted(Double.POSITIVE_INFINITY), "samplingWeight"),
                Arguments.of(
                        valid().setSamples(
                                        List.of(sample("a"), WholeSample.of("b", "", null, 1.0))),
                        "client"),
                Arguments.of(valid().setLayers(List.of()), "layers must be 1..2"),
                Arguments.of(
                        valid().setLayers(layers(tokens(), pooled().setName("tokens"))),
                        "layers[1].name 'tokens' occurs twice"),
                Arguments.of(
                        valid().setLayers(layers(tokens(), pooled().setIndex(0))),
                        "layers[1].index 0 occurs twice"),
                Arguments.of(valid().setLayers(layers(tokens().setIndex(-1))), "layers[0].index"),
                Arguments.of(valid().setLayers(layers(tokens().setName(""))), "layers[0].name"),
                Arguments.of(valid().setLayers(layers(tokens().setRows(-1))), "layers[0].rows"),
                Arguments.of(
                        valid().setLayers(layers(tokens().setColumns(0))), "layers[0].columns"),
                Arguments.of(
                        valid().setLayers(layers(tokens().setColumns(5))),
                        "layers[0].columns must be 1..4"));
    }

    @ParameterizedTest
    @MethodSource
    void aShapeThatDoesNotFitIsNamed(Layer.Builder layer) {
        assertRefused(
                RejectionReason.SHAPE_MISMATCH,
                "layer '" + layer.getName() + "'",
                Snapshots.bytes(valid().setLayers(layers(layer))));
    }

    static Stream<Layer.Builder> aShapeThatDoesNotFitIsNamed() {
        return Stream.of(
                tokens().setRows(2),
                tokens().setColumns(3),
                tokens().setData(ByteBuffer.allocate(23)),
                tokens().setElementType(ElementType.FLOAT16),
                tokens().setRowSample(List.of(0, 1)),
                tokens().setRowSample(List.of(0, 0, 2)),
                tokens().setRowSample(List.of(0, -1, 1)),
                tokens().setRowSample(null),
                pooled().setRows(1).setData(floats(1, 2)),
                // 2^31-1 rows of 4 columns and 4 bytes overflow 32 bits to a small number
                tokens().setRows(Integer.MAX_VALUE).setColumns(4).setData(ByteBuffer.allocate(0)),
                // 2^30 x 4 x 4 bytes are 0 modulo 2^32
                tokens().setRows(1 << 30).setColumns(4).setData(ByteBuffer.allocate(0)));
    }

    @Test
    void nanAndInfinityAreNamedByRowAndColumn() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1f / 0f}) {
            Layer.Builder layer = tokens().setData(floats(1, 2, 3, bad, 5, 6));
            assertRefused(
                    RejectionReason.NOT_FINITE,
                    "layer 'tokens' has NaN or infinity at row 1, column 1",
                    Snapshots.bytes(valid().setLayers(layers(layer))));
        }
    }

    @Test
    void aMissingKeyComesBeforeEverythingElse() {
        Refused refused =
                assertThrows(Refused.class, () -> validator.validate(null, new byte[] {1}));
        assertEquals(RejectionReason.NO_KEY, refused.reason());
    }

    @Test
    void anotherKeyIsNamed() {
        Refused refused =
                assertThrows(
                        Refused.class,
                        () -> validator.validate(utf8("other"), Snapshots.bytes(valid())));
        assertEquals(RejectionReason.KEY_MISMATCH, refused.reason());
        assertTrue(refused.getMessage().contains("'other'"), refused.getMessage());
    }

    @Test
    void whatIsNoSnapshotIsRefused() {
        assertRefused(RejectionReason.UNDECODABLE, "tombstone", null);
        assertRefused(RejectionReason.UNDECODABLE, "C3 01", new byte[0]);
        assertRefused(RejectionReason.UNDECODABLE, "C3 01", utf8("{\"json\": true}"));
        assertRefused(
                RejectionReason.TOO_LARGE,
                Integer.toString(Topics.MAX_RECORD_BYTES + 1),
                new byte[Topics.MAX_RECORD_BYTES + 1]);
        byte[] unknown = Snapshots.bytes(valid());
        unknown[5] ^= 1;
        assertRefused(RejectionReason.UNKNOWN_SCHEMA, "fingerprint", unknown);
    }

    @Test
    void aControlRecordFromAClientIsRefused() {
        byte[] tick = Wire.encode(new Tick(1L, 1L, 1L, 0, 1, 0L, 0L, 0L));

        assertRefused(RejectionReason.UNKNOWN_SCHEMA, "found a Tick", tick);
    }

    @Test
    void everyTruncationIsUndecodable() {
        byte[] whole = Snapshots.bytes(valid());
        for (int length = 0; length < whole.length; length++) {
            assertRefused(RejectionReason.UNDECODABLE, "", Arrays.copyOf(whole, length));
        }
        assertRefused(
                RejectionReason.UNDECODABLE, "follow", Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void aLengthThatTheBytesCannotHoldIsRefusedBeforeItIsAllocated() throws IOException {
        for (long length :
                new long[] {1L << 30, Integer.MAX_VALUE, Long.MAX_VALUE, -5, Long.MIN_VALUE}) {
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            value.write(Snapshots.bytes(valid()), 0, Wire.HEADER_BYTES);
            BinaryEncoder body = EncoderFactory.get().directBinaryEncoder(value, null);
            for (String text : List.of("m", "1", Snapshots.DIGEST, Snapshots.CAPTURE)) {
                body.writeString(text);
            }
            body.writeLong(0);
            body.writeLong(0);
            body.writeLong(length);

            assertRefused(RejectionReason.UNDECODABLE, "", value.toByteArray());
        }
    }

    @Test
    void noCorruptionEscapesTheChecks() {
        long seed = Long.getLong("spectrawatch.seed");
        Random random = new Random(seed);
        byte[] whole = Snapshots.bytes(valid());
        for (int i = 0; i < 20_000; i++) {
            byte[] corrupt = whole.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                int at = Wire.HEADER_BYTES + random.nextInt(whole.length - Wire.HEADER_BYTES);
                corrupt[at] = (byte) random.nextInt();
            }
            try {
                validator.validate(KEY, corrupt);
            } catch (Refused expected) {
                // Any reason will do; what must not come out is another kind of exception.
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "repeat with -Dspectrawatch.seed=" + seed + ", case " + i, e);
            }
        }
    }

    private static ActivationSnapshot.Builder weighted(double weight) {
        return valid().setSamples(List.of(sample("a"), WholeSample.of("b", null, null, weight)));
    }

    private static List<Layer> layers(Layer.Builder... layers) {
        return Arrays.stream(layers).map(Layer.Builder::build).toList();
    }

    private void assertRefused(RejectionReason reason, String named, byte[] value) {
        Refused refused = assertThrows(Refused.class, () -> validator.validate(KEY, value));
        assertEquals(reason, refused.reason(), refused.getMessage());
        assertTrue(refused.getMessage().contains(named), refused.getMessage());
    }
}
