package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one shard's part of the range holds.
 *
 * <pre>
 *   "SWCS", version 1
 *   int32  shard
 *   int64  records left out
 *   int64  shortest pane length of its ticks, microseconds; 0 without ticks
 *   int64  longest
 *   int32  number of models, then per model
 *          text x 3 model, version, digest, int64 snapshots, int64 rows over all layers
 * </pre>
 */
public record ShardSurvey(
        int shard,
        long leftOut,
        long shortestPane,
        long longestPane,
        TreeMap<ModelKey, Count> models) {

    private static final int MAGIC = 0x53574353;
    private static final int VERSION = 1;
    private static final String WHAT = "shard survey";
    private static final int LEAST_MODEL_BYTES = 3 * Integer.BYTES + 2 * Long.BYTES;

    /** Snapshots of a model and their rows over all layers. */
    public record Count(long snapshots, long rows) {
        Count plus(Count other) {
            return new Count(snapshots + other.snapshots, rows + other.rows);
        }
    }

    static boolean matches(byte[] payload) {
        return StateForm.hasMagic(payload, MAGIC);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, 256);
        out.int32(shard).int64(leftOut).int64(shortestPane).int64(longestPane);
        out.int32(models.size());
        for (Map.Entry<ModelKey, Count> model : models.entrySet()) {
            model.getKey().write(out);
            out.int64(model.getValue().snapshots()).int64(model.getValue().rows());
        }
        return out.toBytes();
    }

    public static ShardSurvey fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        int shard = in.int32();
        long leftOut = in.int64();
        long shortest = in.int64();
        long longest = in.int64();
        TreeMap<ModelKey, Count> models = new TreeMap<>();
        int count = in.count(LEAST_MODEL_BYTES);
        for (int i = 0; i < count; i++) {
            models.put(ModelKey.read(in), new Count(in.int64(), in.int64()));
        }
        in.end();
        return new ShardSurvey(shard, leftOut, shortest, longest, models);
    }
}
