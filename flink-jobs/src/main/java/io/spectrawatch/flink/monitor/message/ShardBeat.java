package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;

/**
 * A shard's mark that all its beats up to this one are sent.
 *
 * <pre>
 *   "SWSB", version 1
 *   int32  shard
 *   int64  beat
 * </pre>
 */
public record ShardBeat(int shard, long beat) {

    private static final int MAGIC = 0x53575342;
    private static final int VERSION = 1;
    private static final String WHAT = "shard beat";

    public byte[] toBytes() {
        return StateForm.writer(MAGIC, VERSION, 32).int32(shard).int64(beat).toBytes();
    }

    public static ShardBeat fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        ShardBeat beat = new ShardBeat(in.int32(), in.int64());
        in.end();
        return beat;
    }
}
