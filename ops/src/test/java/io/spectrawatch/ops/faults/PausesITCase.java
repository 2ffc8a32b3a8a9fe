package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.PublisherOptions;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.process.ChildJvm;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LateSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pauses of others and of ours cost no snapshot its pane: a transaction that stays open, an ingest
 * that is stopped for longer than panes wait and than its group does. And what a client had to keep
 * while no broker answered is counted all the same. Panes of a second, so that each is long.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PausesITCase {

    private static final String PREFIX = "pauses.";
    private static final long PAUSE_MILLIS = 4000;
    private static final long LONG_PAUSE_MILLIS = 8000;

    @TempDir private Path folder;

    private final Synthetic model = new Synthetic(Synthetic.seed());
    private EmbeddedBroker broker;
    private Map<String, Object> client;
    private ChildJvm ingest;
    private ProcessHandle ingestProcess;
    private long inTime;
    private long late;
    private long refused;

    @BeforeEach
    void open() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, PREFIX).create(1, (short) 1);
        }
        Set<Long> before = children();
        ingest =
                new IngestJvm(broker, PREFIX, folder)
                        .options(List.of("-Xmx384m"))
                        .options(IngestJvm.SHORT_LIVED)
                        .set("pane.ms", 1000)
                        .set("lateness.ms", 500)
                        .set("tick.interval.ms", 100)
                        .shortTimeouts()
                        .start();
        ingestProcess =
                ProcessHandle.current()
                        .children()
                        .filter(child -> !before.contains(child.pid()))
                        .findFirst()
                        .orElseThrow();
    }

    private static Set<Long> children() {
        return ProcessHandle.current()
                .children()
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    @AfterEach
    void close() throws Exception {
        signal("CONT");
        ingest.close();
        broker.close();
    }

    @Test
    void pausesCostNoSnapshot() throws Exception {
        try (KafkaProducer<byte[], byte[]> kafka = producer(Map.of())) {
            send(kafka, "first", 0);
            await(1);
            openTransaction(kafka);
            assertAllInTime(3);

            int sent = stoppedIngest(kafka);
            assertAllInTime(3 + sent);
            brokerOutage(3 + sent);
        }
    }

    private void openTransaction(KafkaProducer<byte[], byte[]> other) throws Exception {
        try (KafkaProducer<byte[], byte[]> transactional =
                producer(Map.of("transactional.id", "client"))) {
            transactional.initTransactions();
            transactional.beginTransaction();
            send(transactional, "transactional", 0);
            send(other, "behind", 0);
            assertTheBrokerHidesTheNewest();
            Thread.sleep(PAUSE_MILLIS);
            transactional.commitTransaction();
        }
    }

    /** What ingest goes by where records are there that no reader may have yet. */
    private void assertTheBrokerHidesTheNewest() throws Exception {
        TopicPartition shard = new TopicPartition(Topics.ACTIVATIONS.topicName(PREFIX), 0);
        try (Admin admin = Admin.create(client)) {
            long newest =
                    admin.listOffsets(
                                    Map.of(shard, OffsetSpec.maxTimestamp()),
                                    new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .partitionResult(shard)
                            .get()
                            .offset();
            assertEquals(-1, newest);
        }
    }

    private int stoppedIngest(KafkaProducer<byte[], byte[]> kafka) throws Exception {
        signal("STOP");
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONG_PAUSE_MILLIS);
        int sent = 0;
        while (System.nanoTime() < end) {
            send(kafka, "steady", sent++);
            Thread.sleep(50);
        }
        signal("CONT");
        for (int i = 0; i < 20; i++) {
            send(kafka, "steady", sent++);
            Thread.sleep(50);
        }
        return sent;
    }

    private void brokerOutage(int before) throws Exception {
        int buffered = 40;
        broker.kill();
        try (SnapshotPublisher publisher =
                SnapshotPublisher.open(
                        PublisherOptions.defaults().withTopicPrefix(PREFIX),
                        client,
                        new CollectorRegistry(true),
                        (sequence, capturedAt, failure) -> {})) {
            for (int i = 0; i < buffered; i++) {
                assertTrue(publisher.publish(model.snapshot("buffered", i, now())));
                Thread.sleep(50);
            }
            broker.restart();
        }
        await(before + buffered);
        assertTrue(late > 0, "panes were closed before the broker was back");
        assertEquals(0, refused);
    }

    private void assertAllInTime(int expected) throws Exception {
        await(expected);
        assertEquals(expected, inTime);
        assertEquals(0, late);
        assertEquals(0, refused);
    }

    /** Waits until ingest has decided about so many snapshots. */
    private void await(int expected) throws Exception {
        do {
            Thread.sleep(200);
            if (!ingest.isAlive()) {
                throw new AssertionError(ingest.describe());
            }
            count();
        } while (inTime + late + refused < expected);
        assertEquals(expected, inTime + late + refused);
    }

    private void count() {
        inTime = 0;
        late = 0;
        refused = 0;
        Topic.scanLog(
                client,
                PREFIX,
                record -> {
                    SpecificRecord decoded = Wire.decode(record.value());
                    inTime += decoded instanceof ActivationSnapshot ? 1 : 0;
                    late += decoded instanceof LateSnapshot ? 1 : 0;
                    LoggedSnapshot.of(decoded);
                });
        Topic.scan(client, Topics.REJECTED, PREFIX, record -> refused++);
    }

    private void send(KafkaProducer<byte[], byte[]> kafka, String captureId, long sequence)
            throws Exception {
        byte[] value = Wire.encode(model.snapshot(captureId, sequence, now()));
        kafka.send(
                        new ProducerRecord<>(
                                Topics.ACTIVATIONS.topicName(PREFIX),
                                captureId.getBytes(StandardCharsets.UTF_8),
                                value))
                .get();
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static long now() {
        return System.currentTimeMillis() * 1000;
    }

    private void signal(String name) throws Exception {
        Process kill =
                new ProcessBuilder(List.of("kill", "-" + name, Long.toString(ingestProcess.pid())))
                        .start();
        assertTrue(kill.waitFor(10, TimeUnit.SECONDS));
    }
}
