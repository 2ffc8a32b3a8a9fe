package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.config.IngestException;
import io.spectrawatch.ingest.service.IngestService;
import io.spectrawatch.ops.FreePort;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.monitor.MonitorService;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another number of shards by the procedure of operations.md: the first epoch ends with all its
 * panes, a service with the first one's state refuses to go on, and the second one loses nothing.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EpochITCase {

    private static final String PREFIX = "epoch.";
    private static final long PANE_MILLIS = 1000;

    @TempDir private Path folder;

    private final Synthetic model = new Synthetic(Synthetic.seed());
    private Map<String, Object> client;

    @Test
    void anotherNumberOfShardsIsANewEpoch() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, PREFIX).create(3, (short) 1);
                try (Outputs outputs = new Outputs(client, PREFIX)) {
                    runEpoch(3, "epoch-1", outputs);
                    recreateShardedTopics(admin, 2);
                    assertIngestOfTheOldEpochRefuses();
                    outputs.forget();
                    runEpoch(2, "epoch-2", outputs);
                }
            }
        }
    }

    /** From the first snapshot until all panes are published; every part stops in order. */
    private void runEpoch(int shards, String epoch, Outputs outputs) throws Exception {
        try (IngestService ingest = ingest(epoch);
                MonitorService monitor = monitor(shards, epoch)) {
            ingest.start();
            assertTrue(ingest.awaitRunning(Duration.ofMinutes(3)));
            send(shards, epoch);
            Accounts accounts = new Accounts(client, PREFIX, 1000 * PANE_MILLIS);
            while (snapshotsInLog() < 10L * shards) {
                monitor.check();
            }
            accounts.read();
            assertEquals(0, accounts.lost() + accounts.duplicated());
            while (outputs.sketches() < accounts.windows()) {
                monitor.check();
                outputs.poll();
            }
            List<Outputs.Output> published = outputs.drain();
            assertEquals(List.of(), accounts.wrongPanes(published));
            for (Outputs.Output output : published) {
                if (Wire.decode(output.value().array()) instanceof LayerSketch sketch) {
                    assertEquals(shards, sketch.getManifest().getShards().size());
                }
            }
        }
    }

    private long snapshotsInLog() {
        long[] count = {0};
        Topic.scanLog(
                client,
                PREFIX,
                record -> {
                    if (LoggedSnapshot.isOne(record.value())) {
                        count[0]++;
                    }
                });
        return count[0];
    }

    private void send(int shards, String epoch) throws Exception {
        try (KafkaProducer<byte[], byte[]> kafka =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 10 * shards; i++) {
                int shard = i % shards;
                String capture = epoch + "-" + shard;
                long now = System.currentTimeMillis() * 1000;
                kafka.send(
                                new ProducerRecord<>(
                                        Topics.ACTIVATIONS.topicName(PREFIX),
                                        shard,
                                        capture.getBytes(StandardCharsets.UTF_8),
                                        Wire.encode(model.snapshot(capture, i / shards, now))))
                        .get();
                Thread.sleep(50);
            }
        }
    }

    private static void recreateShardedTopics(Admin admin, int shards) throws Exception {
        List<String> sharded =
                Arrays.stream(Topics.values())
                        .filter(Topics::sharded)
                        .map(topic -> topic.topicName(PREFIX))
                        .toList();
        admin.deleteTopics(sharded).all().get();
        while (!Collections.disjoint(admin.listTopics().names().get(), sharded)) {
            Thread.sleep(100);
        }
        assertEquals(sharded, new TopicAdmin(admin, PREFIX).create(shards, (short) 1));
        while (!admin.listTopics().names().get().containsAll(sharded)) {
            Thread.sleep(100);
        }
    }

    private void assertIngestOfTheOldEpochRefuses() {
        try (IngestService ingest = ingest("epoch-1")) {
            IngestException e = assertThrows(IngestException.class, ingest::start);
            assertTrue(e.getMessage().contains("is of 3 shards"), e::getMessage);
        }
    }

    private IngestService ingest(String applicationId) {
        return new IngestService(
                IngestConfig.fromMap(
                        Map.of(
                                IngestConfig.APPLICATION_ID,
                                applicationId,
                                IngestConfig.TOPIC_PREFIX,
                                PREFIX,
                                IngestConfig.STATE_DIR,
                                folder.resolve("streams").toString(),
                                IngestConfig.PANE,
                                Long.toString(PANE_MILLIS),
                                IngestConfig.LATENESS,
                                "1000",
                                IngestConfig.TICK_INTERVAL,
                                "200")),
                client,
                IngestClock.system(),
                new CollectorRegistry(true));
    }

    private MonitorService monitor(int shards, String epoch) throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("topic.prefix", PREFIX);
        settings.put("shards", Integer.toString(shards));
        settings.put("kernels", "host");
        settings.put("sketch.rows", "8");
        settings.put("block.rows", "8");
        settings.put("checkpoint.interval.ms", "500");
        int port = FreePort.next();
        return MonitorService.start(settings, client, folder.resolve(epoch), port);
    }
}
