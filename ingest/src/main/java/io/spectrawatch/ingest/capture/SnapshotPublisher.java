package io.spectrawatch.ingest.capture;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends snapshots without ever holding up the model.
 *
 * <p>{@link #publish} puts a snapshot into a bounded buffer, from which a thread of its own feeds
 * an idempotent producer; when the buffer is full the snapshot is dropped and counted. Its sequence
 * number is used up all the same, so that downstream sees the gap. Of a sample in parts the later
 * ones need not be sent then; {@link CaptureSession} does not. Who sends them nevertheless hides
 * nothing: parts are numbered, and the monitor reports the sample as one with a part missing.
 *
 * <p>The record's time is the capture time; a topic with log append time, as it should be, replaces
 * it.
 */
public final class SnapshotPublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotPublisher.class);
    private static final long MICROS_PER_MILLI = 1000;

    /**
     * Long enough for brokers that restart one after the other, and well within the age up to which
     * ingest takes late snapshots.
     */
    private static final int DELIVERY_TIMEOUT_MILLIS = 5 * 60 * 1000;

    private static final int LARGEST_REQUEST =
            Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES;

    private final PublisherOptions options;
    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final CaptureMetrics metrics;
    private final Acknowledgement acknowledgement;
    private final SendBuffer<Outgoing> buffer;
    private final Thread sender;
    private boolean failing;

    private record Outgoing(byte[] key, byte[] value, long sequence, long capturedAt) {}

    SnapshotPublisher(
            PublisherOptions options,
            Producer<byte[], byte[]> producer,
            CollectorRegistry registry,
            Acknowledgement acknowledgement) {
        this.options = options;
        this.topic = Topics.ACTIVATIONS.topicName(options.topicPrefix());
        this.producer = producer;
        this.metrics = new CaptureMetrics(registry);
        this.acknowledgement = acknowledgement;
        this.buffer = new SendBuffer<>(options.maxSnapshots(), options.maxBytes());
        this.sender = new Thread(this::sendAll, "spectrawatch-capture-sender");
        sender.setDaemon(true);
        sender.start();
    }

    /**
     * Opens a producer; the broker is first contacted when there is something to send.
     *
     * @param kafka client settings, {@code bootstrap.servers} at least
     * @param registry takes the metrics {@code spectrawatch_capture_*}
     * @throws CaptureException if the settings are wrong
     */
    public static SnapshotPublisher open(
            PublisherOptions options,
            Map<String, ?> kafka,
            CollectorRegistry registry,
            Acknowledgement acknowledgement) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, options.compression());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, options.maxBytes() + LARGEST_REQUEST);
        try {
            return new SnapshotPublisher(
                    options,
                    new KafkaProducer<>(
                            settings, new ByteArraySerializer(), new ByteArraySerializer()),
                    registry,
                    acknowledgement);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CaptureException("cannot reach Kafka: " + cause.getMessage(), e);
        }
    }

    /**
     * Hands a snapshot over; returns at once.
     *
     * @return false if the buffer was full and the snapshot was dropped
     * @throws CaptureException if it is larger than a record may be
     * @throws IllegalStateException after {@link #close()}
     */
    public boolean publish(ActivationSnapshot snapshot) {
        Outgoing outgoing = encode(snapshot);
        boolean accepted = buffer.offer(outgoing, outgoing.value().length);
        if (!accepted) {
            metrics.dropped();
        }
        metrics.buffered(buffer.bytes());
        return accepted;
    }

    /** Counts a snapshot that is not handed over, because it goes on with what was dropped. */
    void drop() {
        metrics.dropped();
    }

    /** Counts a sample of which a part was dropped. */
    void brokeSample() {
        metrics.brokeSample();
    }

    /** Hands a snapshot over and waits for room: for finite inputs that must arrive complete. */
    public void publishBlocking(ActivationSnapshot snapshot) throws InterruptedException {
        Outgoing outgoing = encode(snapshot);
        buffer.put(outgoing, outgoing.value().length);
        metrics.buffered(buffer.bytes());
    }

    /** What became of the snapshots so far. */
    public PublisherCounts counts() {
        return metrics.counts();
    }

    private static Outgoing encode(ActivationSnapshot snapshot) {
        byte[] value = Wire.encode(snapshot);
        if (value.length > Topics.MAX_RECORD_BYTES) {
            throw new CaptureException(
                    "snapshot "
                            + snapshot.getSequence()
                            + " has "
                            + value.length
                            + " bytes, a record may have "
                            + Topics.MAX_RECORD_BYTES);
        }
        return new Outgoing(
                snapshot.getCaptureId().getBytes(StandardCharsets.UTF_8),
                value,
                snapshot.getSequence(),
                snapshot.getCapturedAt());
    }

    private void sendAll() {
        try {
            for (Outgoing next = buffer.take(); next != null; next = buffer.take()) {
                send(next);
            }
        } catch (InterruptedException e) {
            // Closing has run out of patience; it counts what is left.
            Thread.currentThread().interrupt();
        }
    }

    private void send(Outgoing next) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        topic,
                        null,
                        next.capturedAt() / MICROS_PER_MILLI,
                        next.key(),
                        next.value());
        try {
            producer.send(record, (metadata, failure) -> complete(next, failure));
        } catch (RuntimeException e) {
            complete(next, e);
        }
    }

    private void complete(Outgoing sent, Exception failure) {
        buffer.release(sent.value().length);
        metrics.buffered(buffer.bytes());
        if (failure == null) {
            metrics.acknowledged(sent.value().length);
        } else {
            metrics.failed();
            logFirst(sent, failure);
        }
        acknowledgement.completed(sent.sequence(), sent.capturedAt(), failure);
    }

    /** One line when sending begins to fail; the counter tells the rest. */
    private synchronized void logFirst(Outgoing sent, Exception failure) {
        if (!failing) {
            failing = true;
            LOG.warn("snapshot {} could not be sent to {}", sent.sequence(), topic, failure);
        }
    }

    /**
     * Lets no more in, waits for the broker up to the flush timeout, and counts what is left as
     * failed.
     */
    @Override
    public void close() {
        buffer.close();
        long deadline = System.nanoTime() + options.flushTimeout().toNanos();
        boolean interrupted = false;
        try {
            sender.join(Math.max(1, options.flushTimeout().toMillis()));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        sender.interrupt();
        long left = Math.max(0, deadline - System.nanoTime());
        producer.close(interrupted ? Duration.ZERO : Duration.ofNanos(left));
        for (Outgoing never : buffer.drain()) {
            complete(never, new CaptureException("the publisher was closed before it was sent"));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
