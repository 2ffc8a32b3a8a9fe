package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A shard's mark that all its panes up to a boundary are closed and their summaries are sent.
 *
 * <p>It also carries what entered those panes, per model: a merge bucket must name it even for a
 * layer that the shard saw no row of.
 *
 * <pre>
 *   "SWCL", version 2
 *   int32  shard
 *   int64  closedThrough: panes that end here or before are closed, microseconds
 *   int64  offset of the tick
 *   int32  number of model inputs, then each as bytes
 *   int32  ticks, then the counts of each, see {@link ShardCounts}; absent in version 1
 * </pre>
 *
 * @param ticks the last one of each pane before the boundary, unless an earlier mark had it
 */
public record ShardClosed(
        int shard,
        long closedThrough,
        long tickOffset,
        List<ModelInput> inputs,
        List<TickCounts> ticks) {

    private static final int MAGIC = 0x5357434C;
    private static final int VERSION = 2;
    private static final int WITHOUT_TICKS = 1;
    private static final String WHAT = "shard closed";
    private static final int FIXED_BYTES = 64;

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES);
        out.int32(shard).int64(closedThrough).int64(tickOffset).int32(inputs.size());
        inputs.forEach(input -> out.bytes(input.toBytes()));
        ShardCounts.write(out, ticks);
        return out.toBytes();
    }

    public static ShardClosed fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, WITHOUT_TICKS, VERSION, WHAT);
        int shard = in.int32();
        long closedThrough = in.int64();
        long tickOffset = in.int64();
        int count = in.count(Integer.BYTES);
        List<ModelInput> inputs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            inputs.add(ModelInput.fromBytes(in.bytes()));
        }
        List<TickCounts> ticks = in.version() == WITHOUT_TICKS ? List.of() : ShardCounts.read(in);
        in.end();
        in.require(
                shard >= 0 && tickOffset >= 0,
                "a shard and an offset from 0",
                shard + ", " + tickOffset);
        return new ShardClosed(shard, closedThrough, tickOffset, inputs, ticks);
    }
}
