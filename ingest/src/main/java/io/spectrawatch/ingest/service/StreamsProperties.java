package io.spectrawatch.ingest.service;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.Topics;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.DefaultProductionExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;

/** Kafka Streams' settings: the user's for reaching Kafka, ours for what correctness needs. */
public final class StreamsProperties {

    private static final int LARGEST_REQUEST =
            Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES;

    /** A few of the largest records per partition; the default of 1000 could need gigabytes. */
    private static final int BUFFERED_RECORDS = 16;

    private static final int AS_THE_SYSTEM_SIZES_IT = -1;

    /**
     * What a client compressed arrives here unpacked, and must not fill the brokers' disks. Numbers
     * that are dense hardly shrink, whatever the codec tries: the first of zstd's fast levels finds
     * that out at three times the speed of level 1, here and in all who read; see
     * ops/docs/operations-measurements.md.
     */
    private static final String COMPRESSION = "zstd";

    private static final int COMPRESSION_LEVEL = -1;

    private static final int PRODUCER_BUFFER_BYTES = 8 * LARGEST_REQUEST;

    private StreamsProperties() {}

    /**
     * @param kafka the user's client settings; none of those that carry the service's guarantees
     */
    public static Properties of(IngestConfig config, Map<String, ?> kafka) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS);
        // The 32 KiB of Kafka Streams have broker and reader wake each other for every few rows.
        properties.put(StreamsConfig.RECEIVE_BUFFER_CONFIG, AS_THE_SYSTEM_SIZES_IT);
        consumer(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BUFFERED_RECORDS);
        consumer(properties, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LARGEST_REQUEST);
        consumer(properties, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 2 * LARGEST_REQUEST);
        producer(properties, ProducerConfig.BUFFER_MEMORY_CONFIG, (long) PRODUCER_BUFFER_BYTES);
        producer(properties, ProducerConfig.COMPRESSION_TYPE_CONFIG, COMPRESSION);
        producer(properties, ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG, COMPRESSION_LEVEL);
        if (!config.stateDir().isEmpty()) {
            properties.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir());
        }
        properties.putAll(kafka);
        fixed(properties, StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId(), kafka);
        fixed(
                properties,
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                kafka);
        fixed(
                properties,
                StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG,
                true,
                kafka);
        // The consumer whose batches can be bounded.
        fixed(properties, StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic", kafka);
        fixedProducer(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST, kafka);
        // Bytes cannot fail to be read or written. If one of these is called all the same, going
        // on would lose a record; failing repeats the transaction on a new thread.
        fixed(
                properties,
                StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndFailExceptionHandler.class,
                kafka);
        fixed(
                properties,
                StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG,
                DefaultProductionExceptionHandler.class,
                kafka);
        fixed(
                properties,
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndFailProcessingExceptionHandler.class,
                kafka);
        return properties;
    }

    private static void fixed(
            Properties properties, String name, Object value, Map<String, ?> kafka) {
        if (kafka.containsKey(name) && !kafka.get(name).toString().equals(value.toString())) {
            throw new ConfigException(name, kafka.get(name), "ingest needs it to be " + value);
        }
        properties.put(name, value);
    }

    private static void fixedProducer(
            Properties properties, String name, Object value, Map<String, ?> kafka) {
        fixed(properties, StreamsConfig.producerPrefix(name), value, kafka);
    }

    private static void consumer(Properties properties, String name, Object value) {
        properties.put(StreamsConfig.consumerPrefix(name), value);
    }

    private static void producer(Properties properties, String name, Object value) {
        properties.put(StreamsConfig.producerPrefix(name), value);
    }
}
