package io.spectrawatch.ingest.clock;

import io.spectrawatch.ingest.state.ShardState;
import java.util.concurrent.CompletableFuture;

/**
 * A time T before which nothing more will be appended to a shard than was read.
 *
 * <p>While records come, T is the largest append time processed, without any allowance: a broker
 * stamps a partition's records in order, so whatever follows was appended at T or later, and what a
 * pane may still wait for is the lateness's business. It follows that a snapshot appended before
 * the end of its pane plus lateness is never late.
 *
 * <p>When the shard is idle, T follows the clock, but only on proof:
 *
 * <ol>
 *   <li>read the clock, w, and then ask the broker where the shard ends, at one punctuation;
 *   <li>if at a later one the consumer has read up to the high watermark of the answer, all that it
 *       was given is processed, no transaction was open and no record waited for its replicas,
 *       whatever follows was appended after the question, hence at w or later.
 * </ol>
 *
 * There is no time after which proof is taken for given. A pause of this process, a broker that
 * answers one client and not the other, a transaction that hangs: T waits as long as they last, and
 * the panes of the shard with it.
 *
 * <p>What it relies on: the stamps of a partition do not go back by more than the lateness when its
 * leader changes, and the clock agrees with the brokers' to within the lateness. The very first
 * records of a partition count as there once their replicas have them.
 */
public final class LowWaterMark {

    private final EndOffsets endOffsets;
    private final ReadPositions positions;
    private final int shard;
    private final IngestClock clock;

    private long time;
    private long nextOffset;

    private CompletableFuture<ShardEnd> pending;
    private long askedAt;

    /** When the open transaction was first seen that keeps T from going on; -1 for none. */
    private long heldSince = -1;

    private long heldAt;

    public LowWaterMark(
            EndOffsets endOffsets,
            ReadPositions positions,
            int shard,
            IngestClock clock,
            ShardState restored) {
        this.endOffsets = endOffsets;
        this.positions = positions;
        this.shard = shard;
        this.clock = clock;
        this.time = restored.time();
        this.nextOffset = restored.nextOffset();
        positions.forget(shard);
    }

    /** T, microseconds; never decreases. */
    public long time() {
        return time;
    }

    /** The offset after the last processed record. */
    public long nextOffset() {
        return nextOffset;
    }

    /**
     * How long an open transaction has been the only thing that keeps T from going on,
     * microseconds; 0 if none does.
     */
    public long heldMicros() {
        return heldSince < 0 ? 0 : askedAt - heldSince;
    }

    /** Offset of the first record of the transaction that holds the shard. */
    public long heldAt() {
        return heldAt;
    }

    public void processed(long offset, long appendedAt) {
        nextOffset = offset + 1;
        time = Math.max(time, appendedAt);
    }

    /**
     * Uses the answer to the previous question, if it has come, and asks the next one.
     *
     * @return the failure of the previous question, or null
     */
    public Throwable poll() {
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

    private void judge(ShardEnd end) {
        long read = positions.readTo(shard, nextOffset);
        if (end.hasOpenTransaction()) {
            if (read < end.stable()) {
                heldSince = -1;
            } else if (heldSince < 0 || heldAt != end.stable()) {
                heldSince = askedAt;
                heldAt = end.stable();
            }
            return;
        }
        heldSince = -1;
        if (read >= end.high() && !end.awaitsReplicas()) {
            time = Math.max(time, askedAt);
        }
    }
}
