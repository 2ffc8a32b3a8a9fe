package io.spectrawatch.ingest.service;

import io.spectrawatch.schemas.fetch.BoundedConsumer;
import io.spectrawatch.schemas.fetch.BrokersAway;
import io.spectrawatch.schemas.fetch.FetchLimits;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Gives Kafka Streams consumers that read any batch in bounded memory and time. */
final class BoundedConsumers implements KafkaClientSupplier {

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(BrokersAway.tryOn(config));
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * @throws IllegalStateException if this version of Kafka's consumer cannot be bounded
     */
    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return BoundedConsumer.of(consumer(config), FetchLimits.OF_TOPICS);
    }

    /** Reads what this service itself has written, as it is. */
    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    /**
     * @throws IllegalStateException if this version of Kafka's consumer cannot be bounded
     */
    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return BoundedConsumer.of(consumer(config), FetchLimits.OF_TOPICS);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
