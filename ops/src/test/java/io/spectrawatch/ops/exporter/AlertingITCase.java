package io.spectrawatch.ops.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ops.FreePort;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.console.MadeRecords;
import io.spectrawatch.ops.web.WebConfig;
import io.spectrawatch.ops.web.WebServer;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.undertow.server.handlers.ResponseCodeHandler;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus with our rules and a real Alertmanager: an alert fires, reaches a webhook, and
 * is resolved; no panel of a dashboard is empty.
 *
 * <pre>
 * mvn -pl ops test -Palerting
 * </pre>
 */
@Timeout(600)
@EnabledIfSystemProperty(named = "spectrawatch.alerting", matches = "true")
class AlertingITCase {

    private static final long LOOK_MILLIS = 500;

    @TempDir private Path folder;

    @Test
    void anAlertFiresReachesAWebhookAndIsResolved() throws Exception {
        CollectorRegistry registry = new CollectorRegistry(true);
        RecordMetrics metrics = new RecordMetrics(null, 100);
        metrics.registerAt(registry);
        try (WebServer server = serve(registry);
                AlertingStack stack = new AlertingStack(folder)) {
            stack.start(URI.create(server.url()).getPort());
            stack.awaitSeries("up == 1");
            Alert raised = MadeAlerts.attack("a", "eve", AlertTransition.RAISED, 1);
            metrics.accept(raised, RecordMetrics.Mode.COUNT);
            JsonNode fired =
                    stack.await(AlertingStack.is("SpectrawatchClientUnderAttack", "firing"));
            assertEquals("gpt", fired.get("labels").get("model").textValue());
            assertEquals(
                    "https://docs.example/runbooks.md#client_under_attack",
                    fired.get("annotations").get("runbook_url").textValue());
            JsonNode exemplar = stack.exemplar("spectrawatch_alerts_total");
            assertEquals("a", exemplar.get("alert_id").textValue());
            assertEquals("4bf92f3577b34da6a3ce929d0e0e4736", exemplar.get("trace_id").textValue());
            metrics.accept(
                    MadeAlerts.attack("b", "eve", AlertTransition.RESOLVED, 9),
                    RecordMetrics.Mode.COUNT);
            stack.await(AlertingStack.is("SpectrawatchClientUnderAttack", "resolved"));
        }
    }

    private static WebServer serve(CollectorRegistry registry) throws IOException {
        return WebServer.start(
                registry,
                ResponseCodeHandler.HANDLE_404,
                new InetSocketAddress("127.0.0.1", 0),
                WebConfig.open());
    }

    /** The demo has what pipeline and layers show; made records have what needs a baseline. */
    @Test
    void noPanelIsEmpty() throws Exception {
        CollectorRegistry registry = new CollectorRegistry(true);
        RecordMetrics metrics = new RecordMetrics(null, 100);
        metrics.registerAt(registry);
        int demo = FreePort.next();
        StringWriter said = new StringWriter();
        Thread running = new Thread(() -> runDemo(demo, said), "demo");
        running.setDaemon(true);
        try (WebServer server = serve(registry);
                AlertingStack stack = new AlertingStack(folder)) {
            stack.start(demo, URI.create(server.url()).getPort());
            running.start();
            Set<Dashboards.Query> empty = new LinkedHashSet<>(Dashboards.queries());
            for (int pane = 1; !empty.isEmpty(); pane++) {
                publish(metrics, pane);
                empty.removeIf(query -> isFilled(stack, query.expression()));
                assertTrue(running.isAlive(), () -> left(empty) + "\n" + said);
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }

    private static Set<String> left(Set<Dashboards.Query> empty) {
        Set<String> left = new TreeSet<>();
        empty.forEach(each -> left.add(each.where() + ": " + each.expression()));
        return left;
    }

    private static void runDemo(int port, StringWriter said) {
        PrintWriter out = new PrintWriter(said, true);
        Main.execute(
                out,
                out,
                "demo",
                "--snapshots",
                "2000",
                "--exit-when-done",
                "--metrics-port",
                Integer.toString(port),
                "--web-port",
                "0");
    }

    private static void publish(RecordMetrics metrics, int pane) {
        metrics.accept(MadeRecords.sketch("gpt", "h.0", 0, pane, 1.0), RecordMetrics.Mode.COUNT);
        metrics.accept(
                MadeRecords.certificate("gpt", "h.0->h.1", "h.0", "h.1", pane, 5.0),
                RecordMetrics.Mode.COUNT);
        for (int i = 0; i < 5; i++) {
            metrics.accept(
                    MadeRecords.scores("gpt", "r" + i, "c", 5 * pane + i, i == 0 ? 0.001 : 0.4),
                    RecordMetrics.Mode.COUNT);
        }
        if (pane == 1) {
            metrics.accept(
                    MadeAlerts.drift("a", AlertTransition.RAISED, 1), RecordMetrics.Mode.COUNT);
        }
    }

    private static boolean isFilled(AlertingStack stack, String expression) {
        return stack.isFilled(
                expression
                        .replace("$model", "gpt")
                        .replace("$version", "3")
                        .replace("$layer", "h.0"));
    }
}
