package io.spectrawatch.ingest.fetch;

import java.lang.reflect.Field;
import java.util.Map;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Gives Kafka Streams consumers that read any batch in bounded memory and time.
 *
 * <pre>{@code
 * new KafkaStreams(topology, properties, new BoundedConsumers(new FetchLimits(1 << 23, 1 << 28)));
 * }</pre>
 *
 * <p>A broker's limit is on the compressed batch. A consumer as it comes allocates each record at
 * the length that the record claims, before any code of its user runs: 46 kB of zstd can hold 1.5
 * GB. Here such a record is skipped while it is decompressed, and an {@link Oversized} takes its
 * place.
 *
 * <p>Kafka's consumer has no public place for this; its network client is exchanged by reflection.
 * A version of Kafka in which that is not possible is refused when the consumer is made.
 */
public final class BoundedConsumers implements KafkaClientSupplier {

    private final BoundedFetch fetch;

    public BoundedConsumers(FetchLimits limits) {
        this.fetch = new BoundedFetch(limits);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
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
        return bounded(consumer(config));
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
        return bounded(consumer(config));
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Consumer<byte[], byte[]> bounded(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            Object network = value(field(KafkaConsumer.class, "delegate"), consumer, "client");
            Field client = field(network.getClass(), "client");
            client.set(network, fetch.over((KafkaClient) client.get(network)));
            return consumer;
        } catch (ReflectiveOperationException | RuntimeException e) {
            consumer.close();
            throw new IllegalStateException(
                    "the consumer of this version of Kafka cannot be bounded: group.protocol must"
                            + " be classic and kafka-clients the version that ingest was built"
                            + " with",
                    e);
        }
    }

    private static Object value(Field outer, Object from, String inner)
            throws ReflectiveOperationException {
        Object holder = outer.get(from);
        return field(holder.getClass(), inner).get(holder);
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
