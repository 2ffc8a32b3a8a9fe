package io.spectrawatch.flink.monitor;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks at the validated topic before a job starts, because a running job would retry for ever. */
final class LogCheck {

    private static final int ANSWER_SECONDS = 8;

    private LogCheck() {}

    static void run(MonitorConfig config) throws IOException {
        int partitions = partitions(config);
        if (partitions != config.shards()) {
            throw new IOException(
                    config.validatedTopic()
                            + " has "
                            + partitions
                            + " partitions, "
                            + MonitorConfig.SHARDS
                            + " is "
                            + config.shards());
        }
    }

    private static int partitions(MonitorConfig config) throws IOException {
        String topic = config.validatedTopic();
        Properties properties = config.kafkaProperties();
        properties.putIfAbsent("request.timeout.ms", "5000");
        properties.putIfAbsent("default.api.timeout.ms", "30000");
        Admin admin = null;
        try {
            admin = Admin.create(properties);
            TopicDescription description =
                    admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                            .get(topic);
            return description.partitions().size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IOException("the topic " + topic + " does not exist", e);
            }
            if (e.getCause() instanceof AuthorizationException
                    || e.getCause() instanceof AuthenticationException) {
                throw new IOException(
                        "the broker at "
                                + config.bootstrapServers()
                                + " refuses to DESCRIBE topic "
                                + topic
                                + ": "
                                + e.getCause().getMessage(),
                        e);
            }
            throw unreachable(config, e);
        } catch (TimeoutException | KafkaException e) {
            throw unreachable(config, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking at " + topic, e);
        } finally {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    private static IOException unreachable(MonitorConfig config, Exception cause) {
        return new IOException(
                "no Kafka broker at "
                        + config.bootstrapServers()
                        + " described "
                        + config.validatedTopic()
                        + " within "
                        + ANSWER_SECONDS
                        + " s",
                cause);
    }
}
