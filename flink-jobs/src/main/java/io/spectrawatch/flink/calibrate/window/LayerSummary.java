package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;

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
        return StateForm.hasMagic(payload, MAGIC);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES + sketch.length);
        return layer.write(model.write(out.int32(shard))).bytes(sketch).toBytes();
    }

    public static LayerSummary fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        LayerSummary summary =
                new LayerSummary(in.int32(), ModelKey.read(in), LayerKey.read(in), in.bytes());
        in.end();
        return summary;
    }
}
