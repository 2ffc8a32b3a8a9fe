package io.spectrawatch.ingest.check;

import io.spectrawatch.ingest.state.StateFormat;
import java.nio.ByteBuffer;

/**
 * How far a sample of several parts has come on a shard.
 *
 * <pre>
 * offset 0         1         9       13        21      22
 *       +---------+---------+-------+---------+-------+
 *       | version | ordinal | part  | paneEnd | flags |
 *       | 1 byte  | long    | int   | long    | byte  |
 *       +---------+---------+-------+---------+-------+
 * flags: 1 ended, 2 counts in several panes
 * </pre>
 *
 * All big-endian.
 *
 * @param ordinal counts the samples of the shard in the order of their first parts
 * @param part number of the last part that was accepted, from 0
 * @param paneEnd end of the pane in which its first part counts, microseconds
 * @param ended whether that part was the last
 * @param spread whether a part of it counts in another pane
 */
record ExpectedPart(long ordinal, int part, long paneEnd, boolean ended, boolean spread) {

    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 2 * Long.BYTES + Integer.BYTES + 1;

    private static final byte ENDED = 1;
    private static final byte SPREAD = 2;

    /** The sample after a further part. */
    ExpectedPart after(int next, boolean last, boolean elsewhere) {
        return new ExpectedPart(ordinal, next, paneEnd, last, spread || elsewhere);
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .putLong(ordinal)
                .putInt(part)
                .putLong(paneEnd)
                .put((byte) ((ended ? ENDED : 0) | (spread ? SPREAD : 0)))
                .array();
    }

    static ExpectedPart fromBytes(byte[] bytes) {
        StateFormat.check("open sample", bytes, VERSION);
        StateFormat.checkLength("open sample", BYTES, bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, BYTES - 1);
        long ordinal = in.getLong();
        int part = in.getInt();
        long paneEnd = in.getLong();
        byte flags = in.get();
        StateFormat.require(
                "open sample",
                ordinal >= 0 && part >= 0 && paneEnd > 0 && (flags & ~(ENDED | SPREAD)) == 0,
                "an ordinal and a part from 0, an end after 0 and no unknown flag",
                ordinal + ", " + part + ", " + paneEnd + " and " + flags);
        return new ExpectedPart(
                ordinal, part, paneEnd, (flags & ENDED) != 0, (flags & SPREAD) != 0);
    }
}
