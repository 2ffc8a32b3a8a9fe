package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;

/**
 * What the ticks of one shard have reported so far, the tick itself included. Only differences mean
 * something: where counting began depends on where the job did.
 *
 * @param time T of the tick in microseconds; Long.MIN_VALUE for what is before the shard's first
 * @param offset of the tick; of the shard's first where this is before it
 * @param paneLength the tick's, microseconds
 * @param refused records that ingest refused, duplicates aside
 * @param late snapshots that ingest accepted late
 * @param unknownThrough T of the last tick that counts cannot begin before, because it did not say,
 *     was the first one seen or changed the pane length; Long.MIN_VALUE for none
 */
public record TickCounts(
        long time, long offset, long paneLength, long refused, long late, long unknownThrough) {

    /** Bytes of the binary form. */
    static final int BYTES = 6 * Long.BYTES;

    /**
     * What came between two moments on a shard.
     *
     * @param fromOffset of the tick from which on a reader counts the same
     */
    public record Between(long refused, long late, long fromOffset) {}

    /**
     * What the ticks from a moment on have reported, up to this one.
     *
     * @param before the last before that moment, null where none is known
     * @param moment microseconds
     * @return null where it is unknown
     */
    public Between since(TickCounts before, long moment) {
        return before == null || unknownThrough >= moment
                ? null
                : new Between(refused - before.refused, late - before.late, before.offset);
    }

    ByteWriter write(ByteWriter out) {
        out.int64(time).int64(offset).int64(paneLength);
        return out.int64(refused).int64(late).int64(unknownThrough);
    }

    static TickCounts read(ByteReader in) {
        TickCounts counts =
                new TickCounts(
                        in.int64(), in.int64(), in.int64(), in.int64(), in.int64(), in.int64());
        in.require(
                counts.offset >= 0
                        && counts.paneLength > 0
                        && counts.refused >= 0
                        && counts.late >= 0
                        && counts.unknownThrough <= counts.time,
                "counts from 0 of a tick, unknown through none later",
                counts);
        return counts;
    }
}
