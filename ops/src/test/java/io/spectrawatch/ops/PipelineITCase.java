package io.spectrawatch.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.service.IngestService;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.ops.exporter.Exporter;
import io.spectrawatch.ops.monitor.MonitorService;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.DirectMoment;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole pipeline on a real broker: good snapshots become sketches that agree with their rows,
 * each kind of bad input becomes a dead letter, and a second run over the same log gives the same
 * bytes.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PipelineITCase {

    private static final String PREFIX = "e2e.";
    private static final int SHARDS = 3;
    private static final int SNAPSHOTS = 60;
    private static final int ROWS = 11;
    private static final Map<String, Integer> LAYERS =
            new TreeMap<>(Map.of("a/exact", 24, "b/wide", 48));

    @TempDir private Path folder;

    private final SplittableRandom random = new SplittableRandom(Long.getLong("spectrawatch.seed"));

    /** Rows sent, by layer and pane. */
    private final Map<String, List<float[]>> sent = new TreeMap<>();

    private Map<String, Object> client;

    @Test
    void goodSnapshotsBecomeSketchesAndBadOnesDeadLetters() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            client = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, PREFIX).create(SHARDS, (short) 1);
            }
            CollectorRegistry registry = new CollectorRegistry(true);
            try (IngestService ingest = ingest(registry);
                    MonitorService monitor = monitor(Map.of(), "live");
                    Exporter exporter = exporter(registry)) {
                ingest.start();
                assertTrue(ingest.awaitRunning(Duration.ofMinutes(3)));

                Map<String, byte[]> bad = sendEverything();
                List<ConsumerRecord<byte[], byte[]>> sketches = awaitSketches(monitor, ingest);

                assertSketchesAgreeWithTheirRows(sketches);
                assertDeadLetters(bad);
                assertNoInputLost();
                assertMetrics(exporter.url());
                assertReplayGivesTheSameBytes(sketches);
            }
        }
    }

    // ------------------------------------------------------------------ the services

    private IngestService ingest(CollectorRegistry registry) {
        IngestConfig config =
                IngestConfig.fromMap(
                        Map.of(
                                IngestConfig.TOPIC_PREFIX, PREFIX,
                                IngestConfig.STATE_DIR, folder.resolve("streams").toString(),
                                IngestConfig.PANE, "2000",
                                IngestConfig.LATENESS, "1000",
                                IngestConfig.TICK_INTERVAL, "200"));
        return new IngestService(config, client, IngestClock.system(), registry);
    }

    private MonitorService monitor(Map<String, String> more, String name) throws Exception {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("topic.prefix", PREFIX);
        settings.put("shards", Integer.toString(SHARDS));
        settings.put("sketch.rows", "8");
        settings.put("block.rows", "8");
        settings.put("sketch.kind.exact.layers", "a/exact");
        settings.put("sketch.kind.frequent-directions.layers", "*wide");
        settings.put("publish.sketch", "true");
        settings.put("parallelism", "2");
        settings.put("checkpoint.interval.ms", "500");
        settings.putIfAbsent("transactional.id.prefix", name);
        return MonitorService.start(settings, client, folder.resolve(name), FreePort.next());
    }

    private Exporter exporter(CollectorRegistry registry) throws Exception {
        return Exporter.start(client, PREFIX, new InetSocketAddress("127.0.0.1", 0), registry);
    }

    // ------------------------------------------------------------------ the input

    /** Sends good snapshots to all shards with the bad ones among them; returns those by reason. */
    private Map<String, byte[]> sendEverything() throws Exception {
        Map<String, byte[]> bad = new LinkedHashMap<>();
        Map<String, Object> producer = new HashMap<>(client);
        producer.put("max.request.size", 16 * 1024 * 1024);
        producer.put("buffer.memory", 64 * 1024 * 1024);
        try (KafkaProducer<byte[], byte[]> kafka =
                new KafkaProducer<>(
                        producer, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < SNAPSHOTS; i++) {
                long now = now();
                ActivationSnapshot snapshot = snapshot("capture-" + i % SHARDS, i / SHARDS, now);
                byte[] value = Wire.encode(snapshot);
                remember(snapshot, value);
                send(kafka, i % SHARDS, snapshot.getCaptureId(), value);
                if (i == SNAPSHOTS / 2) {
                    sendBad(kafka, bad, value);
                }
                Thread.sleep(50);
            }
        }
        return bad;
    }

    private void sendBad(KafkaProducer<byte[], byte[]> kafka, Map<String, byte[]> bad, byte[] good)
            throws Exception {
        bad.put("DUPLICATE", good);
        bad.put("UNDECODABLE", Arrays.copyOf(good, good.length - 3));
        bad.put("UNKNOWN_SCHEMA", flip(good, 4));
        bad.put("NO_KEY", Wire.encode(snapshot("nobody", 0, now())));
        bad.put("KEY_MISMATCH", Wire.encode(snapshot("somebody-else", 0, now())));
        bad.put("LATE", Wire.encode(snapshot("late", 0, now() - 3_600_000_000L)));
        bad.put("FUTURE", Wire.encode(snapshot("future", 0, now() + 3_600_000_000L)));
        ActivationSnapshot nan = snapshot("nan", 0, now());
        nan.getLayers().get(0).getData().order(ByteOrder.LITTLE_ENDIAN).putFloat(8, Float.NaN);
        bad.put("NOT_FINITE", Wire.encode(nan));
        ActivationSnapshot shape = snapshot("shape", 0, now());
        shape.getLayers().set(0, layer("a/exact", 0, 24, ROWS, ByteBuffer.allocate(4)));
        bad.put("SHAPE_MISMATCH", Wire.encode(shape));
        ActivationSnapshot conflict = snapshot("conflict", 0, now());
        conflict.getLayers()
                .set(0, layer("a/exact", 0, 12, ROWS, ByteBuffer.allocate(4 * 12 * ROWS)));
        bad.put("CATALOGUE_CONFLICT", Wire.encode(conflict));
        bad.put("INVALID_FIELD", Wire.encode(snapshot("field", -1, now())));
        ActivationSnapshot large = snapshot("large", 0, now());
        // a row is its 24 floats and one byte of rowSample; with its fields it is just too large
        int rows = Topics.MAX_RECORD_BYTES / (4 * 24 + 1);
        large.getLayers().set(0, layer("a/exact", 0, 24, rows, ByteBuffer.allocate(4 * 24 * rows)));
        bad.put("TOO_LARGE", Wire.encode(large));

        String duplicateOf = "capture-" + (SNAPSHOTS / 2) % SHARDS;
        for (Map.Entry<String, byte[]> entry : bad.entrySet()) {
            String key =
                    switch (entry.getKey()) {
                        case "NO_KEY" -> null;
                        case "KEY_MISMATCH" -> "me";
                        case "DUPLICATE" -> duplicateOf;
                        case "INVALID_FIELD" -> "field";
                        case "NOT_FINITE" -> "nan";
                        case "SHAPE_MISMATCH" -> "shape";
                        case "CATALOGUE_CONFLICT" -> "conflict";
                        case "LATE" -> "late";
                        case "FUTURE" -> "future";
                        case "TOO_LARGE" -> "large";
                        default -> "garbage";
                    };
            send(kafka, (SNAPSHOTS / 2) % SHARDS, key, entry.getValue());
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> kafka, int shard, String key, byte[] value)
            throws Exception {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        kafka.send(
                        new ProducerRecord<>(
                                Topics.ACTIVATIONS.topicName(PREFIX), shard, keyBytes, value))
                .get();
    }

    private ActivationSnapshot snapshot(String captureId, long sequence, long capturedAt) {
        List<Layer> layers = new ArrayList<>();
        for (Map.Entry<String, Integer> entry : LAYERS.entrySet()) {
            ByteBuffer data =
                    ByteBuffer.allocate(4 * ROWS * entry.getValue()).order(ByteOrder.LITTLE_ENDIAN);
            while (data.hasRemaining()) {
                data.putFloat((float) (random.nextDouble() - 0.3));
            }
            layers.add(layer(entry.getKey(), layers.size(), entry.getValue(), ROWS, data.flip()));
        }
        return new ActivationSnapshot(
                "model",
                "v1",
                "ab".repeat(32),
                captureId,
                sequence,
                capturedAt,
                List.of(WholeSample.of(captureId + "/" + sequence, null, null, 1.0)),
                layers);
    }

    private static Layer layer(String name, int index, int columns, int rows, ByteBuffer data) {
        Integer[] owners = new Integer[rows];
        Arrays.fill(owners, 0);
        return new Layer(
                name,
                index,
                LayerRole.HIDDEN,
                rows,
                columns,
                ElementType.FLOAT32,
                Arrays.asList(owners),
                data,
                null,
                false);
    }

    private void remember(ActivationSnapshot snapshot, byte[] value) {
        ActivationSnapshot decoded = Wire.decode(value, ActivationSnapshot.class);
        long pane = Math.floorDiv(snapshot.getCapturedAt(), 2_000_000L) * 2_000_000L;
        for (Layer layer : decoded.getLayers()) {
            float[] rows = new float[layer.getRows() * layer.getColumns()];
            layer.getData().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(rows);
            sent.computeIfAbsent(layer.getName() + "@" + pane, k -> new ArrayList<>()).add(rows);
        }
    }

    private static byte[] flip(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= 0x55;
        return flipped;
    }

    private static long now() {
        return System.currentTimeMillis() * 1000;
    }

    // ------------------------------------------------------------------ what came of it

    private List<ConsumerRecord<byte[], byte[]>> awaitSketches(
            MonitorService monitor, IngestService ingest) throws Exception {
        try (TopicReader reader = new TopicReader(client, Topics.SKETCHES.topicName(PREFIX))) {
            while (layerSketches(reader.records()).size() < sent.size()) {
                monitor.check();
                assertTrue(ingest.failure().isEmpty(), () -> ingest.failure().toString());
                reader.poll();
            }
            return reader.records();
        }
    }

    private static List<LayerSketch> layerSketches(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> Wire.decode(record.value()))
                .filter(LayerSketch.class::isInstance)
                .map(LayerSketch.class::cast)
                .toList();
    }

    private void assertSketchesAgreeWithTheirRows(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<ByteBuffer, byte[]> wholes = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (Wire.decode(record.value()) instanceof SketchChunk chunk) {
                assertEquals(1, chunk.getCount());
                byte[] bytes = new byte[chunk.getData().remaining()];
                chunk.getData().get(bytes);
                wholes.put(chunk.getDigest(), bytes);
            }
        }
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            for (LayerSketch sketch : layerSketches(records)) {
                List<float[]> rows = sent.get(sketch.getLayer() + "@" + sketch.getPaneStart());
                assertEquals((long) ROWS * rows.size(), sketch.getRows());
                assertEquals(
                        sketch.getLayer().equals("a/exact") ? "exact" : "frequent-directions",
                        sketch.getAlgorithm());
                assertEquals(SHARDS, sketch.getManifest().getShards().size());
                assertEquals(
                        rows.size(),
                        sketch.getManifest().getShards().stream()
                                .mapToLong(ShardInput::getSnapshots)
                                .sum());
                assertWithinBound(kernels, rows, sketch, wholes.get(sketch.getSketchDigest()));
            }
        }
    }

    private static void assertWithinBound(
            Kernels kernels, List<float[]> rows, LayerSketch record, byte[] bytes) {
        try (SecondMomentSketch sketch = Sketches.fromBytes(bytes, kernels);
                DirectMoment direct = new DirectMoment(record.getColumns(), kernels)) {
            RowBlock block = new RowBlock(ROWS, record.getColumns());
            for (float[] values : rows) {
                ByteBuffer data =
                        ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
                data.asFloatBuffer().put(values);
                block.clear();
                block.append(data, io.spectrawatch.spectral.tensor.ElementType.FLOAT32, 0, ROWS);
                direct.add(block);
            }
            double allowed = sketch.ledger().deltaPlus() + sketch.ledger().roundoff();
            double distance = direct.distanceTo(sketch);
            assertTrue(distance <= allowed, distance + " > " + allowed);
        }
    }

    private void assertDeadLetters(Map<String, byte[]> bad) throws Exception {
        Map<String, byte[]> found = new HashMap<>();
        try (TopicReader reader = new TopicReader(client, Topics.REJECTED.topicName(PREFIX))) {
            while (reader.records().size() < bad.size()) {
                reader.poll();
            }
            for (ConsumerRecord<byte[], byte[]> record : reader.records()) {
                String reason =
                        new String(
                                record.headers().lastHeader("spectrawatch.reason").value(),
                                StandardCharsets.UTF_8);
                RejectionReason.valueOf(reason);
                assertTrue(record.headers().lastHeader("spectrawatch.message").value().length > 0);
                assertFalse(found.containsKey(reason), "two dead letters " + reason);
                found.put(reason, record.value());
            }
        }
        assertEquals(new TreeSet<>(bad.keySet()), new TreeSet<>(found.keySet()));
        bad.forEach((reason, value) -> assertArrayEquals(value, found.get(reason), reason));
    }

    /** Every good snapshot is in the validated log exactly once, on the shard it was sent to. */
    private void assertNoInputLost() throws Exception {
        try (TopicReader reader = TopicReader.ofLog(client, PREFIX)) {
            Map<String, Integer> seen = new HashMap<>();
            while (seen.values().stream().mapToInt(i -> i).sum() < SNAPSHOTS) {
                seen.clear();
                reader.poll();
                for (ConsumerRecord<byte[], byte[]> record : reader.records()) {
                    LoggedSnapshot logged = LoggedSnapshot.of(Wire.decode(record.value()));
                    if (logged != null) {
                        ActivationSnapshot snapshot = logged.snapshot();
                        assertEquals("capture-" + record.partition(), snapshot.getCaptureId());
                        seen.merge(
                                snapshot.getCaptureId() + "/" + snapshot.getSequence(),
                                1,
                                Integer::sum);
                    }
                }
            }
            assertTrue(seen.values().stream().allMatch(count -> count == 1), seen::toString);
        }
    }

    private void assertMetrics(String url) throws Exception {
        sendAlert();
        String scrape = scrape(url);
        while (!scrape.contains("spectrawatch_alert_active{")) {
            Thread.sleep(100);
            scrape = scrape(url);
        }
        for (String metric :
                List.of(
                        "spectrawatch_effective_rank{model=\"model\",version=\"v1\",layer=\"a/exact\",}",
                        "spectrawatch_spectral_entropy_lower{",
                        "spectrawatch_panes_total{",
                        "spectrawatch_sketch_error_ratio{",
                        "spectrawatch_alerts_total{model=\"model\",version=\"v1\",kind=\"LOUD\",} 1.0",
                        "spectrawatch_ingest_rejected_total{")) {
            assertTrue(scrape.contains(metric), metric + " is not in\n" + scrape);
        }
        Promtool.check(scrape);
    }

    private static String scrape(String url) throws Exception {
        HttpResponse<String> response =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(url)).build(),
                                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        return response.body();
    }

    private void sendAlert() throws Exception {
        Alert alert =
                new Alert(
                        "a1",
                        "LOUD",
                        AlertTransition.RAISED,
                        "model",
                        "v1",
                        "a->b",
                        "test-1",
                        0L,
                        1L,
                        null,
                        null,
                        null,
                        "none",
                        "text",
                        Map.of(),
                        null,
                        null,
                        List.of());
        try (KafkaProducer<byte[], byte[]> kafka =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            kafka.send(new ProducerRecord<>(Topics.ALERTS.topicName(PREFIX), Wire.encode(alert)))
                    .get();
        }
    }

    private void assertReplayGivesTheSameBytes(List<ConsumerRecord<byte[], byte[]>> live)
            throws Exception {
        String starts = "";
        String ends = "";
        try (TopicReader log = TopicReader.ofLog(client, PREFIX)) {
            for (int shard = 0; shard < SHARDS; shard++) {
                String separator = shard == 0 ? "" : ",";
                starts += separator + shard + ":0";
                ends +=
                        separator
                                + shard
                                + ":"
                                + log.end(
                                        new TopicPartition(
                                                Topics.VALIDATED.topicName(PREFIX), shard));
            }
        }
        try (MonitorService replay =
                monitor(
                        Map.of("source.offsets.start", starts, "source.offsets.end", ends),
                        "replay")) {
            replay.join();
        }
        try (TopicReader reader = new TopicReader(client, Topics.SKETCHES.topicName(PREFIX))) {
            while (layerSketches(reader.records()).size() < 2 * sent.size()) {
                reader.poll();
            }
            assertEquals(byKeyAndPane(live), byKeyAndPane(reader.records()));
        }
    }

    /** Distinct values by key and time; one value each when all runs gave the same bytes. */
    private static Map<String, Set<ByteBuffer>> byKeyAndPane(
            List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Set<ByteBuffer>> values = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            values.computeIfAbsent(
                            new String(record.key(), StandardCharsets.UTF_8)
                                    + "@"
                                    + record.timestamp(),
                            k -> new HashSet<>())
                    .add(ByteBuffer.wrap(record.value()));
        }
        return values;
    }
}
