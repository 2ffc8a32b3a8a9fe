package io.spectrawatch.ingest.service;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.config.IngestException;
import io.spectrawatch.ingest.config.LogForm;
import io.spectrawatch.ingest.topology.ShardProcessor;
import io.spectrawatch.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
     * What the validated log is to hold.
     *
     * @throws IngestException if verdicts are asked for and the activations topic is not kept
     *     longer
     */
    LogForm logForm(IngestConfig config) {
        if (config.logForm() == LogForm.COPIES) {
            return LogForm.COPIES;
        }
        String activations = Topics.ACTIVATIONS.topicName(config.topicPrefix());
        String validated = Topics.VALIDATED.topicName(config.topicPrefix());
        Map<String, String> rows = values(config(activations));
        Map<String, String> log = values(config(validated));
        if (Topics.outlives(rows, log)) {
            return LogForm.VERDICTS;
        }
        if (config.logForm() == LogForm.AUTO) {
            return LogForm.COPIES;
        }
        throw new IngestException(
                IngestConfig.LOG_FORM
                        + "=verdicts: topic "
                        + activations
                        + " must be kept longer than "
                        + validated
                        + ", its retention.ms at least retention.ms and segment.ms of that together"
                        + " and retention.bytes -1; found "
                        + rows.get("retention.ms")
                        + " against "
                        + log.get("retention.ms")
                        + " and "
                        + log.get("segment.ms")
                        + ", and "
                        + rows.get("retention.bytes"));
    }

    private static Map<String, String> values(Config config) {
        Map<String, String> values = new HashMap<>();
        config.entries().forEach(each -> values.put(each.name(), each.value()));
        return values;
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
