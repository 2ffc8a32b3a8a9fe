package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Adds up what the ticks of one shard report as refused and late, as far as the panes that are not
 * closed need it: for each pane the last tick in it.
 *
 * <p>State of before there were counts has no such entry. The ticks that come then are the first
 * ones seen, and what is counted begins after the first of them.
 *
 * <pre>
 *   "SWSN", version 1
 *   int32  1 where a tick was seen, then the counts of the last one, else 0
 *   int32  ticks kept for open panes, then in ascending order the counts of each:
 *          int64 x 6 time, offset, pane length, refused, late, unknown through
 * </pre>
 */
public final class ShardCounts {

    /** Name of the state entry. */
    public static final String STATE = "counts";

    private static final int MAGIC = 0x5357534E;
    private static final int VERSION = 1;
    private static final String WHAT = "shard counts";

    private final Deque<TickCounts> open = new ArrayDeque<>();
    private TickCounts last;

    /**
     * Adds what a tick reports.
     *
     * @param time T of the shard after the tick, microseconds
     */
    public void add(Tick tick, long time, long offset) {
        long length = tick.getPaneLength();
        if (last == null && tick.getSequence() == 0) {
            keep(new TickCounts(Long.MIN_VALUE, offset, length, 0, 0, Long.MIN_VALUE));
        }
        if (last == null) {
            keep(new TickCounts(time, offset, length, 0, 0, time));
            return;
        }
        boolean says = tick.getRefused() != null && tick.getLate() != null;
        boolean known = says && length == last.paneLength();
        TickCounts next =
                new TickCounts(
                        time,
                        offset,
                        length,
                        last.refused() + (says ? tick.getRefused() : 0),
                        last.late() + (says ? tick.getLate() : 0),
                        known ? last.unknownThrough() : time);
        if (!open.isEmpty() && samePane(open.getLast(), next)) {
            open.removeLast();
        }
        keep(next);
    }

    private void keep(TickCounts counts) {
        open.addLast(counts);
        last = counts;
    }

    private static boolean samePane(TickCounts a, TickCounts b) {
        return Math.floorDiv(a.time(), b.paneLength()) == Math.floorDiv(b.time(), b.paneLength());
    }

    /** Takes the ticks that lie before a boundary, which a shard has closed. */
    public List<TickCounts> take(long closedThrough) {
        List<TickCounts> closed = new ArrayList<>();
        while (!open.isEmpty() && open.getFirst().time() < closedThrough) {
            closed.add(open.removeFirst());
        }
        return closed;
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, TickCounts.BYTES * (open.size() + 1) + 8);
        out.int32(last == null ? 0 : 1);
        if (last != null) {
            last.write(out);
        }
        write(out, open);
        return out.toBytes();
    }

    public static ShardCounts fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        ShardCounts counts = new ShardCounts();
        int seen = in.int32();
        in.require(seen == 0 || seen == 1, "0 or 1 last ticks", seen);
        counts.last = seen == 0 ? null : TickCounts.read(in);
        counts.open.addAll(read(in));
        in.end();
        in.require(
                counts.open.isEmpty() || counts.open.getLast().equals(counts.last),
                "the last tick at the end",
                counts.last);
        return counts;
    }

    /** Writes ticks in their order. */
    public static void write(ByteWriter out, Iterable<TickCounts> ticks) {
        List<TickCounts> all = new ArrayList<>();
        ticks.forEach(all::add);
        out.int32(all.size());
        all.forEach(each -> each.write(out));
    }

    /** Reads ticks in ascending order. */
    public static List<TickCounts> read(ByteReader in) {
        int count = in.count(TickCounts.BYTES);
        List<TickCounts> ticks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            TickCounts next = TickCounts.read(in);
            TickCounts before = i == 0 ? null : ticks.get(i - 1);
            in.require(
                    before == null
                            || before.time() <= next.time()
                                    && before.refused() <= next.refused()
                                    && before.late() <= next.late(),
                    "ticks in ascending order",
                    before + ", " + next);
            ticks.add(next);
        }
        return ticks;
    }
}
