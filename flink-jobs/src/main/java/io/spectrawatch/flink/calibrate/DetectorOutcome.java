package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.log.BinaryReader;
import io.spectrawatch.flink.log.BinaryWriter;

/**
 * The detector fitted on the reference samples, or why there is none.
 *
 * <pre>
 *   "SWDO", version 2
 *   int32  samples it was fitted on
 *   text   why there is none, absent if there is one
 *   text   why scores of the head are not among its, absent if they are
 *   bytes  detector in its own versioned form, empty if there is none
 * </pre>
 */
record DetectorOutcome(int samples, String refusal, String headless, byte[] detector) {

    private static final int MAGIC = 0x5357444F;
    private static final int VERSION = 2;
    private static final String WHAT = "detector outcome";

    static DetectorOutcome refused(int samples, String reason) {
        return new DetectorOutcome(samples, reason, null, new byte[0]);
    }

    byte[] toBytes() {
        return new BinaryWriter(MAGIC, VERSION, 64 + detector.length)
                .int32(samples)
                .text(refusal)
                .text(headless)
                .bytes(detector)
                .toBytes();
    }

    static DetectorOutcome fromBytes(byte[] bytes) {
        BinaryReader in = new BinaryReader(bytes, MAGIC, VERSION, WHAT);
        DetectorOutcome outcome = new DetectorOutcome(in.int32(), in.text(), in.text(), in.bytes());
        in.end();
        return outcome;
    }
}
