package io.spectrawatch.ops.monitor;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claim of one process to something that no second one may have: membership in a consumer group
 * that reads a topic of one partition, without fetching it. The brokers give the partition to one
 * member, keep it there while its heart beats, and show who it is.
 *
 * <p>A process that dies loses its claim {@link #SESSION} later at the latest, and at once to a
 * successor that can see that it is dead; one that is stopped in order, at once.
 */
final class Claim implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Claim.class);

    /** Brokers allow 6 s and more, unless they are configured otherwise. */
    static final Duration SESSION = Duration.ofSeconds(10);

    /** The session of a dead one, and time for its end to be noticed and the claim to be given. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final String group;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final CountDownLatch given = new CountDownLatch(1);
    private final Thread keeper;
    private volatile boolean held;
    private volatile boolean closed;
    private volatile String lost;

    private Claim(Map<String, ?> client, Admin admin, String group, String topic, Holder self) {
        this.group = group;
        this.admin = admin;
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("group.id", group);
        properties.put("client.id", self.clientId());
        properties.put("group.protocol", "classic");
        // Whoever has it keeps it when another joins.
        properties.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        properties.putIfAbsent("session.timeout.ms", Long.toString(SESSION.toMillis()));
        properties.put("heartbeat.interval.ms", "1000");
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "latest");
        properties.put("allow.auto.create.topics", "false");
        this.consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic), new Watcher());
        this.keeper = new Thread(this::keep, "claim " + group);
        keeper.setDaemon(true);
    }

    /**
     * Claims, and waits for as long as a dead holder may block; one that is known to be dead does
     * not.
     *
     * @param admin stays the caller's to close, after the claim
     * @param group names what is claimed
     * @param topic has one partition
     * @throws IOException if another process holds the claim, with its host, process and time
     */
    static Claim take(
            Map<String, ?> client,
            Admin admin,
            String group,
            String topic,
            Holder self,
            Duration patience)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        removeDead(admin, group);
        Optional<String> other = holder(admin, group);
        if (other.isPresent()) {
            LOG.info(
                    "the claim {} is held by {}; waiting up to {} s for it",
                    group,
                    other.get(),
                    patience.toSeconds());
        }
        while (other.isPresent()) {
            if (System.nanoTime() > deadline) {
                throw refused(group, other.get());
            }
            Thread.sleep(POLL.toMillis());
            other = holder(admin, group);
        }
        Claim claim = new Claim(client, admin, group, topic, self);
        claim.keeper.start();
        if (!claim.given.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || claim.lost != null) {
            String why = claim.lost;
            String holds = claim.otherThan(self).orElse("nobody");
            claim.close();
            throw why == null
                    ? refused(group, holds)
                    : new IOException("cannot claim " + group + ": " + why);
        }
        return claim;
    }

    /** Takes the claim from a process that no longer exists, which would keep it for a while. */
    private static void removeDead(Admin admin, String group)
            throws IOException, InterruptedException {
        Collection<MemberDescription> members = members(admin, group);
        boolean dead =
                !members.isEmpty()
                        && members.stream()
                                .allMatch(
                                        each ->
                                                Holder.parse(each.clientId())
                                                        .map(Holder::isDead)
                                                        .orElse(false));
        if (!dead) {
            return;
        }
        LOG.info("the claim {} is taken from a process that is dead", group);
        try {
            admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("the brokers keep it until its session ends: {}", e.toString());
        }
    }

    private static IOException refused(String group, String holder) {
        return new IOException(
                "another monitor is at work: "
                        + holder
                        + " holds the claim "
                        + group
                        + "; stop it first, or give this one other topics and a"
                        + " transactional.id.prefix of its own");
    }

    /** Who holds a claim, in words; empty where nobody does. */
    static Optional<String> holder(Admin admin, String group)
            throws IOException, InterruptedException {
        return members(admin, group).stream()
                .map(each -> Holder.describe(each.clientId(), each.host()))
                .findFirst();
    }

    private static Collection<MemberDescription> members(Admin admin, String group)
            throws IOException, InterruptedException {
        try {
            return admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .members();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw new IOException(
                    "cannot look at the claim " + group + ": " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("no broker told who holds the claim " + group, e);
        }
    }

    private Optional<String> otherThan(Holder self) throws IOException, InterruptedException {
        return members(admin, group).stream()
                .filter(each -> !each.clientId().equals(self.clientId()))
                .map(each -> Holder.describe(each.clientId(), each.host()))
                .findFirst();
    }

    /** Why the claim is another's now; empty while it is not. */
    Optional<String> lost() {
        return Optional.ofNullable(lost);
    }

    private void keep() {
        try (consumer) {
            while (!closed) {
                consumer.poll(POLL);
                if (!held && given.getCount() == 0) {
                    lookForOther();
                }
            }
        } catch (WakeupException | InterruptedException e) {
            LOG.debug("the claim {} is given up", group);
        } catch (KafkaException e) {
            lost = "the claim " + group + " cannot be kept: " + e.getMessage();
        } finally {
            given.countDown();
        }
    }

    /** The brokers took the claim away: after a pause, or while none of them answered. */
    private void lookForOther() throws InterruptedException {
        String own = consumer.groupMetadata().memberId();
        try {
            for (MemberDescription each : members(admin, group)) {
                boolean other = !each.consumerId().equals(own);
                if (other && !each.assignment().topicPartitions().isEmpty()) {
                    lost =
                            Holder.describe(each.clientId(), each.host())
                                    + " has taken the claim "
                                    + group
                                    + " over, while this process gave the brokers no sign of life"
                                    + " for "
                                    + SESSION.toSeconds()
                                    + " s";
                }
            }
        } catch (IOException e) {
            LOG.debug("the brokers do not say who holds {}", group, e);
        }
    }

    private final class Watcher implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                consumer.pause(partitions);
                held = true;
                given.countDown();
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            held = held && partitions.isEmpty();
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            keeper.join(ANSWER.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
