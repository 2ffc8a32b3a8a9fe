package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The pipeline's benchmark goes through every stage; its timings are nobody's test. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class PipelineBenchITCase {

    private static final List<String> STAGES =
            List.of(
                    "plain",
                    "passThrough",
                    "copy",
                    "ingest",
                    "sketch",
                    "certified",
                    "full",
                    "endToEnd");

    @TempDir private Path folder;

    /** Some minutes of real services: the profile {@code bench} runs it. */
    @Test
    @EnabledIfSystemProperty(named = "spectrawatch.bench", matches = "true")
    void everyStageIsMeasured() throws Exception {
        Path json = folder.resolve("pipeline.json");
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new Main()).setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(out));

        int code =
                command.execute(
                        "bench",
                        "pipeline",
                        "--columns=8",
                        "--layers=3",
                        "--rows-per-snapshot=64",
                        "--rows-per-sample=4",
                        "--snapshots=20",
                        "--shards=2",
                        "--json=" + json);

        assertEquals(0, code, out.toString());
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        for (String stage : STAGES) {
            JsonNode cost = report.path(stage);
            assertTrue(cost.path("rowsPerSecond").asDouble() > 0, stage + ": " + report);
            assertTrue(cost.path("megabytesPerSecond").asDouble() > 0, stage + ": " + report);
            assertTrue(cost.has("cpuSecondsPerMillionRows"), stage + ": " + report);
            assertTrue(cost.path("frames").isArray(), stage + ": " + report);
        }
        for (String ratio : List.of("sketchRatio", "fullRatio", "ingestRatio")) {
            assertTrue(report.path(ratio).asDouble() > 0, ratio + ": " + report);
        }
        assertTrue(out.toString().contains("over pass-through"), out.toString());
    }

    @Test
    void whatCannotBeSentIsNamed() {
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new Main()).setErr(new PrintWriter(err));

        assertEquals(2, command.execute("bench", "pipeline", "--columns=4096", "--layers=8"));
        assertTrue(err.toString().contains("take fewer rows per snapshot"), err.toString());
    }
}
