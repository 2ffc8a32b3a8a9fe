package io.spectrawatch.ops.admin;

import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What each process does on the cluster, and so the least rights it needs where there is an
 * authorizer. SECURITY.md shows the same as a table.
 */
public enum Role {
    /** Publishes snapshots. */
    CAPTURE(Map.of(Topics.ACTIVATIONS, List.of(AclOperation.WRITE))),

    /** Validates, and keeps its state in changelog topics that begin with its application id. */
    INGEST(
            Map.of(
                    Topics.ACTIVATIONS, List.of(AclOperation.READ, AclOperation.DESCRIBE_CONFIGS),
                    Topics.ACTIVATION, List.of(AclOperation.READ),
                    Topics.VALIDATED, List.of(AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS),
                    Topics.REJECTED, List.of(AclOperation.WRITE),
                    Topics.LAYERS, List.of(AclOperation.WRITE),
                    Topics.IDENTITIES, List.of(AclOperation.READ, AclOperation.WRITE))) {
        @Override
        List<Right> more(Ids ids) {
            List<Right> rights = new ArrayList<>();
            rights.add(Right.group(ids.application(), AclOperation.READ));
            rights.add(
                    Right.beginningWith(
                            ResourceType.TRANSACTIONAL_ID, ids.application(), AclOperation.WRITE));
            for (AclOperation operation :
                    List.of(
                            AclOperation.CREATE,
                            AclOperation.READ,
                            AclOperation.WRITE,
                            AclOperation.DESCRIBE_CONFIGS)) {
                rights.add(
                        Right.beginningWith(
                                ResourceType.TOPIC, ids.application() + "-", operation));
            }
            return rights;
        }
    },

    /**
     * Sketches, certifies, raises alerts. Its sink lists the open transactions of the topics it
     * writes, which needs READ.
     */
    MONITOR(
            Map.of(
                    Topics.ACTIVATIONS, List.of(AclOperation.READ),
                    Topics.VALIDATED, List.of(AclOperation.READ),
                    Topics.BASELINES, List.of(AclOperation.READ),
                    Topics.SKETCHES, List.of(AclOperation.READ, AclOperation.WRITE),
                    Topics.CERTIFICATES, List.of(AclOperation.READ, AclOperation.WRITE),
                    Topics.SCORES, List.of(AclOperation.READ, AclOperation.WRITE),
                    Topics.ALERTS, List.of(AclOperation.READ, AclOperation.WRITE))) {
        @Override
        List<Right> more(Ids ids) {
            List<Right> rights = new ArrayList<>();
            rights.add(Right.group(ids.group(), AclOperation.READ));
            ids.claims().forEach(claim -> rights.add(Right.group(claim, AclOperation.READ)));
            rights.add(
                    Right.beginningWith(
                            ResourceType.TRANSACTIONAL_ID,
                            ids.transactionalIdPrefix(),
                            AclOperation.WRITE));
            return rights;
        }
    },

    /** Serves metrics and the console, and looks how far ingest and monitor have come. */
    EXPORTER(
            Map.of(
                    Topics.ACTIVATIONS, List.of(AclOperation.DESCRIBE),
                    Topics.VALIDATED, List.of(AclOperation.DESCRIBE),
                    Topics.SKETCHES, List.of(AclOperation.READ),
                    Topics.CERTIFICATES, List.of(AclOperation.READ),
                    Topics.SCORES, List.of(AclOperation.READ),
                    Topics.ALERTS, List.of(AclOperation.READ),
                    Topics.ALERT_NOTES, List.of(AclOperation.READ))) {
        @Override
        List<Right> more(Ids ids) {
            return List.of(
                    Right.group(ids.application(), AclOperation.DESCRIBE),
                    Right.group(ids.group(), AclOperation.DESCRIBE));
        }
    },

