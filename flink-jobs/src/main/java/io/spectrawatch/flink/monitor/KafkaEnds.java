package io.spectrawatch.flink.monitor;

import io.spectrawatch.schemas.Topics;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The job's two ends: read-committed source and exactly-once sink. */
final class KafkaEnds {

    private static final String LARGEST_REQUEST =
            Integer.toString(Topics.MAX_RECORD_BYTES + Topics.RECORD_OVERHEAD_BYTES);

    private KafkaEnds() {}

    static KafkaSource<ShardRecord> source(MonitorConfig config) {
        Properties properties = config.kafkaProperties();
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LARGEST_REQUEST);
        // A further partition would be a new epoch of the log, never something to discover.
        properties.putIfAbsent("partition.discovery.interval.ms", "-1");
        // Hundreds of client metrics per subtask, most of them under colliding names.
        properties.putIfAbsent("register.consumer.metrics", "false");
        KafkaSourceBuilder<ShardRecord> source =
                KafkaSource.<ShardRecord>builder()
                        .setProperties(properties)
                        .setBootstrapServers(config.bootstrapServers())
                        .setTopics(config.validatedTopic())
                        .setGroupId(config.groupId())
                        .setClientIdPrefix(config.clientId())
                        .setDeserializer(new ValidatedDeserializer())
                        .setStartingOffsets(
                                config.start()
                                        .initializer(
                                                MonitorConfig.SOURCE_START,
                                                config.validatedTopic(),
                                                config.shards()));
        if (config.end().isExplicit()) {
            source.setBounded(
                    config.end()
                            .initializer(
                                    MonitorConfig.SOURCE_END,
                                    config.validatedTopic(),
                                    config.shards()));
        }
        return source.build();
    }

    static KafkaSink<SketchRecord> sink(MonitorConfig config) {
        Properties properties = config.kafkaProperties();
        properties.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, config.clientId());
        properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.putIfAbsent("register.producer.metrics", "false");
        properties.setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Integer.toString(config.transactionTimeoutMillis()));
        return KafkaSink.<SketchRecord>builder()
                .setKafkaProducerConfig(properties)
                .setBootstrapServers(config.bootstrapServers())
                .setRecordSerializer(new SketchSerializer(config.sketchesTopic()))
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(config.transactionalIdPrefix())
                .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                .build();
    }
}
