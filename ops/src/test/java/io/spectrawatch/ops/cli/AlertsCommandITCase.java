package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.admin.TopicPlan;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alerts on a real broker: listed, shown, acknowledged, muted, judged and counted. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class AlertsCommandITCase {

    private static final String DRIFT = "3fa1c2d4e5f60718";
    private static final String ATTACK = "b0b1c2d4e5f60718";

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private static int alertPartition;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            // What the alerts are of was long ago.
            new TopicAdmin(admin, Topics.DEFAULT_PREFIX)
                    .create(
                            new TopicPlan(2, 3, (short) 1, List.of()),
                            Map.of("retention.ms", "-1"));
        }
        alertPartition =
                publish(
                        Topics.ALERTS,
                        "gpt/3",
                        MadeAlerts.drift("00aa", AlertTransition.RAISED, -600),
                        MadeAlerts.drift("00ab", AlertTransition.RESOLVED, -500),
                        MadeAlerts.drift(DRIFT, AlertTransition.RAISED, 1),
                        MadeAlerts.attack(ATTACK, "eve", AlertTransition.RAISED, 2));
        publish(Topics.SCORES, "gpt/3", scores("r0", 16L), scores("r1", 17L));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static SampleScores scores(String id, long offset) {
        return SampleScores.newBuilder()
                .setModelId("gpt")
                .setModelVersion("3")
                .setSampleId(id)
                .setClient("eve")
                .setCapturedAt(MadeAlerts.NOON + MadeAlerts.MINUTE + offset)
                .setShard(2)
                .setOffset(offset)
                .setBaselineId("b1")
                .setP(0.005)
                .setResolution(0.001)
                .setStatistic(12.5)
                .setKind("ADVERSARIAL")
                .setLoudest("mahalanobis/h.0")
                .setScores(Map.of("mahalanobis/h.0", 0.001))
                .build();
    }

    /** Returns the partition they went to. */
    private static int publish(Topics topic, String key, SpecificRecord... records)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            int partition = 0;
            for (SpecificRecord record : records) {
                long stamp =
                        record instanceof Alert alert
                                ? alert.getPaneEnd()
                                : MadeAlerts.NOON + MadeAlerts.MINUTE;
                partition =
                        producer.send(
                                        new ProducerRecord<>(
                                                topic.topicName(Topics.DEFAULT_PREFIX),
                                                null,
                                                stamp / 1000,
                                                key.getBytes(StandardCharsets.UTF_8),
                                                Wire.encode(record)))
                                .get()
                                .partition();
            }
            return partition;
        }
    }

    private int run(String command) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add("--bootstrap-server");
        words.add(broker.bootstrapServers());
        return Main.execute(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                words.toArray(String[]::new));
    }

    private JsonNode json(String command) throws Exception {
        assertEquals(0, run(command + " --json -"), err.toString());
        return new ObjectMapper().readTree(out.toString());
    }

    /** One story, because each step reads what those before it wrote. */
    @Test
    void anAlertIsListedShownAcknowledgedMutedAndJudged() throws Exception {
        String since = " --since 2026-01-01T00:00:00Z";
        JsonNode listed = json("alerts list" + since);
        assertEquals(3, listed.get("alerts").size());
        assertEquals(ATTACK, listed.get("alerts").get(0).get("alert").get("id").asText());
        assertEquals("resolved", listed.get("alerts").get(2).get("state").asText());
        assertEquals(2, json("alerts list --active" + since).get("alerts").size());
        assertEquals(1, json("alerts list --limit 1" + since).get("alerts").size());
        assertEquals(
                1, json("alerts list --kind client_under_attack" + since).get("alerts").size());
        assertEquals(0, json("alerts list --model other" + since).get("alerts").size());
        assertEquals(
                1, json("alerts list --until 2026-03-01T11:00:00Z" + since).get("alerts").size());

        assertEquals(0, run("alerts show b0b1"), err.toString());
        assertTrue(out.toString().contains("tokens 17 (generated, 50 %)"), out.toString());
        assertTrue(out.toString().contains("loudest score mahalanobis/h.0"), out.toString());
        assertTrue(out.toString().contains("spectrawatch audit --alert " + ATTACK), out.toString());
        assertEquals(1, json("alerts show b0b1").get("samples").size());

        assertEquals(ExitCodes.FAILED, run("alerts show 00"));
        assertTrue(err.toString().contains("several alerts begin with 00: 00aa, 00ab"));
        assertEquals(ExitCodes.FAILED, run("alerts ack ffff"));
        assertTrue(err.toString().contains("no alert ffff is recorded"), err.toString());

        assertEquals(0, run("alerts ack 3fa1 --by alice --reason rollout"), err.toString());
        assertEquals(0, run("alerts mute 3fa1 --by bob --for 4h"), err.toString());
        JsonNode seen = json("alerts show " + DRIFT);
        assertTrue(seen.get("acknowledged").asBoolean());
        assertEquals("alice", seen.get("notes").get(0).get("author").asText());
        assertEquals("rollout", seen.get("notes").get(0).get("reason").asText());
        assertFalse(seen.get("mutedUntil").isNull());
        assertEquals(0, run("alerts mute 3fa1 --end"), err.toString());
        assertTrue(json("alerts show " + DRIFT).get("mutedUntil").isNull());

        assertEquals(0, run("alerts feedback 3fa1 true-alarm"), err.toString());
        assertEquals(0, run("alerts feedback 3fa1 false-alarm"), err.toString());
        JsonNode row = json("alerts precision").get("rows").get(0);
        assertEquals(1, row.get("falseAlarms").asInt());
        assertEquals(0, row.get("trueAlarms").asInt());
        assertEquals("2026-03", row.get("month").asText());

        assertEquals(0, run("alerts follow --limit 2 --since 2026-03-01T12:00:00Z"));
        assertTrue(out.toString().contains("alice: rollout"), out.toString());

        assertEquals(0, run("decode --topic alert-notes --limit 1"), err.toString());
        JsonNode note = new ObjectMapper().readTree(out.toString());
        assertEquals("AlertNote", note.get("type").asText());
        assertEquals(DRIFT, note.get("key").asText());
        assertEquals(DRIFT, note.get("value").get("alertId").asText());
        assertEquals(
                0,
                run(
                        "decode --topic alerts --from-offset 2 --limit 1 --partition "
                                + alertPartition));
        assertTrue(out.toString().contains("\"offset\":2"), out.toString());
        assertEquals(ExitCodes.FAILED, run("decode --topic alerts --partition 7"));
        assertTrue(err.toString().contains("has partitions 0 to 2"), err.toString());
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        assertEquals(ExitCodes.FAILED, run("alerts list --topic-prefix none."));
        assertTrue(err.toString().contains("the topic none.alerts does not exist"));
        assertEquals(ExitCodes.FAILED, run("sketch show gpt"));
        assertTrue(err.toString().contains("no sketch of model gpt is recorded"), err.toString());
    }
}
