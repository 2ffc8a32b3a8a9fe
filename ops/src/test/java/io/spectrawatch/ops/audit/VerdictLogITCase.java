package io.spectrawatch.ops.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.flink.verdict.AcceptedValues;
import io.spectrawatch.ops.audit.compare.Altered;
import io.spectrawatch.ops.audit.record.AuditRequest;
import io.spectrawatch.ops.audit.record.Missing;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.LateSnapshot;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.ValueDigest;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same log with copies and with verdicts, on a real broker: what the monitor publishes of it,
 * and what audits say where the snapshots that verdicts lead to were changed or are gone.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class VerdictLogITCase {

    private static final String COPIES = "copies.";
    private static final List<Topics> PUBLISHED =
            List.of(Topics.SKETCHES, Topics.CERTIFICATES, Topics.SCORES, Topics.ALERTS);

    @TempDir private static Path folder;

    private static EmbeddedBroker broker;
    private static Map<String, Object> client;
    private static RecordedRun run;

    @BeforeAll
    static void record() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        client = Map.of("bootstrap.servers", broker.bootstrapServers());
        run = new RecordedRun(client, folder);
        run.createTopics(COPIES);
        run.writeLog(COPIES, run.publish(COPIES, new ChainModel().whole(11)));
        run.monitor(COPIES);
        assertFalse(run.records(COPIES, Topics.ALERTS).isEmpty());
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    /**
     * Writes the log again with verdicts, and the snapshots where clients would send them, with one
     * that nobody accepted before each.
     *
     * @param sent what stands there of each
     */
    private static void writeVerdicts(String prefix, UnaryOperator<byte[]> sent) throws Exception {
        run.createTopics(prefix);
        run.copy(COPIES, prefix, List.of(Topics.BASELINES), ConsumerRecord::value);
        String activations = Topics.ACTIVATIONS.topicName(prefix);
        Map<Integer, Long> next = new HashMap<>();
        try (KafkaProducer<byte[], byte[]> kafka = run.producer()) {
            for (ConsumerRecord<byte[], byte[]> record : run.records(COPIES, Topics.VALIDATED)) {
                byte[] entry = record.value();
                if (LoggedSnapshot.isOne(entry)) {
                    int shard = record.partition();
                    long offset = next.merge(shard, 2L, Long::sum) - 1;
                    kafka.send(new ProducerRecord<>(activations, shard, null, new byte[] {1}));
                    byte[] value = sent.apply(entry);
                    kafka.send(new ProducerRecord<>(activations, shard, record.key(), value));
                    entry = Wire.encode(verdict(shard, offset, record.value()));
                }
                kafka.send(
                        new ProducerRecord<>(
                                Topics.VALIDATED.topicName(prefix),
                                record.partition(),
                                record.timestamp(),
                                record.key(),
                                entry));
            }
        }
    }

    private static AcceptedSnapshot verdict(int shard, long offset, byte[] value) {
        return new AcceptedSnapshot(shard, offset, null, ByteBuffer.wrap(ValueDigest.of(value)));
    }

    private static void copyOutputs(String prefix) throws Exception {
        run.copy(COPIES, prefix, PUBLISHED, ConsumerRecord::value);
    }

    private static AuditReport audit(String prefix) throws Exception {
        return new Audit(client, prefix, new FlinkTarget(null, 0, List.of(), 2), null)
                .run(
                        AuditRequest.range(TestLog.MODEL, null, RecordedRun.START, RecordedRun.END),
                        AuditProgress.NONE);
    }

    private static TreeSet<ByteBuffer> published(String prefix) {
        TreeSet<ByteBuffer> values = new TreeSet<>();
        for (Topics topic : PUBLISHED) {
            run.records(prefix, topic).forEach(each -> values.add(ByteBuffer.wrap(each.value())));
        }
        return values;
    }

    @Test
    void theMonitorPublishesTheSameBytesAndAnAuditOfThemIsIdentical() throws Exception {
        String prefix = "verdicts.";
        writeVerdicts(prefix, UnaryOperator.identity());

        run.monitor(prefix);

        assertEquals(published(COPIES), published(prefix));
        AuditReport report = audit(prefix);
        assertEquals(ReplayVerdict.IDENTICAL, report.verdict(), report.toString());
        assertTrue(report.rows() > 0);
    }

    @Test
    void aSnapshotThatWasChangedIsNamedByItsVerdict() throws Exception {
        String prefix = "changed.";
        ConsumerRecord<byte[], byte[]> target =
                run.records(COPIES, Topics.VALIDATED).stream()
                        .filter(each -> each.partition() == 1 && each.offset() >= 30)
                        .filter(each -> LoggedSnapshot.isOne(each.value()))
                        .findFirst()
                        .orElseThrow();
        writeVerdicts(
                prefix,
                value -> {
                    byte[] changed = value.clone();
                    changed[value.length - 4] ^= Arrays.equals(value, target.value()) ? 1 : 0;
                    return changed;
                });
        copyOutputs(prefix);

        AuditReport report = audit(prefix);

        assertEquals(ReplayVerdict.DIVERGED, report.verdict(), report.toString());
        assertEquals(
                List.of(new Altered(1, target.offset(), target.offset(), true)), report.altered());
    }

    @Test
    void whereRetentionTookSnapshotsAnAuditSaysWhatIsMissing() throws Exception {
        String prefix = "gone.";
        writeVerdicts(prefix, UnaryOperator.identity());
        copyOutputs(prefix);
        List<ConsumerRecord<byte[], byte[]>> shard =
                run.records(prefix, Topics.VALIDATED).stream()
                        .filter(each -> each.partition() == 0)
                        .filter(each -> Wire.decode(each.value()) instanceof AcceptedSnapshot)
                        .toList();
        AcceptedSnapshot firstKept = Wire.decode(shard.get(50).value(), AcceptedSnapshot.class);
        try (Admin admin = Admin.create(client)) {
            TopicPartition partition = new TopicPartition(Topics.ACTIVATIONS.topicName(prefix), 0);
            admin.deleteRecords(
                            Map.of(partition, RecordsToDelete.beforeOffset(firstKept.getOffset())))
                    .all()
                    .get();
        }

        AuditReport report = audit(prefix);

        assertEquals(ReplayVerdict.INCOMPLETE, report.verdict(), report.toString());
        assertEquals(List.of(new Missing(0, 0, shard.get(50).offset() - 1)), report.missing());
        assertTrue(report.counts().get("sketches").get(ReplayVerdict.IDENTICAL) > 0);

        run.monitor(prefix, "transactional.id.prefix=gone-again");
        List<LayerSketch> first = sketchesOfFirstPane(prefix);
        assertTrue(
                first.stream().mapToLong(LayerSketch::getRows).sum()
                        < sketchesOfFirstPane(COPIES).stream()
                                .mapToLong(LayerSketch::getRows)
                                .sum(),
                "the monitor leaves out what is gone and goes on");
    }

    /** Of what was published last. */
    private static List<LayerSketch> sketchesOfFirstPane(String prefix) {
        Map<String, LayerSketch> newest = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : run.records(prefix, Topics.SKETCHES)) {
            if (Wire.decode(record.value()) instanceof LayerSketch sketch
                    && sketch.getPaneStart() == RecordedRun.START) {
                newest.put(sketch.getLayer(), sketch);
            }
        }
        return new ArrayList<>(newest.values());
    }

    @Test
    void aRecordThatUnpacksBeyondTheLimitIsSteppedOver() throws Exception {
        String topic = Topics.ACTIVATIONS.topicName("bomb.");
        run.createTopics("bomb.");
        byte[] before = {1, 2, 3};
        byte[] after = {4, 5};
        Map<String, Object> compressed = new HashMap<>(client);
        compressed.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        compressed.put(ProducerConfig.LINGER_MS_CONFIG, 10_000);
        compressed.put(ProducerConfig.BATCH_SIZE_CONFIG, 96 << 20);
        compressed.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 256L << 20);
        compressed.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 96 << 20);
        try (KafkaProducer<byte[], byte[]> kafka =
                new KafkaProducer<>(
                        compressed, new ByteArraySerializer(), new ByteArraySerializer())) {
            kafka.send(new ProducerRecord<>(topic, 0, null, before));
            kafka.send(new ProducerRecord<>(topic, 0, null, new byte[64 << 20]));
            kafka.send(new ProducerRecord<>(topic, 0, null, after));
        }
        try (AcceptedValues values = new AcceptedValues()) {
            values.configure(client, false);
            assertArrayEquals(before, read(values, verdict(0, 0, before)));
            assertArrayEquals(after, read(values, verdict(0, 2, after)));
            AcceptedSnapshot unpacked = verdict(0, 1, new byte[64 << 20]);
            assertArrayEquals(Wire.encode(unpacked), read(values, unpacked), "it stays");
            byte[] late = Wire.encode(new LateSnapshot(5L, ByteBuffer.wrap(before)));
            AcceptedSnapshot ofLate =
                    new AcceptedSnapshot(0, 0L, 5L, ByteBuffer.wrap(ValueDigest.of(late)));
            assertArrayEquals(late, read(values, ofLate));
        }
    }

    private static byte[] read(AcceptedValues values, AcceptedSnapshot verdict) {
        return values.deserialize("bomb.validated", new RecordHeaders(), Wire.encode(verdict));
    }
}
