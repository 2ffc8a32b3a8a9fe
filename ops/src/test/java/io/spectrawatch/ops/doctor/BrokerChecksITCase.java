package io.spectrawatch.ops.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ops.admin.Right;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.ops.security.SecuredBroker;
import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor} against a broker with rights, policies and clocks that are wrong. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class BrokerChecksITCase {

    @TempDir private static Path folder;

    private static SecuredBroker broker;
    private static Path administrator;

    @BeforeAll
    static void start() throws Exception {
        broker = SecuredBroker.start(folder);
        new TopicAdmin(broker.admin(), Topics.DEFAULT_PREFIX).create(2, (short) 1);
        administrator = broker.user("admin", List.of());
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    /** One finding in a line: what is looked for in a list of them. */
    private static List<String> doctor(Path client, int expected, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("doctor", "--json", "-"));
        arguments.addAll(List.of("--bootstrap-server", broker.servers()));
        arguments.addAll(List.of("--command-config", client.toString()));
        arguments.addAll(List.of("--folder", folder.toString()));
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Main.execute(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        arguments.toArray(String[]::new));
        assertEquals(expected, code, err.toString());
        assertFalse(err.toString().contains(SecuredBroker.SECRET), "a password was printed");
        List<String> found = new ArrayList<>();
        for (JsonNode each : new ObjectMapper().readTree(out.toString()).get("findings")) {
            found.add(
                    String.join(
                            " ",
                            each.get("check").asText(),
                            each.get("status").asText(),
                            each.get("where").asText()));
        }
        return found;
    }

    private static void assertFound(String finding, List<String> all) {
        assertEquals(1, all.stream().filter(finding::equals).count(), () -> finding + " in " + all);
    }

    @Test
    void aClusterInOrderHasNothingToWarnOf() throws Exception {
        List<String> found = doctor(administrator, 0, "--role", "ingest");
        for (Topics topic : Topics.values()) {
            assertFound("topic OK " + topic.topicName(Topics.DEFAULT_PREFIX), found);
        }
        assertFound("retention OK spectrawatch.validated", found);
        assertFound("retention OK spectrawatch.scores", found);
        assertFound("rights OK User:admin as ingest", found);
        // whoever may do everything may do too much
        assertFound("rights WARNING topic spectrawatch.alerts", found);
        assertEquals(1, found.stream().filter(f -> f.startsWith("clock OK controller")).count());
        assertFound("schemas OK ", found);
    }

    @Test
    void whatAPrincipalMayNotAndShouldNotDoIsNamed() throws Exception {
        Path monitor = broker.user("monitor", Role.MONITOR.rights(SecuredBroker.IDS));
        List<String> found = doctor(monitor, 0, "--role", "monitor");
        assertFound("rights OK User:monitor as monitor", found);
        assertFalse(found.stream().anyMatch(f -> f.startsWith("rights WARNING")), found.toString());
        // not for everybody, and said to be left out
        assertFound("topic WARNING topic spectrawatch.activations", found);
        assertFound("clock WARNING ", found);

        Path wide =
                broker.user(
                        "wide",
                        List.of(
                                Right.topic("spectrawatch.validated", AclOperation.READ),
                                Right.topic("spectrawatch.validated", AclOperation.WRITE)));
        found = doctor(wide, 1, "--role", "auditor");
        assertFound("rights FAILED topic spectrawatch.sketches", found);
        assertFound("rights WARNING topic spectrawatch.validated", found);
        assertFalse(found.contains("rights FAILED topic spectrawatch.validated"), found.toString());
    }

    @Test
    void policiesThatLoseWhatAuditsNeedAreNamed() throws Exception {
        String prefix = "short.";
        new TopicAdmin(broker.admin(), prefix).create(1, (short) 1);
        set(prefix + "validated", "retention.ms", Long.toString(Duration.ofDays(2).toMillis()));
        set(prefix + "alerts", "retention.bytes", "1000000");
        set(prefix + "sketches", "unclean.leader.election.enable", "true");
        List<String> found = doctor(administrator, 0, "--topic-prefix", prefix);
        assertFound("retention WARNING short.validated", found);
        assertFound("retention WARNING short.alerts", found);
        assertFound("replicas WARNING short.sketches", found);
        assertFound("retention OK short.sketches", found);
        assertFound(
                "retention OK short.validated",
                doctor(administrator, 0, "--topic-prefix", prefix, "--audit-days", "2"));

        set(prefix + "baselines", "cleanup.policy", "delete");
        set(prefix + "validated", "max.message.bytes", "1000000");
        found = doctor(administrator, 1, "--topic-prefix", prefix);
        assertFound("topic FAILED short.baselines", found);
        assertFound("topic FAILED short.validated", found);
    }

    @Test
    void verdictsThatOutliveWhatTheyLeadToAreNamed() throws Exception {
        String prefix = "form.";
        new TopicAdmin(broker.admin(), prefix).create(1, (short) 1);
        assertFound(
                "log form OK form.validated", doctor(administrator, 0, "--topic-prefix", prefix));
        set(prefix + "activations", "retention.ms", "86400000");
        assertFound(
                "log form OK form.validated", doctor(administrator, 0, "--topic-prefix", prefix));
        byte[] verdict =
                Wire.encode(new AcceptedSnapshot(0, 0L, null, ByteBuffer.wrap(new byte[32])));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        broker.anonymous(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(prefix + "validated", 0, null, verdict)).get();
        }
        // that the rest of the pipeline does not run is found as well
        assertFound(
                "log form FAILED form.validated",
                doctor(administrator, 1, "--topic-prefix", prefix));
    }

    @Test
    void aShardThatTakesMostIsNamed() throws Exception {
        String prefix = "uneven.";
        new TopicAdmin(broker.admin(), prefix).create(4, (short) 1);
        assertFound(
                "shards OK uneven.activations", doctor(administrator, 0, "--topic-prefix", prefix));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        broker.anonymous(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 120; i++) {
                int shard = i < 100 ? 2 : i % 4;
                producer.send(
                        new ProducerRecord<>(prefix + "activations", shard, null, new byte[] {1}));
            }
        }
        // that no ingest reads them is a failure by itself
        assertFound(
                "shards WARNING uneven.activations",
                doctor(administrator, 1, "--topic-prefix", prefix));
    }

    @Test
    void aBrokerWhoseClockIsAheadIsFound() throws Exception {
        String prefix = "skewed.";
        new TopicAdmin(broker.admin(), prefix).create(1, (short) 1);
        // no broker here has another clock, so its stamp is written for it
        set(prefix + "activations", "message.timestamp.type", "CreateTime");
        long ahead = System.currentTimeMillis() + Duration.ofMinutes(30).toMillis();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        broker.anonymous(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    prefix + "activations", 0, ahead, null, new byte[] {1}))
                    .get();
        }
        assertFound(
                "clock FAILED append times of skewed.activations",
                doctor(administrator, 1, "--topic-prefix", prefix));
    }

    private static void set(String topic, String key, String value) throws Exception {
        broker.admin()
                .incrementalAlterConfigs(
                        Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                List.of(
                                        new AlterConfigOp(
                                                new ConfigEntry(key, value),
                                                AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }
}
