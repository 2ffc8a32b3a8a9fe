package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bench scale} prints; not how long anything takes. */
class ScaleBenchITCase {

    @TempDir private Path folder;

    /** Some minutes of real services: the profile {@code bench} runs it. */
    @Test
    @EnabledIfSystemProperty(named = "spectrawatch.bench", matches = "true")
    void everyRunTakesTheSameRows() throws Exception {
        Measurement measured =
                Measurement.of(
                        folder,
                        "scale",
                        List.of(
                                "--layers=2,4",
                                "--shards=2,1",
                                "--models=1,3",
                                "--rows=3200",
                                "--columns=8",
                                "--rows-per-snapshot=8"));

        JsonNode runs = measured.report().path("runs");
        assertEquals(6, runs.size(), runs::toString);
        for (JsonNode run : runs) {
            boolean four =
                    run.path("varied").asText().equals("layers") && run.path("number").asInt() == 4;
            assertEquals(four ? 100 : 200, run.path("snapshots").asInt(), run::toString);
            assertTrue(run.path("sketch").path("rowsPerSecond").asDouble() > 0, run::toString);
            assertTrue(run.path("overFirst").asDouble() > 0, run::toString);
        }
        assertTrue(measured.printed().contains("models"), measured.printed());
    }

    @Test
    void whatMakesNoSenseIsNamed() {
        String none = Measurement.refused("bench", "scale", "--models=0,1");
        assertTrue(none.contains("models must be at least 1, found 0"), none);
        String large = Measurement.refused("bench", "scale", "--layers=7000", "--models=1");
        assertTrue(large.contains("take fewer rows per snapshot"), large);
    }
}
