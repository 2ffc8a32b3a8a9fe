package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code bench capture} prints; not how long anything takes. */
class CaptureBenchITCase {

    @TempDir private Path folder;

    @Test
    void everyShareIsServed() throws Exception {
        Path json = folder.resolve("capture.json");
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new Main()).setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(out));

        assertEquals(
                0,
                command.execute("bench", "capture", "--requests=100", "--json=" + json),
                out.toString());

        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertTrue(report.path("bare").path("requestsPerSecond").asDouble() > 0);
        assertEquals(3, report.path("tapped").size());
        double[] shares = {1, 0.1, 0.01};
        for (int i = 0; i < shares.length; i++) {
            JsonNode tapped = report.path("tapped").path(i);
            assertEquals(shares[i], tapped.path("share").asDouble());
            assertTrue(tapped.path("p99Millis").asDouble() > 0, report::toString);
        }
        assertTrue(out.toString().contains("no tap"), out.toString());
    }
}
