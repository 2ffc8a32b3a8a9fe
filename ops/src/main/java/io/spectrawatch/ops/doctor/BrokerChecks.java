package io.spectrawatch.ops.doctor;

import io.spectrawatch.ops.admin.AccessCheck;
import io.spectrawatch.ops.admin.NotAllowedException;
import io.spectrawatch.ops.admin.Right;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.admin.TopicAdmin.TopicState;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** Checks of a cluster: topics, their policies, rights, clocks. Nothing is written. */
public final class BrokerChecks {

    /**
     * What an audit of a window needs, and what it shows. One process alone may write each, or what
     * it says proves nothing.
     */
    private static final List<Topics> AUDITED =
            List.of(
                    Topics.VALIDATED,
                    Topics.SKETCHES,
                    Topics.CERTIFICATES,
                    Topics.SCORES,
                    Topics.ALERTS,
                    Topics.BASELINES,
                    Topics.ACTIVATION);

    private static final String UNLIMITED = "-1";

    private final Admin admin;
    private final String prefix;
    private final Map<String, ?> client;

    /**
     * @param admin stays the caller's to close
     * @param client its properties, which name the principal
     */
    public BrokerChecks(Admin admin, String prefix, Map<String, ?> client) {
        this.admin = admin;
        this.prefix = prefix;
        this.client = client;
    }

    /** Whether the topics exist and are as the catalogue says, and keep what audits need. */
    public List<DoctorFinding> topics(Duration auditHorizon) throws InterruptedException {
        List<DoctorFinding> findings = new ArrayList<>();
        try {
            int brokers = admin.describeCluster().nodes().get().size();
            List<TopicState> topics = new TopicAdmin(admin, prefix).describe();
            for (TopicState topic : topics) {
                String shape =
                        topic.exists() ? topic.partitions() + " partition(s)" : "does not exist";
                findings.add(
                        topic.problemsBesideRetention().isEmpty()
                                ? DoctorFinding.ok("topic", topic.name(), shape)
                                : DoctorFinding.failed(
                                        "topic",
                                        topic.name(),
                                        "as topics create makes it",
                                        String.join("; ", topic.problemsBesideRetention())));
                if (topic.exists()) {
                    findings.addAll(policies(topic, auditHorizon, brokers));
                }
            }
            TopicState activations = topics.get(Topics.ACTIVATIONS.ordinal());
            TopicState log = topics.get(Topics.VALIDATED.ordinal());
            if (activations.exists() && log.exists()) {
                findings.addAll(
                        new LogFormCheck(client, log.name())
                                .run(activations.config(), log.config()));
            }
        } catch (NotAllowedException e) {
            findings.add(notChecked("topic", e.right()));
        } catch (ExecutionException e) {
            findings.add(DoctorFinding.failed("topic", "", "an answer", e.getCause().getMessage()));
        }
        return findings;
    }

    private List<DoctorFinding> policies(TopicState topic, Duration horizon, int brokers)
            throws InterruptedException, ExecutionException {
        List<DoctorFinding> findings = new ArrayList<>();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        boolean audited = AUDITED.stream().anyMatch(t -> t.topicName(prefix).equals(topic.name()));
        if (audited && !config.get("cleanup.policy").value().equals("compact")) {
            findings.addAll(retention(topic.name(), config, horizon));
        }
        if (brokers > 1 && topic.replicationFactor() < 2) {
            findings.add(
                    DoctorFinding.warning(
                            "replicas",
                            topic.name(),
                            "2 or more on " + brokers + " brokers",
                            topic.replicationFactor() + ": lost with its broker"));
        }
        if (config.get("unclean.leader.election.enable").value().equals("true")) {
            findings.add(
                    DoctorFinding.warning(
                            "replicas",
                            topic.name(),
                            "unclean.leader.election.enable=false",
                            "true: records that were acknowledged can be lost"));
        }
        return findings;
    }

