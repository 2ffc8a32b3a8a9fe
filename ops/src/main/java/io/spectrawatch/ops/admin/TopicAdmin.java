package io.spectrawatch.ops.admin;

import io.spectrawatch.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates and describes the topics of the catalogue. */
public final class TopicAdmin {

    /** Where a broker takes longer, the service that starts next says what is missing. */
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);

    private final Admin admin;
    private final String prefix;

    /**
     * @param admin stays the caller's to close
     * @param prefix prefix of every topic's name
     */
    public TopicAdmin(Admin admin, String prefix) {
        this.admin = admin;
        this.prefix = prefix;
    }

    /** What one topic of the catalogue is on the broker. */
    public record TopicState(
            String name,
            boolean exists,
            int partitions,
            int replicationFactor,
            Map<String, String> config,
            List<String> problems) {}

    /**
     * Creates the topics that are missing, leaves the others as they are, and returns when the
     * broker knows them.
     *
     * @param partitions shards; the sharded topics get so many partitions, the others one
     * @return names of the topics created
     * @throws NotAllowedException if the client lacks a right
     */
    public List<String> create(int partitions, short replicationFactor)
            throws ExecutionException, InterruptedException {
        return create(partitions, replicationFactor, Map.of());
    }

    /**
     * Creates the topics that are missing, with some of their configuration replaced.
     *
     * @param replaced topic configuration by Kafka's names, instead of the catalogue's
     */
    public List<String> create(
            int partitions, short replicationFactor, Map<String, String> replaced)
            throws ExecutionException, InterruptedException {
        List<String> created = new ArrayList<>();
        for (Topics topic : Topics.values()) {
            String name = topic.topicName(prefix);
            Map<String, String> config = new HashMap<>(topic.config());
            config.putAll(replaced);
            NewTopic wanted =
                    new NewTopic(name, topic.sharded() ? partitions : 1, replicationFactor)
                            .configs(config);
            try {
                admin.createTopics(List.of(wanted)).all().get();
                created.add(name);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw unlessDenied(name, AclOperation.CREATE, e);
                }
            }
        }
        for (String name : created) {
            awaitKnown(name);
        }
        return created;
    }

    /** The controller has a new topic before the broker that is asked for it next. */
    private void awaitKnown(String name) throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();
        try {
            while (find(name).isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
        } catch (NotAllowedException e) {
            // Whoever may create but not look has done what was asked.
            return;
        }
    }

    /**
     * Describes every topic of the catalogue and names what differs from it.
     *
     * @throws NotAllowedException if the client lacks a right
     */
    public List<TopicState> describe() throws ExecutionException, InterruptedException {
        List<TopicState> states = new ArrayList<>();
        Map<Topics, Integer> shards = new TreeMap<>();
        for (Topics topic : Topics.values()) {
            Optional<TopicDescription> found = find(topic.topicName(prefix));
            if (found.isEmpty()) {
                states.add(missing(topic));
                continue;
            }
            int partitions = found.get().partitions().size();
            if (topic.sharded()) {
                shards.put(topic, partitions);
            }
            Map<String, String> config = config(topic);
            states.add(
                    new TopicState(
                            found.get().name(),
                            true,
                            partitions,
                            found.get().partitions().get(0).replicas().size(),
                            config,
                            problems(topic, partitions, config, shards.values())));
        }
        return states;
    }

    private TopicState missing(Topics topic) {
        return new TopicState(
                topic.topicName(prefix), false, 0, 0, Map.of(), List.of("does not exist"));
    }

    private Optional<TopicDescription> find(String name)
            throws ExecutionException, InterruptedException {
        try {
            return Optional.of(admin.describeTopics(List.of(name)).allTopicNames().get().get(name));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw unlessDenied(name, AclOperation.DESCRIBE, e);
        }
    }

    /** Returns the failure, or throws what says better that a right was missing. */
    private static ExecutionException unlessDenied(
            String topic, AclOperation operation, ExecutionException failure) {
        if (failure.getCause() instanceof AuthorizationException) {
            throw new NotAllowedException(Right.topic(topic, operation), failure.getCause());
        }
        return failure;
    }

    private Map<String, String> config(Topics topic)
            throws ExecutionException, InterruptedException {
        ConfigResource resource =
                new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName(prefix));
        Config config;
        try {
            config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        } catch (ExecutionException e) {
            throw unlessDenied(resource.name(), AclOperation.DESCRIBE_CONFIGS, e);
        }
        Map<String, String> values = new TreeMap<>();
        topic.config().keySet().forEach(key -> values.put(key, config.get(key).value()));
        return values;
    }

    private static List<String> problems(
            Topics topic, int partitions, Map<String, String> config, Collection<Integer> shards) {
        List<String> problems = new ArrayList<>();
        if (shards.stream().distinct().count() > 1) {
            problems.add("sharded topics differ in partitions: " + shards);
        }
        if (!topic.sharded() && partitions != 1) {
            problems.add("expected 1 partition, found " + partitions);
        }
        for (String key : List.of("cleanup.policy", "message.timestamp.type")) {
            String wanted = topic.config().get(key);
            if (!Arrays.asList(config.get(key).split(",")).contains(wanted)) {
                problems.add(key + ": expected " + wanted + ", found " + config.get(key));
            }
        }
        int largest = Integer.parseInt(topic.config().get("max.message.bytes"));
        if (Integer.parseInt(config.get("max.message.bytes")) < largest) {
            problems.add(
                    "max.message.bytes: expected at least "
                            + largest
                            + ", found "
                            + config.get("max.message.bytes"));
        }
        return problems;
    }
}
