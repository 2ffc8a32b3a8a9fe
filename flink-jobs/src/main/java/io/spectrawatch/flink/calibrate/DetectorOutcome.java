package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.log.BinaryReader;
import io.spectrawatch.flink.log.BinaryWriter;

/**
 * The detector fitted on the reference samples, or why there is none.
 *
 * <pre>
 *   "SWDO", version 1
 *   int32  samples it was fitted on
 *   text   why there is none, absent if there is one
 *   bytes  detector in its own versioned form, empty if there is none
 * </pre>
 */
record DetectorOutcome(int samples, String refusal, byte[] detector) {

    private static final int MAGIC = 0x5357444F;
    private static final int VERSION = 1;
    private static final String WHAT = "detector outcome";

    static DetectorOutcome refused(int samples, String reason) {
        return new DetectorOutcome(samples, reason, new byte[0]);
    }

    byte[] toBytes() {
        return new BinaryWriter(MAGIC, VERSION, 64 + detector.length)
                .int32(samples)
                .text(refusal)
                .bytes(detector)
                .toBytes();
    }

    static DetectorOutcome fromBytes(byte[] bytes) {
        BinaryReader in = new BinaryReader(bytes, MAGIC, VERSION, WHAT);
        DetectorOutcome outcome = new DetectorOutcome(in.int32(), in.text(), in.bytes());
        in.end();
        return outcome;
    }
}
