package io.spectrawatch.ingest.check;

import static io.spectrawatch.ingest.topology.Snapshots.context;
import static io.spectrawatch.ingest.topology.Snapshots.floats;
import static io.spectrawatch.ingest.topology.Snapshots.part;
import static io.spectrawatch.ingest.topology.Snapshots.parts;
import static io.spectrawatch.ingest.topology.Snapshots.pooled;
import static io.spectrawatch.ingest.topology.Snapshots.ranged;
import static io.spectrawatch.ingest.topology.Snapshots.sample;
import static io.spectrawatch.ingest.topology.Snapshots.tokens;
import static io.spectrawatch.ingest.topology.Snapshots.utf8;
import static io.spectrawatch.ingest.topology.Snapshots.valid;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.topology.Snapshots;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
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

    @Test
    void bothVersionsSayTheSameOfTheSameRows() throws Refused {
        ActivationSnapshot first = validator.validate(KEY, Snapshots.firstVersion(valid()));

        assertEquals(valid().build(), first);
        assertEquals(
                ranged().build(), validator.validate(KEY, Snapshots.bytes(ranged())), "ranges");
    }

    @Test
    void partsThatFollowOneAnotherMayStandInOneSnapshot() throws Refused {
        validator.validate(
                KEY,
                Snapshots.bytes(
                        parts(
                                0,
                                part("a", 3, false).build(),
                                part("a", 4, false).build(),
                                part("a", 5, true).setRows(List.of()).build())));
    }

    @ParameterizedTest
    @MethodSource
    void partsOfASampleThatDoNotFollowOneAnotherAreRefused(Sample second, String named) {
        assertRefused(
                RejectionReason.PART_ORDER,
                named,
                Snapshots.bytes(parts(0, part("a", 1, false).build(), second)));
    }

    static Stream<Arguments> partsOfASampleThatDoNotFollowOneAnotherAreRefused() {
        String expected =
                "samples[1].part of sample 'a' must be 2, the one after samples[0], found ";
        return Stream.of(
                Arguments.of(part("a", 1, false).build(), expected + 1),
                Arguments.of(part("a", 0, true).build(), expected + 0),
                Arguments.of(part("a", 3, false).build(), expected + 3));
    }

    @Test
    void aPartAfterTheLastIsRefused() {
        Sample last = part("a", Integer.MAX_VALUE, true).build();
        for (int part : new int[] {0, 1, Integer.MAX_VALUE}) {
            assertRefused(
                    RejectionReason.PART_ORDER,
                    "samples[1].part of sample 'a' must not follow the last, which is 2147483647 in"
                            + " samples[0], found "
                            + part,
                    Snapshots.bytes(parts(0, last, part("a", part, true).build())));
        }
        Sample open = part("a", Integer.MAX_VALUE, false).build();
        assertRefused(
                RejectionReason.PART_ORDER,
                "must be 2147483648",
                Snapshots.bytes(parts(0, open, part("a", 0, false).build())));
    }

    @ParameterizedTest
    @MethodSource
    void whatASampleSaysOfItsRequestHasLimits(Sample.Builder sample, String named) {
        assertRefused(
                RejectionReason.INVALID_FIELD, named, Snapshots.bytes(parts(0, sample.build())));
    }

    static Stream<Arguments> whatASampleSaysOfItsRequestHasLimits() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        Map<String, String> many =
                IntStream.range(0, 17).boxed().collect(toMap(i -> "a" + i, i -> "v"));
        return Stream.of(
                Arguments.of(part("a", -1, true), "samples[0].part must be 0 or more, found -1"),
                Arguments.of(context("a").setSession(""), "samples[0].session must not be empty"),
                Arguments.of(context("a").setSession("123456789"), "session may have 8"),
                Arguments.of(
                        context("a").setTraceId(trace.substring(1)),
                        "samples[0].traceId must be 32 lower-case hexadecimal digits, not all 0,"
                                + " found 'bf9"),
                Arguments.of(context("a").setTraceId(trace.toUpperCase(Locale.ROOT)), "traceId"),
                Arguments.of(context("a").setTraceId("0".repeat(32)), "traceId"),
                Arguments.of(
                        context("a").setSpanId("0".repeat(16)), "samples[0].spanId must be 16"),
                Arguments.of(context("a").setSpanId(trace), "spanId"),
                Arguments.of(
                        context("a").setTraceId(null),
                        "samples[0].spanId must be absent without a traceId, found '00f0"),
                Arguments.of(
                        context("a").setAttributes(many),
                        "samples[0].attributes may be 16 at most, found 17"),
                Arguments.of(attribute("", "v"), "attributes: a name must be 1..64"),
                Arguments.of(attribute("a b", "v"), "found 'a b'"),
                Arguments.of(attribute("n".repeat(65), "v"), "a name must be"),
                Arguments.of(attribute("\u00e4", "v"), "a name must be"),
                Arguments.of(
                        attribute("route", ""), "samples[0].attributes[route] must not be empty"),
                Arguments.of(attribute("route", "\uFFFD"), "attributes[route] must be UTF-8"),
                Arguments.of(
                        attribute("route", "v".repeat(257)),
                        "attributes[route] may have 256 characters, found 257"),
                Arguments.of(
                        part("a", 0, true).setRows(List.of(new RowRange(0L, -1, null))),
                        "samples[0].rows[0].rows must be 1 or more, found -1"),
                Arguments.of(
                        part("a", 0, true)
                                .setRows(
                                        List.of(
                                                new RowRange(1L, 1, null),
                                                new RowRange(1L, 1, null))),
                        "samples[0].rows[1].position must be 2.."));
    }

    @Test
    void theLargestThatASampleMaySay() throws Refused {
        Map<String, String> most =
                IntStream.range(0, 16)
                        .boxed()
                        .collect(
                                toMap(
                                        i -> "A_z.-9" + "n".repeat(56) + (i + 10),
                                        i -> "v".repeat(256)));
        validator.validate(
                KEY,
                Snapshots.bytes(
                        parts(
                                0,
                                context("a").setAttributes(most).build(),
                                context("b").setSpanId(null).build(),
                                context("c").setTraceId(null).setSpanId(null).build())));
    }

    private static Sample.Builder attribute(String name, String value) {
        return context("a").setAttributes(Map.of(name, value));
    }

    @Test
    void rangesAreGivenForAllSamplesOrForNone() {
        assertRefused(
                RejectionReason.INVALID_FIELD,
                "found them missing in samples[1]",
                Snapshots.bytes(parts(0, part("a", 0, true).build(), sample("b"))));
        assertRefused(
                RejectionReason.INVALID_FIELD,
                "found them given in samples[1]",
                Snapshots.bytes(parts(0, sample("b"), part("a", 0, true).build())));
    }

    @ParameterizedTest
    @MethodSource
    void aLayerThatDoesNotFitTheRangesIsNamed(Layer.Builder layer, String named) {
        assertRefused(
                RejectionReason.SHAPE_MISMATCH,
                named,
                Snapshots.bytes(ranged().setLayers(layers(layer))));
    }

    static Stream<Arguments> aLayerThatDoesNotFitTheRangesIsNamed() {
        return Stream.of(
                Arguments.of(tokens(), "rowSample must be absent"),
                Arguments.of(pooled(), "the rows that the samples say: expected 3 rows, found 2"),
                Arguments.of(
                        tokens().setRowSample(null).setPerSample(true),
                        "one row per sample: expected 2 rows, found 3"));
    }

    @Test
    void aTapIsShortText() {
        for (String tap : List.of("", " ", "t".repeat(65), "\uFFFD")) {
            assertRefused(
                    RejectionReason.INVALID_FIELD,
                    "layers[0].tap",
                    Snapshots.bytes(valid().setLayers(layers(tokens().setTap(tap)))));
        }
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
