package io.spectrawatch.schemas.fetch;

import java.lang.reflect.Field;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * A consumer that reads any batch in bounded memory and time.
 *
 * <pre>{@code
 * KafkaConsumer<byte[], byte[]> consumer =
 *         BoundedConsumer.of(new KafkaConsumer<>(properties), FetchLimits.OF_TOPICS);
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
public final class BoundedConsumer {

    private BoundedConsumer() {}

    /**
     * Bounds a consumer that has not read yet.
     *
     * @param consumer is closed if it cannot be bounded
     * @return the same consumer
     * @throws IllegalStateException if this version of Kafka's consumer cannot be bounded
     */
    public static KafkaConsumer<byte[], byte[]> of(
            KafkaConsumer<byte[], byte[]> consumer, FetchLimits limits) {
        try {
            Object network = value(field(KafkaConsumer.class, "delegate"), consumer, "client");
            Field client = field(network.getClass(), "client");
            KafkaClient plain = (KafkaClient) client.get(network);
            client.set(network, new BoundedFetch(limits).over(plain));
            return consumer;
        } catch (ReflectiveOperationException | RuntimeException e) {
            consumer.close();
            throw new IllegalStateException(
                    "the consumer of this version of Kafka cannot be bounded: group.protocol must"
                            + " be classic and kafka-clients the version that Spectrawatch was"
                            + " built with",
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
