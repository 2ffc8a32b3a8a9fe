package io.spectrawatch.flink.monitor.attack;

import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Arrays;

/**
 * How far each shard has told its beats, as one merge bucket knows it.
 *
 * <pre>
 *   "SWUB", version 1
 *   int32  shards, each int64 last beat
 * </pre>
 */
public final class SurgeBeats {

    private static final int MAGIC = 0x53575542;
    private static final int VERSION = 1;
    private static final String WHAT = "beats of a bucket";

    private final long[] last;

    public SurgeBeats(int shards) {
        last = new long[shards];
        Arrays.fill(last, Long.MIN_VALUE);
    }

    /** Notes a shard's beat; one that does not advance changes nothing. */
    public void take(int shard, long beat) {
        last[shard] = Math.max(last[shard], beat);
    }

    /** The beat that every shard has told; Long.MIN_VALUE while one told none. */
    long complete() {
        return Arrays.stream(last).min().orElse(Long.MIN_VALUE);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, 16 + Long.BYTES * last.length);
        out.int32(last.length);
        for (long beat : last) {
            out.int64(beat);
        }
        return out.toBytes();
    }

    /**
     * @param shards of the log
     */
    public static SurgeBeats fromBytes(byte[] bytes, int shards) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        SurgeBeats beats = read(in, shards);
        in.end();
        return beats;
    }

    static SurgeBeats read(ByteReader in, int shards) {
        int count = in.count(Long.BYTES);
        in.require(count == shards, "the beats of " + shards + " shards", count);
        SurgeBeats beats = new SurgeBeats(shards);
        for (int i = 0; i < count; i++) {
            beats.last[i] = in.int64();
        }
        return beats;
    }
}
