package io.spectrawatch.ops.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.event.OtlpReceiver.Answer;
import io.spectrawatch.ops.event.OtlpReceiver.Event;
import io.spectrawatch.ops.security.CommandProcess;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alerts of a real broker as events at a collector, from processes that are killed. */
@Timeout(300)
class AlertEventsITCase {

    private static final long SEED = Long.getLong("spectrawatch.seed", 20260101L);
    private static final String GROUP = "spectrawatch.forwarder";
    private static final TopicPartition TOPIC =
            new TopicPartition(Topics.ALERTS.topicName(Topics.DEFAULT_PREFIX), 0);
    private static final int KILLS = 2;
    private static final int ALERTS_PER_LIFE = 40;

    @TempDir private Path folder;
    private final Random random = new Random(SEED);
    private EmbeddedBroker broker;
    private Map<String, Object> client;
    private int published;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, Topics.DEFAULT_PREFIX)
                    .create(1, (short) 1, Map.of("retention.ms", "-1"));
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void publish(int from, int to) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int number = from; number < to; number++) {
                byte[] alert =
                        Wire.encode(
                                MadeAlerts.drift(
                                        "id" + number,
                                        number % 2 == 0
                                                ? AlertTransition.RAISED
                                                : AlertTransition.RESOLVED,
                                        number));
                producer.send(
                                new ProducerRecord<>(
                                        TOPIC.topic(),
                                        null,
                                        MadeAlerts.NOON / 1000 + number,
                                        "gpt/3".getBytes(StandardCharsets.UTF_8),
                                        alert))
                        .get();
            }
        }
    }

    private long committed() throws Exception {
        try (Admin admin = Admin.create(client)) {
            OffsetAndMetadata found =
                    admin.listConsumerGroupOffsets(GROUP)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(TOPIC);
            return found == null ? -1 : found.offset();
        }
    }

    private void awaitCommitted(long offset) throws Exception {
        while (committed() != offset) {
            Thread.sleep(100);
        }
    }

    private static Set<String> ids(OtlpReceiver receiver) {
        return receiver.events().stream()
                .map(Event::id)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Set<String> wanted() {
        Set<String> wanted = new LinkedHashSet<>();
        for (int number = 0; number < published; number++) {
            wanted.add("id" + number);
        }
        return wanted;
    }

    private Answer any() {
        int die = random.nextInt(20);
        return die == 0 ? Answer.TAKEN_AND_LOST : die < 3 ? Answer.REFUSED : Answer.TAKEN;
    }

    private CommandProcess exporter(int life, OtlpReceiver receiver) throws Exception {
        return CommandProcess.start(
                folder.resolve("exporter" + life + ".log"),
                "exporter",
                "--bootstrap-server",
                broker.bootstrapServers(),
                "--port",
                "0",
                // A dead member is missed sooner.
                "--command-property",
                "session.timeout.ms=6000",
                "-Dconsole.history.days=0",
                "-Dotlp.logs.endpoint=" + receiver.endpoint());
    }

    @Test
    void everyAlertIsAnEventHoweverOftenTheExporterIsKilled() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver(this::any)) {
            try (CommandProcess first = exporter(0, receiver)) {
                awaitCommitted(0);
                first.kill();
            }
            for (int life = 1; life <= KILLS; life++) {
                publish(published, published + ALERTS_PER_LIFE);
                published += ALERTS_PER_LIFE;
                int before = receiver.events().size();
                int enough = before + 1 + random.nextInt(ALERTS_PER_LIFE - 1);
                try (CommandProcess exporter = exporter(life, receiver)) {
                    while (receiver.events().size() < enough) {
                        exporter.requireAlive();
                        Thread.sleep(1);
                    }
                    exporter.kill();
                }
            }
            // A monitor that began its log again.
            publish(0, published);
            try (CommandProcess last = exporter(KILLS + 1, receiver)) {
                awaitCommitted(2L * published);
                last.requireAlive();
            }
            List<Event> events = receiver.events();
            String where = "seed " + SEED;
            assertEquals(new ArrayList<>(wanted()), new ArrayList<>(ids(receiver)), where);
            Set<String> different = events.stream().map(Event::bytes).collect(Collectors.toSet());
            assertEquals(published, different.size(), where);
            int copies = events.size() - published;
            System.out.printf(
                    "%d alerts, %d kills, %d answers lost: %d events sent a second time%n",
                    published, KILLS, receiver.lost(), copies);
            assertTrue(copies <= KILLS + receiver.lost(), where + ": " + copies);
        }
    }

    @Test
    @SuppressWarnings("try") // they work by being there
    void ofSeveralExportersOneSendsAndAnotherGoesOn() throws Exception {
        try (OtlpReceiver receiver = new OtlpReceiver(() -> Answer.TAKEN);
                AlertEvents second = events(receiver)) {
            try (AlertEvents first = events(receiver)) {
                awaitCommitted(0);
                published = 20;
                publish(0, published);
                awaitCommitted(published);
            }
            publish(published, published + 20);
            published += 20;
            awaitCommitted(published);
            assertEquals(published, receiver.events().size());
            assertEquals(wanted(), ids(receiver));
        }
    }

    private AlertEvents events(OtlpReceiver receiver) throws Exception {
        return AlertEvents.start(
                client,
                Topics.DEFAULT_PREFIX,
                GROUP,
                receiver.endpoint(),
                CollectorConfig.plain(),
                new CollectorRegistry());
    }
}
