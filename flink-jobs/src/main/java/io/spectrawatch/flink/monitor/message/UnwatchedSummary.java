package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What one shard did not watch of a model in one pane, because it did not fit the memory: as it
 * lies in state while the pane is open, and on its way to its merge bucket.
 *
 * <pre>
 *   "SWPU", version 1
 *   int32      shard
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   text       why the model is not watched at all, absent if it is but for some layers
 *   int64      snapshots of a model that is not watched at all
 *   int64      times that a layer beyond those named was left out
 *   int32      layers named, then per layer
 *              int32 index, text layer, int32 columns, int64 rows
 * </pre>
 */
public record UnwatchedSummary(
        int shard,
        Pane pane,
        ModelKey model,
        String reason,
        long snapshots,
        long further,
        List<Unwatched> layers) {

    private static final int MAGIC = 0x53575055;
    private static final int VERSION = 1;
    private static final String WHAT = "pane unwatched";
    private static final int FIXED_BYTES = 256;
    private static final int LEAST_BYTES = 3 * Integer.BYTES + Long.BYTES;
    private static final String STATE_PREFIX = "unwatched/";

    /** A layer and how many of its rows were left out. */
    public record Unwatched(int index, String layer, int columns, long rows) {}

    /** The entry of its merge bucket that it is. */
    public EntryId id() {
        return EntryId.ofModel(EntryId.Kind.UNWATCHED, pane, model, shard);
    }

    public static boolean isState(String name) {
        return name.startsWith(STATE_PREFIX);
    }

    public static String stateName(Pane pane, ModelKey model) {
        return StateNames.of(STATE_PREFIX, pane, model);
    }

    /** With one more snapshot of a model that is not watched at all. */
    public UnwatchedSummary plusSnapshot() {
        return new UnwatchedSummary(shard, pane, model, reason, snapshots + 1, further, layers);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES);
        model.write(pane.write(out.int32(shard))).text(reason).int64(snapshots).int64(further);
        out.int32(layers.size());
        for (Unwatched each : layers) {
            out.int32(each.index).text(each.layer).int32(each.columns).int64(each.rows);
        }
        return out.toBytes();
    }

    public static UnwatchedSummary fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        int shard = in.int32();
        Pane pane = Pane.read(in);
        ModelKey model = ModelKey.read(in);
        String reason = in.optionalText();
        long snapshots = in.int64();
        long further = in.int64();
        int count = in.count(LEAST_BYTES);
        List<Unwatched> layers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Unwatched each = new Unwatched(in.int32(), in.requiredText(), in.int32(), in.int64());
            in.require(
                    each.index >= 0 && each.columns > 0 && each.rows > 0,
                    "an index from 0, columns and rows from 1",
                    each);
            layers.add(each);
        }
        in.end();
        in.require(
                shard >= 0 && snapshots >= 0 && further >= 0,
                "a shard and counts from 0",
                shard + ", " + snapshots + ", " + further);
        return new UnwatchedSummary(shard, pane, model, reason, snapshots, further, layers);
    }
}
