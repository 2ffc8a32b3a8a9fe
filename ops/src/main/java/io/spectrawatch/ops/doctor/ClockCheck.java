package io.spectrawatch.ops.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Compares this machine's clock with the cluster's without writing anything.
 *
 * <p>The leader of the metadata quorum reports itself as caught up at the moment it answers, so the
 * answer is a reading of its clock, known to half the round trip. Brokers' clocks show in the
 * append times of records: none can lie in this machine's future.
 */
final class ClockCheck {

    private final Admin admin;
    private final String activations;

    ClockCheck(Admin admin, String activations) {
        this.admin = admin;
        this.activations = activations;
    }

    List<DoctorFinding> run(Duration most) throws ExecutionException, InterruptedException {
        List<DoctorFinding> findings = new ArrayList<>();
        long before = System.currentTimeMillis();
        QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();
        long after = System.currentTimeMillis();
        OptionalLong leader = OptionalLong.empty();
        for (QuorumInfo.ReplicaState voter : quorum.voters()) {
            if (voter.replicaId() == quorum.leaderId()) {
                leader = voter.lastCaughtUpTimestamp();
            }
        }
        if (leader.isPresent()) {
            findings.add(
                    judge(
                            "controller " + quorum.leaderId(),
                            leader.getAsLong(),
                            before,
                            after,
                            most));
        }
        long newest = newestAppendTime();
        long now = System.currentTimeMillis();
        if (newest > now) {
            findings.add(judge("append times of " + activations, newest, now, now, most));
        }
        return findings;
    }

    /**
     * Judges a reading of another clock.
     *
     * @param before own clock before the question, milliseconds
     * @param after own clock after the answer
     */
    static DoctorFinding judge(String where, long other, long before, long after, Duration most) {
        long uncertain = (after - before + 1) / 2;
        long ahead = other - (before + (after - before) / 2);
        String found = ahead + " ms ahead of this machine, give or take " + uncertain + " ms";
        long surely = Math.max(0, Math.abs(ahead) - uncertain);
        return surely <= most.toMillis()
                ? DoctorFinding.ok("clock", where, found)
                : DoctorFinding.failed(
                        "clock",
                        where,
                        "within ingest's lateness, " + most.toMillis() + " ms",
                        found);
    }

    private long newestAppendTime() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> question =
                admin
                        .describeTopics(List.of(activations))
                        .allTopicNames()
                        .get()
                        .get(activations)
                        .partitions()
                        .stream()
                        .collect(
                                Collectors.toMap(
                                        p -> new TopicPartition(activations, p.partition()),
                                        p -> OffsetSpec.maxTimestamp()));
        return admin.listOffsets(question).all().get().values().stream()
                .mapToLong(ListOffsetsResultInfo::timestamp)
                .max()
                .orElse(-1);
    }
}
