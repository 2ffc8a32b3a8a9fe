package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics of one run through the pipeline, under a prefix of their own, and what fills them. */
final class BenchTopics {

    static final long PANE_MICROS = 10_000_000;

    /** Every record's time lies before the clock's, as it does for whoever reads a backlog. */
    private static final long PAST_MICROS = 60_000_000;

    private static final Map<String, String> CONFIG =
            Map.of("message.timestamp.type", "CreateTime", "retention.ms", "-1");

    private static final long LARGEST_REQUEST =
            Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES;

    private final Admin admin;
    private final Map<String, Object> client;
    private final PipelineOptions options;
    private final String prefix;
    private final int snapshots;
    private final int snapshotsPerPane;
    private long start;
    private long bytes;

    BenchTopics(
            Admin admin,
            Map<String, Object> client,
            PipelineOptions options,
            String prefix,
            int snapshots,
            int snapshotsPerPane) {
        this.admin = admin;
        this.client = client;
        this.options = options;
        this.prefix = prefix;
        this.snapshots = snapshots;
        this.snapshotsPerPane = snapshotsPerPane;
    }

    String prefix() {
        return prefix;
    }

    int snapshots() {
        return snapshots;
    }

    /** Start of the pane of the first snapshot, microseconds since the epoch. */
    long start() {
        return start;
    }

    /** Bytes of all snapshots, uncompressed. */
    long bytes() {
        return bytes;
    }

    String name(Topics topic) {
        return topic.topicName(prefix);
    }

    /** Where the copy goes that is no stage of the pipeline. */
    String copyName() {
        return prefix + "copy";
    }

    List<TopicPartition> partitions(String topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int shard = 0; shard < options.shards(); shard++) {
            partitions.add(new TopicPartition(topic, shard));
        }
        return partitions;
    }

    /** Creates the topics, and the one that a bare copy goes to. */
    void create() throws ExecutionException, InterruptedException {
        new TopicAdmin(admin, prefix).create(options.shards(), (short) 1, CONFIG);
        Map<String, String> config = new HashMap<>(Topics.VALIDATED.config());
        config.putAll(CONFIG);
        admin.createTopics(
                        List.of(
                                new NewTopic(copyName(), options.shards(), (short) 1)
                                        .configs(config)))
                .all()
                .get();
    }

    /** Fills the activations. */
    void fill(BenchSnapshots source) {
        long step = Math.max(1, PANE_MICROS / snapshotsPerPane);
        startPanes(System.currentTimeMillis() * 1000 - PAST_MICROS - step * snapshots);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = 0; i < snapshots; i++) {
                producer.send(record(source, i, start + i * step));
            }
        }
    }

    /** Counts panes from the one that holds a time, microseconds since the epoch. */
    void startPanes(long time) {
        start = Math.floorDiv(time, PANE_MICROS) * PANE_MICROS;
    }

    KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, (int) LARGEST_REQUEST);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8 * LARGEST_REQUEST);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * The activation record of a snapshot.
     *
     * @param number of the snapshot, from 0 on, one after the other
     * @param at its time, microseconds since the epoch
     */
    ProducerRecord<byte[], byte[]> record(BenchSnapshots source, int number, long at) {
        int shard = number % options.shards();
        int turn = number / options.shards();
        int model = turn % options.models();
        String captureId = "bench-" + shard + "-" + model;
        byte[] value = source.value(model, captureId, turn / options.models(), number, at);
        bytes += value.length;
        return new ProducerRecord<>(
                name(Topics.ACTIVATIONS),
                shard,
                at / 1000,
                captureId.getBytes(StandardCharsets.UTF_8),
                value);
    }

    /** Ends of a topic's partitions as a read-committed consumer sees them. */
    Map<TopicPartition, Long> ends(String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions(topic).forEach(each -> asked.put(each, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get()
                .forEach((partition, found) -> ends.put(partition, found.offset()));
        return ends;
    }

    /** The same as the jobs' settings want them: partition:offset, separated by commas. */
    String endsText(Topics topic) throws ExecutionException, InterruptedException {
        Map<Integer, Long> ends = new TreeMap<>();
        ends(name(topic)).forEach((each, offset) -> ends.put(each.partition(), offset));
        List<String> parts = new ArrayList<>();
        ends.forEach((shard, offset) -> parts.add(shard + ":" + offset));
        return String.join(",", parts);
    }

    /** How many records of a topic a group has committed. */
    long committed(String group, String topic) throws ExecutionException, InterruptedException {
        long sum = 0;
        for (Map.Entry<TopicPartition, OffsetAndMetadata> each :
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .entrySet()) {
            if (each.getValue() != null && each.getKey().topic().equals(topic)) {
                sum += each.getValue().offset();
            }
        }
        return sum;
    }

    /** Removes topics whose records nobody needs any more. */
    void delete(List<String> topics) throws ExecutionException, InterruptedException {
        admin.deleteTopics(topics).all().get();
    }
}
