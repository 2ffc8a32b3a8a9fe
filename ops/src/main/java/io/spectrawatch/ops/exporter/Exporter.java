package io.spectrawatch.ops.exporter;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.spectrawatch.ops.process.LastWords;
import io.spectrawatch.ops.web.WebConfig;
import io.spectrawatch.ops.web.WebServer;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.ResponseCodeHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what the sketches, certificates, scores and alerts topics say in Prometheus text format at
 * {@code /metrics}.
 *
 * <p>It reads committed records only, keeps no offsets, and starts at the records of the last hour,
 * so a restarted exporter shows the present state again at once. Counters and histograms begin at 0
 * and count what is published from then on: to Prometheus a restart is a reset, and nothing is
 * counted twice. A record that was published before is counted once. Any number may run side by
 * side.
 */
public final class Exporter implements AutoCloseable {

    /** Layers, interfaces and label tuples of every other metric shown at most. */
    public static final int MAX_SERIES = 10_000;

    private static final List<Topics> READ =
            List.of(Topics.SKETCHES, Topics.CERTIFICATES, Topics.SCORES, Topics.ALERTS);
    private static final Logger LOG = LoggerFactory.getLogger(Exporter.class);
    private static final Duration LOOK_BACK = Duration.ofHours(1);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long STOP_MILLIS = 5_000;

    private final Counter undecodable =
            Counter.build(
                            "spectrawatch_exporter_undecodable_total",
                            "Records of the topics read that could not be decoded.")
                    .create();
    private final RecordMetrics metrics;
    private final RepeatedRecords repeated = new RepeatedRecords();
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;
    private final WebServer server;
    private final Thread reader;
    private volatile Throwable failure;

    /**
     * @param consumer reads from its positions on
     * @param ends where what is published after the start begins: what comes before is shown, and
     *     not counted
     * @param segmentAttribute attribute of samples that is a label, null for none
     * @param pages served beside the metrics
     */
    Exporter(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            String segmentAttribute,
            HttpHandler pages,
            InetSocketAddress address,
            WebConfig web,
            CollectorRegistry registry)
            throws IOException {
        this.consumer = consumer;
        this.ends = ends;
        this.metrics = new RecordMetrics(segmentAttribute, MAX_SERIES);
        metrics.registerAt(registry);
        repeated.registerAt(registry);
        undecodable.register(registry);
        this.server = WebServer.start(registry, pages, address, web);
        this.reader = new Thread(this::read, "exporter-reader");
        reader.setDaemon(true);
    }

    /**
     * Starts reading and serving.
     *
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param prefix prefix of the topics' names
     * @param segmentAttribute attribute of samples that is a label, null for none
     * @param pages served beside the metrics
     * @param address where to listen; port 0 takes a free one
     * @param web TLS and authentication
     * @param registry served as a whole; the exporter adds its own collectors
     * @throws IOException if the address cannot be bound or a topic does not exist
     */
    public static Exporter start(
            Map<String, Object> client,
            String prefix,
            String segmentAttribute,
            HttpHandler pages,
            InetSocketAddress address,
            WebConfig web,
            CollectorRegistry registry)
            throws IOException {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        properties.put("allow.auto.create.topics", "false");
        properties.put("auto.offset.reset", "earliest");
        Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            assign(consumer, prefix);
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            Exporter exporter =
                    new Exporter(consumer, ends, segmentAttribute, pages, address, web, registry);
            exporter.begin();
            return exporter;
        } catch (IOException | RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** Starts reading. */
    void begin() {
        reader.start();
    }

    /** Starts reading and serving without TLS and authentication: for the loopback address. */
    public static Exporter start(
            Map<String, Object> client,
            String prefix,
            InetSocketAddress address,
            CollectorRegistry registry)
            throws IOException {
        return start(
                client,
                prefix,
                null,
                ResponseCodeHandler.HANDLE_404,
                address,
                WebConfig.open(),
                registry);
    }

    /** Where Prometheus scrapes, with the port that was really bound. */
    public String url() {
        return server.url();
    }

    /** Where the pages begin. */
    public String pagesUrl() {
        return server.pagesUrl();
    }

    /** Blocks until the exporter is closed, or fails with what ended its reading. */
    public void join() throws InterruptedException {
        reader.join();
        if (failure != null) {
            throw new IllegalStateException(
                    "the exporter stopped reading: " + LastWords.of(failure), failure);
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            reader.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
    }

    private static void assign(Consumer<byte[], byte[]> consumer, String prefix)
            throws IOException {
        Map<TopicPartition, Long> from = new HashMap<>();
        long start = System.currentTimeMillis() - LOOK_BACK.toMillis();
        for (Topics topic : READ) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic.topicName(prefix));
            if (partitions.isEmpty()) {
                throw new IOException(
                        "the topic "
                                + topic.topicName(prefix)
                                + " does not exist; topics create makes it");
            }
            partitions.forEach(p -> from.put(new TopicPartition(p.topic(), p.partition()), start));
        }
        consumer.assign(from.keySet());
        List<TopicPartition> quiet = new ArrayList<>();
        for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
                consumer.offsetsForTimes(from).entrySet()) {
            if (found.getValue() == null) {
                quiet.add(found.getKey());
            } else {
                consumer.seek(found.getKey(), found.getValue().offset());
            }
        }
        if (!quiet.isEmpty()) {
            consumer.seekToEnd(quiet);
            // seekToEnd is lazy: fix the position now, before anything more is written
            quiet.forEach(consumer::position);
        }
    }

    private void read() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    accept(record);
                }
            }
        } catch (WakeupException closed) {
            LOG.debug("exporter closed");
        } catch (RuntimeException | Error e) {
            failure = e;
            LOG.error("the exporter stopped reading", e);
        }
    }

    private void accept(ConsumerRecord<byte[], byte[]> record) {
        try {
            SpecificRecord value = Wire.decode(record.value());
            if (repeated.isNew(value)) {
                metrics.accept(
                        value,
                        isAfterStart(record) ? RecordMetrics.Mode.COUNT : RecordMetrics.Mode.SHOW);
            }
        } catch (WireException e) {
            if (isAfterStart(record)) {
                undecodable.inc();
            }
            LOG.warn(
                    "skipped {}-{} offset {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }

    private boolean isAfterStart(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        return record.offset() >= ends.getOrDefault(partition, 0L);
    }
}
