package io.spectrawatch.spectral.baseline;

import java.util.List;

/**
 * The reference rows behind a baseline.
 *
 * @param ranges the part of each shard of the validated log that was read, ascending by shard
 * @param splitSeed seed of the sample split, also of the halves of every monitored pane
 * @param rows reference rows taken, over all layers
 * @param segment attribute=value of the samples taken; null for all of the ranges
 */
public record Provenance(List<ShardRange> ranges, long splitSeed, long rows, String segment) {

    /** Of all samples of the ranges. */
    public Provenance(List<ShardRange> ranges, long splitSeed, long rows) {
        this(ranges, splitSeed, rows, null);
    }

    /** Checks the ranges. */
    public Provenance {
        ranges = List.copyOf(ranges);
        int before = -1;
        for (ShardRange range : ranges) {
            if (range.shard() <= before
                    || range.firstOffset() < 0
                    || range.lastOffset() < range.firstOffset()) {
                throw new IllegalArgumentException(
                        "provenance: ranges ascending by shard with 0 <= first <= last expected,"
                                + " found "
                                + range);
            }
            before = range.shard();
        }
        if (rows < 0) {
            throw new IllegalArgumentException(
                    "provenance: at least 0 rows expected, found " + rows);
        }
    }

    /**
     * Records of one shard.
     *
     * @param firstOffset first record read
     * @param lastOffset last record read, inclusive
     */
    public record ShardRange(int shard, long firstOffset, long lastOffset) {}
}
