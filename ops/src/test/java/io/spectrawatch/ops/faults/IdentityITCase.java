package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.service.IngestService;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two weights under one version, sent to two shards of two instances at once, again and again: one
 * of them is accepted, on both, the other refused, and nothing is lost.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class IdentityITCase {

    private static final String PREFIX = "identity.";
    private static final int SHARDS = 2;
    private static final int VERSIONS = 20;
    private static final int AGAIN = 3;

    @TempDir private Path folder;

    private final Synthetic model = new Synthetic(Synthetic.seed());
    private Map<String, Object> client;

    @Test
    void oneModelPerVersionWhicheverShardItsSnapshotsComeTo() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, PREFIX).create(SHARDS, (short) 1);
            }
            try (IngestService first = ingest("one");
                    IngestService second = ingest("two")) {
                first.start();
                second.start();
                assertTrue(first.awaitRunning(Duration.ofMinutes(2)));
                assertTrue(second.awaitRunning(Duration.ofMinutes(2)));
                send(0);
                assertOneDigestPerVersion(VERSIONS * SHARDS, Map.of());
            }
            Map<String, String> before = digests();
            try (IngestService restarted = ingest("three")) {
                restarted.start();
                assertTrue(restarted.awaitRunning(Duration.ofMinutes(2)));
                for (int i = 1; i <= AGAIN; i++) {
                    send(i);
                }
                assertOneDigestPerVersion(VERSIONS * SHARDS * (1 + AGAIN), before);
            }
        }
    }

    private void send(int sequence) throws Exception {
        try (KafkaProducer<byte[], byte[]> kafka =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int version = 0; version < VERSIONS; version++) {
                for (int shard = 0; shard < SHARDS; shard++) {
                    String capture = "capture-" + shard + "-" + version;
                    long now = System.currentTimeMillis() * 1000;
                    ActivationSnapshot drawn = model.snapshot(capture, sequence, now);
                    ActivationSnapshot snapshot =
                            new ActivationSnapshot(
                                    drawn.getModelId(),
                                    "v" + version,
                                    (shard == 0 ? "a" : "b").repeat(64),
                                    capture,
                                    drawn.getSequence(),
                                    now,
                                    drawn.getSamples(),
                                    drawn.getLayers());
                    kafka.send(
                            new ProducerRecord<>(
                                    Topics.ACTIVATIONS.topicName(PREFIX),
                                    shard,
                                    capture.getBytes(StandardCharsets.UTF_8),
                                    Wire.encode(snapshot)));
                }
            }
        }
    }

    private void assertOneDigestPerVersion(int expected, Map<String, String> before)
            throws Exception {
        int[] letters = new int[1];
        int accepted;
        do {
            Thread.sleep(200);
            letters[0] = 0;
            Topic.scan(client, Topics.REJECTED, PREFIX, record -> letters[0]++);
            accepted = accepted();
        } while (accepted + letters[0] < expected);
        assertEquals(expected, accepted + letters[0]);
        assertEquals(expected / SHARDS, letters[0], "one of the two weights, each time");
        before.forEach((version, digest) -> assertEquals(digest, digests().get(version), version));
    }

    private int accepted() {
        int[] count = new int[1];
        scan((snapshot, shard) -> count[0]++);
        return count[0];
    }

    /** The one digest of each version in the log. */
    private Map<String, String> digests() {
        Map<String, Set<String>> found = new TreeMap<>();
        scan(
                (snapshot, shard) ->
                        found.computeIfAbsent(snapshot.getModelVersion(), v -> new TreeSet<>())
                                .add(snapshot.getModelDigest()));
        Map<String, String> digests = new HashMap<>();
        found.forEach(
                (version, all) -> {
                    assertEquals(1, all.size(), version);
                    digests.put(version, all.iterator().next());
                });
        assertEquals(VERSIONS, digests.size());
        return digests;
    }

    private void scan(BiConsumer<ActivationSnapshot, Integer> visitor) {
        Topic.scanLog(
                client,
                PREFIX,
                record -> {
                    LoggedSnapshot logged = LoggedSnapshot.of(Wire.decode(record.value()));
                    if (logged != null) {
                        visitor.accept(logged.snapshot(), record.partition());
                    }
                });
    }

    private IngestService ingest(String instance) {
        return new IngestService(
                IngestConfig.fromMap(
                        Map.of(
                                IngestConfig.TOPIC_PREFIX,
                                PREFIX,
                                IngestConfig.STATE_DIR,
                                folder.resolve(instance).toString())),
                client,
                IngestClock.system(),
                new CollectorRegistry(true));
    }
}
