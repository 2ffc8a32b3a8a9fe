package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;

/**
 * How far one pane of a model on one shard has grown past the gain profile of its baseline: while
 * the pane is open, and on its way to the model's bucket.
 *
 * <pre>
 *   "SWPG", version 1
 *   int32      shard
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   text       baseline
 *   bytes      shadow profile in its own versioned form
 * </pre>
 */
public record GrowthSummary(
        int shard, Pane pane, ModelKey model, String baselineId, byte[] shadow) {

    private static final int MAGIC = 0x53575047;
    private static final int VERSION = 1;
    private static final String WHAT = "pane growth";
    private static final int FIXED_BYTES = 512;

    /** The entry of its merge bucket that it is. */
    public EntryId id() {
        return EntryId.ofModel(EntryId.Kind.GROWTH, pane, model, shard);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES + shadow.length);
        return model.write(pane.write(out.int32(shard))).text(baselineId).bytes(shadow).toBytes();
    }

    public static GrowthSummary fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        int shard = in.int32();
        Pane pane = Pane.read(in);
        ModelKey model = ModelKey.read(in);
        GrowthSummary read = new GrowthSummary(shard, pane, model, in.requiredText(), in.bytes());
        in.end();
        return read;
    }
}
