package io.spectrawatch.ops.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.spectrawatch.ops.FreePort;
import io.spectrawatch.ops.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole demos under a real Prometheus and a real Alertmanager: what the monitor finds fires,
 * reaches a webhook, and is resolved while the demo goes on.
 *
 * <pre>
 * mvn -pl ops test -Palerting
 * </pre>
 */
@Timeout(2400)
@EnabledIfSystemProperty(named = "spectrawatch.alerting", matches = "true")
class DemoAlertingITCase {

    @TempDir private Path folder;
    private final StringWriter said = new StringWriter();

    /** The exit code, once the demo has ended by itself. */
    private CompletableFuture<Integer> demo(String scenario, int port) {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread running = new Thread(() -> code.complete(run(scenario, port)), "demo");
        running.setDaemon(true);
        running.start();
        return code;
    }

    private int run(String scenario, int port) {
        PrintWriter out = new PrintWriter(said, true);
        return Main.execute(
                out,
                out,
                "demo",
                "--scenario",
                scenario,
                "--exit-when-done",
                "--metrics-port",
                Integer.toString(port),
                "--web-port",
                "0");
    }

    private static boolean isAbout(JsonNode alert, String model, String part) {
        JsonNode labels = alert.get("labels");
        return labels.path("model").asText().equals(model)
                && labels.path("interface").asText().equals(part);
    }

    @Test
    void aDriftFiresAndIsResolvedWhenItsInputIsBack() throws Exception {
        int port = FreePort.next();
        try (AlertingStack stack = new AlertingStack(folder)) {
            stack.start(port);
            CompletableFuture<Integer> demo = demo("drift", port);
            String rule = "SpectrawatchCertificateDrift";
            JsonNode fired = stack.await(AlertingStack.is(rule, "firing"));
            String model = fired.get("labels").get("model").textValue();
            String part = fired.get("labels").get("interface").textValue();
            assertTrue(
                    fired.get("annotations")
                            .get("summary")
                            .textValue()
                            .startsWith(part + " drifts"),
                    fired.toString());
            stack.await(
                    each ->
                            AlertingStack.is(rule, "resolved").test(each)
                                    && isAbout(each, model, part));
            assertFalse(demo.isDone(), "it was resolved by the end of the demo alone");
            assertEquals(0, demo.get(), said::toString);
        }
    }

    @Test
    void anAttackFiresWithItsAlertAsExemplarAndIsResolvedWhenItEnds() throws Exception {
        int port = FreePort.next();
        try (AlertingStack stack = new AlertingStack(folder)) {
            stack.start(port);
            CompletableFuture<Integer> demo = demo("attack", port);
            String rule = "SpectrawatchUnderAttack";
            JsonNode fired = stack.await(AlertingStack.is(rule, "firing"));
            assertEquals(
                    "https://docs.example/runbooks.md#under_attack",
                    fired.get("annotations").get("runbook_url").textValue());
            assertFalse(stack.exemplar("spectrawatch_alerts_total").get("alert_id").isNull());
            stack.await(AlertingStack.is(rule, "resolved"));
            assertFalse(demo.isDone(), "it was resolved by the end of the demo alone");
            assertEquals(0, demo.get(), said::toString);
        }
    }
}
