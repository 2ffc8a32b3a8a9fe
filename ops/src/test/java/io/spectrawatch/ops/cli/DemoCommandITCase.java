package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short demo, from the command to its JSON, on the real model. */
class DemoCommandITCase {

    private static final int LAYERS = 7;

    @TempDir private Path folder;

    @Test
    void everySketchAgreesWithItsRows() throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Path json = folder.resolve("out.json");
        Path scrape = folder.resolve("scrape.txt");

        int code =
                Main.execute(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        "demo",
                        "--exit-when-done",
                        "--snapshots",
                        "210",
                        "--sentences",
                        "2",
                        "--metrics-port",
                        "0",
                        "--web-port",
                        "0",
                        "--json",
                        json.toString(),
                        "--metrics-file",
                        scrape.toString());

        assertEquals(0, code, () -> out + "\n" + err);
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertEquals(210, report.get("snapshots").asInt());
        assertEquals(LAYERS, report.get("layers").asInt());
        assertEquals(2, report.get("windows").asInt());
        assertEquals(2 * LAYERS, report.get("sketches").asInt());
        assertEquals(0, report.get("rejected").asInt());
        assertEquals(0, report.get("dropped").asInt());
        assertTrue(report.get("rows").asLong() > 210 * LAYERS);
        assertTrue(report.get("rowsPerSecond").asDouble() > 0);
        double agreement = report.get("offlineAgreement").asDouble();
        assertTrue(agreement > 0 && agreement <= 1, "agreement " + agreement);
        assertTrue(Files.readString(scrape).contains("spectrawatch_effective_rank_upper{"));
    }
}
