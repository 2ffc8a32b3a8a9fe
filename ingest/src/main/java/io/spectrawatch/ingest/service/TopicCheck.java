package io.spectrawatch.ingest.service;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.config.IngestException;
import io.spectrawatch.ingest.config.LogForm;
import io.spectrawatch.ingest.topology.ShardProcessor;
import io.spectrawatch.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks at the topics before the service starts, and says what is wrong with them. */
final class TopicCheck {

    private static final List<Topics> USED =
            List.of(
                    Topics.ACTIVATIONS,
                    Topics.VALIDATED,
                    Topics.REJECTED,
                    Topics.LAYERS,
                    Topics.ACTIVATION,
                    Topics.IDENTITIES);

    private final Admin admin;
    private final String servers;
    private final Duration patience;

    TopicCheck(Admin admin, String servers, Duration patience) {
        this.admin = admin;
        this.servers = servers;
        this.patience = patience;
    }

    /**
     * Returns the number of shards.
     *
     * @throws IngestException if no broker answers, a topic is missing, or one has partitions or a
     *     time stamp type that ingest cannot work with; or if there is state of another number of
     *     shards
     */
    int shards(IngestConfig config) {
        int shards = partitions(Topics.ACTIVATIONS, config);
        for (Topics topic : USED) {
            int expected = topic.sharded() ? shards : 1;
            int found = partitions(topic, config);
            if (found != expected) {
                throw new IngestException(
                        "topic "
                                + topic.topicName(config.topicPrefix())
                                + " must have "
                                + expected
                                + (expected == 1 ? " partition" : " partitions")
                                + (topic.sharded() ? " like the activations topic" : "")
                                + ", found "
                                + found);
            }
        }
        checkState(config, shards);
        if (config.requireAppendTime()) {
            checkAppendTime(Topics.ACTIVATIONS.topicName(config.topicPrefix()));
        }
        if (config.logForm() == LogForm.VERDICTS) {
            checkRetention(
                    Topics.ACTIVATIONS.topicName(config.topicPrefix()),
                    Topics.VALIDATED.topicName(config.topicPrefix()));
        }
        return shards;
    }

    private int partitions(Topics topic, IngestConfig config) {
        return describe(topic.topicName(config.topicPrefix())).partitions().size();
    }

    private TopicDescription describe(String name) {
        return await(admin.describeTopics(List.of(name)).topicNameValues().get(name), name);
    }

    /** Kafka Streams would find out, too, but in a thread that is replaced and fails again. */
    private void checkState(IngestConfig config, int shards) {
        String changelog = config.applicationId() + "-" + ShardProcessor.CLOCK_STORE + "-changelog";
        if (!await(admin.listTopics().names(), changelog).contains(changelog)) {
            return;
        }
        int found = describe(changelog).partitions().size();
        if (found != shards) {
            throw new IngestException(
                    "the state of "
                            + IngestConfig.APPLICATION_ID
                            + " "
                            + config.applicationId()
                            + " is of "
                            + found
                            + " shards, the activations topic has "
                            + shards
                            + " partitions; another number of shards is a new epoch, which needs an "
                            + IngestConfig.APPLICATION_ID
                            + " of its own");
        }
    }

    /**
     * A verdict is deleted when its segment is old enough, and a small log fills few segments; what
     * it leads to has to outlive it.
     */
    private void checkRetention(String activations, String validated) {
        Config rows = config(activations);
        Config log = config(validated);
        long kept = Long.parseLong(rows.get("retention.ms").value());
        long retention = Long.parseLong(log.get("retention.ms").value());
        long segment = Long.parseLong(log.get("segment.ms").value());
        boolean longer = kept < 0 || retention >= 0 && kept >= retention + segment;
        boolean unlimited = rows.get("retention.bytes").value().equals("-1");
        if (!longer || !unlimited) {
            throw new IngestException(
                    IngestConfig.LOG_FORM
                            + "=verdicts: topic "
                            + activations
                            + " must be kept longer than "
                            + validated
                            + ": retention.ms at least "
                            + (retention < 0 ? "-1" : retention + segment)
                            + " (its retention.ms and segment.ms together) and"
                            + " retention.bytes -1, found "
                            + kept
                            + " and "
                            + rows.get("retention.bytes").value());
        }
    }

    private Config config(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return await(admin.describeConfigs(List.of(resource)).all(), topic).get(resource);
    }

    private void checkAppendTime(String topic) {
        String found = config(topic).get("message.timestamp.type").value();
        if (!found.equals("LogAppendTime")) {
            throw new IngestException(
                    "topic "
                            + topic
                            + " must have message.timestamp.type=LogAppendTime, found "
                            + found
                            + "; the brokers' clocks decide what is late (set "
                            + IngestConfig.REQUIRE_APPEND_TIME
                            + "=false for replays)");
        }
    }

    private <T> T await(KafkaFuture<T> answer, String topic) {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw noBroker(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IngestException("interrupted while looking at topic " + topic, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IngestException(
                        "topic " + topic + " does not exist; create the topics first",
                        e.getCause());
            }
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw noBroker(e.getCause());
            }
            throw new IngestException(
                    "cannot look at topic " + topic + ": " + e.getCause().getMessage(),
                    e.getCause());
        }
    }

    private IngestException noBroker(Throwable cause) {
        return new IngestException(
                "no Kafka broker answered at " + servers + " within " + patience.toSeconds() + " s",
                cause);
    }
}
