package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bench latency} prints; not how long anything takes. */
class LatencyBenchITCase {

    @TempDir private Path folder;

    /** Some minutes of real services: the profile {@code bench} runs it. */
    @Test
    @EnabledIfSystemProperty(named = "spectrawatch.bench", matches = "true")
    void everySampleIsAwaited() throws Exception {
        List<String> options = new ArrayList<>(Measurement.FEW_ROWS);
        options.addAll(List.of("--load=0.05", "--seconds=2", "--checkpoint-interval-ms=300"));

        Measurement measured = Measurement.of(folder, "latency", options);

        JsonNode report = measured.report();
        assertTrue(report.path("samples").asInt() > 0, report::toString);
        assertEquals(0, report.path("samples").asInt() % 16, "all samples of a snapshot");
        assertTrue(report.path("p50Millis").asDouble() > 0, report::toString);
        assertTrue(
                report.path("p99Millis").asDouble() <= report.path("maxMillis").asDouble(),
                report::toString);
        assertTrue(measured.printed().contains("sent to score visible"), measured.printed());
    }

    @Test
    void whatMakesNoSenseIsNamed() {
        String load = Measurement.refused("bench", "latency", "--load=1.5");
        assertTrue(load.contains("load must be above 0 and below 1, found 1.5"), load);
        String few = Measurement.refused("bench", "capture", "--requests=7");
        assertTrue(few.contains("requests must be at least 100, found 7"), few);
    }
}
