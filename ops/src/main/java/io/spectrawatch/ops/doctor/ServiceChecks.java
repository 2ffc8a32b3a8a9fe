package io.spectrawatch.ops.doctor;

import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.monitor.CheckpointFolder;
import io.spectrawatch.ops.monitor.Claims;
import io.spectrawatch.ops.monitor.PublishedPanes;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks at the services by what they leave behind on the brokers: whether the log's clock runs, how
 * far readers are, how evenly the shards are used, who claims to be the monitor, how old its newest
 * pane and checkpoint are. Nothing is written. The exporter leaves nothing behind; Prometheus sees
 * whether it answers.
 */
public final class ServiceChecks {

    private static final String LOG_CLOCK = "log clock";
    private static final String SHARDS = "shards";

    /** What the alert on uneven shards looks back and allows. */
    private static final Duration BALANCE_SPAN = Duration.ofMinutes(15);

    private static final int MOST_OVER_MEAN = 3;

    /** Snapshots below which chance alone may leave shards without any. */
    private static final long LEAST_SNAPSHOTS = 100;

    private final Admin admin;
    private final Map<String, ?> client;
    private final Role.Ids ids;
    private final Duration most;
    private final long now = System.currentTimeMillis();

    /**
     * @param admin stays the caller's to close
     * @param client its properties
     * @param ids names of topics and groups
     * @param most how far anything may be behind
     */
    public ServiceChecks(Admin admin, Map<String, ?> client, Role.Ids ids, Duration most) {
        this.admin = admin;
        this.client = client;
        this.ids = ids;
        this.most = most;
    }

    /** Everything; what may not be looked at is a warning. */
    public List<DoctorFinding> run() throws InterruptedException {
        List<DoctorFinding> findings = new ArrayList<>();
        add(findings, LOG_CLOCK, this::clock);
        add(findings, "ingest", () -> lag("ingest", Topics.ACTIVATIONS, ids.application()));
        add(findings, "monitor", () -> lag("monitor", Topics.VALIDATED, ids.group()));
        add(findings, SHARDS, this::balance);
        add(findings, "claim", this::claim);
        add(findings, "panes", this::panes);
        return findings;
    }

    @FunctionalInterface
    private interface Check {
        DoctorFinding run() throws IOException, ExecutionException, InterruptedException;
    }

