package io.spectrawatch.ops.admin;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One thing a process must be allowed to do.
 *
 * @param resource a topic, group or transactional id, by name or by the beginning of its name
 * @param operation as Kafka's ACLs name it
 */
public record Right(ResourcePattern resource, AclOperation operation) {

    /** A right on one topic. */
    public static Right topic(String name, AclOperation operation) {
        return literal(ResourceType.TOPIC, name, operation);
    }

    static Right group(String name, AclOperation operation) {
        return literal(ResourceType.GROUP, name, operation);
    }

    static Right beginningWith(ResourceType type, String prefix, AclOperation operation) {
        return new Right(new ResourcePattern(type, prefix, PatternType.PREFIXED), operation);
    }

    private static Right literal(ResourceType type, String name, AclOperation operation) {
        return new Right(new ResourcePattern(type, name, PatternType.LITERAL), operation);
    }

    /** For example {@code topic spectrawatch.sketches} or {@code groups spectrawatch.ingest*}. */
    public String resourceName() {
        String type = resource.resourceType().name().toLowerCase(java.util.Locale.ROOT);
        String kind = type.replace('_', ' ');
        return resource.patternType() == PatternType.PREFIXED
                ? kind + "s " + resource.name() + "*"
                : kind + " " + resource.name();
    }
}
