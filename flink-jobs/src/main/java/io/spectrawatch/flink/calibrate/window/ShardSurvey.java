package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one shard's part of the range holds.
 *
 * <pre>
 *   "SWCS", version 2
 *   int32  shard
 *   int64  records left out
 *   int64  shortest pane length of its ticks, microseconds; 0 without ticks
 *   int64  longest
 *   int32  number of models, then per model
 *          text x 3 model, version, digest, int64 snapshots, int64 rows over all layers
 *   int32  layers with a tap, then per layer text name, int32 taps, text each; not in version 1
 * </pre>
 *
 * @param taps what snapshots of the calibrated model say that the rows of a layer are, by its name
 */
public record ShardSurvey(
        int shard,
        long leftOut,
        long shortestPane,
        long longestPane,
        TreeMap<ModelKey, Count> models,
        TreeMap<String, TreeSet<String>> taps) {

    private static final int MAGIC = 0x53574353;
    private static final int WITHOUT_TAPS = 1;
    private static final int VERSION = 2;
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
        out.int32(taps.size());
        taps.forEach(
                (layer, own) -> {
                    out.text(layer).int32(own.size());
                    own.forEach(out::text);
                });
        return out.toBytes();
    }

    public static ShardSurvey fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, WITHOUT_TAPS, VERSION, WHAT);
        int shard = in.int32();
        long leftOut = in.int64();
        long shortest = in.int64();
        long longest = in.int64();
        TreeMap<ModelKey, Count> models = new TreeMap<>();
        int count = in.count(LEAST_MODEL_BYTES);
        for (int i = 0; i < count; i++) {
            models.put(ModelKey.read(in), new Count(in.int64(), in.int64()));
        }
        TreeMap<String, TreeSet<String>> taps = new TreeMap<>();
        int tapped = in.version() == VERSION ? in.count(2 * Integer.BYTES) : 0;
        for (int i = 0; i < tapped; i++) {
            TreeSet<String> own = taps.computeIfAbsent(in.requiredText(), t -> new TreeSet<>());
            int said = in.count(Integer.BYTES);
            for (int t = 0; t < said; t++) {
                own.add(in.requiredText());
            }
        }
        in.end();
        return new ShardSurvey(shard, leftOut, shortest, longest, models, taps);
    }
}
