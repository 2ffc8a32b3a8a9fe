package io.spectrawatch.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.admin.TopicPlan;
import io.spectrawatch.ops.alert.AlertFilter;
import io.spectrawatch.ops.alert.AlertLog;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.alert.words.CommandLines;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.web.WebConfig;
import io.spectrawatch.ops.web.WebServer;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console over a real broker: what it reads, what it writes, and what a restart loses. */
@Timeout(180)
class ConsoleITCase {

    private static final int TEN_YEARS = 3650;
    private static final String ID = "3fa1c2d4e5f60718";

    @TempDir private Path folder;
    private final HttpClient http = HttpClient.newHttpClient();

    /** One console and its server; closing it is the restart. */
    private static final class Served implements AutoCloseable {
        private final Console console;
        private final WebServer server;

        Served(Map<String, Object> client, WebConfig web) throws Exception {
            this(client, web, null);
        }

        Served(Map<String, Object> client, WebConfig web, ConsoleSettings.Store store)
                throws Exception {
            CollectorRegistry registry = new CollectorRegistry(true);
            console =
                    Console.start(
                            client,
                            Topics.DEFAULT_PREFIX,
                            registry,
                            new ConsoleSettings(
                                    TEN_YEARS,
                                    store,
                                    "",
                                    "",
                                    CommandLines.of("b:1", null, null),
                                    true));
            server =
                    WebServer.start(
                            registry, console.pages(), new InetSocketAddress("127.0.0.1", 0), web);
        }

        @Override
        public void close() {
            server.close();
            console.close();
        }
    }

    private JsonNode get(Served served, String path) throws Exception {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(URI.create(served.server.pagesUrl() + path)).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        return new ObjectMapper().readTree(response.body());
    }

    private JsonNode onceRead(Served served, String path) throws Exception {
        while (!get(served, "api/session").get("reading").get("done").booleanValue()) {
            Thread.sleep(50);
        }
        return get(served, path);
    }

    private static void publish(Map<String, Object> client, Topics topic, SpecificRecord... records)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (SpecificRecord record : records) {
                producer.send(
                                new ProducerRecord<>(
                                        topic.topicName(Topics.DEFAULT_PREFIX),
                                        null,
                                        MadeAlerts.NOON / 1000,
                                        "gpt/3".getBytes(StandardCharsets.UTF_8),
                                        Wire.encode(record)))
                        .get();
            }
        }
    }

    @Test
    void aRestartLosesNothingAndWhatIsSaidIsSeenEverywhere() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, Topics.DEFAULT_PREFIX)
                        .create(
                                new TopicPlan(1, 3, (short) 1, List.of()),
                                Map.of("retention.ms", "-1"));
            }
            publish(
                    client,
                    Topics.SKETCHES,
                    MadeRecords.sketch("gpt", "h.0", 0, 1, 1.0),
                    MadeRecords.sketch("gpt", "h.0", 0, 2, 1.1));
            publish(client, Topics.ALERTS, MadeAlerts.drift(ID, AlertTransition.RAISED, 1));
            WebConfig web = ServedConsole.responder(folder);
            try (Served first = new Served(client, web)) {
                assertEquals(1, onceRead(first, "api/fleet").get("models").size());
                JsonNode alert = get(first, "api/alert?id=" + ID);
                assertEquals(2, alert.get("alert").get("manifest").get("shards").size());
                acknowledge(first);
            }
            try (Served second = new Served(client, web)) {
                JsonNode line = onceRead(second, "api/alerts").get("alerts").get(0);
                assertEquals("on-call", line.get("acknowledgedBy").textValue());
                JsonNode layer = get(second, "api/layer?model=gpt&version=3&layer=h.0");
                assertEquals(2, layer.get("history").get("time").size());
            }
            assertEquals(
                    "on-call",
                    new AlertLog(client, Topics.DEFAULT_PREFIX, () -> ServedConsole.NOW)
                            .list(new AlertFilter(null, null, null, null, true), 10)
                            .alerts()
                            .get(0)
                            .acknowledgement()
                            .getAuthor());
        }
    }

    /** Topics forget by their retention; what the console kept is still there, and once. */
    @Test
    void aStoreOutlivesWhatTheTopicsHave() throws Exception {
        ConsoleSettings.Store store =
                new ConsoleSettings.Store(folder.resolve("history"), 64L << 20);
        WebConfig web = ServedConsole.responder(folder);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, Topics.DEFAULT_PREFIX)
                        .create(1, (short) 1, Map.of("retention.ms", "-1"));
                publish(client, Topics.SKETCHES, MadeRecords.sketch("gpt", "h.0", 0, 1, 1.0));
                publish(client, Topics.SCORES, MadeRecords.scores("gpt", "r1", "c", 1, 0.002));
                publish(client, Topics.ALERTS, MadeAlerts.drift(ID, AlertTransition.RAISED, 1));
                try (Served first = new Served(client, web, store)) {
                    assertEquals(1, onceRead(first, "api/fleet").get("models").size());
                    acknowledge(first);
                    IOException used =
                            assertThrows(IOException.class, () -> new Served(client, web, store));
                    assertTrue(used.getMessage().contains("another exporter"), used.getMessage());
                }
                forget(admin);
            }
            publish(client, Topics.SKETCHES, MadeRecords.sketch("gpt", "h.0", 0, 2, 1.1));
            for (int restart = 0; restart < 2; restart++) {
                try (Served again = new Served(client, web, store)) {
                    onceRead(again, "api/fleet");
                    JsonNode layer = get(again, "api/layer?model=gpt&version=3&layer=h.0");
                    assertEquals(2, layer.get("history").get("time").size());
                    JsonNode samples = get(again, "api/samples?model=gpt&version=3");
                    assertEquals(1, samples.get("samples").intValue());
                    JsonNode line = get(again, "api/alerts").get("alerts").get(0);
                    assertEquals(ID, line.get("id").textValue());
                    assertEquals("on-call", line.get("acknowledgedBy").textValue());
                }
            }
        }
    }

    /** Deletes what the topics have, as their retention does in time. */
    private static void forget(Admin admin) throws Exception {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (Topics each :
                List.of(Topics.SKETCHES, Topics.SCORES, Topics.ALERTS, Topics.ALERT_NOTES)) {
            ends.put(
                    new TopicPartition(each.topicName(Topics.DEFAULT_PREFIX), 0),
                    OffsetSpec.latest());
        }
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        admin.listOffsets(ends)
                .all()
                .get()
                .forEach(
                        (partition, end) ->
                                all.put(partition, RecordsToDelete.beforeOffset(end.offset())));
        admin.deleteRecords(all).all().get();
    }

    private void acknowledge(Served served) throws Exception {
        byte[] own = "on-call:secret".getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(URI.create(served.server.pagesUrl() + "api/notes"))
                                .header("Content-Type", "application/json")
                                .header(
                                        "Authorization",
                                        "Basic " + Base64.getEncoder().encodeToString(own))
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"alert\":\""
                                                        + ID
                                                        + "\",\"kind\":\"ACKNOWLEDGED\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertTrue(response.statusCode() == 200, response.body());
    }
}
