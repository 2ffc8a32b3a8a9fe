package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline's benchmark goes through every stage; its timings are nobody's test. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class PipelineBenchITCase {

    private static final List<String> STAGES =
            List.of(
                    "plain",
                    "passThrough",
                    "copy",
                    "ingest",
                    "kernel",
                    "sketch",
                    "certified",
                    "full",
                    "endToEnd");

    @TempDir private Path folder;

    /** Some minutes of real services: the profile {@code bench} runs it. */
    @Test
    @EnabledIfSystemProperty(named = "spectrawatch.bench", matches = "true")
    void everyStageIsMeasured() throws Exception {
        Measurement measured = Measurement.of(folder, "pipeline", Measurement.FEW_ROWS);

        JsonNode report = measured.report();
        for (String stage : STAGES) {
            JsonNode cost = report.path(stage);
            assertTrue(cost.path("rowsPerSecond").asDouble() > 0, stage + ": " + report);
            assertTrue(cost.path("megabytesPerSecond").asDouble() > 0, stage + ": " + report);
            assertTrue(cost.has("cpuSecondsPerMillionRows"), stage + ": " + report);
            assertTrue(cost.path("frames").isArray(), stage + ": " + report);
        }
        for (String ratio : List.of("sketchCost", "sketchRatio", "fullRatio", "ingestRatio")) {
            assertTrue(report.path(ratio).asDouble() > 0, ratio + ": " + report);
        }
        assertTrue(measured.printed().contains("over pass-through"), measured.printed());
    }

    @Test
    void whatCannotBeSentIsNamed() {
        String much = Measurement.refused("bench", "pipeline", "--columns=4096", "--layers=8");
        assertTrue(much.contains("take fewer rows per snapshot"), much);
        String large =
                Measurement.refused(
                        "bench",
                        "pipeline",
                        "--columns=8192",
                        "--layers=2",
                        "--rows-per-snapshot=128",
                        "--rows-per-sample=128",
                        "--element-type=FLOAT16");
        assertTrue(large.contains("take fewer rows per sample, or more heap"), large);
    }
}
