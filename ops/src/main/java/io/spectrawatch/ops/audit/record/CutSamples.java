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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Samples that the offsets of a replay do not hold from their first part to their last. A replay
 * cannot know what came of the parts before it: it takes a sample that began there for one whose
 * beginning was lost. Of the last pane before those that it judges it has a part of the records, so
 * it cannot know either what was known of the samples that began there.
 *
 * @param begunBefore those of which the first part found is not part 0
 * @param fromPanesBefore those of which part 0 is found and counts in a pane before those that are
 *     judged, and others in one of these; null in bundles of releases that did not name them
 * @param goOn those of which the last part is not found
 */
public record CutSamples(List<Cut> begunBefore, List<Cut> fromPanesBefore, List<Cut> goOn) {

    /** Nothing is cut. */
    public static final CutSamples NONE = new CutSamples(List.of(), List.of(), List.of());

    /**
     * One of them.
     *
     * @param part number of the first part found of those that began before the offsets, of the
     *     first that is judged of those that began in panes before, of the last part found of those
     *     that go on
     * @param offset of that part's snapshot
     */
    public record Cut(int shard, String captureId, String sampleId, int part, long offset) {}

    /**
     * Looks through the offsets that are replayed.
     *
     * @param scope names the model version
     * @param since start of the first pane that is judged, microseconds
     */
    public static CutSamples find(
            Scope scope, long since, LogPlan plan, Map<String, Object> client, String prefix)
            throws IOException {
        Scan scan = new Scan(scope, since);
        try (TopicRange log = TopicRange.ofSnapshots(client, Topics.VALIDATED.topicName(prefix))) {
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

    /** Whether no sample began where a replay does not know all. */
    public boolean knowsAllBeginnings() {
        return unknownBeginnings().findAny().isEmpty();
    }

    /** Whether a sample began where a replay does not know all, on its shard. */
    public boolean beganBefore(int shard, String sampleId) {
        return unknownBeginnings()
                .anyMatch(each -> each.shard() == shard && each.sampleId().equals(sampleId));
    }

    private Stream<Cut> unknownBeginnings() {
        return Stream.of(begunBefore, fromPanesBefore)
                .filter(Objects::nonNull)
                .flatMap(List::stream);
    }

    /** One pass over the log, by shards. */
    static final class Scan {

        private final Scope scope;
        private final long since;
        private final Map<Key, Cut> open = new LinkedHashMap<>();
        private final List<Cut> begunBefore = new ArrayList<>();

        /** Those that are open and began in a pane that is not judged. */
        private final Set<Key> unjudged = new HashSet<>();

        private final List<Cut> fromPanesBefore = new ArrayList<>();

        private record Key(int shard, String captureId, String id) {}

        Scan(Scope scope, long since) {
            this.scope = scope;
            this.since = since;
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
                take(shard, offset, logged.snapshot(), logged.countedAt() >= since);
            }
        }

        private void take(int shard, long offset, ActivationSnapshot snapshot, boolean judged) {
            boolean own =
                    snapshot.getModelId().equals(scope.model())
                            && snapshot.getModelVersion().equals(scope.version());
            for (Sample sample : own ? snapshot.getSamples() : List.<Sample>of()) {
                boolean whole = sample.getPart() == 0 && sample.getLast();
                if (!whole) {
                    Key key = new Key(shard, snapshot.getCaptureId(), sample.getId());
                    take(key, offset, sample, judged);
                }
            }
        }

        private void take(Key key, long offset, Sample sample, boolean judged) {
            Cut cut = new Cut(key.shard(), key.captureId(), key.id(), sample.getPart(), offset);
            if (sample.getPart() > 0 && !open.containsKey(key)) {
                begunBefore.add(cut);
            }
            if (sample.getPart() == 0 && !judged) {
                unjudged.add(key);
            } else if (sample.getPart() == 0) {
                unjudged.remove(key);
            } else if (judged && unjudged.remove(key)) {
                fromPanesBefore.add(cut);
            }
            if (sample.getLast()) {
                open.remove(key);
            } else {
                open.put(key, cut);
            }
        }

        CutSamples found() {
            return new CutSamples(
                    List.copyOf(begunBefore),
                    List.copyOf(fromPanesBefore),
                    List.copyOf(open.values()));
        }
    }
}