    /** People and programs that calibrate, and decide which baseline a model is judged by. */
    OPERATOR(
            Map.of(
                    Topics.ACTIVATIONS, List.of(AclOperation.READ),
                    Topics.VALIDATED, List.of(AclOperation.READ),
                    Topics.BASELINES, List.of(AclOperation.READ, AclOperation.WRITE),
                    Topics.MODELS, List.of(AclOperation.READ, AclOperation.WRITE),
                    Topics.ACTIVATION, List.of(AclOperation.READ, AclOperation.WRITE))),

    /** Replays, and compares with what was recorded. */
    AUDITOR(
            Map.of(
                    Topics.ACTIVATIONS, List.of(AclOperation.READ),
                    Topics.VALIDATED, List.of(AclOperation.READ),
                    Topics.BASELINES, List.of(AclOperation.READ),
                    Topics.ACTIVATION, List.of(AclOperation.READ),
                    Topics.SKETCHES, List.of(AclOperation.READ),
                    Topics.CERTIFICATES, List.of(AclOperation.READ),
                    Topics.SCORES, List.of(AclOperation.READ),
                    Topics.ALERTS, List.of(AclOperation.READ))),

    /** People on call: read what was recorded, and say what they know of alerts. */
    RESPONDER(
            Map.of(
                    Topics.SKETCHES, List.of(AclOperation.READ),
                    Topics.CERTIFICATES, List.of(AclOperation.READ),
                    Topics.SCORES, List.of(AclOperation.READ),
                    Topics.ALERTS, List.of(AclOperation.READ),
                    Topics.ALERT_NOTES, List.of(AclOperation.READ, AclOperation.WRITE))),

    /** Sends alerts on to a collector of OpenTelemetry: an exporter that was told to. */
    FORWARDER(Map.of(Topics.ALERTS, List.of(AclOperation.READ))) {
        @Override
        List<Right> more(Ids ids) {
            return List.of(Right.group(ids.forwarder(), AclOperation.READ));
        }
    };

    private final Map<Topics, List<AclOperation>> topics;

    Role(Map<Topics, List<AclOperation>> topics) {
        this.topics = topics;
    }

    /**
     * Names that a deployment may choose.
     *
     * @param topicPrefix prefix of the topics of the catalogue
     * @param outputPrefix prefix of those that the monitor writes, mostly the same
     * @param application application id of ingest
     * @param group consumer group of the monitor
     * @param transactionalIdPrefix beginning of the monitor's transactional ids
     */
    public record Ids(
            String topicPrefix,
            String outputPrefix,
            String application,
            String group,
            String transactionalIdPrefix) {

        private static final String CLAIM = ".claim";

        /** Consumer group in which the only monitor that writes these topics is the member. */
        public String outputClaim() {
            return outputPrefix + "monitor" + CLAIM;
        }

        /** Consumer group whose offsets say how many alerts were sent on. */
        public String forwarder() {
            return topicPrefix + "forwarder";
        }

        /**
         * Consumer groups of which a monitor must be the only member: whoever else wrote its topics
         * or under its transactional ids would publish everything twice, or end its transactions.
         */
        public List<String> claims() {
            return List.of(outputClaim(), transactionalIdPrefix + CLAIM);
        }
    }

    /** What the role may do on a topic of the catalogue; empty for nothing. */
    public List<AclOperation> operations(Topics topic) {
        return topics.getOrDefault(topic, List.of());
    }

    /** All rights of the role, topics first, in a fixed order. */
    public List<Right> rights(Ids ids) {
        List<Right> rights = new ArrayList<>();
        for (Topics topic : Topics.values()) {
            for (AclOperation operation : operations(topic)) {
                rights.add(Right.topic(topic.topicName(prefix(ids, topic)), operation));
            }
        }
        rights.addAll(more(ids));
        return rights;
    }

    private String prefix(Ids ids, Topics topic) {
        boolean output = this == MONITOR && operations(topic).contains(AclOperation.WRITE);
        return output ? ids.outputPrefix() : ids.topicPrefix();
    }

    /** Rights beside the topics of the catalogue. */
    List<Right> more(Ids ids) {
        return List.of();
    }

    /** The name as commands and tables show it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
