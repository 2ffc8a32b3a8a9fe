package io.spectrawatch.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.web.WebConfig;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.schemas.AlertTransition;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the console answers, over HTTP. */
@Timeout(60)
class ConsoleTest {

    private static final String EVIL =
            "<script>alert(1)</script>\u202E\"'&/%2F\u0000" + "x".repeat(200);

    private static final Pattern ADDRESS = Pattern.compile("(?:src|href|from) ?=? ?['\"]([^'\"]+)");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();

    private static String query(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach(
                (name, value) ->
                        query.append(query.isEmpty() ? '?' : '&')
                                .append(name)
                                .append('=')
                                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return query.toString();
    }

    private HttpResponse<String> get(ServedConsole console, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(console.url() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(ServedConsole console, String path) throws Exception {
        HttpResponse<String> response = get(console, path);
        assertEquals(200, response.statusCode(), response.body());
        assertEquals("application/json", response.headers().firstValue("Content-Type").get());
        return MAPPER.readTree(response.body());
    }

    private HttpResponse<String> post(ServedConsole console, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(console.url() + "api/notes"))
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String basic(String credentials) {
        return "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyFileIsServedAndNothingIsAskedForElsewhere() throws Exception {
        try (ServedConsole console = new ServedConsole(WebConfig.open())) {
            HttpResponse<String> page = get(console, "");
            String policy = page.headers().firstValue("Content-Security-Policy").get();
            assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            assertFalse(page.body().contains("<script>"), page.body());
            assertFalse(page.body().contains("style="), page.body());
            List<String> files =
                    Stream.of("style.css", "app.js", "dom.js", "charts.js", "words.js", "net.js")
                            .toList();
            for (String file : files) {
                assertEquals(200, get(console, file).statusCode(), file);
            }
            Matcher addresses = ADDRESS.matcher(page.body());
            while (addresses.find()) {
                String address = addresses.group(1);
                assertTrue(address.startsWith("/") || address.startsWith("#"), address);
                if (address.startsWith("/")) {
                    assertEquals(200, get(console, address.substring(1)).statusCode(), address);
                }
            }
            Matcher imports = ADDRESS.matcher(get(console, "app.js").body());
            int modules = 0;
            while (imports.find()) {
                if (imports.group(1).startsWith("./")) {
                    modules++;
                    String file = imports.group(1).substring(2);
                    HttpResponse<String> module = get(console, file);
                    assertEquals(200, module.statusCode(), file);
                    assertEquals(
                            "text/javascript; charset=utf-8",
                            module.headers().firstValue("Content-Type").get());
                    assertFalse(module.body().contains("innerHTML"), file);
                }
            }
            assertEquals(10, modules);
            for (String none : List.of("nothing", "../pom.xml", "pages/", "api/nothing")) {
                assertEquals(404, get(console, none).statusCode(), none);
            }
        }
    }

    @Test
    void aFleetHasItsModelsAndWhatStands() throws Exception {
        try (ServedConsole console = new ServedConsole(WebConfig.open())) {
            console.add(
                    MadeRecords.sketch("gpt", "h.0", 0, 1, 1.0),
                    MadeRecords.sketch("gpt", "h.1", 1, 1, 1.0),
                    MadeRecords.certificate("gpt", "h.0->h.1", "h.0", "h.1", 1, 5.0),
                    MadeRecords.scores("gpt", "r1", "eve", 1, 0.001),
                    MadeRecords.scores("gpt", "r2", "eve", 2, 0.5),
                    MadeAlerts.drift("a1", AlertTransition.RAISED, 1),
                    MadeAlerts.drift("a2", AlertTransition.RAISED, 2));
            JsonNode model = json(console, "api/fleet").get("models").get(0);
            assertEquals("gpt", model.get("model").textValue());
            assertEquals(2, model.get("layers").intValue());
            assertEquals(1, model.get("certificates").get("partial").intValue());
            assertEquals(2, model.get("samples").intValue());
            assertEquals(1, model.get("findings").intValue());
            assertEquals(2, model.get("active").get("CERTIFICATE_DRIFT").intValue());
            JsonNode whole = json(console, "api/model?model=gpt&version=3");
            assertEquals("h.1", whole.get("layerList").get(1).get("name").textValue());
            assertEquals("partial", whole.get("interfaceList").get(0).get("status").textValue());
            assertEquals(404, get(console, "api/model?model=other&version=3").statusCode());
            assertEquals(400, get(console, "api/model?model=gpt").statusCode());
        }
    }

    @Test
    void aLayerHasItsBandAndItsPast() throws Exception {
        try (ServedConsole console = new ServedConsole(WebConfig.open())) {
            for (int pane = 1; pane <= 3; pane++) {
                console.add(MadeRecords.sketch("gpt", "h.0", 0, pane, pane));
            }
            console.add(MadeRecords.certificate("gpt", "h.0->h.1", "h.0", "h.1", 3, 1.0));
            JsonNode layer = json(console, "api/layer?model=gpt&version=3&layer=h.0");
            JsonNode spectrum = layer.get("spectrum");
            assertEquals(64, spectrum.get("estimate").size());
            // deltaPlus 120 and deltaMinus 1, with hardly any rounding.
            assertEquals(10_120, spectrum.get("upper").get(0).doubleValue(), 1e-3);
            assertEquals(9_999, spectrum.get("lower").get(0).doubleValue(), 1e-3);
            assertEquals(0, spectrum.get("lower").get(63).doubleValue());
            JsonNode entropy = layer.get("history").get("descriptors").get("spectral_entropy");
            assertEquals("[4.0,3.0,2.0]", entropy.get("estimate").toString());
            assertEquals(3, layer.get("history").get("time").size());
            assertEquals("h.0->h.1", layer.get("charts").get(0).get("interface").textValue());
            assertTrue(layer.get("charts").get(0).get("exponent").get("upper").isNull());
            JsonNode own = json(console, "api/interface?model=gpt&version=3&interface=h.0-%3Eh.1");
            assertEquals(8, own.get("found").get("findings").get("supports").size());
            assertEquals("[4.5]", own.get("history").get("drift_threshold").toString());
        }
    }

    @Test
    void samplesAreCountedOnceHoweverOftenTheyArePublished() throws Exception {
        try (ServedConsole console = new ServedConsole(WebConfig.open())) {
            for (int run = 0; run < 2; run++) {
                for (int number = 1; number <= 40; number++) {
                    console.add(
                            MadeRecords.scores("gpt", "r" + number, "c", number, number / 40.0));
                }
            }
            JsonNode samples = json(console, "api/samples?model=gpt&version=3");
            assertEquals(40, samples.get("samples").intValue());
            assertEquals(1, samples.get("histogram").get(0).intValue());
            assertEquals(3, samples.get("histogram").get(19).intValue());
            assertEquals(2, samples.get("rates").get("time").size() - 1);
        }
    }

    @Test
    void namesAreGivenBackAsTheyAre() throws Exception {
        try (ServedConsole console = new ServedConsole(WebConfig.open())) {
            console.add(
                    MadeRecords.sketch(EVIL, EVIL, 0, 1, 1.0),
                    MadeRecords.certificate(EVIL, EVIL, EVIL, EVIL, 1, 1.0),
                    MadeRecords.scores(EVIL, EVIL, EVIL, 1, 0.001),
                    MadeAlerts.attack("a1", EVIL, AlertTransition.RAISED, 1));
            Map<String, String> model = Map.of("model", EVIL, "version", "3");
            assertEquals(
                    EVIL, json(console, "api/fleet").get("models").get(0).get("model").textValue());
            assertEquals(
                    EVIL,
                    json(console, "api/model" + query(model))
                            .get("layerList")
                            .get(0)
                            .get("name")
                            .textValue());
            JsonNode layer =
                    json(
                            console,
                            "api/layer"
                                    + query(Map.of("model", EVIL, "version", "3", "layer", EVIL)));
            assertEquals(EVIL, layer.get("name").textValue());
            JsonNode samples = json(console, "api/samples" + query(model));
            assertEquals(EVIL, samples.get("latest").get(0).get("client").textValue());
            String alert = json(console, "api/alert?id=a1").get("alert").toString();
            assertTrue(alert.contains("<script>"), alert);
        }
    }

    @Test
    void anAlertIsThereAsAWhole() throws Exception {
        try (ServedConsole console = new ServedConsole(WebConfig.open())) {
            Alert alert = MadeAlerts.drift("3fa1c2d4e5f60718", AlertTransition.RAISED, 1);
            console.add(alert, MadeAlerts.drift("b1", AlertTransition.RESOLVED, 9));
            console.add(MadeAlerts.note(alert, AlertNoteKind.ACKNOWLEDGED, 2, null));
            JsonNode line = json(console, "api/alerts").get("alerts").get(0);
            assertEquals("resolved", line.get("state").textValue());
            assertEquals("alice", line.get("acknowledgedBy").textValue());
            assertEquals(0, json(console, "api/alerts?active=yes").get("alerts").size());
            JsonNode whole = json(console, "api/alert?id=3fa1c2d4e5f60718");
            assertEquals(2, whole.get("alert").get("manifest").get("shards").size());
            assertEquals(
                    "spectrawatch audit --alert 3fa1c2d4e5f60718 --output audit-3fa1c2d4e5f6"
                            + " --bootstrap-server broker:9092",
                    whole.get("audit").textValue());
            assertTrue(
                    whole.get("words").get("statistic").textValue().contains("evidence of 1,808"));
            assertEquals("b1", whole.get("resolvedBy").textValue());
            String runbook =
                    json(console, "api/runbook?kind=CERTIFICATE_DRIFT").get("text").textValue();
            assertTrue(runbook.startsWith("**Means**"), runbook);
            assertEquals(502, get(console, "api/alert?id=none").statusCode());
            assertEquals(400, get(console, "api/alerts?limit=x").statusCode());
        }
    }

    @Test
    void whoMayWriteWritesAndNobodyElse() throws Exception {
        String note = "{\"alert\":\"a1\",\"kind\":\"ACKNOWLEDGED\",\"reason\":\"rollout\"}";
        String[] json = {"Content-Type", "application/json"};
        try (ServedConsole open = new ServedConsole(WebConfig.open())) {
            open.add(MadeAlerts.drift("a1", AlertTransition.RAISED, 1));
            assertEquals(403, post(open, note, json).statusCode());
            assertEquals(List.of(), open.notes());
        }
        try (ServedConsole console = new ServedConsole(ServedConsole.responder(folder))) {
            console.add(MadeAlerts.drift("a1", AlertTransition.RAISED, 1));
            String own = basic("on-call:secret");
            assertEquals(401, post(console, note, json).statusCode());
            assertEquals(
                    401,
                    post(console, note, json[0], json[1], "Authorization", basic("on-call:x"))
                            .statusCode());
            assertEquals(
                    415,
                    post(console, note, "Content-Type", "text/plain", "Authorization", own)
                            .statusCode());
            for (String[] elsewhere :
                    new String[][] {
                        {"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}
                    }) {
                assertEquals(
                        403,
                        post(
                                        console,
                                        note,
                                        json[0],
                                        json[1],
                                        "Authorization",
                                        own,
                                        elsewhere[0],
                                        elsewhere[1])
                                .statusCode());
            }
            assertEquals(List.of(), console.notes());
            assertEquals(
                    200, post(console, note, json[0], json[1], "Authorization", own).statusCode());
            assertEquals("on-call", console.notes().get(0).getAuthor());
            assertEquals("rollout", console.notes().get(0).getReason());
            JsonNode line = json(console, "api/alerts").get("alerts").get(0);
            assertEquals("on-call", line.get("acknowledgedBy").textValue());
        }
    }

    @Test
    void wrongNotesAreRefusedWithTheReason() throws Exception {
        Map<String, String> refused =
                Map.of(
                        "no", "the note is no JSON",
                        "[]", "the note must be a JSON object",
                        "{\"x\":1}", "a note has no field x",
                        "{\"alert\":\"a1\",\"kind\":\"OTHER\"}", "kind must be one of",
                        "{\"alert\":1,\"kind\":\"MUTED\"}", "alert must be text",
                        "{\"alert\":\"a1\",\"kind\":\"MUTED\",\"minutes\":-1}",
                                "a mute has minutes");
        try (ServedConsole console = new ServedConsole(ServedConsole.responder(folder))) {
            console.add(MadeAlerts.drift("a1", AlertTransition.RAISED, 1));
            for (Map.Entry<String, String> each : refused.entrySet()) {
                HttpResponse<String> response =
                        post(
                                console,
                                each.getKey(),
                                "Content-Type",
                                "application/json",
                                "Authorization",
                                basic("on-call:secret"));
                assertEquals(400, response.statusCode(), each.getKey());
                assertTrue(response.body().contains(each.getValue()), response.body());
            }
            assertEquals(List.of(), console.notes());
        }
    }

    /** A name that was made to lead to this machine: its pages must not read ours. */
    @Test
    void withoutAPasswordOtherNamesAreRefused() throws Exception {
        try (ServedConsole console = new ServedConsole(WebConfig.open())) {
            for (String[] each : new String[][] {{"evil.example", "421"}, {"localhost", "200"}}) {
                try (Socket socket = new Socket("127.0.0.1", URI.create(console.url()).getPort())) {
                    String request = "GET /api/fleet HTTP/1.1\r\nHost: " + each[0] + "\r\n\r\n";
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                    String answer =
                            new String(
                                    socket.getInputStream().readNBytes(12),
                                    StandardCharsets.US_ASCII);
                    assertEquals("HTTP/1.1 " + each[1], answer);
                }
            }
        }
    }

    @Test
    void openPagesAreToldOfChanges() throws Exception {
        try (ServedConsole console = new ServedConsole(WebConfig.open())) {
            HttpResponse<Stream<String>> events =
                    client.send(
                            HttpRequest.newBuilder(URI.create(console.url() + "api/events"))
                                    .header("Accept", "text/event-stream")
                                    .build(),
                            HttpResponse.BodyHandlers.ofLines());
            assertEquals(
                    "text/event-stream",
                    events.headers().firstValue("Content-Type").get().split(";")[0]);
            Iterator<String> lines = events.body().iterator();
            console.add(MadeAlerts.drift("a1", AlertTransition.RAISED, 1));
            String line = lines.next();
            while (!line.startsWith("data:")) {
                line = lines.next();
            }
            assertEquals("data:1 0", line.replace("data: ", "data:"));
        }
    }
}
