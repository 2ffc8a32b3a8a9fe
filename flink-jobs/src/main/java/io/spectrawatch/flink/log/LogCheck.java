package io.spectrawatch.flink.log;

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

    static void run(LogSettings settings) throws IOException {
        int partitions = partitions(settings);
        if (partitions != settings.shards()) {
            throw new IOException(
                    settings.topic()
                            + " has "
                            + partitions
                            + " partitions, the setting shards is "
                            + settings.shards());
        }
    }

    private static int partitions(LogSettings settings) throws IOException {
        String topic = settings.topic();
        Properties properties = settings.kafka();
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
                                + settings.kafka().getProperty("bootstrap.servers")
                                + " refuses to DESCRIBE topic "
                                + topic
                                + ": "
                                + e.getCause().getMessage(),
                        e);
            }
            throw unreachable(settings, e);
        } catch (TimeoutException | KafkaException e) {
            throw unreachable(settings, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking at " + topic, e);
        } finally {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    private static IOException unreachable(LogSettings settings, Exception cause) {
        return new IOException(
                "no Kafka broker at "
                        + settings.kafka().getProperty("bootstrap.servers")
                        + " described "
                        + settings.topic()
                        + " within "
                        + ANSWER_SECONDS
                        + " s",
                cause);
    }
}
