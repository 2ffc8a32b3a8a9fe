package io.spectrawatch.ingest.topology;

import java.util.concurrent.CompletableFuture;

/**
 * A time T before which nothing more will be appended to a shard.
 *
 * <p>While records come, T is the largest append time processed, without any allowance: a broker
 * stamps a partition's records in order, so whatever follows was appended at T or later, and what a
 * pane may still wait for is the lateness's business. It follows that a snapshot appended before
 * the end of its pane plus lateness is never late.
 *
 * <p>When the shard is idle, T follows the clock, but only on proof:
 *
 * <ol>
 *   <li>read the clock, w, and then ask the broker for the end offset, at one punctuation;
 *   <li>if at the next one everything below that offset has been processed, whatever follows was
 *       appended after the question, hence at w or later.
 * </ol>
 *
 * Offsets that no consumer sees (transaction markers) keep the end ahead for ever. So an end offset
 * that stands still while nothing arrives for the idle timeout is taken for reached as well; a
 * record that does come after that is judged by the same rule as all others and at worst refused as
 * late, never lost.
 */
final class LowWaterMark {

    private final EndOffsets endOffsets;
    private final int shard;
    private final IngestClock clock;
    private final long idleTimeout;

    private long time;
    private long nextOffset;

    private CompletableFuture<Long> pending;
    private long askedAt;

    private long stuckEnd = -1;
    private long stuckOffset = -1;
    private long stuckSince;

    LowWaterMark(
            EndOffsets endOffsets,
            int shard,
            IngestClock clock,
            long idleTimeout,
            ShardState restored) {
        this.endOffsets = endOffsets;
        this.shard = shard;
        this.clock = clock;
        this.idleTimeout = idleTimeout;
        this.time = restored.time();
        this.nextOffset = restored.nextOffset();
    }

    /** T, microseconds; never decreases. */
    long time() {
        return time;
    }

    /** The offset after the last processed record. */
    long nextOffset() {
        return nextOffset;
    }

    void processed(long offset, long appendedAt) {
        nextOffset = offset + 1;
        time = Math.max(time, appendedAt);
    }

    /**
     * Uses the answer to the previous question, if it has come, and asks the next one.
     *
     * @return the failure of the previous question, or null
     */
    Throwable poll() {
        Throwable failure = null;
        if (pending != null) {
            if (!pending.isDone()) {
                return null;
            }
            if (pending.isCompletedExceptionally()) {
                failure = pending.handle((end, error) -> error).join();
            } else {
                judge(pending.join());
            }
        }
        askedAt = clock.nowMicros();
        pending = endOffsets.query(shard);
        return failure;
    }

    private void judge(long end) {
        if (nextOffset >= end) {
            time = Math.max(time, askedAt);
        } else if (end != stuckEnd || nextOffset != stuckOffset) {
            stuckEnd = end;
            stuckOffset = nextOffset;
            stuckSince = askedAt;
        } else if (askedAt - stuckSince >= idleTimeout) {
            time = Math.max(time, askedAt);
        }
    }
}
