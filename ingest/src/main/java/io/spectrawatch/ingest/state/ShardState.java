package io.spectrawatch.ingest.state;

import java.nio.ByteBuffer;

/**
 * What a shard must remember over restarts to decide as if it had never stopped.
 *
 * <pre>
 * offset 0         1      9          17           25            33           41
 *       +---------+------+----------+------------+-------------+------------+------------------+
 *       | version | time | nextTick | paneLength | closedUntil | nextOffset | activationCursor |
 *       | 1 byte  | long | long     | long       | long        | long       | long             |
 *       +---------+------+----------+------------+-------------+------------+------------------+
 * offset 49        57     65
 *       +---------+------+
 *       | refused | late |
 *       | long    | long |
 *       +---------+------+
 * </pre>
 *
 * All big-endian. Version 1 ends at offset 49: what was refused and late before is not known then.
 *
 * @param time T of the last tick, microseconds; 0 before the first
 * @param nextTick sequence number of the next tick
 * @param paneLength pane length of the last tick, microseconds
 * @param closedUntil everything captured before it belongs to closed panes, microseconds
 * @param nextOffset offset after the last record of the shard that was processed
 * @param activationCursor offset of the next activation to copy
 * @param refused records refused since the last tick, duplicates aside; {@link #UNKNOWN} where not
 *     all of them were counted
 * @param late snapshots accepted late since the last tick, unknown where {@code refused} is
 */
public record ShardState(
        long time,
        long nextTick,
        long paneLength,
        long closedUntil,
        long nextOffset,
        long activationCursor,
        long refused,
        long late) {

    /** A count that began after the last tick. */
    static final long UNKNOWN = -1;

    private static final byte VERSION = 2;
    private static final int BYTES = 1 + 8 * Long.BYTES;

    private static final byte WITHOUT_COUNTS = 1;
    private static final int BYTES_WITHOUT_COUNTS = 1 + 6 * Long.BYTES;

    public static ShardState fresh(long paneLength) {
        return new ShardState(0, 0, paneLength, 0, 0, 0, 0, 0);
    }

    public ShardState withNextOffset(long offset) {
        return new ShardState(
                time, nextTick, paneLength, closedUntil, offset, activationCursor, refused, late);
    }

    public ShardState withActivationCursor(long cursor) {
        return new ShardState(
                time, nextTick, paneLength, closedUntil, nextOffset, cursor, refused, late);
    }

    /** Whether all that was refused or late since the last tick was counted. */
    public boolean counts() {
        return refused != UNKNOWN;
    }

    public ShardState withOneMoreRefused() {
        return counts() ? withCounts(refused + 1, late) : this;
    }

    public ShardState withOneMoreLate() {
        return counts() ? withCounts(refused, late + 1) : this;
    }

    private ShardState withCounts(long refusedNow, long lateNow) {
        return new ShardState(
                time,
                nextTick,
                paneLength,
                closedUntil,
                nextOffset,
                activationCursor,
                refusedNow,
                lateNow);
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .putLong(time)
                .putLong(nextTick)
                .putLong(paneLength)
                .putLong(closedUntil)
                .putLong(nextOffset)
                .putLong(activationCursor)
                .putLong(refused)
                .putLong(late)
                .array();
    }

    public static ShardState fromBytes(byte[] bytes) {
        boolean withoutCounts = bytes.length > 0 && bytes[0] == WITHOUT_COUNTS;
        if (!withoutCounts) {
            StateFormat.check("shard state", bytes, VERSION);
        }
        int expected = withoutCounts ? BYTES_WITHOUT_COUNTS : BYTES;
        StateFormat.checkLength("shard state", expected, bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, expected - 1);
        ShardState state =
                new ShardState(
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        withoutCounts ? UNKNOWN : in.getLong(),
                        withoutCounts ? UNKNOWN : in.getLong());
        StateFormat.require(
                "shard state",
                state.isPossible(),
                "times and offsets from 0, a pane from 1, counts from 0 or both unknown",
                state);
        return state;
    }

    private boolean isPossible() {
        return time >= 0
                && nextTick >= 0
                && paneLength > 0
                && closedUntil >= 0
                && nextOffset >= 0
                && activationCursor >= 0
                && (refused >= 0 && late >= 0 || refused == UNKNOWN && late == UNKNOWN);
    }
}
