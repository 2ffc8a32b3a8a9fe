package io.spectrawatch.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ops.web.WebConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What pages ask for when 10,000 alerts stand and a model has 1,000 layers. */
@Timeout(120)
class ConsoleScaleTest {

    private static final int REQUESTS = 30;
    private static final String MODEL = "model?model=gpt&version=3";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();

    private String get(ServedConsole console, String path) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(console.url() + "api/" + path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Timings are told, not judged: they are this machine's. */
    private JsonNode timed(ServedConsole console, String path) throws Exception {
        double[] millis = new double[REQUESTS];
        String answer = "";
        for (int i = 0; i < REQUESTS; i++) {
            long start = System.nanoTime();
            answer = get(console, path);
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        double first = millis[0];
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%s: first %.1f ms, median %.1f ms, %d kB%n",
                path,
                first,
                millis[REQUESTS / 2],
                answer.length() / 1000);
        return MAPPER.readTree(answer);
    }

    @Test
    void pagesAnswerWhatStandsHoweverManyAlertsThereAre() throws Exception {
        try (ServedConsole console = new ServedConsole(WebConfig.open())) {
            LargeConsole.fill(console::add);
            Map<String, JsonNode> answers = new LinkedHashMap<>();
            for (String path :
                    List.of(
                            "session",
                            "fleet",
                            MODEL,
                            "alerts?active=yes&limit=20",
                            "alerts?model=gpt&limit=200",
                            "alerts")) {
                answers.put(path, timed(console, path));
            }
            assertEquals(LargeConsole.ALERTS, answers.get("session").get("standing").intValue());
            JsonNode line = answers.get("fleet").get("models").get(0);
            assertEquals(
                    LargeConsole.ALERTS, line.get("active").get("CERTIFICATE_DRIFT").intValue());
            assertEquals(LargeConsole.LAYERS, answers.get(MODEL).get("layerList").size());
            JsonNode alerts = answers.get("alerts");
            assertEquals(
                    LargeConsole.ALERTS,
                    alerts.get("alerts").size() + alerts.get("older").intValue());
        }
    }
}
