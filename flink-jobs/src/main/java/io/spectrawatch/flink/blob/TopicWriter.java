package io.spectrawatch.flink.blob;

import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records to one topic in order, each once, and knows when they are there. */
public final class TopicWriter implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final List<Future<RecordMetadata>> pending = new ArrayList<>();

    /**
     * @throws IOException if the properties do not make a producer
     */
    public TopicWriter(Map<String, ?> client, String topic) throws IOException {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.putIfAbsent(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES);
        this.topic = topic;
        try {
            this.producer =
                    new KafkaProducer<>(
                            properties, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    /** Sends a record; {@link #await} says whether the brokers took it. */
    public void send(String key, SpecificRecord value) throws IOException {
        send(key, Wire.encode(value));
    }

    /** Sends a tombstone: what the key held is taken back. */
    public void remove(String key) throws IOException {
        send(key, (byte[]) null);
    }

    private void send(String key, byte[] value) throws IOException {
        try {
            pending.add(producer.send(new ProducerRecord<>(topic, BlobFormat.bytes(key), value)));
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    /**
     * Waits until the brokers hold everything sent.
     *
     * @return offset of the last record
     */
    public long await() throws IOException {
        long offset = -1;
        for (Future<RecordMetadata> each : pending) {
            try {
                offset = each.get().offset();
            } catch (ExecutionException e) {
                throw new IOException(
                        "cannot write " + topic + ": " + e.getCause().getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while writing " + topic);
            }
        }
        pending.clear();
        return offset;
    }

    private IOException failed(KafkaException e) {
        if (e instanceof InterruptException) {
            return new InterruptedIOException("interrupted while writing " + topic);
        }
        return new IOException("cannot write " + topic + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        // Everything that matters was awaited; what failed must not hold up its error.
        producer.close(Duration.ZERO);
    }
}
