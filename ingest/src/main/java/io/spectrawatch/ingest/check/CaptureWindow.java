package io.spectrawatch.ingest.check;

import io.spectrawatch.ingest.state.StateFormat;
import java.nio.ByteBuffer;

/**
 * The sequence numbers of one captureId that were accepted: the highest, and which of the {@code W}
 * numbers up to it.
 *
 * <p>Number s has bit {@code s mod W} of a ring, W a multiple of 64. Numbers at or below {@code
 * highest - W} are forgotten and count as accepted.
 *
 * <p>Beside it the highest number seen, refused ones included, from which gaps are counted: a
 * record that was refused has not gone astray.
 *
 * <pre>
 * offset 0         1            9         17      25      29
 *       +---------+------------+---------+-------+-------+----------------+
 *       | version | lastOffset | highest | seen  | words | words x 64 bit |
 *       | 1 byte  | long       | long    | long  | int   | long ...       |
 *       +---------+------------+---------+-------+-------+----------------+
 * </pre>
 *
 * All big-endian. Version 1 has no {@code seen}; it is read as {@code highest}.
 */
public final class CaptureWindow {

    /**
     * Larger ones are not numbers that were skipped but a count that begins anew: at 10,000
     * snapshots a second it is the loss of a day.
     */
    public static final long PLAUSIBLE_GAP = 1_000_000_000;

    private static final byte VERSION = 2;
    private static final byte WITHOUT_SEEN = 1;
    private static final int HEADER_BYTES = 1 + 3 * Long.BYTES + Integer.BYTES;

    private final long[] ring;
    private long highest;
    private long seen;
    private long lastOffset;

    private CaptureWindow(int words, long highest, long seen) {
        this.ring = new long[words];
        this.highest = highest;
        this.seen = seen;
    }

    /** A window that has accepted nothing and will start at this number. */
    public static CaptureWindow startingAt(long sequence, int window) {
        return new CaptureWindow(words(window), sequence, sequence);
    }

    public long lastOffset() {
        return lastOffset;
    }

    public boolean contains(long sequence) {
        if (sequence > highest) {
            return false;
        }
        return sequence <= highest - width() || bit(sequence);
    }

    /**
     * Accepts a number that the window does not contain.
     *
     * @return how many numbers below it were skipped since the highest one seen, and may yet come
     */
    public long accept(long sequence, long offset) {
        long skipped = see(sequence);
        if (sequence > highest) {
            clear(highest + 1, sequence);
            highest = sequence;
        }
        int at = (int) Math.floorMod(sequence, (long) width());
        ring[at >> 6] |= 1L << at;
        lastOffset = offset;
        return skipped;
    }

    /**
     * Notes that a number came, though not accepted, unless it is implausibly far ahead: a record
     * that nobody takes must not hide later gaps.
     *
     * @return how many numbers below it were skipped since the highest one seen
     */
    public long refuse(long sequence) {
        return sequence - seen - 1 > PLAUSIBLE_GAP ? 0 : see(sequence);
    }

    private long see(long sequence) {
        long skipped = Math.max(0, sequence - seen - 1);
        seen = Math.max(seen, sequence);
        return skipped;
    }

    /** Counts downwards by steps, because the highest number may be the largest there is. */
    private void clear(long from, long to) {
        long steps = Math.min(to - from, width() - 1L);
        for (long step = 0; step <= steps; step++) {
            int at = (int) Math.floorMod(to - step, (long) width());
            ring[at >> 6] &= ~(1L << at);
        }
    }

    private boolean bit(long sequence) {
        int at = (int) Math.floorMod(sequence, (long) width());
        return (ring[at >> 6] >>> at & 1) == 1;
    }

    private int width() {
        return ring.length * Long.SIZE;
    }

    private static int words(int window) {
        return (window + Long.SIZE - 1) / Long.SIZE;
    }

    public byte[] toBytes() {
        ByteBuffer out =
                ByteBuffer.allocate(HEADER_BYTES + ring.length * Long.BYTES)
                        .put(VERSION)
                        .putLong(lastOffset)
                        .putLong(highest)
                        .putLong(seen)
                        .putInt(ring.length);
        for (long word : ring) {
            out.putLong(word);
        }
        return out.array();
    }

    /**
     * Reads a window and gives it the configured width; what a narrower one has forgotten stays
     * forgotten.
     */
    public static CaptureWindow fromBytes(byte[] bytes, int window) {
        boolean withoutSeen = bytes.length > 0 && bytes[0] == WITHOUT_SEEN;
        if (!withoutSeen) {
            StateFormat.check("capture window", bytes, VERSION);
        }
        int header = withoutSeen ? HEADER_BYTES - Long.BYTES : HEADER_BYTES;
        int words = Math.max(1, (bytes.length - header) / Long.BYTES);
        StateFormat.checkLength("capture window", header + words * Long.BYTES, bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        long lastOffset = in.getLong();
        long highest = in.getLong();
        CaptureWindow stored =
                new CaptureWindow(words, highest, withoutSeen ? highest : in.getLong());
        int claimed = in.getInt();
        StateFormat.require(
                "capture window",
                lastOffset >= 0 && highest >= 0 && stored.seen >= highest && claimed == words,
                "an offset and a number from 0, none below it seen last, and " + words + " words",
                lastOffset + ", " + highest + ", " + stored.seen + " and " + claimed);
        for (int i = 0; i < stored.ring.length; i++) {
            stored.ring[i] = in.getLong();
        }
        CaptureWindow result = stored.ring.length == words(window) ? stored : stored.resize(window);
        result.lastOffset = lastOffset;
        return result;
    }

    private CaptureWindow resize(int window) {
        CaptureWindow resized = new CaptureWindow(words(window), highest, seen);
        for (long s = highest; s > highest - resized.width(); s--) {
            if (contains(s)) {
                int at = (int) Math.floorMod(s, (long) resized.width());
                resized.ring[at >> 6] |= 1L << at;
            }
        }
        return resized;
    }
}
