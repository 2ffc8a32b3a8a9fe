package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;

/**
 * That one shard gave the place of a model, which was idle, to another one: as it lies in state
 * while the other's pane is open, and on its way to the former's merge bucket.
 *
 * <pre>
 *   "SWPV", version 1
 *   int32      shard
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest of who lost its place
 *   int64      end of its last pane, microseconds
 *   text x 3   model, version, digest of who has it
 * </pre>
 *
 * @param pane that the other model began with
 * @param lastPaneEnd of the model that lost its place
 */
public record EvictionSummary(int shard, Pane pane, ModelKey model, long lastPaneEnd, ModelKey by) {

    private static final int MAGIC = 0x53575056;
    private static final int VERSION = 1;
    private static final String WHAT = "pane evicted";
    private static final int FIXED_BYTES = 256;
    private static final String STATE_PREFIX = "evicted/";

    /** The entry of its merge bucket that it is. */
    public EntryId id() {
        return EntryId.ofModel(EntryId.Kind.EVICTED, pane, model, shard);
    }

    public static boolean isState(String name) {
        return name.startsWith(STATE_PREFIX);
    }

    public String stateName() {
        return StateNames.of(STATE_PREFIX, pane, model);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES);
        by.write(model.write(pane.write(out.int32(shard))).int64(lastPaneEnd));
        return out.toBytes();
    }

    public static EvictionSummary fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        int shard = in.int32();
        Pane pane = Pane.read(in);
        ModelKey model = ModelKey.read(in);
        long lastPaneEnd = in.int64();
        ModelKey by = ModelKey.read(in);
        in.end();
        in.require(
                shard >= 0 && lastPaneEnd < pane.end() && !model.equals(by),
                "a shard, an earlier pane and two models",
                shard + ", " + lastPaneEnd + ", " + model + ", " + by);
        return new EvictionSummary(shard, pane, model, lastPaneEnd, by);
    }
}
