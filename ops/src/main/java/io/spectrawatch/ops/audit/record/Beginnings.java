package io.spectrawatch.ops.audit.record;

import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was in force when a replay begins, out of the recorded manifests.
 *
 * <p>Of each shard the baseline of its first pane is known. A later pane's baseline comes from the
 * log, unless its activation lies before the replayed offsets: then it too is taken as recorded.
 */
public final class Beginnings {

    private static final String REQUESTED_BY = "audit";

    private Beginnings() {}

    /**
     * Begins under the baselines that were recorded.
     *
     * @param sketches of all panes to replay
     */
    public static ReplayStart recorded(
            Scope scope,
            Pools pools,
            List<Entry> sketches,
            LogPlan plan,
            Map<String, Object> client,
            String prefix)
            throws IOException {
        TreeMap<Integer, TreeMap<Long, String>> baselines = baselines(sketches, null);
        ReplayStart start = new ReplayStart(pools.since(), pools.last());
        for (ShardRange range : plan.ranges()) {
            TreeMap<Long, String> own = baselines.getOrDefault(range.shard(), new TreeMap<>());
            if (own.isEmpty()) {
                continue;
            }
            String current = own.firstEntry().getValue();
            if (current != null) {
                // In force for ever, so that every activation of the log comes after it.
                start = start.plus(range.shard(), activate(scope, current, Long.MIN_VALUE));
            }
            Set<String> inLog = null;
            for (Map.Entry<Long, String> pane : own.entrySet()) {
                if (Objects.equals(pane.getValue(), current)) {
                    continue;
                }
                current = pane.getValue();
                inLog = inLog == null ? activations(scope, range, client, prefix) : inLog;
                if (!inLog.contains(String.valueOf(current))) {
                    start = start.plus(range.shard(), activate(scope, current, pane.getKey()));
                }
            }
        }
        for (String segment : segments(sketches)) {
            start = withSegment(start, scope, segment, baselines(sketches, segment), sketches);
        }
        return start;
    }

    /**
     * Adds what each shard judged a segment by. Where a shard has a pane without a sketch of it,
     * its baseline was not in force, or nothing of it came, which comes to the same.
     *
     * @param baselines of the segment, by shard and pane
     */
    private static ReplayStart withSegment(
            ReplayStart start,
            Scope scope,
            String segment,
            TreeMap<Integer, TreeMap<Long, String>> baselines,
            List<Entry> sketches) {
        ReplayStart with = start;
        TreeMap<Integer, TreeSet<Long>> panes = panes(sketches);
        for (Map.Entry<Integer, TreeMap<Long, String>> own : baselines.entrySet()) {
            String current = null;
            for (long pane : panes.get(own.getKey())) {
                String baseline = own.getValue().get(pane);
                if (!Objects.equals(baseline, current)) {
                    with = with.plus(own.getKey(), activate(scope, segment, baseline, pane));
                }
                current = baseline;
            }
        }
        return with;
    }

    private static Set<String> segments(List<Entry> sketches) {
        Set<String> found = new TreeSet<>();
        for (Entry entry : sketches) {
            if (entry.decoded() instanceof LayerSketch sketch && sketch.getSegment() != null) {
                found.add(sketch.getSegment());
            }
        }
        return found;
    }

    /** By shard the panes that it has rows in, of whatever segment. */
    private static TreeMap<Integer, TreeSet<Long>> panes(List<Entry> sketches) {
        TreeMap<Integer, TreeSet<Long>> found = new TreeMap<>();
        for (Entry entry : sketches) {
            if (entry.decoded() instanceof LayerSketch sketch) {
                for (ShardInput input : sketch.getManifest().getShards()) {
                    if (input.getFirstOffset() >= 0) {
                        found.computeIfAbsent(input.getShard(), s -> new TreeSet<>())
                                .add(sketch.getPaneStart());
                    }
                }
            }
        }
        return found;
    }

    /** Begins under one baseline for all traffic, whatever its segments, and keeps to it. */
    public static ReplayStart hypothetical(Scope scope, String baselineId, LogPlan plan) {
        ReplayStart start = ReplayStart.withoutActivations(scope.from());
        for (ShardRange range : plan.ranges()) {
            start = start.plus(range.shard(), activate(scope, baselineId, Long.MIN_VALUE));
        }
        return start;
    }

    private static Activate activate(Scope scope, String baselineId, long effectiveFrom) {
        return activate(scope, null, baselineId, effectiveFrom);
    }

    private static Activate activate(
            Scope scope, String segment, String baselineId, long effectiveFrom) {
        return new Activate(
                scope.model(), scope.version(), baselineId, effectiveFrom, REQUESTED_BY, segment);
    }

    /**
     * By shard and pane start the baseline under which the shard began the pane.
     *
     * @param segment null for what is in none
     */
    private static TreeMap<Integer, TreeMap<Long, String>> baselines(
            List<Entry> sketches, String segment) {
        TreeMap<Integer, TreeMap<Long, String>> found = new TreeMap<>();
        for (Entry entry : sketches) {
            if (entry.decoded() instanceof LayerSketch sketch
                    && Objects.equals(sketch.getSegment(), segment)) {
                for (ShardInput input : sketch.getManifest().getShards()) {
                    if (input.getFirstOffset() >= 0) {
                        found.computeIfAbsent(input.getShard(), s -> new TreeMap<>())
                                .put(sketch.getPaneStart(), sketch.getManifest().getBaselineId());
                    }
                }
            }
        }
        return found;
    }

    /** Baselines that the replayed offsets of a shard activate for a model, "null" for none. */
    private static Set<String> activations(
            Scope scope, ShardRange range, Map<String, Object> client, String prefix)
            throws IOException {
        Set<String> found = new HashSet<>();
        String activate = Activate.getClassSchema().getFullName();
        try (TopicRange log = new TopicRange(client, Topics.VALIDATED.topicName(prefix))) {
            log.read(
                    range.shard(),
                    range.start(),
                    range.end(),
                    record -> {
                        if (record.value() == null || !Wire.isA(record.value(), activate)) {
                            return;
                        }
                        try {
                            Activate each = Wire.decode(record.value(), Activate.class);
                            boolean own =
                                    each.getSegment() == null
                                            && each.getModelId().equals(scope.model())
                                            && each.getModelVersion().equals(scope.version());
                            if (own) {
                                found.add(String.valueOf(each.getBaselineId()));
                            }
                        } catch (WireException e) {
                            // The job leaves it out too.
                            return;
                        }
                    });
        }
        return found;
    }
}
