package io.spectrawatch.ops.demo.stack;

import io.spectrawatch.ingest.clock.IngestClock;
import java.util.BitSet;

/**
 * The demo's compressed time: snapshot i was captured at start + i * step, whatever the real clock
 * says.
 *
 * <p>It goes on only as snapshots are acknowledged by the broker: whatever is appended later
 * carries a later time, which is what ingest's clock must promise. Two runs thus close the same
 * panes over the same rows, on a fast machine and on a slow one.
 */
public final class DemoClock implements IngestClock {

    public static final long PANE_MICROS = 10_000_000;
    public static final long START_MICROS = 1_767_225_600_000_000L; // 2026-01-01T00:00:00Z

    /** Start of the pane of an event time. */
    public static long paneOf(long time) {
        return Math.floorDiv(time, PANE_MICROS) * PANE_MICROS;
    }

    private final long start;
    private final long step;
    private final BitSet acknowledged = new BitSet();
    private int firstOpen;
    private long finished = Long.MIN_VALUE;

    /**
     * @param start event time of snapshot 0, microseconds since the epoch
     * @param step event time between two snapshots, microseconds
     */
    public DemoClock(long start, long step) {
        this.start = start;
        this.step = step;
    }

    public long timeOf(int snapshot) {
        return start + snapshot * step;
    }

    /** The snapshot with that event time. */
    public int snapshotAt(long time) {
        return Math.toIntExact((time - start) / step);
    }

    public synchronized void acknowledged(int snapshot) {
        acknowledged.set(snapshot);
        firstOpen = acknowledged.nextClearBit(firstOpen);
    }

    /** Leaves the snapshots before a number out: nothing will be captured at their times. */
    synchronized void skipTo(int snapshot) {
        acknowledged.set(firstOpen, snapshot);
        firstOpen = acknowledged.nextClearBit(firstOpen);
    }

    public synchronized int acknowledged() {
        return acknowledged.cardinality();
    }

    /** Jumps ahead once nothing more will be captured, so that the last pane closes. */
    public synchronized void finish(long time) {
        finished = time;
    }

    @Override
    public synchronized long nowMicros() {
        return Math.max(finished, timeOf(firstOpen) - 1);
    }
}
