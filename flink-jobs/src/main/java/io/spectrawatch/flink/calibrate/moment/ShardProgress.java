package io.spectrawatch.flink.calibrate.moment;

import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;

/**
 * How far a shard has closed its held-back panes.
 *
 * <pre>
 *   "SWCP", version 1
 *   int32  shard
 *   int64  panes that end here or before are closed, microseconds
 * </pre>
 */
public record ShardProgress(int shard, long closedThrough) {

    private static final int MAGIC = 0x53574350;
    private static final int VERSION = 1;
    private static final String WHAT = "shard progress";

    public byte[] toBytes() {
        return StateForm.writer(MAGIC, VERSION, 12).int32(shard).int64(closedThrough).toBytes();
    }

    public static ShardProgress fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        ShardProgress progress = new ShardProgress(in.int32(), in.int64());
        in.end();
        return progress;
    }
}
