package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.state.BinaryReader;
import io.spectrawatch.flink.state.BinaryWriter;
import io.spectrawatch.flink.state.ModelKey;

/**
 * The sketch of one layer's window rows on one shard.
 *
 * <pre>
 *   "SWCL", version 1
 *   int32     shard
 *   text x 3  model, version, digest
 *   int32     layer index
 *   text      layer
 *   int32     columns
 *   bytes     sketch, in its own versioned form
 * </pre>
 */
public record LayerSummary(int shard, ModelKey model, LayerKey layer, byte[] sketch) {

    private static final int MAGIC = 0x5357434C;
    private static final int VERSION = 1;
    private static final String WHAT = "layer summary";
    private static final int FIXED_BYTES = 256;

    static boolean matches(byte[] payload) {
        return BinaryReader.hasMagic(payload, MAGIC);
    }

    public byte[] toBytes() {
        BinaryWriter out = new BinaryWriter(MAGIC, VERSION, FIXED_BYTES + sketch.length);
        return layer.write(model.write(out.int32(shard))).bytes(sketch).toBytes();
    }

    public static LayerSummary fromBytes(byte[] bytes) {
        BinaryReader in = new BinaryReader(bytes, MAGIC, VERSION, WHAT);
        LayerSummary summary =
                new LayerSummary(in.int32(), ModelKey.read(in), LayerKey.read(in), in.bytes());
        in.end();
        return summary;
    }
}
