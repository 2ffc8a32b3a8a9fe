package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.fuzz.Fuzz;
import io.spectrawatch.spectral.fuzz.NpyBytes;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged NumPy arrays on their way into a model. */
class NpyFuzzTest {

    private static final int CASES = 20_000;

    /** A header of text that is matched three times. */
    private static final long FACTOR = 64;

    @Test
    void damagedArraysAreRefusedOrConsistent() {
        new Fuzz<>(
                        "npy",
                        NpyFuzzTest.class,
                        bytes -> NpyArray.parse("fuzz", bytes),
                        Set.of(CaptureException.class),
                        NpyFuzzTest::check,
                        FACTOR)
                .run(
                        List.of(
                                NpyBytes.array("<f4", "2, 3", new byte[24]),
                                NpyBytes.array("<f8", "1, 1, 2", new byte[16]),
                                NpyBytes.array("<f4", "0, 4", new byte[0])),
                        CASES);
    }

    private static void check(NpyArray array) {
        long elements = 1;
        for (long size : array.shape()) {
            assertTrue(size >= 0, "size " + size);
            elements *= size;
        }
        assertEquals(array.values().length, elements);
    }
}
