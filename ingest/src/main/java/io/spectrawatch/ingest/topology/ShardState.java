package io.spectrawatch.ingest.topology;

import java.nio.ByteBuffer;

/**
 * What a shard must remember over restarts to decide as if it had never stopped.
 *
 * <pre>
 * offset 0         1      9             17           25            33           41
 *       +---------+------+-------------+------------+-------------+------------+------------------+
 *       | version | time | nextTick    | paneLength | closedUntil | nextOffset | activationCursor |
 *       | 1 byte  | long | long        | long       | long        | long       | long             |
 *       +---------+------+-------------+------------+-------------+------------+------------------+
 * </pre>
 *
 * All big-endian.
 *
 * @param time T of the last tick, microseconds; 0 before the first
 * @param nextTick sequence number of the next tick
 * @param paneLength pane length of the last tick, microseconds
 * @param closedUntil everything captured before it belongs to closed panes, microseconds
 * @param nextOffset offset after the last record of the shard that was processed
 * @param activationCursor offset of the next activation to copy
 */
record ShardState(
        long time,
        long nextTick,
        long paneLength,
        long closedUntil,
        long nextOffset,
        long activationCursor) {

    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 6 * Long.BYTES;

    static ShardState fresh(long paneLength) {
        return new ShardState(0, 0, paneLength, 0, 0, 0);
    }

    ShardState withNextOffset(long offset) {
        return new ShardState(time, nextTick, paneLength, closedUntil, offset, activationCursor);
    }

    ShardState withActivationCursor(long cursor) {
        return new ShardState(time, nextTick, paneLength, closedUntil, nextOffset, cursor);
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .putLong(time)
                .putLong(nextTick)
                .putLong(paneLength)
                .putLong(closedUntil)
                .putLong(nextOffset)
                .putLong(activationCursor)
                .array();
    }

    static ShardState fromBytes(byte[] bytes) {
        StateFormat.check("shard state", bytes, VERSION);
        StateFormat.checkLength("shard state", BYTES, bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, BYTES - 1);
        ShardState state =
                new ShardState(
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong());
        StateFormat.require(
                "shard state",
                state.isPossible(),
                "times and offsets from 0, a pane from 1",
                state);
        return state;
    }

    private boolean isPossible() {
        return time >= 0
                && nextTick >= 0
                && paneLength > 0
                && closedUntil >= 0
                && nextOffset >= 0
                && activationCursor >= 0;
    }
}
