package io.spectrawatch.flink.state;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.FakeMapState;
import io.spectrawatch.spectral.fuzz.Fuzz;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged chunks of state. */
class ChunkFuzzTest {

    private static final int CHUNK_CASES = 5_000;
    private static final long FACTOR = 128;

    /** The first of two chunks is damaged; the claimed number of chunks is where it hurts. */
    @Test
    void damagedChunksAreRefused() throws Exception {
        FakeMapState entries = new FakeMapState();
        byte[] value = new byte[ChunkedState.CHUNK_BYTES];
        new ChunkedState(entries).put("a", value);
        byte[] small = Arrays.copyOf(entries.get("a#0"), 64);
        new Fuzz<>(
                        "chunk",
                        ChunkFuzzTest.class,
                        bytes -> {
                            entries.entries.put("a#0", bytes);
                            return new ChunkedState(entries).get("a");
                        },
                        Set.of(IllegalStateException.class),
                        read -> assertTrue(read.length <= value.length, "length " + read.length),
                        FACTOR)
                .run(List.of(small), CHUNK_CASES);
    }
}
