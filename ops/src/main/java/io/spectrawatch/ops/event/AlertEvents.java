package io.spectrawatch.ops.event;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ops.topic.CommittedReader;
import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every alert of the topic, from its first start on, to a collector of OpenTelemetry: one
 * event for each id, in the order of the topic, each until the collector has taken it.
 *
 * <p>How far it has come is in the offsets of a consumer group, so any number of processes may run
 * side by side: one of them sends. See {@link EventPump} for what a killed one leaves open.
 */
public final class AlertEvents implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AlertEvents.class);

    /** The doubt that a kill leaves is about what was fetched and not yet recorded: one alert. */
    private static final String ONE = "1";

    private static final long PAUSE_MILLIS = 5_000;

    /** Longer than the collector's answer may take, so that closing leaves nothing in doubt. */
    private static final long STOP_MILLIS = 30_000;

    private final Map<String, Object> client;
    private final Map<String, Object> member;
    private final String topic;
    private final EventPump pump;
    private final OtlpSender sender;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "alert-events");

    private AlertEvents(
            Map<String, Object> client,
            Map<String, Object> member,
            String topic,
            OtlpSender sender,
            CollectorRegistry registry) {
        this.client = client;
        this.member = member;
        this.topic = topic;
        this.sender = sender;
        this.pump = new EventPump(topic, this::before, sender, new EventCounts(registry), closed);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(
                (ended, e) -> LOG.error("alerts are no longer sent on", e));
    }

    /**
     * Starts sending.
     *
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param prefix prefix of the topics' names
     * @param group consumer group whose offsets say how far the sending has come
     * @param endpoint where OTLP over HTTP takes logs
     * @param collector headers and TLS
     * @param registry takes counters of what was sent
     * @throws IOException if a key store cannot be used
     */
    public static AlertEvents start(
            Map<String, Object> client,
            String prefix,
            String group,
            URI endpoint,
            CollectorConfig collector,
            CollectorRegistry registry)
            throws IOException {
        Map<String, Object> member = new HashMap<>(client);
        member.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        member.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ONE);
        AlertEvents events =
                new AlertEvents(
                        client,
                        member,
                        Topics.ALERTS.topicName(prefix),
                        new OtlpSender(endpoint, collector),
                        registry);
        events.thread.start();
        return events;
    }

    private void before(int partition, long end, Predicate<ConsumerRecord<byte[], byte[]>> sink)
            throws IOException {
        try (TopicRange range = new TopicRange(client, topic)) {
            range.readWhile(partition, range.beginning(partition), end, sink);
        }
    }

    private void run() {
        while (closed.getCount() > 0) {
            try (Consumer<byte[], byte[]> consumer = CommittedReader.open(member, "earliest")) {
                pump.run(consumer);
            } catch (RuntimeException | IOException e) {
                LOG.warn("no alerts are sent on at present; it begins again by itself", e);
                await();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void await() {
        try {
            closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    /** Returns once the alert under way is taken and recorded, or after half a minute. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
    }
}
