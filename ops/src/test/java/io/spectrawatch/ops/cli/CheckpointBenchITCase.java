package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bench checkpoint} prints; not how long anything takes. */
class CheckpointBenchITCase {

    @TempDir private Path folder;

    /** A minute of real services: the profile {@code bench} runs it. */
    @Test
    @EnabledIfSystemProperty(named = "spectrawatch.bench", matches = "true")
    void bothRunsTakeTheWholeLog() throws Exception {
        Measurement measured =
                Measurement.of(
                        folder,
                        "checkpoint",
                        List.of(
                                "--columns=64",
                                "--layers=3",
                                "--rows-per-snapshot=32",
                                "--snapshots=400",
                                "--interval-ms=50",
                                "--memory-budget=heap=1g,native=512m"));

        JsonNode report = measured.report();
        assertEquals(50, report.path("intervalMillis").asLong(), report::toString);
        assertEquals(
                "heap=1073741824,native=536870912",
                report.path("memoryBudget").asText(),
                report::toString);
        assertTrue(report.path("stateBytes").asLong() > 0, report::toString);
        for (String run : List.of("without", "with")) {
            assertTrue(
                    report.path(run).path("longestPauseMillis").asDouble() > 0, report::toString);
            assertTrue(report.path(run).path("rowsPerSecond").asDouble() > 0, report::toString);
        }
        assertTrue(measured.printed().contains("every 50 ms"), measured.printed());
    }

    @Test
    void whatMakesNoSenseIsNamed() {
        String often = Measurement.refused("bench", "checkpoint", "--interval-ms=5");
        assertTrue(often.contains("--interval-ms must be at least 10, found 5"), often);
        String much = Measurement.refused("bench", "checkpoint", "--memory-budget=much");
        assertTrue(much.contains("auto, unlimited or sizes"), much);
    }
}
