package io.spectrawatch.ingest.topology;

import java.nio.ByteBuffer;

/**
 * The sequence numbers of one captureId that were accepted: the highest, and which of the {@code W}
 * numbers up to it.
 *
 * <p>Number s has bit {@code s mod W} of a ring, W a multiple of 64. Numbers at or below {@code
 * highest - W} are forgotten and count as accepted.
 *
 * <pre>
 * offset 0         1            9         17      21
 *       +---------+------------+---------+-------+----------------+
 *       | version | lastOffset | highest | words | words x 64 bit |
 *       | 1 byte  | long       | long    | int   | long ...       |
 *       +---------+------------+---------+-------+----------------+
 * </pre>
 *
 * All big-endian.
 */
final class CaptureWindow {

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + 2 * Long.BYTES + Integer.BYTES;

    private final long[] ring;
    private long highest;
    private long lastOffset;

    private CaptureWindow(int words, long highest) {
        this.ring = new long[words];
        this.highest = highest;
    }

    /** A window that has accepted nothing and will start at this number. */
    static CaptureWindow startingAt(long sequence, int window) {
        return new CaptureWindow(words(window), sequence);
    }

    long lastOffset() {
        return lastOffset;
    }

    boolean contains(long sequence) {
        if (sequence > highest) {
            return false;
        }
        return sequence <= highest - width() || bit(sequence);
    }

    /**
     * Accepts a number that the window does not contain.
     *
     * @return how many numbers below it were skipped and may yet come
     */
    long accept(long sequence, long offset) {
        long skipped = 0;
        if (sequence > highest) {
            skipped = sequence - highest - 1;
            clear(highest + 1, sequence);
            highest = sequence;
        }
        int at = (int) Math.floorMod(sequence, (long) width());
        ring[at >> 6] |= 1L << at;
        lastOffset = offset;
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

    byte[] toBytes() {
        ByteBuffer out =
                ByteBuffer.allocate(HEADER_BYTES + ring.length * Long.BYTES)
                        .put(VERSION)
                        .putLong(lastOffset)
                        .putLong(highest)
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
    static CaptureWindow fromBytes(byte[] bytes, int window) {
        StateFormat.check("capture window", bytes, VERSION);
        int words = Math.max(1, (bytes.length - HEADER_BYTES) / Long.BYTES);
        StateFormat.checkLength("capture window", HEADER_BYTES + words * Long.BYTES, bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        long lastOffset = in.getLong();
        CaptureWindow stored = new CaptureWindow(words, in.getLong());
        int claimed = in.getInt();
        StateFormat.require(
                "capture window",
                lastOffset >= 0 && stored.highest >= 0 && claimed == words,
                "an offset and a number from 0, and " + words + " words",
                lastOffset + ", " + stored.highest + " and " + claimed);
        for (int i = 0; i < stored.ring.length; i++) {
            stored.ring[i] = in.getLong();
        }
        CaptureWindow result = stored.ring.length == words(window) ? stored : stored.resize(window);
        result.lastOffset = lastOffset;
        return result;
    }

    private CaptureWindow resize(int window) {
        CaptureWindow resized = new CaptureWindow(words(window), highest);
        for (long s = highest; s > highest - resized.width(); s--) {
            if (contains(s)) {
                int at = (int) Math.floorMod(s, (long) resized.width());
                resized.ring[at >> 6] |= 1L << at;
            }
        }
        return resized;
    }
}
