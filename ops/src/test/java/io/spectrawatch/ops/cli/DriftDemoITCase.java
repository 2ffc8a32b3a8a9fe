package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The drift demo from the command to its JSON, on the real model: ten minutes on two free
 * processors, so it runs only where it is asked for, with {@code -Dspectrawatch.demo.drift=true}.
 */
@EnabledIfSystemProperty(named = "spectrawatch.demo.drift", matches = "true")
class DriftDemoITCase {

    private static final Set<String> INPUT = Set.of("INPUT", "INPUT_AND_MAP");
    private static final Set<String> MECHANISM = Set.of("MECHANISM");

    @TempDir private Path folder;

    @Test
    void everyPhaseGoesAsPromised() throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Path json = folder.resolve("drift.json");
        Path scrape = folder.resolve("scrape.txt");

        int code =
                Main.execute(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        "demo",
                        "--scenario",
                        "drift",
                        "--exit-when-done",
                        "--metrics-port",
                        "0",
                        "--web-port",
                        "0",
                        "--json",
                        json.toString(),
                        "--metrics-file",
                        scrape.toString());

        System.out.println(out);
        assertEquals(0, code, () -> out + "\n" + err);
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertTrue(report.get("asPromised").asBoolean());
        assertEquals(64, report.get("baselineId").asText().length());
        assertEquals(0, report.get("rejected").asInt());
        JsonNode phases = report.get("phases");
        List<String> names = new ArrayList<>();
        phases.fieldNames().forEachRemaining(names::add);
        assertEquals(
                List.of("reference", "unchanged", "inputDrift", "recovery", "mechanismDrift"),
                names);
        for (JsonNode phase : phases) {
            assertTrue(phase.get("windows").asInt() > 0, phase.toString());
            assertTrue(phase.get("asPromised").asBoolean(), phase.toString());
        }
        assertEquals(0, phases.get("reference").get("certificates").asInt());
        assertEquals(0, phases.get("reference").get("alerts").size());
        assertTrue(phases.get("unchanged").get("certificates").asInt() > 0);
        assertEquals(0, phases.get("unchanged").get("alerts").size());
        assertNamed(phases.get("inputDrift"), INPUT);
        assertEquals(0, phases.get("recovery").get("alerts").size());
        assertTrue(phases.get("recovery").get("resolved").size() > 0);
        assertNamed(phases.get("mechanismDrift"), MECHANISM);
        for (JsonNode alert : report.get("alerts")) {
            boolean coarse = alert.get("phase").asText().equals("mechanismDrift");
            if (coarse && alert.get("transition").asText().equals("RAISED")) {
                assertTrue(
                        alert.get("interfaceName").asText().endsWith("->last_hidden_state"),
                        alert.toString());
            }
        }
        String metrics = Files.readString(scrape);
        assertTrue(metrics.contains("spectrawatch_certificate_radius{"));
        assertTrue(metrics.contains("kind=\"CERTIFICATE_DRIFT\""));
    }

    private static void assertNamed(JsonNode phase, Set<String> allowed) {
        assertTrue(phase.get("alerts").get("CERTIFICATE_DRIFT").asInt() > 0, phase.toString());
        phase.get("causes")
                .fieldNames()
                .forEachRemaining(cause -> assertTrue(allowed.contains(cause), phase.toString()));
    }
}
