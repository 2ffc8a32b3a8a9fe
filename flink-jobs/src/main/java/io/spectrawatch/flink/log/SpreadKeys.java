package io.spectrawatch.flink.log;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Flink keys for a fixed number of slots (shards or merge buckets) that spread evenly.
 *
 * <p>Flink hashes a key to a key group, so plain slot numbers would crowd on some subtasks. Each
 * slot's key is the first number of its residue class whose key group, by Flink's own assignment,
 * is ceil(slot * maxParallelism / slots). A subtask owns a contiguous range of key groups, hence
 * the slots are even to within one for every parallelism p with p * slots <= maxParallelism, and
 * for p that divides them; a key depends on neither p nor the subtask, so rescaling keeps it.
 */
public final class SpreadKeys implements Serializable {

    private static final long serialVersionUID = 1L;

    private final int[] keys;

    /** Finds the keys of so many slots. */
    public SpreadKeys(int slots, int maxParallelism) {
        this.keys = new int[slots];
        for (int slot = 0; slot < slots; slot++) {
            long group = ((long) slot * maxParallelism + slots - 1) / slots;
            // With more slots than groups the last slots share the last group.
            int target = (int) Math.min(group, maxParallelism - 1);
            keys[slot] = firstKey(slot, slots, target, maxParallelism);
        }
    }

    /**
     * The key of a slot.
     *
     * @throws IllegalArgumentException if the slot is out of range
     */
    public int key(int slot) {
        if (slot < 0 || slot >= keys.length) {
            throw new IllegalArgumentException(
                    "slot must be 0 to " + (keys.length - 1) + ", found " + slot);
        }
        return keys[slot];
    }

    /** The slot of a name, by its CRC-32C: the same in every run and on every machine. */
    public static int slotOf(String name, int slots) {
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % slots);
    }

    private static int firstKey(int slot, int slots, int group, int maxParallelism) {
        int key = slot;
        while (KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism) != group) {
            key = Math.addExact(key, slots);
        }
        return key;
    }
}
