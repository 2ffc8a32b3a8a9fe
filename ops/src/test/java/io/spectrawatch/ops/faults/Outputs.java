package io.spectrawatch.ops.faults;

import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Everything the jobs publish, as a read-committed consumer sees it.
 *
 * <p>Topics are taken from the catalogue, all but those that the jobs only read, so that what a job
 * comes to publish is compared as soon as it does.
 */
public final class Outputs implements AutoCloseable {

    /** By name, because a topic may be younger than this class. */
    private static final Set<String> INPUTS =
            Set.of(
                    "ACTIVATIONS",
                    "VALIDATED",
                    "REJECTED",
                    "LAYERS",
                    "ACTIVATION",
                    "MODELS",
                    "IDENTITIES",
                    "BASELINES");

    private static final String SKETCH = LayerSketch.getClassSchema().getFullName();

    /**
     * A transaction's markers are written within milliseconds, on a busy machine within seconds.
     */
    private static final Duration VISIBLE = Duration.ofSeconds(10);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Only tells how far the topics are written. */
    private final KafkaConsumer<byte[], byte[]> uncommitted;

    private final List<TopicPartition> partitions = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();

    /** One published record; equal where topic, key, time and bytes are. */
    record Output(String topic, String key, long timestamp, ByteBuffer value) {

        static Output of(ConsumerRecord<byte[], byte[]> record) {
            return new Output(
                    record.topic(),
                    record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8),
                    record.timestamp(),
                    ByteBuffer.wrap(record.value()));
        }

        boolean isSketch() {
            return Wire.isA(value.array(), SKETCH);
        }
    }

    /** How what was published differs from what should have been. */
    record Difference(long lost, long duplicated, long strange, boolean inOrder) {

        boolean identical() {
            return lost == 0 && duplicated == 0 && strange == 0 && inOrder;
        }
    }

    Outputs(Map<String, Object> client, String prefix) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        properties.put("isolation.level", "read_uncommitted");
        uncommitted =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        for (Topics topic : Topics.values()) {
            if (!INPUTS.contains(topic.name())) {
                consumer.partitionsFor(topic.topicName(prefix))
                        .forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
            }
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what has come; returns all read since the last {@link #forget()}. */
    List<Output> poll() {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> outputs.add(Output.of(record)));
        return outputs;
    }

    /**
     * Reads on until nothing that is committed is left. A broker acknowledges the end of a
     * transaction before its records become visible, so the last ones are waited for; not without
     * end, because a job that was killed leaves a transaction open.
     */
    List<Output> drain() {
        Map<TopicPartition, Long> committed = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> written = uncommitted.endOffsets(partitions);
        long deadline = System.nanoTime() + VISIBLE.toNanos();
        while (isBehind(committed) || isBehind(written) && System.nanoTime() < deadline) {
            poll();
        }
        return List.copyOf(outputs);
    }

    private boolean isBehind(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    /** Sketches among what was read. */
    long sketches() {
        return outputs.stream().filter(Output::isSketch).count();
    }

    void forget() {
        outputs.clear();
    }

    @Override
    public void close() {
        try (consumer;
                uncommitted) {
            outputs.clear();
        }
    }

    /** Compares runs by content; only a layer's panes have an order. */
    static Difference difference(List<Output> expected, List<Output> found) {
        Map<Output, Integer> balance = new HashMap<>();
        expected.forEach(output -> balance.merge(output, 1, Integer::sum));
        Set<Output> known = Set.copyOf(balance.keySet());
        long duplicated = 0;
        long strange = 0;
        for (Output output : found) {
            if (!known.contains(output)) {
                strange++;
            } else if (balance.merge(output, -1, Integer::sum) < 0) {
                duplicated++;
            }
        }
        long lost = balance.values().stream().filter(n -> n > 0).mapToLong(n -> n).sum();
        return new Difference(
                lost, duplicated, strange, sketchesByKey(expected).equals(sketchesByKey(found)));
    }

    private static Map<String, List<Output>> sketchesByKey(List<Output> outputs) {
        Map<String, List<Output>> byKey = new TreeMap<>();
        outputs.stream()
                .filter(Output::isSketch)
                .forEach(o -> byKey.computeIfAbsent(o.key(), k -> new ArrayList<>()).add(o));
        return byKey;
    }
}
