package io.spectrawatch.flink.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;

class SpreadKeysTest {

    private static final int MAX_PARALLELISM = 1024;

    @Test
    void slotsAreEvenOverTheSubtasksAtEveryParallelism() {
        for (int slots = 1; slots <= 64; slots++) {
            SpreadKeys keys = new SpreadKeys(slots, MAX_PARALLELISM);
            for (int parallelism = 1; parallelism <= 8; parallelism++) {
                int[] load = new int[parallelism];
                for (int slot = 0; slot < slots; slot++) {
                    load[
                            KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                    keys.key(slot), MAX_PARALLELISM, parallelism)]++;
                }
                int spread =
                        Arrays.stream(load).max().orElseThrow()
                                - Arrays.stream(load).min().orElseThrow();
                assertTrue(
                        spread <= 1,
                        slots + " slots on " + parallelism + ": " + Arrays.toString(load));
            }
        }
    }

    @Test
    void slotsHaveKeysOfTheirOwn() {
        for (int slots = 1; slots <= 64; slots++) {
            SpreadKeys keys = new SpreadKeys(slots, 16);
            Set<Integer> seen = new HashSet<>();
            for (int slot = 0; slot < slots; slot++) {
                seen.add(keys.key(slot));
            }
            assertEquals(slots, seen.size());
        }
    }

    /** Keys are in savepoints: they must never change. */
    @Test
    void keysArePinned() {
        SpreadKeys keys = new SpreadKeys(4, MAX_PARALLELISM);
        assertEquals(
                "[4904, 23025, 11362, 2355]",
                Arrays.toString(new int[] {keys.key(0), keys.key(1), keys.key(2), keys.key(3)}));
    }

    @Test
    void slotOutOfRangeIsNamed() {
        SpreadKeys keys = new SpreadKeys(4, MAX_PARALLELISM);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> keys.key(4));
        assertEquals("slot must be 0 to 3, found 4", e.getMessage());
    }

    /** The check value of CRC-32C, E3069283, modulo the slots; it is in savepoints too. */
    @Test
    void theSlotOfANameIsPinned() {
        assertEquals(0xE3069283L % 32, SpreadKeys.slotOf("123456789", 32));
        assertEquals(0xE3069283L % 7, SpreadKeys.slotOf("123456789", 7));
    }
}
