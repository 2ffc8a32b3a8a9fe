package io.spectrawatch.ingest.service;

import io.spectrawatch.ingest.clock.ReadPositions;
import io.spectrawatch.schemas.fetch.Delegation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Clients whose main consumers tell how far they have read the activations. */
final class TrackingClients implements KafkaClientSupplier {

    private final KafkaClientSupplier clients;
    private final String topic;
    private final ReadPositions positions;

    TrackingClients(KafkaClientSupplier clients, String topic, ReadPositions positions) {
        this.clients = clients;
        this.topic = topic;
        this.positions = positions;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return clients.getAdmin(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return clients.getProducer(config);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        Consumer<byte[], byte[]> consumer = clients.getConsumer(config);
        return Delegation.of(
                Consumer.class,
                consumer,
                (method, arguments, rest) -> {
                    Object result = rest.call();
                    if (method.getName().equals("poll")) {
                        note(consumer, (ConsumerRecords<byte[], byte[]>) result);
                    }
                    return result;
                });
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return clients.getRestoreConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return clients.getGlobalConsumer(config);
    }

    private void note(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> polled) {
        for (TopicPartition partition : consumer.assignment()) {
            if (partition.topic().equals(topic)) {
                note(consumer, partition, polled.records(partition));
            }
        }
    }

    private void note(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            List<ConsumerRecord<byte[], byte[]>> polled) {
        try {
            long next = consumer.position(partition, Duration.ZERO);
            long last = polled.isEmpty() ? -1 : polled.get(polled.size() - 1).offset();
            positions.polled(partition.partition(), next, last);
        } catch (TimeoutException | InvalidOffsetException e) {
            // It has no position yet; then nothing of it was polled either.
        }
    }
}
