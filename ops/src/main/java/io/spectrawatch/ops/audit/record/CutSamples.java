package io.spectrawatch.ops.audit.record;

import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Samples that the offsets of a replay do not hold from their first part to their last. A replay
 * cannot know what came of the parts before it: it takes a sample that began there for one whose
 * beginning was lost.
 *
 * @param begunBefore those of which the first part found is not part 0
 * @param goOn those of which the last part is not found
 */
public record CutSamples(List<Cut> begunBefore, List<Cut> goOn) {

    /** Nothing is cut. */
    public static final CutSamples NONE = new CutSamples(List.of(), List.of());

    /**
     * One of them.
     *
     * @param part number of the first part found of those that began before, of the last part found
     *     of those that go on
     * @param offset of that part's snapshot
     */
    public record Cut(int shard, String captureId, String sampleId, int part, long offset) {}

    /**
     * Looks through the offsets that are replayed.
     *
     * @param scope names the model version
     */
    public static CutSamples find(
            Scope scope, LogPlan plan, Map<String, Object> client, String prefix)
            throws IOException {
        Scan scan = new Scan(scope);
        try (TopicRange log = new TopicRange(client, Topics.VALIDATED.topicName(prefix))) {
            for (ShardRange range : plan.ranges()) {
                log.read(
                        range.shard(),
                        range.start(),
                        range.end(),
                        record -> scan.take(range.shard(), record.offset(), record.value()));
            }
        }
        return scan.found();
    }

    /** Whether a sample began before the offsets that are replayed of its shard. */
    public boolean beganBefore(int shard, String sampleId) {
        return begunBefore.stream()
                .anyMatch(each -> each.shard() == shard && each.sampleId().equals(sampleId));
    }

    /** One pass over the log, by shards. */
    static final class Scan {

        private final Scope scope;
        private final Map<Key, Cut> open = new LinkedHashMap<>();
        private final List<Cut> begunBefore = new ArrayList<>();

        private record Key(int shard, String captureId, String id) {}

        Scan(Scope scope) {
            this.scope = scope;
        }

        void take(int shard, long offset, byte[] value) {
            LoggedSnapshot logged;
            try {
                logged =
                        value == null || !LoggedSnapshot.isOne(value)
                                ? null
                                : LoggedSnapshot.of(Wire.decode(value));
            } catch (WireException e) {
                // The job leaves it out too.
                return;
            }
            if (logged != null) {
                take(shard, offset, logged.snapshot());
            }
        }

        private void take(int shard, long offset, ActivationSnapshot snapshot) {
            boolean own =
                    snapshot.getModelId().equals(scope.model())
                            && snapshot.getModelVersion().equals(scope.version());
            for (Sample sample : own ? snapshot.getSamples() : List.<Sample>of()) {
                boolean whole = sample.getPart() == 0 && sample.getLast();
                if (!whole) {
                    take(new Key(shard, snapshot.getCaptureId(), sample.getId()), offset, sample);
                }
            }
        }

        private void take(Key key, long offset, Sample sample) {
            Cut cut = new Cut(key.shard(), key.captureId(), key.id(), sample.getPart(), offset);
            if (sample.getPart() > 0 && !open.containsKey(key)) {
                begunBefore.add(cut);
            }
            if (sample.getLast()) {
                open.remove(key);
            } else {
                open.put(key, cut);
            }
        }

        CutSamples found() {
            return new CutSamples(List.copyOf(begunBefore), List.copyOf(open.values()));
        }
    }
}
