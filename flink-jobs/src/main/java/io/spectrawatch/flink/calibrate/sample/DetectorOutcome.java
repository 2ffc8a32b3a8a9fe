package io.spectrawatch.flink.calibrate.sample;

import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The detector fitted on the reference samples, or why there is none.
 *
 * <pre>
 *   "SWDO", version 3; 2 is read, too, and ends before what was left out
 *   int32  samples it was fitted on
 *   text   why there is none, absent if there is one
 *   text   why scores of the head are not among its, absent if they are
 *   bytes  detector in its own versioned form, empty if there is none
 *   int32  what was left out | each: text name, text reason
 * </pre>
 */
public record DetectorOutcome(
        int samples,
        String refusal,
        String headless,
        byte[] detector,
        Map<String, String> leftOut) {

    private static final int MAGIC = 0x5357444F;
    private static final int VERSION = 3;
    private static final int BEFORE = 2;
    private static final String WHAT = "detector outcome";

    public static DetectorOutcome refused(int samples, String reason) {
        return new DetectorOutcome(samples, reason, null, new byte[0], Map.of());
    }

    public byte[] toBytes() {
        ByteWriter out =
                StateForm.writer(MAGIC, VERSION, 64 + detector.length)
                        .int32(samples)
                        .text(refusal)
                        .text(headless)
                        .bytes(detector)
                        .int32(leftOut.size());
        leftOut.forEach((name, reason) -> out.text(name).text(reason));
        return out.toBytes();
    }

    public static DetectorOutcome fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, BEFORE, VERSION, WHAT);
        int samples = in.int32();
        String refusal = in.optionalText();
        String headless = in.optionalText();
        byte[] detector = in.bytes();
        Map<String, String> leftOut = new LinkedHashMap<>();
        int count = in.version() == BEFORE ? 0 : in.int32();
        for (int i = 0; i < count; i++) {
            leftOut.put(in.requiredText(), in.requiredText());
        }
        in.end();
        if (leftOut.size() != count) {
            throw new IllegalStateException(
                    WHAT + ": " + count + " different names left out expected, found " + leftOut);
        }
        return new DetectorOutcome(samples, refusal, headless, detector, leftOut);
    }
}
