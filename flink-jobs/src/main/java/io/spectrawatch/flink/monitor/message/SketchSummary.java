package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.monitor.record.KernelCodec;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.kernel.KernelDescription;
import java.util.Comparator;

/**
 * The sketch of one part over one pane on one shard, on its way to its merge bucket.
 *
 * <pre>
 *   "SWPS", version 1
 *   int32      shard
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   int32      layer index
 *   text       layer
 *   int32      columns
 *   int64      rows
 *   text x 5   kernel provider, library, its version, core name, device
 *   int32      threads
 *   bytes      sketch, in its own versioned form
 * </pre>
 */
public record SketchSummary(
        int shard, Pane pane, LayerId part, long rows, KernelDescription kernel, byte[] sketch) {

    /** The order in which the sketches of a layer are merged: by shard, then by index. */
    public static final Comparator<SketchSummary> ORDER =
            Comparator.comparingInt(SketchSummary::shard)
                    .thenComparingInt(summary -> summary.part().index());

    private static final int MAGIC = 0x53575053;
    private static final int VERSION = 1;
    private static final String WHAT = "part summary";
    private static final int FIXED_BYTES = 512;

    /** The entry of its merge bucket that it is. */
    public EntryId id() {
        return EntryId.ofLayer(pane, part, shard);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES + sketch.length);
        part.write(pane.write(out.int32(shard))).int64(rows);
        KernelCodec.write(out, kernel);
        return out.bytes(sketch).toBytes();
    }

    public static SketchSummary fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        SketchSummary summary =
                new SketchSummary(
                        in.int32(),
                        Pane.read(in),
                        LayerId.read(in),
                        in.int64(),
                        KernelCodec.read(in),
                        in.bytes());
        in.end();
        in.require(
                summary.shard >= 0 && summary.rows >= 0 && summary.kernel.threads() > 0,
                "a shard and rows from 0, threads from 1",
                summary.shard + ", " + summary.rows + ", " + summary.kernel.threads());
        return summary;
    }
}
