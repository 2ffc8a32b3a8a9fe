package io.spectrawatch.flink.calibrate.moment;

import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;

/**
 * How the calibration of one interface ended.
 *
 * <pre>
 *   "SWCI", version 1
 *   int32  place of the first layer among the windows
 *   int64  reference rows
 *   int64  held-back rows
 *   int32  held-back panes
 *   text   why it was refused, absent if it was not
 *   bytes  interface baseline in its canonical form, empty if refused
 * </pre>
 */
public record InterfaceOutcome(
        int x,
        long referenceRows,
        long heldBackRows,
        int heldBackPanes,
        String refusal,
        byte[] baseline) {

    private static final int MAGIC = 0x53574349;
    private static final int VERSION = 1;
    private static final String WHAT = "interface outcome";
    private static final int FIXED_BYTES = 512;

    public byte[] toBytes() {
        return StateForm.writer(MAGIC, VERSION, FIXED_BYTES + baseline.length)
                .int32(x)
                .int64(referenceRows)
                .int64(heldBackRows)
                .int32(heldBackPanes)
                .text(refusal)
                .bytes(baseline)
                .toBytes();
    }

    public static InterfaceOutcome fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        InterfaceOutcome outcome =
                new InterfaceOutcome(
                        in.int32(),
                        in.int64(),
                        in.int64(),
                        in.int32(),
                        in.optionalText(),
                        in.bytes());
        in.end();
        return outcome;
    }
}
