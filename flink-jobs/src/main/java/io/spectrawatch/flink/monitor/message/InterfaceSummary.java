package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.monitor.record.KernelCodec;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.kernel.KernelDescription;

/**
 * The moments of one interface over one pane on one shard, on their way to the model's bucket.
 *
 * <pre>
 *   "SWIS", version 1
 *   int32      shard
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   text       baseline
 *   int32      place of the interface in the baseline
 *   text x 5   kernel provider, library, its version, core name, device
 *   int32      threads
 *   bytes      moments, in their own versioned form
 * </pre>
 */
public record InterfaceSummary(
        int shard,
        Pane pane,
        ModelKey model,
        String baselineId,
        int index,
        KernelDescription kernel,
        byte[] moments) {

    private static final int MAGIC = 0x53574953;
    private static final int VERSION = 1;
    private static final String WHAT = "interface summary";
    private static final int FIXED_BYTES = 512;

    /** The entry of its merge bucket that it is. */
    public EntryId id() {
        return EntryId.ofInterface(pane, model, index, shard);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES + moments.length);
        model.write(pane.write(out.int32(shard))).text(baselineId).int32(index);
        KernelCodec.write(out, kernel);
        return out.bytes(moments).toBytes();
    }

    public static InterfaceSummary fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        InterfaceSummary summary =
                new InterfaceSummary(
                        in.int32(),
                        Pane.read(in),
                        ModelKey.read(in),
                        in.optionalText(),
                        in.int32(),
                        KernelCodec.read(in),
                        in.bytes());
        in.end();
        return summary;
    }
}
