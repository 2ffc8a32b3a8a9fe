package io.spectrawatch.ops.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spectrawatch.flink.calibrate.config.CalibrationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a calibration says before it begins. */
class CalibrationRunTest {

    /** No job begins, whose tasks would tell it in a stack trace each. */
    @Test
    void moreSamplesThanTheHeapHoldsAreRefusedBeforeAJobBegins() {
        long asked = 1L << 30;
        assumeTrue(asked > Runtime.getRuntime().maxMemory() / 3);
        Map<String, String> settings =
                Map.of(
                        "model.id", "m",
                        "source.offsets.start", "0:0",
                        "source.offsets.end", "0:9",
                        "shards", "1",
                        "detect.memory.bytes", Long.toString(asked));
        CalibrationRun run =
                new CalibrationRun(
                        settings, Map.of("bootstrap.servers", "127.0.0.1:1"), "spectrawatch.");
        List<String> progress = new ArrayList<>();
        String message =
                assertThrows(CalibrationException.class, () -> run.run(null, progress::add))
                        .getMessage();
        assertTrue(message.startsWith("detect.memory.bytes: at most "), message);
        assertTrue(message.endsWith("found " + asked), message);
        assertEquals(List.of(), progress);
    }
}
