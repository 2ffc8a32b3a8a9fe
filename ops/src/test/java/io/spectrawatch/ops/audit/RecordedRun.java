package io.spectrawatch.ops.audit;

import io.spectrawatch.flink.baseline.BaselineOrigin;
import io.spectrawatch.flink.baseline.BaselinePublisher;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.flink.monitor.config.AlertDefinition;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.flink.monitor.config.SketchDefinition;
import io.spectrawatch.ops.FreePort;
import io.spectrawatch.ops.TopicReader;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.monitor.MonitorService;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.ValueDigest;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A validated log as ingest writes it, and what the monitor recorded of it, on a real broker. */
final class RecordedRun {

    static final int SHARDS = 2;
    static final long PANE = 10_000_000;
    static final long START = 1_767_225_600_000_000L;
    static final int CALM_PANES = 4;
    static final int PANES = 24;
    static final long END = START + PANES * PANE;

    static final long LATENESS = 1_000_000;
    static final int SNAPSHOTS = 40;

    private final Map<String, Object> client;
    private final Path folder;
    private final long[] offsets = new long[SHARDS];
    private final long[] ticks = new long[SHARDS];

    RecordedRun(Map<String, Object> client, Path folder) {
        this.client = client;
        this.folder = folder;
    }

    void createTopics(String prefix) throws Exception {
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, prefix)
                    .create(
                            SHARDS,
                            (short) 1,
                            Map.of("message.timestamp.type", "CreateTime", "retention.ms", "-1"));
        }
    }

    String publish(String prefix, ModelBaseline baseline) throws Exception {
        BaselineOrigin origin =
                new BaselineOrigin(
                        TestLog.MODEL, TestLog.VERSION, TestLog.DIGEST, List.of(), 8_000, Map.of());
        return new BaselinePublisher(client, prefix)
                .publish(baseline.toBytes(), origin)
                .getBaselineId();
    }

    /** Writes the log, calm panes first, then panes of a drifted input. */
    void writeLog(String prefix, String baselineId) throws Exception {
        Random random = new Random(5);
        ChainModel calm = new ChainModel();
        ChainModel drifted = new ChainModel().driftInput(2);
        try (KafkaProducer<byte[], byte[]> kafka = producer()) {
            tick(kafka, prefix, START);
            Activate activate =
                    new Activate(
                            TestLog.MODEL, TestLog.VERSION, baselineId, START, "operator", null);
            for (int shard = 0; shard < SHARDS; shard++) {
                send(kafka, prefix, shard, activate);
            }
            for (int pane = 0; pane < PANES; pane++) {
                ChainModel model = pane < CALM_PANES ? calm : drifted;
                for (int i = 0; i < SNAPSHOTS; i++) {
                    long at = START + pane * PANE + i * PANE / SNAPSHOTS;
                    send(kafka, prefix, i % SHARDS, model.snapshot(at, random));
                }
                tick(kafka, prefix, START + (pane + 1) * PANE);
            }
            tick(kafka, prefix, END + LATENESS);
        }
    }

    /**
     * Writes a log in which a segment sends other inputs than the rest from its first pane to its
     * last, is judged by its own baseline from a later pane on, and drifts at the end.
     */
    void writeSegments(String prefix, String rest, String segment, String own) throws Exception {
        Random random = new Random(5);
        ChainModel plain = new ChainModel();
        try (KafkaProducer<byte[], byte[]> kafka = producer()) {
            tick(kafka, prefix, START);
            for (int shard = 0; shard < SHARDS; shard++) {
                send(kafka, prefix, shard, activate(rest, START, null));
                send(kafka, prefix, shard, activate(own, START + 2 * PANE, segment));
            }
            String[] pair = segment.split("=");
            for (int pane = 0; pane < PANES; pane++) {
                ChainModel batch = new ChainModel().driftInput(pane <= CALM_PANES ? 2 : 0);
                for (int i = 0; i < SNAPSHOTS; i++) {
                    long at = START + pane * PANE + i * PANE / SNAPSHOTS;
                    ActivationSnapshot snapshot = plain.snapshot(at, random);
                    if (pane != PANES - 3) {
                        snapshot =
                                ChainModel.mixed(
                                        snapshot,
                                        batch.snapshot(at, random),
                                        Map.of(pair[0], pair[1]));
                    }
                    send(kafka, prefix, i % SHARDS, snapshot);
                }
                tick(kafka, prefix, START + (pane + 1) * PANE);
            }
            tick(kafka, prefix, END + LATENESS);
        }
    }

    static Activate activate(String baselineId, long from, String segment) {
        return new Activate(TestLog.MODEL, TestLog.VERSION, baselineId, from, "operator", segment);
    }

    void tick(KafkaProducer<byte[], byte[]> kafka, String prefix, long time) {
        for (int shard = 0; shard < SHARDS; shard++) {
            long sequence = ticks[shard]++;
            Tick tick =
                    new Tick(
                            time,
                            PANE,
                            LATENESS,
                            shard,
                            SHARDS,
                            sequence,
                            (sequence + shard) % 4,
                            sequence % 3);
            send(kafka, prefix, shard, tick);
        }
    }

    void send(
            KafkaProducer<byte[], byte[]> kafka, String prefix, int shard, SpecificRecord record) {
        boolean snapshot = !(record instanceof Tick) && !(record instanceof Activate);
        send(kafka, prefix, shard, Wire.encode(record), snapshot);
    }

    void send(
            KafkaProducer<byte[], byte[]> kafka,
            String prefix,
            int shard,
            byte[] value,
            boolean snapshot) {
        ProducerRecord<byte[], byte[]> message =
                new ProducerRecord<>(
                        Topics.VALIDATED.topicName(prefix),
                        shard,
                        START / 1000,
                        snapshot ? "capture".getBytes(StandardCharsets.UTF_8) : null,
                        value);
        if (snapshot) {
            message.headers().add(ValueDigest.HEADER, ValueDigest.of(value));
        }
        kafka.send(message);
        offsets[shard]++;
    }

    /**
     * Runs the monitor over the whole log.
     *
     * @param more settings of the form KEY=VALUE
     */
    void monitor(String prefix, String... more) throws Exception {
        Map<String, String> settings = settings(prefix, more);
        settings.put(MonitorDefinition.SOURCE_END.key(), "0:" + offsets[0] + ",1:" + offsets[1]);
        try (MonitorService monitor =
                MonitorService.start(settings, client, folder.resolve(prefix), FreePort.next())) {
            monitor.join();
        }
    }

    static Map<String, String> settings(String prefix, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put(MonitorDefinition.TOPIC_PREFIX.key(), prefix);
        settings.put(MonitorDefinition.SHARDS.key(), Integer.toString(SHARDS));
        settings.put(MonitorDefinition.SOURCE_START.key(), "0:0,1:0");
        settings.put(SketchDefinition.SKETCH_ROWS.key(), "8");
        settings.put(SketchDefinition.SKETCH_KIND_FREQUENT_DIRECTIONS_LAYERS.key(), "out");
        settings.put(SketchDefinition.PUBLISH_SKETCH.key(), "true");
        settings.put(AlertDefinition.ALERT_STREAMS.key(), "2");
        settings.put(AlertDefinition.ALERT_ALPHA.key(), "0.4");
        settings.put(AlertDefinition.ALERT_HORIZON.key(), "run-length");
        settings.put(MonitorDefinition.TRANSACTIONAL_ID_PREFIX.key(), prefix);
        settings.put(MonitorDefinition.PARALLELISM.key(), "2");
        settings.putAll(TestLog.settings(more));
        return settings;
    }

    /**
     * Copies topics record by record, headers and all, with the values that it is told; those for
     * which it is told none are left out.
     */
    void copy(
            String from,
            String to,
            List<Topics> topics,
            Function<ConsumerRecord<byte[], byte[]>, byte[]> value)
            throws Exception {
        try (KafkaProducer<byte[], byte[]> kafka = producer()) {
            for (Topics topic : topics) {
                for (ConsumerRecord<byte[], byte[]> record : records(from, topic)) {
                    byte[] copied = value.apply(record);
                    if (copied != null) {
                        kafka.send(
                                new ProducerRecord<>(
                                        topic.topicName(to),
                                        record.partition(),
                                        record.timestamp(),
                                        record.key(),
                                        copied,
                                        record.headers()));
                    }
                }
            }
        }
    }

    /** All committed records of a topic; an unclean end would show as a test that times out. */
    List<ConsumerRecord<byte[], byte[]>> records(String prefix, Topics topic) {
        try (TopicReader reader = new TopicReader(client, topic.topicName(prefix))) {
            reader.pollToEnd();
            return reader.records();
        }
    }

    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
