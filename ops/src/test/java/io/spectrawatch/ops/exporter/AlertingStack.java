package io.spectrawatch.ops.exporter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.spectrawatch.ops.FreePort;
import java.io.IOException;
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
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;

/** Debian's Prometheus with our rules, its Alertmanager, and a webhook that hears it. */
final class AlertingStack implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long LOOK_MILLIS = 200;

    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> processes = new ArrayList<>();
    private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
    private final HttpServer webhook;
    private final int prometheus = FreePort.next();

    AlertingStack(Path folder) throws IOException {
        this.folder = folder;
        webhook = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        webhook.createContext(
                "/",
                exchange -> {
                    MAPPER.readTree(exchange.getRequestBody()).get("alerts").forEach(heard::add);
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        webhook.start();
    }

    /**
     * @param targets ports of what is scraped
     */
    void start(int... targets) throws IOException {
        int alertmanager = FreePort.next();
        startAlertmanager(alertmanager);
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
        run(
                "prometheus",
                "--config.file=" + Files.writeString(folder.resolve("prometheus.yml"), config),
                "--enable-feature=exemplar-storage",
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + prometheus);
    }

    private void startAlertmanager(int port) throws IOException {
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
                                .formatted(webhook.getAddress().getPort()));
        run(
                "prometheus-alertmanager",
                "--config.file=" + file,
                "--storage.path=" + folder.resolve("alertmanager"),
                "--cluster.listen-address=",
                "--web.listen-address=127.0.0.1:" + port);
    }

    private void run(String... command) throws IOException {
        processes.add(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log" + processes.size()).toFile())
                        .start());
    }

    /** An alert by its rule and state: firing or resolved. */
    static Predicate<JsonNode> is(String rule, String status) {
        return alert ->
                alert.get("labels").get("alertname").textValue().equals(rule)
                        && alert.get("status").textValue().equals(status);
    }

    /** The next alert of this kind that the webhook hears. */
    JsonNode await(Predicate<JsonNode> wanted) throws InterruptedException {
        JsonNode alert = heard.take();
        while (!wanted.test(alert)) {
            alert = heard.take();
        }
        return alert;
    }

    void awaitSeries(String expression) throws InterruptedException {
        while (!isFilled(expression)) {
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** Whether Prometheus answers an expression with any series. */
    boolean isFilled(String expression) {
        return !ask("query?query=" + encoded(expression)).path("result").isEmpty();
    }

    /** Labels of the last exemplar of a metric. */
    JsonNode exemplar(String metric) throws InterruptedException {
        while (true) {
            JsonNode series =
                    ask("query_exemplars?start=0&end=4102444800&query=" + encoded(metric));
            if (!series.isEmpty()) {
                JsonNode exemplars = series.get(0).get("exemplars");
                return exemplars.get(exemplars.size() - 1).get("labels");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private static String encoded(String expression) {
        return URLEncoder.encode(expression, StandardCharsets.UTF_8);
    }

    /** The data of an answer; nothing as long as there is none. */
    private JsonNode ask(String question) {
        try {
            URI uri = URI.create("http://127.0.0.1:" + prometheus + "/api/v1/" + question);
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofString());
            return MAPPER.readTree(response.body()).path("data");
        } catch (IOException e) {
            // Prometheus has not started yet.
            return MAPPER.createObjectNode();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        webhook.stop(0);
        processes.forEach(Process::destroy);
        processes.forEach(each -> each.onExit().join());
    }
}
