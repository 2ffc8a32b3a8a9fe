package io.spectrawatch.ops.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
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
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
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

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long LOOK_MILLIS = 500;

    @TempDir private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> processes = new ArrayList<>();
    private int prometheusPort;

    @AfterEach
    void stop() throws InterruptedException {
        for (Process each : processes) {
            each.destroy();
            each.waitFor();
        }
    }

    private void start(String... command) throws IOException {
        processes.add(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log" + processes.size()).toFile())
                        .start());
    }

    private void startPrometheus(int alertmanager, int... targets) throws IOException {
        prometheusPort = FreePort.next();
        StringBuilder config =
                new StringBuilder(
                        """
                        global:
                          scrape_interval: 1s
                          evaluation_interval: 1s
                          external_labels: {runbooks: 'https://docs.example'}
                        rule_files: ['%s/*.rules.yml']
                        alerting:
                          alertmanagers: [{static_configs: [{targets: ['127.0.0.1:%d']}]}]
                        scrape_configs:
                        """
                                .formatted(Path.of("prometheus").toAbsolutePath(), alertmanager));
        for (int target : targets) {
            config.append("  - job_name: 't").append(target).append("'\n");
            config.append("    static_configs: [{targets: ['127.0.0.1:").append(target);
            config.append("']}]\n");
        }
        Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
        start(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + prometheusPort);
    }

    private void startAlertmanager(int port, int webhook) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("alertmanager.yml"),
                        """
                        route:
                          receiver: hook
                          group_by: [alertname]
                          group_wait: 0s
                          group_interval: 1s
                        receivers:
                          - name: hook
                            webhook_configs: [{url: 'http://127.0.0.1:%d/'}]
                        """
                                .formatted(webhook));
        start(
                "prometheus-alertmanager",
                "--config.file=" + file,
                "--storage.path=" + folder.resolve("alertmanager"),
                "--cluster.listen-address=",
                "--web.listen-address=127.0.0.1:" + port);
    }

    @Test
    void anAlertFiresReachesAWebhookAndIsResolved() throws Exception {
        BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
        HttpServer webhook = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        webhook.createContext(
                "/",
                exchange -> {
                    heard.add(MAPPER.readTree(exchange.getRequestBody()));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        webhook.start();
        CollectorRegistry registry = new CollectorRegistry(true);
        RecordMetrics metrics = new RecordMetrics(null, 100);
        metrics.registerAt(registry);
        int alertmanager = FreePort.next();
        try (WebServer server = serve(registry)) {
            startAlertmanager(alertmanager, webhook.getAddress().getPort());
            startPrometheus(alertmanager, URI.create(server.url()).getPort());
            Alert raised = MadeAlerts.attack("a", "eve", AlertTransition.RAISED, 1);
            metrics.accept(raised, RecordMetrics.Mode.COUNT);
            JsonNode fired = await(heard, "SpectrawatchClientUnderAttack", "firing");
            assertEquals("gpt", fired.get("labels").get("model").textValue());
            assertEquals(
                    "https://docs.example/runbooks.md#client_under_attack",
                    fired.get("annotations").get("runbook_url").textValue());
            metrics.accept(
                    MadeAlerts.attack("b", "eve", AlertTransition.RESOLVED, 9),
                    RecordMetrics.Mode.COUNT);
            await(heard, "SpectrawatchClientUnderAttack", "resolved");
        } finally {
            webhook.stop(0);
        }
    }

    private static WebServer serve(CollectorRegistry registry) throws IOException {
        return WebServer.start(
                registry,
                ResponseCodeHandler.HANDLE_404,
                new InetSocketAddress("127.0.0.1", 0),
                WebConfig.open());
    }

    private static JsonNode await(BlockingQueue<JsonNode> heard, String name, String status)
            throws InterruptedException {
        while (true) {
            for (JsonNode alert : heard.take().get("alerts")) {
                if (alert.get("labels").get("alertname").textValue().equals(name)
                        && alert.get("status").textValue().equals(status)) {
                    return alert;
                }
            }
        }
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
        try (WebServer server = serve(registry)) {
            startPrometheus(FreePort.next(), demo, URI.create(server.url()).getPort());
            running.start();
            Set<Dashboards.Query> empty = new LinkedHashSet<>(Dashboards.queries());
            for (int pane = 1; !empty.isEmpty(); pane++) {
                publish(metrics, pane);
                empty.removeIf(query -> isFilled(query.expression()));
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

    private boolean isFilled(String expression) {
        String filled =
                expression
                        .replace("$model", "gpt")
                        .replace("$version", "3")
                        .replace("$layer", "h.0");
        String query =
                "http://127.0.0.1:"
                        + prometheusPort
                        + "/api/v1/query?query="
                        + URLEncoder.encode(filled, StandardCharsets.UTF_8);
        try {
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(URI.create(query)).build(),
                            HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200
                    && !MAPPER.readTree(response.body()).get("data").get("result").isEmpty();
        } catch (IOException e) {
            // Prometheus has not started yet.
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
