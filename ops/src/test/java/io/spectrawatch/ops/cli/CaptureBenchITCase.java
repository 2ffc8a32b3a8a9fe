package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bench capture} prints; not how long anything takes. */
class CaptureBenchITCase {

    @TempDir private Path folder;

    @Test
    void everyShareIsServed() throws Exception {
        Measurement measured = Measurement.of(folder, "capture", List.of("--requests=100"));

        JsonNode report = measured.report();
        assertTrue(report.path("bare").path("requestsPerSecond").asDouble() > 0);
        assertEquals(3, report.path("tapped").size());
        double[] shares = {1, 0.1, 0.01};
        for (int i = 0; i < shares.length; i++) {
            JsonNode tapped = report.path("tapped").path(i);
            assertEquals(shares[i], tapped.path("share").asDouble());
            assertTrue(tapped.path("p99Millis").asDouble() > 0, report::toString);
        }
        assertTrue(measured.printed().contains("no tap"), measured.printed());
    }
}
