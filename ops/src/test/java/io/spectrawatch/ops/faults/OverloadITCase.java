package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.PublisherCounts;
import io.spectrawatch.ingest.capture.PublisherOptions;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.service.IngestService;
import io.spectrawatch.ops.FreePort;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.event.AlertEvents;
import io.spectrawatch.ops.event.CollectorConfig;
import io.spectrawatch.ops.exporter.Exporter;
import io.spectrawatch.ops.exporter.PipelineWatch;
import io.spectrawatch.ops.exporter.PipelineWatch.Reader;
import io.spectrawatch.ops.monitor.MonitorService;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * More comes than the broker lets capture send, and what it lets pass is more than it lets the job
 * read: capture drops and counts, the log grows and the lag shows it, and when there is room again
 * every snapshot that was accepted is found.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OverloadITCase {

    private static final String PREFIX = "overload.";
    private static final long PANE_MILLIS = 2000;
    private static final String CAPTURE = "overload-capture";
    private static final String MONITOR = "overload-monitor";

    /** Bytes per second: some ten snapshots to the broker, three of them to the job. */
    private static final double CAPTURE_RATE = 36_000;

    private static final double MONITOR_RATE = CAPTURE_RATE / 3;

    /** What of the monitor reads the snapshots that the log's verdicts lead to. */
    private static final String READER = MONITOR + "-0-activations";

    private static final int BUFFERED = 32;
    private static final long LEAST_ACKNOWLEDGED = 200;
    private static final double LEAST_LAG = 300;

    private static final long MOST_OFFERED = 10_000_000;

    @TempDir private Path folder;

    private final CollectorRegistry registry = new CollectorRegistry(true);
    private Map<String, Object> client;

    @Test
    @SuppressWarnings("try") // the watch works by being there
    void overloadIsDroppedAtTheDoorAndNothingAcceptedIsLost() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, PREFIX).create(1, (short) 1);
                limit(admin, CAPTURE, "producer_byte_rate", CAPTURE_RATE);
                limit(admin, READER, "consumer_byte_rate", MONITOR_RATE);
                try (IngestService ingest = ingest();
                        MonitorService monitor = monitor();
                        PipelineWatch watch = watch();
                        Outputs outputs = new Outputs(client, PREFIX)) {
                    ingest.start();
                    assertTrue(ingest.awaitRunning(Duration.ofMinutes(3)));
                    PublisherCounts counts = overload(monitor);
                    limit(admin, CAPTURE, "producer_byte_rate", null);
                    limit(admin, READER, "consumer_byte_rate", null);
                    assertRecovery(monitor, outputs, counts);
                    assertRulesFindTheirMetrics();
                }
            }
        }
    }

    /** Offers snapshots until far more was dropped than sent and the job lags behind. */
    private PublisherCounts overload(MonitorService monitor) throws Exception {
        Synthetic model = new Synthetic(Synthetic.seed());
        // Numbers and times are written in as few bytes as they need: no later one is longer.
        long late = System.currentTimeMillis() * 1000;
        int size = Wire.encode(model.snapshot("capture", MOST_OFFERED, late)).length;
        SnapshotPublisher publisher = publisher();
        long offered = 0;
        try (publisher) {
            PublisherCounts counts = publisher.counts();
            while (counts.acknowledged() < LEAST_ACKNOWLEDGED
                    || offered < 3 * counts.acknowledged()
                    || value("spectrawatch_lag_records", "monitor") < LEAST_LAG) {
                long now = System.currentTimeMillis() * 1000;
                publisher.publish(model.snapshot("capture", offered, now));
                offered++;
                double buffered = value("spectrawatch_capture_buffered_bytes");
                assertTrue(buffered <= BUFFERED * (size + 16), "buffered " + buffered);
                monitor.check();
                Thread.sleep(2);
                counts = publisher.counts();
            }
        }
        PublisherCounts counts = publisher.counts();
        assertEquals(0, counts.failed());
        assertEquals(offered, counts.acknowledged() + counts.dropped());
        assertTrue(counts.dropped() >= 2 * LEAST_ACKNOWLEDGED, counts::toString);
        return counts;
    }

    private void assertRecovery(MonitorService monitor, Outputs outputs, PublisherCounts counts)
            throws Exception {
        while (decided() < counts.acknowledged()
                || value("spectrawatch_lag_records", "ingest") > 0) {
            Thread.sleep(200);
        }
        Accounts accounts = new Accounts(client, PREFIX, 1000 * PANE_MILLIS);
        accounts.read();
        assertEquals(counts.acknowledged(), accounts.inputs());
        assertEquals(0, accounts.lost());
        assertEquals(0, accounts.duplicated());
        while (outputs.sketches() < accounts.windows()) {
            monitor.check();
            outputs.poll();
        }
        assertEquals(List.of(), accounts.wrongPanes(outputs.drain()));
        while (value("spectrawatch_lag_records", "monitor") > LEAST_LAG / 4) {
            monitor.check();
            Thread.sleep(200);
        }
        // Ingest sees what capture dropped as holes below the highest number that it accepted.
        double gaps = perModel("spectrawatch_ingest_gaps_total");
        assertTrue(gaps >= LEAST_ACKNOWLEDGED, () -> "gaps counted: " + gaps);
    }

    /** A rule over a metric that nobody serves would never fire. */
    @SuppressWarnings("try") // they work by being there
    private void assertRulesFindTheirMetrics() throws Exception {
        try (Exporter exporter =
                        Exporter.start(
                                client, PREFIX, new InetSocketAddress("127.0.0.1", 0), registry);
                AlertEvents events =
                        AlertEvents.start(
                                client,
                                PREFIX,
                                PREFIX + "forwarder",
                                URI.create("http://127.0.0.1:1/v1/logs"),
                                CollectorConfig.plain(),
                                registry)) {
            for (String metric : RulesTest.metrics()) {
                while (!served().contains(metric)) {
                    Thread.sleep(200);
                }
            }
        }
    }

    private Set<String> served() {
        return Collections.list(registry.metricFamilySamples()).stream()
                .flatMap(family -> Arrays.stream(family.getNames()))
                .collect(Collectors.toSet());
    }

    private double decided() {
        return perModel("spectrawatch_ingest_snapshots_total") + rejected();
    }

    // ------------------------------------------------------------------ the services

    private SnapshotPublisher publisher() {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("client.id", CAPTURE);
        return SnapshotPublisher.open(
                PublisherOptions.defaults()
                        .withTopicPrefix(PREFIX)
                        .withBuffer(BUFFERED, Topics.MAX_RECORD_BYTES)
                        .withFlushTimeout(Duration.ofMinutes(2)),
                settings,
                registry,
                (sequence, capturedAt, failure) -> {});
    }

    private IngestService ingest() {
        return new IngestService(
                IngestConfig.fromMap(
                        Map.of(
                                IngestConfig.TOPIC_PREFIX,
                                PREFIX,
                                IngestConfig.STATE_DIR,
                                folder.resolve("streams").toString(),
                                IngestConfig.PANE,
                                Long.toString(PANE_MILLIS),
                                IngestConfig.LATENESS,
                                "5000",
                                IngestConfig.TICK_INTERVAL,
                                "200")),
                client,
                IngestClock.system(),
                registry);
    }

    private MonitorService monitor() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("topic.prefix", PREFIX);
        settings.put("shards", "1");
        settings.put("kernels", "host");
        settings.put("sketch.rows", "8");
        settings.put("block.rows", "8");
        settings.put("checkpoint.interval.ms", "500");
        settings.put("client.id", MONITOR);
        int port = FreePort.next();
        return MonitorService.start(settings, client, folder.resolve("checkpoints"), port);
    }

    private PipelineWatch watch() {
        return PipelineWatch.start(
                client,
                PREFIX,
                List.of(
                        new Reader("ingest", Topics.ACTIVATIONS, "spectrawatch.ingest"),
                        new Reader("monitor", Topics.VALIDATED, "spectrawatch-monitor")),
                registry);
    }

    /** Sets a client's quota on the broker; null: removes it. */
    private static void limit(Admin admin, String clientId, String quota, Double bytesPerSecond)
            throws Exception {
        ClientQuotaEntity entity =
                new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, clientId));
        admin.alterClientQuotas(
                        List.of(
                                new ClientQuotaAlteration(
                                        entity,
                                        List.of(
                                                new ClientQuotaAlteration.Op(
                                                        quota, bytesPerSecond)))))
                .all()
                .get();
    }

    // ------------------------------------------------------------------ the metrics

    private double value(String metric) {
        return orZero(registry.getSampleValue(metric));
    }

    private double value(String metric, String reader) {
        return orZero(
                registry.getSampleValue(
                        metric, new String[] {"reader", "shard"}, new String[] {reader, "0"}));
    }

    private double perModel(String metric) {
        return orZero(
                registry.getSampleValue(
                        metric,
                        new String[] {"model", "version"},
                        new String[] {Synthetic.MODEL, Synthetic.VERSION}));
    }

    private double rejected() {
        return orZero(
                registry.getSampleValue(
                        "spectrawatch_ingest_rejected_total",
                        new String[] {"reason"},
                        new String[] {"LATE"}));
    }

    private static double orZero(Double value) {
        return value == null ? 0 : value;
    }
}
