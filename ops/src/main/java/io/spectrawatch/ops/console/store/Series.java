package io.spectrawatch.ops.console.store;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Arrays;

/**
 * Numbers over time in bounded memory: however long it goes on, at most {@value #MOST} points are
 * kept. Where they are full, neighbours among the older half become one, so that the past grows
 * coarser with its age and nothing is cut off. A bound stays a bound: of lower ends the least is
 * kept, of upper ones the largest.
 */
public final class Series {

    static final int MOST = 360;
    private static final int FIRST = 16;

    /** What two neighbours become. */
    public enum Column {
        LEAST {
            @Override
            double of(double earlier, double later) {
                return Math.min(earlier, later);
            }
        },
        LAST {
            @Override
            double of(double earlier, double later) {
                return later;
            }
        },
        MOST {
            @Override
            double of(double earlier, double later) {
                return Math.max(earlier, later);
            }
        },
        SUM {
            @Override
            double of(double earlier, double later) {
                return earlier + later;
            }
        };

        abstract double of(double earlier, double later);
    }

    private final Column[] columns;
    private int size;

    /** Beginnings and ends of what the points describe, microseconds since the epoch. */
    private long[] from = new long[FIRST];

    private long[] to = new long[FIRST];
    private double[][] values;

    Series(Column... columns) {
        this.columns = columns;
        this.values = new double[columns.length][FIRST];
    }

    /**
     * Takes a point. One that ends before the last is passed over, one that ends with it replaces
     * it: such come where a log is read or published again.
     */
    void add(long start, long end, double... point) {
        if (size > 0 && end < to[size - 1]) {
            return;
        }
        if (size > 0 && end == to[size - 1]) {
            size--;
        }
        makeRoom();
        from[size] = start;
        to[size] = end;
        for (int column = 0; column < columns.length; column++) {
            values[column][size] = point[column];
        }
        size++;
    }

    /** Adds to the point of a bucket of time, or begins it; what is older goes into the last. */
    void addInto(long bucketStart, long bucketEnd, double... point) {
        if (size == 0 || bucketEnd > to[size - 1]) {
            add(bucketStart, bucketEnd, point);
            return;
        }
        for (int column = 0; column < columns.length; column++) {
            values[column][size - 1] = columns[column].of(values[column][size - 1], point[column]);
        }
    }

    void write(ByteWriter out) {
        out.int32(size);
        for (int point = 0; point < size; point++) {
            out.int64(from[point]).int64(to[point]);
        }
        for (double[] own : values) {
            out.fp64(Arrays.copyOf(own, size));
        }
    }

    /** Takes what {@link #write} wrote of a series of the same columns; this one is empty. */
    void read(ByteReader in) {
        size = in.count(2 * Long.BYTES);
        in.require(size <= MOST, "at most " + MOST + " points", size);
        from = new long[Math.max(FIRST, size)];
        to = new long[from.length];
        for (int point = 0; point < size; point++) {
            from[point] = in.int64();
            to[point] = in.int64();
        }
        for (int column = 0; column < values.length; column++) {
            values[column] = Arrays.copyOf(in.fp64(size), from.length);
        }
    }

    private void makeRoom() {
        if (size == MOST) {
            mergeOlderHalf();
        } else if (size == to.length) {
            int room = Math.min(MOST, 2 * size);
            from = Arrays.copyOf(from, room);
            to = Arrays.copyOf(to, room);
            for (int column = 0; column < columns.length; column++) {
                values[column] = Arrays.copyOf(values[column], room);
            }
        }
    }

    private void mergeOlderHalf() {
        int half = MOST / 2;
        for (int i = 0; i < half; i += 2) {
            from[i / 2] = from[i];
            to[i / 2] = to[i + 1];
            for (int column = 0; column < columns.length; column++) {
                double[] own = values[column];
                own[i / 2] = columns[column].of(own[i], own[i + 1]);
            }
        }
        int kept = half / 2;
        System.arraycopy(from, half, from, kept, MOST - half);
        System.arraycopy(to, half, to, kept, MOST - half);
        for (double[] own : values) {
            System.arraycopy(own, half, own, kept, MOST - half);
        }
        size = kept + MOST - half;
    }

    public int size() {
        return size;
    }

    /** Beginning of what a point describes, microseconds since the epoch. */
    public long from(int point) {
        return from[point];
    }

    /** End of what a point describes, microseconds since the epoch. */
    public long to(int point) {
        return to[point];
    }

    public double value(int column, int point) {
        return values[column][point];
    }
}
