package io.spectrawatch.flink.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.baseline.BaselineException.Reason;
import io.spectrawatch.schemas.BaselineChunk;
import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.schemas.OffsetRange;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A baseline cut into records is put together again, or what is wrong with it is named. */
class BaselineAssemblyTest {

    private static final BaselineOrigin ORIGIN =
            new BaselineOrigin(
                    "m", "1", "ab", List.of(new OffsetRange(0, 3L, 5L)), 10, Map.of("layers", "2"));
    private static final String TOPIC = "t.baselines";

    private final byte[] baseline = bytes(2 * BaselineFormat.CHUNK_BYTES + 17);
    private final String id = BaselineFormat.id(baseline);

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 100})
    void everySizeAroundThePiecesComesBackInAnyOrder(int beyond) throws Exception {
        long seed = Long.getLong("spectrawatch.seed");
        byte[] whole = bytes(BaselineFormat.CHUNK_BYTES + beyond);
        BaselineAssembly assembly = new BaselineAssembly(BaselineFormat.id(whole));
        List<Map.Entry<String, byte[]>> records = new ArrayList<>(records(whole).entrySet());
        Collections.shuffle(records, new Random(seed));
        assertEquals(beyond > 0 ? 3 : 2, records.size());

        for (Map.Entry<String, byte[]> record : records) {
            assertNull(assembly.whole());
            accept(assembly, record.getKey(), record.getValue());
        }

        assertArrayEquals(whole, assembly.whole());
    }

    @Test
    void everyRecordStaysBelowAMebibyte() {
        for (Map.Entry<String, byte[]> record : records(baseline).entrySet()) {
            assertTrue(record.getKey().length() + record.getValue().length < (1 << 20) - 1024);
        }
    }

    @Test
    void otherBaselinesArePassedOverEvenIfBroken() throws Exception {
        BaselineAssembly assembly = new BaselineAssembly(id);
        accept(assembly, BaselineFormat.entryKey("0".repeat(64)), new byte[] {1});
        assembly.accept(null, new byte[] {1});

        acceptAll(assembly, records(baseline));

        assertArrayEquals(baseline, assembly.whole());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "../entry"})
    void whatIsNoIdIsRefused(String given) {
        BaselineException e =
                assertThrows(BaselineException.class, () -> new BaselineAssembly(given));
        assertEquals(Reason.UNKNOWN, e.reason());
        assertTrue(e.getMessage().contains("64 hex digits, found '" + given + "'"));
    }

    @Test
    void anUnknownBaselineIsNamed() throws Exception {
        BaselineException e = new BaselineAssembly(id).problem(TOPIC);
        assertEquals(Reason.UNKNOWN, e.reason());
        assertEquals("no baseline " + id + " in " + TOPIC, e.getMessage());
    }

    @Test
    void aBaselineWithoutItsEntryIsIncomplete() throws Exception {
        BaselineAssembly assembly = new BaselineAssembly(id);
        Map<String, byte[]> records = records(baseline);
        records.remove(BaselineFormat.entryKey(id));
        acceptAll(assembly, records);

        assertNull(assembly.whole());
        assertEquals(Reason.INCOMPLETE, assembly.problem(TOPIC).reason());
        assertTrue(assembly.problem(TOPIC).getMessage().contains("3 pieces but no entry"));
    }

    @Test
    void aMissingPieceIsNamed() throws Exception {
        BaselineAssembly assembly = new BaselineAssembly(id);
        acceptAll(assembly, records(baseline));
        accept(assembly, BaselineFormat.chunkKey(id, 1), null);

        assertNull(assembly.whole());
        assertEquals(Reason.INCOMPLETE, assembly.problem(TOPIC).reason());
        assertTrue(
                assembly.problem(TOPIC)
                        .getMessage()
                        .contains("2 of 3 pieces, the first missing is piece 1"));
    }

    @Test
    void aForgedPieceIsFoundByTheHashAndMendedByWritingItAgain() throws Exception {
        BaselineAssembly assembly = new BaselineAssembly(id);
        acceptAll(assembly, records(baseline));
        byte[] forged = baseline.clone();
        forged[BaselineFormat.CHUNK_BYTES + 3] ^= 1;
        BaselineChunk piece = BaselinePublisher.chunk(id, forged, 1);
        accept(assembly, BaselineFormat.chunkKey(id, 1), Wire.encode(piece));

        assertNull(assembly.whole());
        BaselineException e = assembly.problem(TOPIC);
        assertEquals(Reason.CORRUPT, e.reason());
        assertTrue(e.getMessage().contains("SHA-256 " + BaselineFormat.id(forged)));

        acceptAll(assembly, records(baseline));
        assertArrayEquals(baseline, assembly.whole());
    }

    @Test
    void aPieceUnderAnotherKeyIsCorrupt() throws Exception {
        BaselineAssembly assembly = new BaselineAssembly(id);
        acceptAll(assembly, records(baseline));
        BaselineChunk second = BaselinePublisher.chunk(id, baseline, 1);
        accept(assembly, BaselineFormat.chunkKey(id, 0), Wire.encode(second));

        assertNull(assembly.whole());
        assertEquals(Reason.CORRUPT, assembly.problem(TOPIC).reason());
        assertTrue(assembly.problem(TOPIC).getMessage().contains("holds piece 1 of 3"));
    }

    @Test
    void anotherTypeOfRecordIsUnreadable() throws Exception {
        BaselineAssembly assembly = new BaselineAssembly(id);
        BaselineEntry entry = BaselinePublisher.entry(baseline, ORIGIN);
        accept(assembly, BaselineFormat.chunkKey(id, 0), Wire.encode(entry));

        BaselineException e = assembly.problem(TOPIC);
        assertEquals(Reason.UNREADABLE, e.reason());
        assertTrue(e.getMessage().contains("expected a BaselineChunk, found a BaselineEntry"));
    }

    @Test
    void anEntryOfAnotherBaselineIsCorrupt() throws Exception {
        BaselineAssembly assembly = new BaselineAssembly(id);
        BaselineEntry other = BaselinePublisher.entry(bytes(5), ORIGIN);
        accept(assembly, BaselineFormat.entryKey(id), Wire.encode(other));

        assertEquals(Reason.CORRUPT, assembly.problem(TOPIC).reason());
        assertTrue(assembly.problem(TOPIC).getMessage().contains(other.getBaselineId()));
    }

    /** What another release cut into other pieces may still lie beside the newer ones. */
    @Test
    void piecesOfAnotherCutAreLeftAside() throws Exception {
        BaselineAssembly assembly = new BaselineAssembly(id);
        for (int i = 0; i < 5; i++) {
            BaselineChunk old = new BaselineChunk(id, i, 5, ByteBuffer.wrap(new byte[] {1}));
            accept(assembly, BaselineFormat.chunkKey(id, i), Wire.encode(old));
        }
        acceptAll(assembly, records(baseline));

        assertNotNull(assembly.whole());
    }

    private static Map<String, byte[]> records(byte[] whole) {
        BaselineEntry entry = BaselinePublisher.entry(whole, ORIGIN);
        String id = entry.getBaselineId();
        Map<String, byte[]> records = new LinkedHashMap<>();
        for (int i = 0; i < entry.getChunks(); i++) {
            records.put(
                    Topics.key(id, "chunk", Integer.toString(i)),
                    Wire.encode(BaselinePublisher.chunk(id, whole, i)));
        }
        records.put(Topics.key(id, "entry"), Wire.encode(entry));
        return records;
    }

    private static void acceptAll(BaselineAssembly assembly, Map<String, byte[]> records) {
        records.forEach((key, value) -> accept(assembly, key, value));
    }

    private static void accept(BaselineAssembly assembly, String key, byte[] value) {
        assembly.accept(key.getBytes(StandardCharsets.UTF_8), value);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
