package io.spectrawatch.flink.state;

import io.spectrawatch.schemas.Segment;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The time of one shard as its ticks tell it, and the baselines activated on it.
 *
 * <pre>
 *   "SWSC", version 1
 *   int64  T, time of the last tick, microseconds
 *   int64  pane length, microseconds
 *   int64  lateness, microseconds
 *   int64  closedThrough: panes that end here or before are closed
 *   int32  number of activations, then per activation
 *          text model, text version, text baseline id, int64 effectiveFrom;
 *          one of a segment: int32 -1, text segment, and then these
 * </pre>
 */
public final class ShardClock {

    private static final int MAGIC = 0x53575343;
    private static final int VERSION = 1;
    private static final String WHAT = "shard clock";

    /** Sums and differences of a few times below this cannot overflow; it is 73,000 years. */
    private static final long MOST_MICROS = 1L << 61;

    private static final SortedSet<Segment> NONE = Collections.emptySortedSet();

    private long time = Long.MIN_VALUE;
    private long paneLength;
    private long lateness;
    private long closedThrough = Long.MIN_VALUE;
    private final List<Activation> activations = new ArrayList<>();

    /** Whether a tick was seen; before it the pane length is unknown. */
    public boolean started() {
        return paneLength > 0;
    }

    /** T of the last tick, microseconds; Long.MIN_VALUE before the first. */
    public long time() {
        return time;
    }

    /** Length of a pane by the last tick, microseconds. */
    public long paneLength() {
        return paneLength;
    }

    /** How long after its end a pane stays open by the last tick, microseconds. */
    public long lateness() {
        return lateness;
    }

    /** Panes that end here or before are closed. */
    public long closedThrough() {
        return closedThrough;
    }

    private static boolean inRange(long time, long paneLength, long lateness) {
        return time >= 0
                && time <= MOST_MICROS
                && paneLength > 0
                && paneLength <= MOST_MICROS
                && lateness >= 0
                && lateness <= MOST_MICROS;
    }

    private boolean isNew() {
        return time == Long.MIN_VALUE
                && paneLength == 0
                && lateness == 0
                && closedThrough == Long.MIN_VALUE;
    }

    /**
     * Takes a tick's time and the pane length for the records that follow.
     *
     * @throws IllegalStateException if the time, the pane length or the lateness is out of range
     */
    public void advance(Tick tick) {
        if (!inRange(tick.getTime(), tick.getPaneLength(), tick.getLateness())) {
            throw new IllegalStateException(
                    "tick of shard "
                            + tick.getShard()
                            + ": the pane length must be positive, time and lateness not negative, all"
                            + " at most "
                            + MOST_MICROS
                            + ", found "
                            + tick.getPaneLength()
                            + ", "
                            + tick.getTime()
                            + " and "
                            + tick.getLateness());
        }
        time = Math.max(time, tick.getTime());
        paneLength = tick.getPaneLength();
        lateness = tick.getLateness();
    }

    /** The pane of a moment, by the pane length of the last tick. */
    public Pane paneOf(long moment) {
        return Pane.of(moment, paneLength);
    }

    /** Whether the last tick closes a pane: T >= end + lateness. */
    public boolean closes(Pane pane) {
        return pane.end() <= time - lateness;
    }

    /** Whether a pane was closed before; nothing may enter it any more. */
    public boolean isClosed(Pane pane) {
        return pane.end() <= closedThrough;
    }

    /**
     * Notes that all panes up to T - lateness are closed.
     *
     * @param lastClosed end of the last pane closed, which a former pane length may have placed
     *     beyond the last boundary of the present one
     * @return whether the boundary moved
     */
    public boolean closeThrough(long lastClosed) {
        long boundary = Math.floorDiv(time - lateness, paneLength) * paneLength;
        long through = Math.max(boundary, lastClosed);
        if (through <= closedThrough) {
            return false;
        }
        closedThrough = through;
        forgetSuperseded();
        return true;
    }

    /** Notes an activation. */
    public void activate(Activation activation) {
        activations.add(activation);
    }

    /**
     * The baseline in force for a pane: of the activations effective by its start the one with the
     * latest effectiveFrom, the later record where they tie; null for none.
     */
    public String baseline(ModelKey key, Pane pane) {
        Activation current = inForce(key.model(), key.version(), key.segment(), pane.start());
        return current == null ? null : current.baselineId();
    }

    /** The segments of a model that have a baseline in force for a pane, in their order. */
    public SortedSet<Segment> segments(ModelKey key, Pane pane) {
        SortedSet<Segment> found = NONE;
        for (Activation each : activations) {
            if (each.segment() == null || !each.isOf(key.model(), key.version())) {
                continue;
            }
            Segment segment = Segment.find(each.segment());
            if (segment != null && baseline(key.in(each.segment()), pane) != null) {
                found = found.isEmpty() ? new TreeSet<>() : found;
                found.add(segment);
            }
        }
        return found;
    }

    private Activation inForce(String model, String version, String segment, long at) {
        Activation current = null;
        for (Activation candidate : activations) {
            boolean effective =
                    candidate.concerns(model, version, segment) && candidate.effectiveFrom() <= at;
            if (effective
                    && (current == null || candidate.effectiveFrom() >= current.effectiveFrom())) {
                current = candidate;
            }
        }
        return current;
    }

    /** Keeps the state small: no open pane starts before closedThrough - paneLength. */
    private void forgetSuperseded() {
        long horizon = closedThrough - paneLength;
        List<Activation> kept = new ArrayList<>();
        for (Activation each : activations) {
            boolean pending = each.effectiveFrom() > horizon;
            if (pending || inForce(each.model(), each.version(), each.segment(), horizon) == each) {
                kept.add(each);
            }
        }
        activations.clear();
        activations.addAll(kept);
    }

    /** The versioned binary form. */
    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, 64);
        out.int64(time).int64(paneLength).int64(lateness).int64(closedThrough);
        out.int32(activations.size());
        activations.forEach(activation -> activation.write(out));
        return out.toBytes();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalStateException if the bytes are anything else
     */
    public static ShardClock fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        ShardClock clock = new ShardClock();
        clock.time = in.int64();
        clock.paneLength = in.int64();
        clock.lateness = in.int64();
        clock.closedThrough = in.int64();
        int count = in.count(Activation.LEAST_BYTES);
        for (int i = 0; i < count; i++) {
            clock.activations.add(Activation.read(in));
        }
        in.end();
        in.require(
                clock.started()
                        ? inRange(clock.time, clock.paneLength, clock.lateness)
                                && clock.closedThrough <= clock.time
                        : clock.isNew(),
                "a clock that no tick or a possible one has set",
                clock.time + ", " + clock.paneLength + ", " + clock.lateness);
        return clock;
    }
}
