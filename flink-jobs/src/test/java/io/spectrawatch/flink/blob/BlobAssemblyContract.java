package io.spectrawatch.flink.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.blob.BlobException.Reason;
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
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A blob cut into records is put together again, or what is wrong with it is named. */
abstract class BlobAssemblyContract {

    private static final String TOPIC = "t.blobs";

    /** Hash of a blob that is not there. */
    static final String OTHER = "0".repeat(64);

    private final BlobTopic topic;
    private final byte[] blob = bytes(2 * BlobFormat.CHUNK_BYTES + 17);
    private final String hash = BlobFormat.hash(blob);

    BlobAssemblyContract(BlobTopic topic) {
        this.topic = topic;
    }

    /** Key of the entry of a blob. */
    abstract String entryKey(String hash);

    /** An entry of the topic. */
    abstract SpecificRecord entry(String hash, long bytes, int chunks);

    private BlobAssembly assembly(String of) throws BlobException {
        return new BlobAssembly(topic, of, entryKey(of));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 100})
    void everySizeAroundThePiecesComesBackInAnyOrder(int beyond) throws Exception {
        long seed = Long.getLong("spectrawatch.seed");
        byte[] whole = bytes(BlobFormat.CHUNK_BYTES + beyond);
        BlobAssembly assembly = assembly(BlobFormat.hash(whole));
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
        for (Map.Entry<String, byte[]> record : records(blob).entrySet()) {
            assertTrue(record.getKey().length() + record.getValue().length < (1 << 20) - 1024);
        }
    }

    @Test
    void othersArePassedOverEvenIfBroken() throws Exception {
        BlobAssembly assembly = assembly(hash);
        accept(assembly, entryKey(OTHER), new byte[] {1});
        assembly.accept(null, new byte[] {1});

        acceptAll(assembly, records(blob));

        assertArrayEquals(blob, assembly.whole());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "../entry"})
    void whatIsNoIdIsRefused(String given) {
        BlobException e = assertThrows(BlobException.class, () -> assembly(given));
        assertEquals(Reason.UNKNOWN, e.reason());
        assertTrue(e.getMessage().contains("64 hex digits, found '" + given + "'"));
    }

    @Test
    void whatIsUnknownIsNamed() throws Exception {
        BlobException e = assembly(hash).problem(TOPIC);
        assertEquals(Reason.UNKNOWN, e.reason());
        assertEquals("no " + topic.noun() + " " + hash + " in " + TOPIC, e.getMessage());
    }

    @Test
    void aBlobWithoutItsEntryIsIncomplete() throws Exception {
        BlobAssembly assembly = assembly(hash);
        Map<String, byte[]> records = records(blob);
        records.remove(entryKey(hash));
        acceptAll(assembly, records);

        assertNull(assembly.whole());
        assertEquals(Reason.INCOMPLETE, assembly.problem(TOPIC).reason());
        assertTrue(assembly.problem(TOPIC).getMessage().contains("3 pieces but no entry"));
    }

    @Test
    void aMissingPieceIsNamed() throws Exception {
        BlobAssembly assembly = assembly(hash);
        acceptAll(assembly, records(blob));
        accept(assembly, BlobFormat.chunkKey(hash, 1), null);

        assertNull(assembly.whole());
        assertEquals(Reason.INCOMPLETE, assembly.problem(TOPIC).reason());
        assertTrue(
                assembly.problem(TOPIC)
                        .getMessage()
                        .contains("2 of 3 pieces, the first missing is piece 1"));
    }

    @Test
    void aForgedPieceIsFoundByTheHashAndMendedByWritingItAgain() throws Exception {
        BlobAssembly assembly = assembly(hash);
        acceptAll(assembly, records(blob));
        byte[] forged = blob.clone();
        forged[BlobFormat.CHUNK_BYTES + 3] ^= 1;
        accept(assembly, BlobFormat.chunkKey(hash, 1), piece(hash, forged, 1));

        assertNull(assembly.whole());
        BlobException e = assembly.problem(TOPIC);
        assertEquals(Reason.CORRUPT, e.reason());
        assertTrue(e.getMessage().contains("SHA-256 " + BlobFormat.hash(forged)));

        acceptAll(assembly, records(blob));
        assertArrayEquals(blob, assembly.whole());
    }

    @Test
    void aPieceUnderAnotherKeyIsCorrupt() throws Exception {
        BlobAssembly assembly = assembly(hash);
        acceptAll(assembly, records(blob));
        accept(assembly, BlobFormat.chunkKey(hash, 0), piece(hash, blob, 1));

        assertNull(assembly.whole());
        assertEquals(Reason.CORRUPT, assembly.problem(TOPIC).reason());
        assertTrue(assembly.problem(TOPIC).getMessage().contains("holds piece 1 of 3"));
    }

    @Test
    void anotherTypeOfRecordIsUnreadable() throws Exception {
        BlobAssembly assembly = assembly(hash);
        SpecificRecord entry = entry(hash, blob.length, 3);
        accept(assembly, BlobFormat.chunkKey(hash, 0), Wire.encode(entry));

        BlobException e = assembly.problem(TOPIC);
        assertEquals(Reason.UNREADABLE, e.reason());
        String found = "found a " + entry.getClass().getSimpleName();
        assertTrue(e.getMessage().contains(found), e.getMessage());
    }

    @Test
    void anEntryOfAnotherBlobIsCorrupt() throws Exception {
        BlobAssembly assembly = assembly(hash);
        accept(assembly, entryKey(hash), Wire.encode(entry(OTHER, 5, 1)));

        assertEquals(Reason.CORRUPT, assembly.problem(TOPIC).reason());
        assertTrue(assembly.problem(TOPIC).getMessage().contains(OTHER));
    }

    /** What another release cut into other pieces may still lie beside the newer ones. */
    @Test
    void piecesOfAnotherCutAreLeftAside() throws Exception {
        BlobAssembly assembly = assembly(hash);
        for (int i = 0; i < 5; i++) {
            ByteBuffer one = ByteBuffer.wrap(new byte[] {1});
            byte[] old = Wire.encode(topic.record(new BlobTopic.Piece(hash, i, 5, one)));
            accept(assembly, BlobFormat.chunkKey(hash, i), old);
        }
        acceptAll(assembly, records(blob));

        assertNotNull(assembly.whole());
    }

    private Map<String, byte[]> records(byte[] whole) {
        String id = BlobFormat.hash(whole);
        int count = BlobFormat.chunks(whole.length);
        Map<String, byte[]> records = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            records.put(Topics.key(id, "chunk", Integer.toString(i)), piece(id, whole, i));
        }
        records.put(entryKey(id), Wire.encode(entry(id, whole.length, count)));
        return records;
    }

    private byte[] piece(String id, byte[] whole, int index) {
        return Wire.encode(topic.record(BlobWriter.piece(id, whole, index)));
    }

    private static void acceptAll(BlobAssembly assembly, Map<String, byte[]> records) {
        records.forEach((key, value) -> accept(assembly, key, value));
    }

    private static void accept(BlobAssembly assembly, String key, byte[] value) {
        assembly.accept(key.getBytes(StandardCharsets.UTF_8), value);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
