package io.spectrawatch.flink.state;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Comparator;

/**
 * A window of event time, [start, end) in microseconds since the epoch.
 *
 * <p>Ordered by end, then start: the order in which panes close.
 */
public record Pane(long start, long end) implements Comparable<Pane> {

    /** Bytes of the binary form. */
    public static final int BYTES = 2 * Long.BYTES;

    private static final Comparator<Pane> ORDER =
            Comparator.comparingLong(Pane::end).thenComparingLong(Pane::start);

    /** The pane of this length that holds a moment; panes start at multiples of their length. */
    public static Pane of(long moment, long length) {
        long start = Math.floorDiv(moment, length) * length;
        return new Pane(start, start + length);
    }

    /** Writes start and end. */
    public ByteWriter write(ByteWriter out) {
        return out.int64(start).int64(end);
    }

    /** Reads what {@link #write} wrote. */
    public static Pane read(ByteReader in) {
        Pane pane = new Pane(in.int64(), in.int64());
        in.require(pane.start < pane.end, "a pane that starts before it ends", pane);
        return pane;
    }

    @Override
    public int compareTo(Pane other) {
        return ORDER.compare(this, other);
    }
}
