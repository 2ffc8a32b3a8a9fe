package io.spectrawatch.flink.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.FakeMapState;
import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChunkedStateTest {

    private final FakeMapState entries = new FakeMapState();
    private final ChunkedState state = new ChunkedState(entries);

    @Test
    void valuesOfAnySizeComeBackInChunksOfAtMostOneMebibyte() throws Exception {
        int content = ChunkedState.CHUNK_BYTES - 9;
        for (int size : new int[] {0, 1, content, content + 1, 3 * content + 17}) {
            byte[] value = new byte[size];
            new Random(size).nextBytes(value);
            state.put("v" + size, value);
            assertArrayEquals(value, state.get("v" + size));
        }
        for (byte[] chunk : entries.values()) {
            assertTrue(chunk.length <= ChunkedState.CHUNK_BYTES);
        }
        assertEquals(1 + 1 + 1 + 2 + 4, entries.entries.size());
    }

    @Test
    void partsAreStoredOneBehindTheOther() throws Exception {
        int content = ChunkedState.CHUNK_BYTES - 9;
        Random random = new Random(3);
        for (int[] sizes :
                List.of(
                        new int[] {},
                        new int[] {0, 0},
                        new int[] {0, 5, 0, 7, 0},
                        new int[] {content, content},
                        new int[] {content - 1, 2, 3 * content, 0, 1})) {
            byte[][] parts = new byte[sizes.length][];
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (int i = 0; i < sizes.length; i++) {
                parts[i] = new byte[sizes[i]];
                random.nextBytes(parts[i]);
                whole.writeBytes(parts[i]);
            }
            state.put("a", parts);
            assertArrayEquals(whole.toByteArray(), state.get("a"));
        }
    }

    @Test
    void aShorterValueLeavesNoChunkBehind() throws Exception {
        state.put("a", new byte[3 * ChunkedState.CHUNK_BYTES]);
        state.put("a", new byte[] {1});
        assertEquals(Set.of("a#0"), entries.entries.keySet());
        state.remove("a");
        assertTrue(entries.isEmpty());
        assertNull(state.get("a"));
    }

    @Test
    void namesMayHoldTheChunkMark() throws Exception {
        state.put("a#1", new byte[] {1});
        state.put("a", new byte[2 * ChunkedState.CHUNK_BYTES]);
        state.put("a#0", new byte[] {2});
        assertEquals(Set.of("a", "a#1", "a#0"), new HashSet<>(state.names()));
        assertArrayEquals(new byte[] {1}, state.get("a#1"));
        assertArrayEquals(new byte[] {2}, state.get("a#0"));
        assertEquals(2 * ChunkedState.CHUNK_BYTES, state.get("a").length);
    }

    @Test
    void unknownVersionsAndMissingChunksAreRefused() throws Exception {
        state.put("a", new byte[2 * ChunkedState.CHUNK_BYTES]);
        entries.remove("a#1");
        assertThrows(IllegalStateException.class, () -> state.get("a"));
        state.put("b", new byte[] {7});
        entries.get("b#0")[0] = 2;
        assertThrows(IllegalStateException.class, () -> state.get("b"));
        assertEquals(List.of("b"), state.names().stream().filter("b"::equals).toList());
    }
}
