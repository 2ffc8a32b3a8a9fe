package io.spectrawatch.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireTest {

    static Stream<SpecificRecord> samples() {
        return Samples.all().values().stream();
    }

    @Test
    void everyTopicRecordHasASample() {
        assertEquals(
                Wire.currentSchemas(),
                Samples.all().values().stream().map(SpecificRecord::getSchema).toList());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void goldenBytesOfTheReleasedVersionStayReadableAndTheSame(SpecificRecord sample)
            throws IOException {
        String name = sample.getSchema().getName();
        byte[] golden = Samples.golden(name + "-" + versions(name) + ".bin");

        assertEquals(sample, Wire.decode(golden));
        assertArrayEquals(golden, Wire.encode(sample));
        assertTrue(Wire.isA(golden, sample.getSchema().getFullName()));
    }

    @Test
    void goldenBytesOfASnapshotWhoseSamplesSayTheirRows() {
        byte[] golden = Samples.golden("ActivationSnapshot-2-ranged.bin");

        assertEquals(Samples.ranged(), Wire.decode(golden));
        assertArrayEquals(golden, Wire.encode(Samples.ranged()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void goldenBytesOfEarlierVersionsKeepTheirFieldsAndGetDefaults(SpecificRecord sample)
            throws IOException {
        String name = sample.getSchema().getName();
        for (int version = 1; version < versions(name); version++) {
            SpecificRecord old = Wire.decode(Samples.golden(name + "-" + version + ".bin"));
            assertKnown(name, sample, old, schema(name, version));
        }
    }

    /** Fields that the version knew, in nested records too, and the defaults of all others. */
    private static void assertKnown(String path, Object sample, Object old, Schema known) {
        if (sample instanceof SpecificRecord record) {
            SpecificRecord other = (SpecificRecord) old;
            Schema own = branch(known, Schema.Type.RECORD);
            for (Schema.Field field : record.getSchema().getFields()) {
                String name = path + "." + field.name();
                Object value = other.get(field.pos());
                if (own.getField(field.name()) == null) {
                    assertEquals(SpecificData.get().getDefaultValue(field), value, name);
                } else {
                    Schema schema = own.getField(field.name()).schema();
                    assertKnown(name, record.get(field.pos()), value, schema);
                }
            }
        } else if (sample instanceof List<?> list) {
            List<?> other = (List<?>) old;
            Schema element = branch(known, Schema.Type.ARRAY).getElementType();
            assertEquals(list.size(), other.size(), path);
            for (int i = 0; i < list.size(); i++) {
                assertKnown(path + "[" + i + "]", list.get(i), other.get(i), element);
            }
        } else {
            assertEquals(sample, old, path);
        }
    }

    private static Schema branch(Schema schema, Schema.Type type) {
        return !schema.isUnion()
                ? schema
                : schema.getTypes().stream()
                        .filter(each -> each.getType() == type)
                        .findFirst()
                        .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aRecordIsWrittenAgainAsAnEarlierReleaseWroteIt(SpecificRecord sample) throws IOException {
        String name = sample.getSchema().getName();
        for (int version = 1; version <= versions(name); version++) {
            byte[] golden = Samples.golden(name + "-" + version + ".bin");
            assertArrayEquals(golden, Wire.encodedLike(golden, Wire.encode(sample)));
        }
    }

    @Test
    void aRecordIsNotWrittenAsOneOfAnotherType() {
        byte[] tick = Wire.encode(Samples.all().get("Tick"));
        byte[] late = Wire.encode(Samples.all().get("LateSnapshot"));
        assertThrows(IllegalArgumentException.class, () -> Wire.encodedLike(tick, late));
        assertThrows(WireException.class, () -> Wire.encodedLike(new byte[3], late));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyTruncationIsRefused(SpecificRecord sample) {
        byte[] encoded = Wire.encode(sample);
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            WireException e = assertThrows(WireException.class, () -> Wire.decode(cut));
            assertEquals(RejectionReason.UNDECODABLE, e.reason());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void trailingBytesAreRefused(SpecificRecord sample) {
        byte[] encoded = Wire.encode(sample);
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThrows(WireException.class, () -> Wire.decode(longer));
    }

    @Test
    void anUnknownFingerprintIsNamed() {
        byte[] encoded = Wire.encode(Samples.snapshot());
        encoded[5] ^= 1;
        WireException e = assertThrows(WireException.class, () -> Wire.decode(encoded));
        assertEquals(RejectionReason.UNKNOWN_SCHEMA, e.reason());
        assertTrue(e.getMessage().contains("fingerprint"));
        assertTrue(e.getMessage().contains("lowest byte first, from an .avsc"), e.getMessage());
        assertFalse(Wire.isA(encoded, ActivationSnapshot.getClassSchema().getFullName()));
    }

    @Test
    void aFingerprintHighestByteFirstIsShownAsItStandsBesideTheRightOne() {
        byte[] encoded = Wire.encode(Samples.snapshot());
        String right = HexFormat.ofDelimiter(" ").withUpperCase().formatHex(encoded, 2, 10);
        for (int i = 0; i < 4; i++) {
            byte low = encoded[2 + i];
            encoded[2 + i] = encoded[9 - i];
            encoded[9 - i] = low;
        }
        String found = HexFormat.ofDelimiter(" ").withUpperCase().formatHex(encoded, 2, 10);

        WireException e = assertThrows(WireException.class, () -> Wire.decode(encoded));

        assertEquals(RejectionReason.UNKNOWN_SCHEMA, e.reason());
        assertEquals(
                "schema fingerprint unknown: bytes 2 to 9 are "
                        + found
                        + ", those of ActivationSnapshot are "
                        + right
                        + "; the fingerprint stands highest byte first, write it lowest byte first"
                        + " (little-endian)",
                e.getMessage());
    }

    @Test
    void bytesWithoutAHeaderAreShown() {
        WireException e =
                assertThrows(WireException.class, () -> Wire.decode(new byte[] {0, 0, 0, 0, 7}));

        assertTrue(e.getMessage().contains("5 bytes that begin 00 00 00 00 07"), e.getMessage());
    }

    @Test
    void aLateSnapshotCountsWhenItsRecordSays() {
        ActivationSnapshot snapshot =
                Wire.decode(Samples.golden("ActivationSnapshot-1.bin"), ActivationSnapshot.class);
        LoggedSnapshot late = LoggedSnapshot.of(Samples.all().get("LateSnapshot"));

        assertEquals(new LoggedSnapshot(snapshot, 120_000_000L), late);
        assertEquals(snapshot.getCapturedAt(), LoggedSnapshot.of(snapshot).countedAt());
        assertNull(LoggedSnapshot.of(Samples.all().get("Tick")));
        assertTrue(LoggedSnapshot.isOne(Wire.encode(snapshot)));
        assertTrue(LoggedSnapshot.isOne(Wire.encode(Samples.all().get("LateSnapshot"))));
        assertFalse(LoggedSnapshot.isOne(Wire.encode(Samples.all().get("Tick"))));
        LateSnapshot empty = new LateSnapshot(1L, ByteBuffer.allocate(0));
        assertThrows(WireException.class, () -> LoggedSnapshot.of(empty));
    }

    /** Every number of every record, wherever it stands. */
    @ParameterizedTest
    @MethodSource("samples")
    void aNumberThatIsNoneIsNeitherWrittenNorRead(SpecificRecord sample) throws IOException {
        if (sample instanceof ActivationSnapshot) {
            return; // for ingest to judge
        }
        for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1 / 0.0}) {
            for (int i = 0; i < numbers(sample, -1, 0); i++) {
                SpecificRecord broken = Wire.decode(Wire.encode(sample));
                numbers(broken, i, none);
                var refused =
                        assertThrows(IllegalArgumentException.class, () -> Wire.encode(broken));
                assertTrue(refused.getMessage().endsWith("is " + none), refused.getMessage());
                byte[] written = withoutCheck(broken);
                var e = assertThrows(WireException.class, () -> Wire.decode(written));
                assertEquals(RejectionReason.UNDECODABLE, e.reason());
                assertTrue(e.getMessage().endsWith("is " + none), e.getMessage());
            }
        }
    }

    /** Counts the numbers of a record and replaces the i-th. */
    @SuppressWarnings("unchecked")
    private static int numbers(Object value, int i, double with) {
        int count = 0;
        if (value instanceof SpecificRecord record) {
            for (int f = 0; f < record.getSchema().getFields().size(); f++) {
                if (record.get(f) instanceof Double) {
                    if (count++ == i) {
                        record.put(f, with);
                    }
                } else {
                    count += numbers(record.get(f), i - count, with);
                }
            }
        } else if (value instanceof List<?> list) {
            for (int k = 0; k < list.size(); k++) {
                if (list.get(k) instanceof Double) {
                    if (count++ == i) {
                        ((List<Object>) list).set(k, with);
                    }
                } else {
                    count += numbers(list.get(k), i - count, with);
                }
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Object key : List.copyOf(map.keySet())) {
                if (map.get(key) instanceof Double && count++ == i) {
                    ((Map<Object, Object>) map).put(key, with);
                }
            }
        }
        return count;
    }

    private static byte[] withoutCheck(SpecificRecord record) throws IOException {
        ByteBuffer encoded =
                new BinaryMessageEncoder<SpecificRecord>(
                                SpecificData.getForSchema(record.getSchema()), record.getSchema())
                        .encode(record);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    @Test
    void aTombstoneIsRefused() {
        assertThrows(WireException.class, () -> Wire.decode(null));
    }

    @Test
    void anotherTypeIsNamed() {
        byte[] tick = Wire.encode(Samples.all().get("Tick"));
        WireException e =
                assertThrows(
                        WireException.class, () -> Wire.decode(tick, ActivationSnapshot.class));
        assertEquals("expected a ActivationSnapshot, found a Tick", e.getMessage());
    }

    /** Any damage is refused or gives another well-formed record; it never ends otherwise. */
    @Test
    void damagedBytesNeverEscapeAsOtherErrors() {
        long seed = Long.getLong("spectrawatch.seed");
        SplittableRandom random = new SplittableRandom(seed);
        byte[] encoded = Wire.encode(Samples.snapshot());
        for (int trial = 0; trial < 20_000; trial++) {
            byte[] damaged = encoded.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertNotNull(Wire.decode(damaged));
            } catch (WireException refused) {
                assertNotNull(refused.reason());
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "trial "
                                + trial
                                + "; repeat with mvn test -pl schemas -Dtest=WireTest"
                                + " -Dspectrawatch.seed="
                                + seed,
                        e);
            }
        }
    }

    /** Versions of a record that were released, the present one included. */
    private static int versions(String name) throws IOException {
        try (InputStream in = WireTest.class.getResourceAsStream("/history/index.txt")) {
            String index = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return (int) index.lines().filter(line -> line.startsWith(name + "/")).count();
        }
    }

    private static Schema schema(String name, int version) throws IOException {
        String file = "/history/" + name + "/" + version + ".avsc";
        try (InputStream in = WireTest.class.getResourceAsStream(file)) {
            return new Schema.Parser().parse(in);
        }
    }
}