    private static void add(List<DoctorFinding> findings, String name, Check check)
            throws InterruptedException {
        try {
            findings.add(check.run());
        } catch (ExecutionException e) {
            // a topic that is missing is named with the topics
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                findings.add(unknown(name, e.getCause()));
            }
        } catch (IOException e) {
            findings.add(unknown(name, e));
        }
    }

    private static DoctorFinding unknown(String name, Throwable e) {
        return DoctorFinding.warning(name, "", "an answer", "not checked: " + e.getMessage());
    }

    /** A live ingest ticks in every shard. */
    private DoctorFinding clock() throws ExecutionException, InterruptedException {
        String topic = Topics.VALIDATED.topicName(ids.topicPrefix());
        TreeMap<Long, Integer> written = new TreeMap<>();
        offsets(Topics.VALIDATED, OffsetSpec.maxTimestamp())
                .forEach((shard, newest) -> written.put(newest.timestamp(), shard.partition()));
        long oldest = written.firstKey();
        String where = topic + "-" + written.get(oldest);
        if (oldest < 0) {
            return DoctorFinding.warning(
                    LOG_CLOCK, where, "ticks of a running ingest", "nothing was ever written");
        }
        String found = "last written " + seconds(now - oldest) + " ago";
        return now - oldest <= most.toMillis()
                ? DoctorFinding.ok(LOG_CLOCK, where, found)
                : DoctorFinding.failed(
                        LOG_CLOCK, where, "a tick within " + seconds(most.toMillis()), found);
    }

    /** Whether what is older than allowed has been read. */
    private DoctorFinding lag(String service, Topics topic, String group)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        Map<TopicPartition, ListOffsetsResultInfo> newest =
                offsets(topic, OffsetSpec.maxTimestamp());
        Map<TopicPartition, ListOffsetsResultInfo> recent =
                offsets(topic, OffsetSpec.forTimestamp(now - most.toMillis()));
        List<String> behind = new ArrayList<>();
        boolean any = false;
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> each : newest.entrySet()) {
            long last = each.getValue().offset();
            any |= last >= 0;
            long firstRecent = recent.get(each.getKey()).offset();
            long wanted = firstRecent >= 0 ? firstRecent : last + 1;
            OffsetAndMetadata done = committed.get(each.getKey());
            if (last >= 0 && (done == null || done.offset() < wanted)) {
                behind.add(
                        each.getKey()
                                + (done == null
                                        ? " was never read"
                                        : " by " + (last + 1 - done.offset()) + " offsets"));
            }
        }
        String where = "group " + group;
        if (!any) {
            return DoctorFinding.ok(service, where, "there is nothing to read");
        }
        return behind.isEmpty()
                ? DoctorFinding.ok(
                        service, where, "less than " + seconds(most.toMillis()) + " behind")
                : DoctorFinding.failed(
                        service,
                        where,
                        "at most " + seconds(most.toMillis()) + " behind",
                        "behind: " + behind.stream().sorted().collect(Collectors.joining(", ")));
    }

    /** How many snapshots each shard took of late; a captureId goes to one shard. */
    private DoctorFinding balance() throws ExecutionException, InterruptedException {
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                offsets(Topics.ACTIVATIONS, OffsetSpec.latest());
        TreeMap<Integer, Long> taken = new TreeMap<>();
        offsets(Topics.ACTIVATIONS, OffsetSpec.forTimestamp(now - BALANCE_SPAN.toMillis()))
                .forEach(
                        (shard, first) ->
                                taken.put(
                                        shard.partition(),
                                        first.offset() < 0
                                                ? 0
                                                : ends.get(shard).offset() - first.offset()));
        return balance(Topics.ACTIVATIONS.topicName(ids.topicPrefix()), taken);
    }

    /**
     * Whether one shard carries most of the traffic.
     *
     * @param taken snapshots by shard
     */
    static DoctorFinding balance(String topic, TreeMap<Integer, Long> taken) {
        long all = taken.values().stream().mapToLong(Long::longValue).sum();
        Map.Entry<Integer, Long> fullest =
                taken.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        String span = " of the last " + BALANCE_SPAN.toMinutes() + " minutes";
        String found =
                "shard "
                        + fullest.getKey()
                        + " took "
                        + fullest.getValue()
                        + " of "
                        + all
                        + " snapshots"
                        + span;
        if (all < LEAST_SNAPSHOTS) {
            return DoctorFinding.ok(
                    SHARDS, topic, "too few to compare: " + all + " snapshots" + span);
        }
        return fullest.getValue() * taken.size() <= MOST_OVER_MEAN * all
                ? DoctorFinding.ok(SHARDS, topic, found)
                : DoctorFinding.warning(
                        SHARDS,
                        topic,
                        "no shard with more than "
                                + MOST_OVER_MEAN
                                + " times the mean of all "
                                + taken.size()
                                + "; let each process use more captureIds",
                        found);
    }

    private DoctorFinding claim() throws IOException, InterruptedException {
        String group = ids.outputClaim();
        Optional<String> holder = Claims.holder(admin, group);
        return holder.isPresent()
                ? DoctorFinding.ok("claim", group, "held by " + holder.get())
                : DoctorFinding.warning(
                        "claim", group, "one monitor", "no monitor runs that claims it");
    }

    /** Snapshots that come for longer than panes take must have become some. */
    private DoctorFinding panes() throws IOException, ExecutionException, InterruptedException {
        String topic = Topics.SKETCHES.topicName(ids.outputPrefix());
        Optional<LayerSketch> newest =
                new PublishedPanes(client, ids.topicPrefix(), ids.outputPrefix()).newestSketch();
        long sent =
                offsets(Topics.ACTIVATIONS, OffsetSpec.maxTimestamp()).values().stream()
                        .mapToLong(ListOffsetsResultInfo::timestamp)
                        .max()
                        .orElse(-1);
        if (newest.isEmpty()) {
            return sent < 0
                    ? DoctorFinding.ok("panes", topic, "none, and nothing was sent")
                    : DoctorFinding.warning("panes", topic, "panes of what is sent", "none yet");
        }
        LayerSketch pane = newest.get();
        long end = Math.floorDiv(pane.getPaneEnd(), 1000L);
        long length = Math.floorDiv(pane.getPaneEnd() - pane.getPaneStart(), 1000L);
        // one that is open, one that waits for its lateness, and what readers may be behind
        long allowed = 2 * length + most.toMillis();
        String found =
                "the newest ended "
                        + seconds(now - end)
                        + " ago, at "
                        + Instant.EPOCH.plus(pane.getPaneEnd(), ChronoUnit.MICROS);
        return sent - end <= allowed
                ? DoctorFinding.ok("panes", topic, found)
                : DoctorFinding.failed(
                        "panes",
                        topic,
                        "a pane at most "
                                + seconds(allowed)
                                + " older than the newest snapshot, sent "
                                + seconds(now - sent)
                                + " ago",
                        found);
    }

    /**
     * How old the newest checkpoint below a folder of this machine is; empty where there is none.
     *
     * @param most a monitor that runs writes one each checkpoint.interval.ms
     */
    public static Optional<DoctorFinding> checkpoints(Path folder, Duration most)
            throws IOException {
        Optional<Path> newest = CheckpointFolder.newest(folder);
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        long age =
                System.currentTimeMillis() - CheckpointFolder.completedAt(newest.get()).toMillis();
        String found = newest.get().getFileName() + ", " + seconds(age) + " old";
        return Optional.of(
                age <= most.toMillis()
                        ? DoctorFinding.ok("checkpoint", folder.toString(), found)
                        : DoctorFinding.warning(
                                "checkpoint",
                                folder.toString(),
                                "one of the last " + seconds(most.toMillis()),
                                found));
    }

    private static String seconds(long millis) {
        return Math.floorDiv(millis, 1000L) + " s";
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(Topics topic, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        String name = topic.topicName(ids.topicPrefix());
        Map<TopicPartition, OffsetSpec> question =
                admin
                        .describeTopics(List.of(name))
                        .allTopicNames()
                        .get()
                        .get(name)
                        .partitions()
                        .stream()
                        .map(partition -> new TopicPartition(name, partition.partition()))
                        .collect(Collectors.toMap(Function.identity(), partition -> which));
        return admin.listOffsets(question).all().get();
    }
}
