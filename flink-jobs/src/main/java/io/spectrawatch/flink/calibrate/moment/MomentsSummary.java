package io.spectrawatch.flink.calibrate.moment;

import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;

/**
 * Moments of one interface on one shard: those of the reference, or of one held-back pane.
 *
 * <pre>
 *   "SWCM", version 1
 *   int32      shard
 *   int32      place of the first layer among the windows
 *   int32      1 for a held-back pane, 0 for the reference
 *   int64 x 2  pane start, end; 0, 1 for the reference
 *   bytes      moments, in their own versioned form
 * </pre>
 *
 * @param pane the held-back pane, or null for the reference
 */
public record MomentsSummary(int shard, int x, Pane pane, byte[] moments) {

    private static final int MAGIC = 0x5357434D;
    private static final int VERSION = 1;
    private static final String WHAT = "moments summary";
    private static final int FIXED_BYTES = 40;

    /** Stands where the reference has no pane. */
    private static final Pane NONE = new Pane(0, 1);

    static boolean matches(byte[] payload) {
        return StateForm.hasMagic(payload, MAGIC);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES + moments.length);
        out.int32(shard).int32(x).int32(pane == null ? 0 : 1);
        return (pane == null ? NONE : pane).write(out).bytes(moments).toBytes();
    }

    public static MomentsSummary fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        int shard = in.int32();
        int x = in.int32();
        int heldBack = in.int32();
        Pane pane = Pane.read(in);
        boolean known = heldBack == 1 || heldBack == 0 && pane.equals(NONE);
        in.require(known, "1 and a pane, or 0 and " + NONE, heldBack + " and " + pane);
        byte[] moments = in.bytes();
        in.end();
        return new MomentsSummary(shard, x, heldBack == 1 ? pane : null, moments);
    }
}
