package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.TopicReader;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.process.ChildJvm;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches of a few kilobytes whose records are larger than ingest's memory. */
class CompressedBombITCase {

    private static final String PREFIX = "bomb.";
    private static final int SHARDS = 2;
    private static final int BOMB_BYTES = 160 << 20;

    /** Less than one of the bombs. */
    private static final String INGEST_HEAP = "-Xmx128m";

    private static final List<String> INGEST_OPTIONS =
            List.of(INGEST_HEAP, "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    @TempDir private Path folder;

    @Test
    @Timeout(180)
    void aBombBecomesADeadLetterAndEveryShardGoesOn() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, PREFIX).create(SHARDS, (short) 1);
            }
            try (ChildJvm ingest =
                    new IngestJvm(broker, PREFIX, folder).options(INGEST_OPTIONS).start()) {
                Synthetic synthetic = new Synthetic(Synthetic.seed());
                for (String codec : List.of("zstd", "gzip", "lz4", "snappy")) {
                    bomb(client, codec);
                }
                for (int shard = 0; shard < SHARDS; shard++) {
                    good(client, synthetic, shard);
                }
                List<ConsumerRecord<byte[], byte[]>> rejected =
                        await(client, Topics.REJECTED, 4, ingest);
                for (ConsumerRecord<byte[], byte[]> each : rejected) {
                    assertEquals("TOO_LARGE", header(each, "spectrawatch.reason"));
                    assertEquals("0", header(each, "__streams.errors.partition"));
                    assertEquals("bomb", new String(each.key(), StandardCharsets.UTF_8));
                    String message = header(each, "spectrawatch.message");
                    assertTrue(message.contains("found 16777"), message);
                }
                List<ConsumerRecord<byte[], byte[]>> validated =
                        await(client, Topics.VALIDATED, SHARDS, ingest);
                assertEquals(SHARDS, validated.size());
                assertTrue(ingest.isAlive(), ingest::toString);
            }
        }
    }

    private static void bomb(Map<String, Object> client, String codec) throws Exception {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("compression.type", codec);
        settings.put("max.request.size", Integer.MAX_VALUE);
        settings.put("buffer.memory", 3L * BOMB_BYTES);
        send(settings, 0, "bomb", new byte[BOMB_BYTES]);
    }

    private static void good(Map<String, Object> client, Synthetic synthetic, int shard)
            throws Exception {
        String captureId = "good-" + shard;
        long now = Instant.now().toEpochMilli() * 1000;
        send(client, shard, captureId, Wire.encode(synthetic.snapshot(captureId, 0, now)));
    }

    private static void send(Map<String, Object> settings, int shard, String key, byte[] value)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    Topics.ACTIVATIONS.topicName(PREFIX),
                                    shard,
                                    key.getBytes(StandardCharsets.UTF_8),
                                    value))
                    .get();
        }
    }

    /** Waits for so many records with a key; control records have none. */
    private static List<ConsumerRecord<byte[], byte[]>> await(
            Map<String, Object> client, Topics topic, int count, ChildJvm ingest) throws Exception {
        Instant end = Instant.now().plus(Duration.ofSeconds(120));
        try (TopicReader reader = new TopicReader(client, topic.topicName(PREFIX))) {
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            while (found.size() < count) {
                assertTrue(Instant.now().isBefore(end) && ingest.isAlive(), ingest.describe());
                reader.poll();
                found = reader.records().stream().filter(each -> each.key() != null).toList();
            }
            return found;
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> rejected, String name) {
        return new String(rejected.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
