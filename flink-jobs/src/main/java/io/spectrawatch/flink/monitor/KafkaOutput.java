package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ValidatedLog;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Where the job's records go: one exactly-once sink. */
final class KafkaOutput {

    private KafkaOutput() {}

    static KafkaSink<SketchRecord> sink(MonitorConfig config) {
        Properties properties = config.kafkaProperties();
        properties.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, config.clientId());
        properties.putIfAbsent(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, ValidatedLog.LARGEST_REQUEST);
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