    static List<DoctorFinding> retention(String topic, Config config, Duration horizon) {
        List<DoctorFinding> findings = new ArrayList<>();
        String kept = config.get("retention.ms").value();
        if (!kept.equals(UNLIMITED) && Long.parseLong(kept) < horizon.toMillis()) {
            findings.add(
                    DoctorFinding.warning(
                            "retention",
                            topic,
                            "at least the audit horizon, " + horizon.toDays() + " days",
                            Duration.ofMillis(Long.parseLong(kept)).toHours()
                                    + " hours: older windows cannot be replayed or shown"));
        }
        String bytes = config.get("retention.bytes").value();
        if (!bytes.equals(UNLIMITED)) {
            findings.add(
                    DoctorFinding.warning(
                            "retention",
                            topic,
                            "retention.bytes=-1, so that traffic does not shorten the horizon",
                            bytes));
        }
        if (findings.isEmpty()) {
            findings.add(
                    DoctorFinding.ok(
                            "retention",
                            topic,
                            kept.equals(UNLIMITED)
                                    ? "for ever"
                                    : Duration.ofMillis(Long.parseLong(kept)).toDays() + " days"));
        }
        return findings;
    }

    /** Whether the client has the rights of a role, and which it has beyond them. */
    public List<DoctorFinding> rights(Role role, Role.Ids ids) throws InterruptedException {
        AccessCheck access = new AccessCheck(admin, client);
        String who = AccessCheck.principal(client) + " as " + role.label();
        List<DoctorFinding> findings = new ArrayList<>();
        try {
            List<Right> missing = access.missing(role.rights(ids));
            for (Right right : missing) {
                findings.add(
                        DoctorFinding.failed(
                                "rights",
                                right.resourceName(),
                                right.operation() + " for " + who,
                                "not allowed"));
            }
            if (missing.isEmpty()) {
                findings.add(DoctorFinding.ok("rights", who, "nothing is missing"));
            }
            findings.addAll(beyond(access, role, who));
        } catch (IOException e) {
            findings.add(DoctorFinding.failed("rights", who, "an answer", e.getMessage()));
        }
        return findings;
    }

    private List<DoctorFinding> beyond(AccessCheck access, Role role, String who)
            throws IOException, InterruptedException {
        List<DoctorFinding> findings = new ArrayList<>();
        List<Topics> guarded = new ArrayList<>(AUDITED);
        guarded.add(Topics.MODELS);
        for (Topics topic : guarded) {
            Right write = Right.topic(topic.topicName(prefix), AclOperation.WRITE);
            boolean own = role.operations(topic).contains(AclOperation.WRITE);
            if (!own && access.missing(List.of(write)).isEmpty()) {
                findings.add(
                        DoctorFinding.warning(
                                "rights",
                                write.resourceName(),
                                "no WRITE for " + who,
                                "allowed, by an ACL too wide or because nothing is authorised"));
            }
        }
        return findings;
    }

    /** Not every role that works may look. */
    private DoctorFinding notChecked(String check, Right right) {
        return DoctorFinding.warning(
                check,
                right.resourceName(),
                right.operation() + " for " + AccessCheck.principal(client),
                "not checked: not allowed");
    }

    /** How far this machine's clock is from the cluster's, within what ingest tolerates. */
    public List<DoctorFinding> clock(Duration most) throws InterruptedException {
        try {
            return new ClockCheck(admin, Topics.ACTIVATIONS.topicName(prefix)).run(most);
        } catch (ExecutionException e) {
            return List.of(
                    e.getCause() instanceof AuthorizationException
                            ? DoctorFinding.warning(
                                    "clock",
                                    "",
                                    "DESCRIBE on the cluster for "
                                            + AccessCheck.principal(client)
                                            + ", and on the activations topic",
                                    "not checked: not allowed")
                            : DoctorFinding.warning(
                                    "clock", "", "an answer", e.getCause().getMessage()));
        }
    }
}
