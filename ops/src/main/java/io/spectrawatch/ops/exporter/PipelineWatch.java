package io.spectrawatch.ops.exporter;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.fetch.BrokersAway;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the pipeline itself, from outside its processes, so that it can tell when they are gone:
 * when the log of each shard was last written to, and how far each reader is behind.
 *
 * <p>A live ingest writes a tick into every shard each tick interval, so a log that stands still
 * means that its clock has stopped. Offsets include those of transaction markers, which no reader
 * sees: a reader of a transactional topic that is up to date shows a small number, not always 0.
 */
public final class PipelineWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final double MILLIS_PER_SECOND = 1e3;

    private final Admin admin;
    private final String prefix;
    private final List<Reader> readers;
    private final Gauge written;
    private final Gauge lag;
    private final Counter failures;

    /** A thread of its own, not a timer's: an Error must not end it unseen. */
    private final Thread clock = new Thread(this::run, "pipeline-watch");

    private boolean failing;

    /**
     * A service that reads a topic and commits how far.
     *
     * @param name value of the label {@code reader}
     * @param group its consumer group
     */
    public record Reader(String name, Topics topic, String group) {}

    private PipelineWatch(
            Admin admin, String prefix, List<Reader> readers, CollectorRegistry registry) {
        this.admin = admin;
        this.prefix = prefix;
        this.readers = List.copyOf(readers);
        this.written =
                Gauge.build(
                                "spectrawatch_shard_written_timestamp_seconds",
                                "Newest time stamp in the shard's validated log, seconds since the"
                                        + " epoch; ticks keep it near the present.")
                        .labelNames("shard")
                        .register(registry);
        this.lag =
                Gauge.build(
                                "spectrawatch_lag_records",
                                "Offsets between what the reader has committed and the end of the"
                                        + " shard's topic.")
                        .labelNames("reader", "shard")
                        .register(registry);
        this.failures =
                Counter.build(
                                "spectrawatch_watch_failures_total",
                                "Looks at the brokers that gave no answer; gauges keep their value.")
                        .register(registry);
    }

    /**
     * Looks at the brokers every five seconds.
     *
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param prefix prefix of the topics' names
     * @param registry takes the gauges
     */
    public static PipelineWatch start(
            Map<String, Object> client,
            String prefix,
            List<Reader> readers,
            CollectorRegistry registry) {
        PipelineWatch watch =
                new PipelineWatch(
                        Admin.create(BrokersAway.tryOn(client)), prefix, readers, registry);
        watch.clock.setDaemon(true);
        watch.clock.start();
        return watch;
    }

    @Override
    public void close() {
        clock.interrupt();
        admin.close(PATIENCE);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(INTERVAL.toMillis());
            }
        } catch (InterruptedException closed) {
            LOG.debug("watch closed");
        }
    }

    private void look() {
        try {
            lookAtLog();
            for (Reader reader : readers) {
                lookAt(reader);
            }
            failing = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            failures.inc();
            if (!failing) {
                LOG.warn("the brokers do not tell how far the pipeline is", e);
            }
            failing = true;
        }
    }

    private void lookAtLog() throws InterruptedException, ExecutionException, TimeoutException {
        offsets(Topics.VALIDATED, OffsetSpec.maxTimestamp())
                .forEach(
                        (partition, newest) -> {
                            // an empty log has no newest record
                            if (newest.timestamp() >= 0) {
                                written.labels(Integer.toString(partition.partition()))
                                        .set(newest.timestamp() / MILLIS_PER_SECOND);
                            }
                        });
    }

    private void lookAt(Reader reader)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets(reader.group())
                        .partitionsToOffsetAndMetadata()
                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        Map<TopicPartition, ListOffsetsResultInfo> first =
                offsets(reader.topic(), OffsetSpec.earliest());
        offsets(reader.topic(), OffsetSpec.latest())
                .forEach(
                        (partition, end) -> {
                            OffsetAndMetadata done = committed.get(partition);
                            long from =
                                    done == null ? first.get(partition).offset() : done.offset();
                            lag.labels(reader.name(), Integer.toString(partition.partition()))
                                    .set(Math.max(0, end.offset() - from));
                        });
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(Topics topic, OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        String name = topic.topicName(prefix);
        TopicDescription description =
                admin.describeTopics(List.of(name))
                        .allTopicNames()
                        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .get(name);
        Map<TopicPartition, OffsetSpec> question =
                description.partitions().stream()
                        .map(partition -> new TopicPartition(name, partition.partition()))
                        .collect(Collectors.toMap(Function.identity(), partition -> which));
        return new HashMap<>(
                admin.listOffsets(question).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }
}
