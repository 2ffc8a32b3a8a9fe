package io.spectrawatch.flink.monitor.pane;

import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.flink.monitor.message.ShardCounts;
import io.spectrawatch.flink.monitor.message.TickCounts;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * How far each shard has closed its panes, as one merge bucket knows it.
 *
 * <p>Per shard it keeps the marks that an unfinished pane may still need, to name the tick that
 * closed the pane there, and the ticks before its boundaries, to tell what they report.
 *
 * <pre>
 *   "SWMC", version 2
 *   int32  number of shards, then per shard
 *          int32 number of marks, then per mark in ascending order
 *                int64 closedThrough, int64 offset of the tick
 *          int32 number of ticks, then the counts of each, see {@link ShardCounts}; absent in
 *          version 1
 * </pre>
 */
public final class MergeClock {

    private static final int MAGIC = 0x53574D43;
    private static final int VERSION = 2;
    private static final int WITHOUT_TICKS = 1;
    private static final String WHAT = "merge clock";

    private final List<Deque<Mark>> marks;
    private final List<Deque<TickCounts>> ticks;

    public MergeClock(int shards) {
        marks = new ArrayList<>(shards);
        ticks = new ArrayList<>(shards);
        for (int i = 0; i < shards; i++) {
            marks.add(new ArrayDeque<>());
            ticks.add(new ArrayDeque<>());
        }
    }

    /**
     * A bucket's clock as its state has it, or a new one.
     *
     * @param stored null where there is no state
     * @throws IllegalStateException if the state is of another number of shards, whose panes would
     *     wait for shards that do not exist
     */
    public static MergeClock of(byte[] stored, int shards) {
        if (stored == null) {
            return new MergeClock(shards);
        }
        MergeClock clock = fromBytes(stored);
        if (clock.shards() != shards) {
            throw new IllegalStateException(
                    "the state is of a log of "
                            + clock.shards()
                            + " shards, "
                            + MonitorDefinition.SHARDS.key()
                            + " is "
                            + shards
                            + "; another number of shards is a new epoch, start without older"
                            + " state");
        }
        return clock;
    }

    /**
     * Notes a shard's mark; one that does not advance changes nothing.
     *
     * @param counted ticks of the panes that it closes
     */
    public void advance(int shard, long closedThrough, long tickOffset, List<TickCounts> counted) {
        if (shard < 0 || shard >= marks.size()) {
            throw new IllegalStateException(
                    "merge clock: shard must be 0 to " + (marks.size() - 1) + ", found " + shard);
        }
        Deque<Mark> own = marks.get(shard);
        if (own.isEmpty() || own.getLast().closedThrough < closedThrough) {
            own.addLast(new Mark(closedThrough, tickOffset));
            ticks.get(shard).addAll(counted);
        }
    }

    /** A shard's last tick before a boundary that it has closed; null where none is known. */
    public TickCounts before(int shard, long boundary) {
        TickCounts last = null;
        for (TickCounts each : ticks.get(shard)) {
            if (each.time() < boundary) {
                last = each;
            }
        }
        return last;
    }

    /** What a shard's ticks of a complete pane report; null where it is unknown. */
    public TickCounts.Between counted(int shard, Pane pane) {
        TickCounts last = before(shard, pane.end());
        return last == null || last.paneLength() != pane.end() - pane.start()
                ? null
                : last.since(before(shard, pane.start()), pane.start());
    }

    /** The boundary that every shard has reached; Long.MIN_VALUE while one gave no mark. */
    public long complete() {
        long least = Long.MAX_VALUE;
        for (Deque<Mark> own : marks) {
            least = Math.min(least, own.isEmpty() ? Long.MIN_VALUE : own.getLast().closedThrough);
        }
        return least;
    }

    /** Offset of the tick at which a shard closed a complete pane. */
    public long closedAt(int shard, Pane pane) {
        for (Mark mark : marks.get(shard)) {
            if (mark.closedThrough >= pane.end()) {
                return mark.tickOffset;
            }
        }
        throw new IllegalStateException(
                "merge clock: shard "
                        + shard
                        + " has not closed the pane that ends at "
                        + pane.end());
    }

    /** Drops what only complete panes need; the last mark of each shard stays. */
    public void forgetComplete() {
        long complete = complete();
        for (Deque<Mark> own : marks) {
            while (own.size() > 1 && own.getFirst().closedThrough <= complete) {
                own.removeFirst();
            }
        }
        for (int shard = 0; shard < ticks.size(); shard++) {
            TickCounts last = before(shard, complete);
            while (last != null && ticks.get(shard).getFirst() != last) {
                ticks.get(shard).removeFirst();
            }
        }
    }

    public int shards() {
        return marks.size();
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, 32 * marks.size());
        out.int32(marks.size());
        for (int shard = 0; shard < marks.size(); shard++) {
            out.int32(marks.get(shard).size());
            marks.get(shard).forEach(mark -> out.int64(mark.closedThrough).int64(mark.tickOffset));
            ShardCounts.write(out, ticks.get(shard));
        }
        return out.toBytes();
    }

    public static MergeClock fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, WITHOUT_TICKS, VERSION, WHAT);
        MergeClock clock = new MergeClock(in.count(Integer.BYTES));
        in.require(clock.shards() > 0, "at least one shard", clock.shards());
        for (int shard = 0; shard < clock.shards(); shard++) {
            Deque<Mark> own = clock.marks.get(shard);
            int count = in.count(2 * Long.BYTES);
            for (int i = 0; i < count; i++) {
                Mark mark = new Mark(in.int64(), in.int64());
                Mark before = own.peekLast();
                in.require(
                        mark.tickOffset >= 0
                                && (before == null || before.closedThrough < mark.closedThrough),
                        "ascending marks of ticks",
                        before + ", " + mark);
                own.addLast(mark);
            }
            if (in.version() != WITHOUT_TICKS) {
                clock.ticks.get(shard).addAll(ShardCounts.read(in));
            }
        }
        in.end();
        return clock;
    }

    private record Mark(long closedThrough, long tickOffset) {}
}
