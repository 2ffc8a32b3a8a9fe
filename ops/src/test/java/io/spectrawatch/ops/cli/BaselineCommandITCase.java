package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.flink.baseline.BaselineOrigin;
import io.spectrawatch.flink.baseline.BaselinePublisher;
import io.spectrawatch.flink.baseline.BaselineSource;
import io.spectrawatch.flink.baseline.KafkaBaselines;
import io.spectrawatch.flink.blob.BlobException;
import io.spectrawatch.flink.blob.BlobException.Reason;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.service.IngestService;
import io.spectrawatch.ops.TopicReader;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.BaselineChunk;
import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.schemas.OffsetRange;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Baselines on a real broker: published, loaded, damaged, mended, and activated by the command into
 * every shard of the log.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class BaselineCommandITCase {

    private static final int SHARDS = 2;
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    // ------------------------------------------------------------------ publish and load

    @Test
    void aBaselineOfSeveralPiecesComesBack() throws Exception {
        createTopics("load.");
        byte[] baseline = bytes(3_000_000, 1);
        BaselineEntry entry = publish("load.", baseline, "1");
        assertEquals(3, entry.getChunks());

        byte[] loaded = shipped(baselines("load.", SOON)).load(entry.getBaselineId());

        assertArrayEquals(baseline, loaded);
        loaded[0]++;
        assertArrayEquals(baseline, baselines("load.", SOON).load(entry.getBaselineId()));
    }

    @Test
    void aLoadWaitsForTheEntry() throws Exception {
        createTopics("wait.");
        byte[] baseline = bytes(2_000_000, 2);
        String id = publish("elsewhere.", baseline, "1", true).getBaselineId();
        CompletableFuture<byte[]> waiting =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return baselines("wait.", LONG).load(id);
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        });

        publish("wait.", baseline, "1");

        assertArrayEquals(baseline, waiting.get(1, TimeUnit.MINUTES));
    }

    @Test
    void anUnknownBaselineAndAMissingTopicAreNamed() throws Exception {
        createTopics("none.");
        String id = "0".repeat(64);
        BlobException unknown =
                assertThrows(BlobException.class, () -> baselines("none.", SOON).load(id));
        assertEquals(Reason.UNKNOWN, unknown.reason());
        assertEquals("no baseline " + id + " in none.baselines", unknown.getMessage());

        IOException missing =
                assertThrows(IOException.class, () -> baselines("absent.", SOON).load(id));
        assertEquals("the topic absent.baselines does not exist", missing.getMessage());
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        createTopics("interrupt.");
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread loader =
                new Thread(
                        () -> {
                            try {
                                baselines("interrupt.", LONG).load("1".repeat(64));
                            } catch (IOException e) {
                                ended.complete(e);
                            }
                        });
        loader.start();
        loader.interrupt();
        assertInstanceOf(InterruptedIOException.class, ended.get(1, TimeUnit.MINUTES));
        loader.join();
    }

    @Test
    void aDamagedBaselineIsRefusedUntilItIsWrittenAgain() throws Exception {
        createTopics("damage.");
        byte[] baseline = bytes(1_500_000, 3);
        String id = publish("damage.", baseline, "1").getBaselineId();
        BaselineChunk forged = new BaselineChunk(id, 1, 2, ByteBuffer.wrap(bytes(9, 9)));
        send("damage.", Topics.BASELINES, Topics.key(id, "chunk", "1"), Wire.encode(forged));

        BlobException e =
                assertThrows(BlobException.class, () -> baselines("damage.", LONG).load(id));
        assertEquals(Reason.CORRUPT, e.reason());
        assertEquals(ExitCodes.FAILED, run("damage.", "show", id));
        assertTrue(out.toString().contains("DAMAGED"), out.toString());
        assertEquals(ExitCodes.FAILED, run("damage.", "activate", id));
        assertTrue(err.toString().contains("is damaged"), err.toString());

        publish("damage.", baseline, "1");
        assertArrayEquals(baseline, baselines("damage.", LONG).load(id));
        assertEquals(0, run("damage.", "show", id));
    }

    // ------------------------------------------------------------------ the command

    @Test
    void withoutALogThereIsNoPaneToBeginAt() throws Exception {
        createTopics("idle.");
        assertEquals(0, run("idle.", "list"));
        assertEquals("no baseline is published", out.toString().strip());
        String id = publish("idle.", bytes(10, 4), "1").getBaselineId();

        assertEquals(ExitCodes.FAILED, run("idle.", "activate", id));
        assertTrue(err.toString().contains("start ingest first"), err.toString());
        assertEquals(ExitCodes.FAILED, run("idle.", "activate", "f00"));
        assertTrue(
                err.toString().contains("no baseline 'f00' among the 1 published"), err::toString);
        assertEquals(ExitCodes.FAILED, run("idle.", "rollback", "--model-id", "m"));
        assertTrue(err.toString().contains("no earlier activation"), err.toString());
    }

    @Test
    void activationsReachEveryShardAndAreListed() throws Exception {
        createTopics("live.");
        String first = publish("live.", bytes(20, 5), "1").getBaselineId();
        String second = publish("live.", bytes(20, 6), "1").getBaselineId();
        try (IngestService ingest = ingest("live.")) {
            ingest.start();
            assertTrue(ingest.awaitRunning(Duration.ofMinutes(3)));
            awaitOnEveryShard("live.", 0);

            JsonNode one = request("activate", first.substring(0, 10));
            JsonNode two = request("activate", second, "--requested-by", "alice");
            JsonNode back = request("rollback", "--model-id", "m");
            JsonNode off = request("deactivate", "--model-id", "m");
            List<Activate> copies = awaitOnEveryShard("live.", 4);

            assertEquals(first, one.get("baselineId").asText());
            assertTrue(one.get("replaces").isNull());
            assertEquals(first, two.get("replaces").asText());
            assertEquals(first, back.get("baselineId").asText());
            assertTrue(off.get("baselineId").isNull());
            long from = one.get("effectiveFromMicros").asLong();
            assertEquals(0, from % 60_000_000);
            assertTrue(off.get("effectiveFromMicros").asLong() >= from);
            assertEquals(
                    List.of(first, second, first),
                    copies.stream().limit(3).map(Activate::getBaselineId).toList());
            assertNull(copies.get(3).getBaselineId());
            assertEquals("alice", copies.get(1).getRequestedBy());
            assertEquals(System.getProperty("user.name"), copies.get(0).getRequestedBy());
        }
        assertListing(first, second);
        assertTooEarlyIsRefused(second);
    }

    private void assertListing(String first, String second) throws Exception {
        JsonNode list = json("live.", "list");
        assertEquals(2, list.get("baselines").size());
        assertEquals(first, list.get("baselines").get(0).get("id").asText());
        assertEquals("INACTIVE", list.get("baselines").get(0).get("state").asText());
        JsonNode shown = json("live.", "show", second);
        assertEquals(4, shown.get("activations").size());
        assertEquals(17, shown.get("createdFrom").get(0).get("lastOffset").asInt());
        assertEquals("2", shown.get("summary").get("layers").asText());
        assertTrue(shown.get("damage").isNull());
        assertEquals(0, run("live.", "show", second));
        assertTrue(out.toString().contains("shard 0: offsets 3 to 17"), out.toString());
        assertTrue(out.toString().contains("by alice: baseline " + second.substring(0, 12)));
    }

    private void assertTooEarlyIsRefused(String id) throws Exception {
        int code = run("live.", "activate", id, "--effective-from", "2020-01-01T00:00:00Z");
        assertEquals(ExitCodes.FAILED, code);
        assertTrue(err.toString().contains("a baseline can take effect from"), err.toString());

        JsonNode far = json("live.", "activate", id, "--effective-from", "2100-01-01T00:00:01Z");
        assertEquals("2100-01-01T00:01:00Z", far.get("effectiveFrom").asText());
        JsonNode pending = json("live.", "list").get("baselines").get(1);
        assertEquals("PENDING", pending.get("state").asText());
        assertEquals("2100-01-01T00:01:00Z", pending.get("since").asText());
    }

    // ------------------------------------------------------------------ helpers

    private static void createTopics(String prefix) throws Exception {
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, prefix).create(SHARDS, (short) 1);
        }
    }

    private static BaselineEntry publish(String prefix, byte[] baseline, String version)
            throws Exception {
        return publish(prefix, baseline, version, false);
    }

    private static BaselineEntry publish(
            String prefix, byte[] baseline, String version, boolean createTopics) throws Exception {
        if (createTopics) {
            createTopics(prefix);
        }
        return new BaselinePublisher(client, prefix)
                .publish(
                        baseline,
                        new BaselineOrigin(
                                "m",
                                version,
                                "ab12",
                                List.of(new OffsetRange(0, 3L, 17L), new OffsetRange(1, -1L, -1L)),
                                1_000,
                                Map.of("layers", "2")));
    }

    private static KafkaBaselines baselines(String prefix, Duration timeout) {
        return new KafkaBaselines(client, prefix, timeout);
    }

    /** What an operator is given after its journey to a task manager. */
    private static BaselineSource shipped(BaselineSource source) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
            objects.writeObject(source);
        }
        try (ObjectInputStream objects =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (BaselineSource) objects.readObject();
        }
    }

    private static void send(String prefix, Topics topic, String key, byte[] value)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic.topicName(prefix), keyBytes, value)).get();
        }
    }

    private static IngestService ingest(String prefix) {
        IngestConfig config =
                IngestConfig.fromMap(
                        Map.of(
                                IngestConfig.TOPIC_PREFIX,
                                prefix,
                                IngestConfig.STATE_DIR,
                                folder.resolve("streams").toString(),
                                IngestConfig.TICK_INTERVAL,
                                "200"));
        return new IngestService(config, client, IngestClock.system(), new CollectorRegistry(true));
    }

    /** Waits for a tick and so many activations on every shard; returns those, equal on all. */
    private static List<Activate> awaitOnEveryShard(String prefix, int activations)
            throws Exception {
        try (TopicReader reader = new TopicReader(client, Topics.VALIDATED.topicName(prefix))) {
            while (true) {
                reader.poll();
                TreeSet<Integer> shards = new TreeSet<>();
                List<List<Activate>> copies = new ArrayList<>();
                for (int shard = 0; shard < SHARDS; shard++) {
                    copies.add(new ArrayList<>());
                }
                for (ConsumerRecord<byte[], byte[]> record : reader.records()) {
                    shards.add(record.partition());
                    if (Wire.decode(record.value()) instanceof Activate activate) {
                        copies.get(record.partition()).add(activate);
                    }
                }
                boolean all = copies.stream().allMatch(c -> c.size() >= activations);
                if (shards.size() == SHARDS && all) {
                    copies.forEach(c -> assertEquals(copies.get(0), c));
                    return copies.get(0);
                }
            }
        }
    }

    /** A request that takes effect an hour from now, long after this test. */
    private JsonNode request(String... args) throws Exception {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--max-clock-skew", "3600000"));
        return json("live.", all.toArray(new String[0]));
    }

    private JsonNode json(String prefix, String... args) throws Exception {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--json", "-"));
        assertEquals(0, run(prefix, all.toArray(new String[0])), () -> err.toString());
        return new ObjectMapper().readTree(out.toString());
    }

    private int run(String prefix, String... args) {
        out = new StringWriter();
        err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("baseline"));
        all.addAll(List.of(args));
        all.addAll(
                List.of("--bootstrap-server", broker.bootstrapServers(), "--topic-prefix", prefix));
        return Main.execute(
                new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(new String[0]));
    }

    private static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
