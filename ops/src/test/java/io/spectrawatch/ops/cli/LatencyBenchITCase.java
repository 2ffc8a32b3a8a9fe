package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code bench latency} prints; not how long anything takes. */
class LatencyBenchITCase {

    @TempDir private Path folder;

    /** Some minutes of real services: the profile {@code bench} runs it. */
    @Test
    @EnabledIfSystemProperty(named = "spectrawatch.bench", matches = "true")
    void everySampleIsAwaited() throws Exception {
        Path json = folder.resolve("latency.json");
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new Main()).setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(out));

        int code =
                command.execute(
                        "bench",
                        "latency",
                        "--columns=8",
                        "--layers=3",
                        "--rows-per-snapshot=64",
                        "--rows-per-sample=4",
                        "--snapshots=20",
                        "--shards=2",
                        "--load=0.05",
                        "--seconds=2",
                        "--checkpoint-interval-ms=300",
                        "--json=" + json);

        assertEquals(0, code, out.toString());
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertTrue(report.path("samples").asInt() > 0, report::toString);
        assertEquals(0, report.path("samples").asInt() % 16, "all samples of a snapshot");
        assertTrue(report.path("p50Millis").asDouble() > 0, report::toString);
        assertTrue(
                report.path("p99Millis").asDouble() <= report.path("maxMillis").asDouble(),
                report::toString);
        assertTrue(out.toString().contains("sent to score visible"), out.toString());
    }

    @Test
    void whatMakesNoSenseIsNamed() {
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new Main()).setErr(new PrintWriter(err));

        assertEquals(2, command.execute("bench", "latency", "--load=1.5"));
        assertTrue(
                err.toString().contains("load must be above 0 and below 1, found 1.5"),
                err.toString());
        assertEquals(2, command.execute("bench", "capture", "--requests=7"));
        assertTrue(
                err.toString().contains("requests must be at least 100, found 7"), err.toString());
    }
}
