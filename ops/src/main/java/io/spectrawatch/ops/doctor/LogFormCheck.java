package io.spectrawatch.ops.doctor;

import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Whether the snapshots that the log's verdicts lead to are kept as long as these. */
final class LogFormCheck {

    /** Records at the end of each shard that are looked at. */
    private static final long LAST = 64;

    private final Map<String, ?> client;
    private final String validated;

    /**
     * @param client Kafka client properties
     * @param validated full name of the validated topic
     */
    LogFormCheck(Map<String, ?> client, String validated) {
        this.client = client;
        this.validated = validated;
    }

    /**
     * @param activations configuration of the activations topic by Kafka's names
     * @param log that of the validated topic
     */
    List<DoctorFinding> run(Map<String, String> activations, Map<String, String> log) {
        if (Topics.outlives(activations, log)) {
            return List.of(
                    DoctorFinding.ok("log form", validated, "may hold verdicts: activations stay"));
        }
        try {
            return List.of(
                    holdsVerdicts()
                            ? DoctorFinding.failed(
                                    "log form",
                                    validated,
                                    "the activations topic kept longer than retention.ms and"
                                            + " segment.ms of this one together, as its verdicts"
                                            + " lead there",
                                    "retention.ms "
                                            + activations.get("retention.ms")
                                            + " against "
                                            + log.get("retention.ms")
                                            + " and "
                                            + log.get("segment.ms")
                                            + ", retention.bytes "
                                            + activations.get("retention.bytes"))
                            : DoctorFinding.ok("log form", validated, "copies"));
        } catch (IOException e) {
            return List.of(
                    DoctorFinding.warning(
                            "log form", validated, "READ", "not checked: " + e.getMessage()));
        }
    }

    private boolean holdsVerdicts() throws IOException {
        boolean[] found = {false};
        try (TopicRange range = new TopicRange(client, validated)) {
            for (int shard = 0; shard < range.partitions() && !found[0]; shard++) {
                long end = range.end(shard);
                range.readWhile(
                        shard,
                        Math.max(range.beginning(shard), end - LAST),
                        end,
                        record -> {
                            found[0] |=
                                    record.value() != null
                                            && LoggedSnapshot.isVerdict(record.value());
                            return !found[0];
                        });
            }
        }
        return found[0];
    }
}
