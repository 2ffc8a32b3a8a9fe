package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.baseline.BaselineSource;
import io.spectrawatch.flink.baseline.KafkaBaselines;
import io.spectrawatch.flink.log.ValidatedLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.flink.monitor.record.OutputSerializer;
import io.spectrawatch.schemas.fetch.BrokersAway;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What the job has of Kafka beside its log: one exactly-once sink, and the baselines. */
final class KafkaEndpoints {

    /** How long one attempt waits for a baseline; the job then tries again. */
    private static final Duration BASELINE_ATTEMPT = Duration.ofSeconds(30);

    private KafkaEndpoints() {}

    static BaselineSource baselines(MonitorConfig config) {
        return new KafkaBaselines(config.kafkaClient(), config.topicPrefix(), BASELINE_ATTEMPT);
    }

    static KafkaSink<OutputRecord> sink(MonitorConfig config) {
        Properties properties = config.kafkaProperties();
        properties.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, config.clientId());
        properties.putIfAbsent(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, ValidatedLog.LARGEST_REQUEST);
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        properties.putIfAbsent("register.producer.metrics", "false");
        // The sink makes an administration client of its producers' settings.
        properties.putIfAbsent(BrokersAway.SETTING, BrokersAway.TRY_ON);
        properties.setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Integer.toString(config.transactionTimeoutMillis()));
        return KafkaSink.<OutputRecord>builder()
                .setKafkaProducerConfig(properties)
                .setBootstrapServers(config.bootstrapServers())
                .setRecordSerializer(new OutputSerializer(config.outputTopicPrefix()))
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(config.transactionalIdPrefix())
                .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                .build();
    }
}
