package io.spectrawatch.ops.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;

/**
 * Asks the brokers what this client may do, before a service begins work that it would have to give
 * up: brokers tell a client its own rights.
 *
 * <p>Nothing is written. Rights on groups, transactional ids and topics that do not exist yet
 * cannot be read; for those the question is whether the client may look at them or, for topics, may
 * create them.
 */
public final class AccessCheck {

    /** Never created: the broker is only asked whether it could be. */
    private static final String PROBE = "access-check";

    private final Admin admin;
    private final String principal;

    /**
     * @param admin stays the caller's to close
     * @param client its properties, which name the principal
     */
    public AccessCheck(Admin admin, Map<String, ?> client) {
        this.admin = admin;
        this.principal = Principal.of(client);
    }

    /** Who a client is for the brokers, as far as its properties tell. */
    public static String principal(Map<String, ?> client) {
        return Principal.of(client);
    }

    /**
     * The rights that are lacking.
     *
     * @throws IOException if the brokers do not answer, with what they said
     */
    public List<Right> missing(Collection<Right> wanted) throws IOException, InterruptedException {
        Map<ResourcePattern, List<Right>> byResource = new LinkedHashMap<>();
        for (Right right : wanted) {
            byResource.computeIfAbsent(right.resource(), r -> new ArrayList<>()).add(right);
        }
        List<Right> missing = new ArrayList<>();
        for (Map.Entry<ResourcePattern, List<Right>> entry : byResource.entrySet()) {
            Set<AclOperation> allowed = allowed(entry.getKey());
            for (Right right : entry.getValue()) {
                if (allowed != null && !allowed.contains(right.operation())) {
                    missing.add(right);
                }
            }
        }
        return missing;
    }

    /**
     * Makes sure that a process may do its work.
     *
     * @throws IOException if not; one line that names who may not do what, where
     */
    public void require(Role role, Role.Ids ids) throws IOException, InterruptedException {
        List<Right> missing = missing(role.rights(ids));
        if (!missing.isEmpty()) {
            throw new IOException(
                    principal
                            + " may not "
                            + describe(missing)
                            + "; what "
                            + role.label()
                            + " needs is in SECURITY.md");
        }
    }

    /** For example {@code WRITE topic a, READ topic b}. */
    public static String describe(List<Right> rights) {
        List<String> parts = new ArrayList<>();
        rights.forEach(right -> parts.add(right.operation() + " " + right.resourceName()));
        return String.join(", ", parts);
    }

    /** Operations allowed on a resource; null where that cannot be known. */
    private Set<AclOperation> allowed(ResourcePattern resource)
            throws IOException, InterruptedException {
        try {
            return switch (resource.resourceType()) {
                case TOPIC ->
                        resource.patternType() == PatternType.PREFIXED
                                ? creatable(resource.name())
                                : onTopic(resource.name());
                case GROUP -> onGroup(resource.name());
                case TRANSACTIONAL_ID -> onTransactions(resource.name());
                default -> throw new IllegalArgumentException("cannot check " + resource);
            };
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return Set.of();
            }
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IOException(
                        "topic " + resource.name() + " does not exist; run topics create", e);
            }
            throw new IOException(
                    "cannot look at "
                            + new Right(resource, AclOperation.DESCRIBE).resourceName()
                            + ": "
                            + e.getCause().getMessage(),
                    e);
        }
    }

    private Set<AclOperation> onTopic(String name) throws ExecutionException, InterruptedException {
        return admin.describeTopics(
                        List.of(name),
                        new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues()
                .get(name)
                .get()
                .authorizedOperations();
    }

    private Set<AclOperation> onGroup(String name) throws ExecutionException, InterruptedException {
        return unlessNotFound(
                admin.describeConsumerGroups(
                                List.of(name),
                                new DescribeConsumerGroupsOptions()
                                        .includeAuthorizedOperations(true))
                        .describedGroups()
                        .get(name)
                        .thenApply(group -> group.authorizedOperations()));
    }

    private Set<AclOperation> onTransactions(String prefix)
            throws ExecutionException, InterruptedException {
        String id = prefix + PROBE;
        return unlessNotFound(
                admin.describeTransactions(List.of(id)).description(id).thenApply(d -> null));
    }

    private Set<AclOperation> creatable(String prefix)
            throws ExecutionException, InterruptedException {
        NewTopic probe = new NewTopic(prefix + PROBE, 1, (short) 1);
        try {
            admin.createTopics(List.of(probe), new CreateTopicsOptions().validateOnly(true))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        return null;
    }

    /** What does not exist yet may be looked at, or the answer would have been another. */
    private static Set<AclOperation> unlessNotFound(KafkaFuture<Set<AclOperation>> answer)
            throws ExecutionException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {

            if (e.getCause() instanceof GroupIdNotFoundException
                    || e.getCause() instanceof TransactionalIdNotFoundException) {
                return null;
            }
            throw e;
        }
    }
}
