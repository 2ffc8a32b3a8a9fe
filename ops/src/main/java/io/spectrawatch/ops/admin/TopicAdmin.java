package io.spectrawatch.ops.admin;

import io.spectrawatch.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
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

    private static final String RETENTION = "retention.";

    /** Larger values keep more: whoever sets them loses nothing. */
    private static final Set<String> LIMITS =
            Set.of("retention.ms", "retention.bytes", "segment.ms", "max.message.bytes");

    private static final String UNLIMITED = "-1";

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
            List<String> problems) {

        /** The problems but for retention, which doctor holds against the audit horizon. */
        public List<String> problemsBesideRetention() {
            return problems.stream().filter(each -> !each.startsWith(RETENTION)).toList();
        }
    }

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
        return create(new TopicPlan(partitions, 1, replicationFactor, List.of()), replaced);
    }

    /**
     * Creates the topics that are missing as a plan says, with some of their configuration
     * replaced.
     *
     * @param replaced topic configuration by Kafka's names, instead of the catalogue's
     */
    public List<String> create(TopicPlan plan, Map<String, String> replaced)
            throws ExecutionException, InterruptedException {
        List<String> created = new ArrayList<>();
        for (Topics topic : Topics.values()) {
            String name = topic.topicName(prefix);
            Map<String, String> config = new HashMap<>(topic.config());
            config.putAll(replaced);
            NewTopic wanted =
                    new NewTopic(name, plan.of(topic), plan.replicationFactor()).configs(config);
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
        int shards = 0;
        for (Topics topic : Topics.values()) {
            Optional<TopicDescription> found = find(topic.topicName(prefix));
            if (found.isEmpty()) {
                states.add(missing(topic));
                continue;
            }
            int partitions = found.get().partitions().size();
            if (topic.sharded() && shards == 0) {
                shards = partitions;
            }
            Map<String, String> config = config(topic);
            states.add(
                    new TopicState(
                            found.get().name(),
                            true,
                            partitions,
                            found.get().partitions().get(0).replicas().size(),
                            config,
                            problems(topic, partitions, topic.sharded() ? shards : 1, config)));
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
        for (String key : topic.config().keySet()) {
            ConfigEntry entry = config.get(key);
            values.put(key, entry == null ? null : entry.value());
        }
        return values;
    }

    /**
     * What of one topic differs from the catalogue.
     *
     * @param expected partitions it should have: those of the first sharded topic, or 1; one of the
     *     monitor's may have any number
     * @param config the keys of the catalogue, null for one the broker does not know
     */
    static List<String> problems(
            Topics topic, int partitions, int expected, Map<String, String> config) {
        List<String> problems = new ArrayList<>();
        if (partitions != expected && !topic.spread()) {
            problems.add(
                    "expected "
                            + expected
                            + (expected == 1 ? " partition" : " partitions")
                            + (topic.sharded() ? " like the sharded topics before it" : "")
                            + ", found "
                            + partitions);
        }
        Map<String, String> wanted = new TreeMap<>(topic.config());
        for (Map.Entry<String, String> key : wanted.entrySet()) {
            String found = config.get(key.getKey());
            String allowed = key.getValue();
            boolean most = LIMITS.contains(key.getKey());
            boolean fits =
                    found != null && (most ? atLeast(found, allowed) : sameWords(found, allowed));
            if (!fits) {
                problems.add(
                        key.getKey()
                                + ": expected "
                                + (most && !allowed.equals(UNLIMITED) ? "at least " : "")
                                + allowed
                                + ", found "
                                + found);
            }
        }
        return problems;
    }

    /** Whether a limit allows as much as another; -1 is none. */
    private static boolean atLeast(String found, String wanted) {
        if (found.equals(UNLIMITED)) {
            return true;
        }
        return !wanted.equals(UNLIMITED) && Long.parseLong(found) >= Long.parseLong(wanted);
    }

    /** A policy is a set: compact,delete deletes what compact keeps. */
    private static boolean sameWords(String found, String wanted) {
        return new TreeSet<>(List.of(found.split(",")))
                .equals(new TreeSet<>(List.of(wanted.split(","))));
    }
}
