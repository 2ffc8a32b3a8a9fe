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
        TreeMap<Integer, TreeMap<Long, String>> baselines = baselines(sketches);
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
        return start;
    }

    /** Begins under one baseline and keeps to it. */
    public static ReplayStart hypothetical(Scope scope, String baselineId, LogPlan plan) {
        ReplayStart start = ReplayStart.withoutActivations(scope.from());
        for (ShardRange range : plan.ranges()) {
            start = start.plus(range.shard(), activate(scope, baselineId, Long.MIN_VALUE));
        }
        return start;
    }

    private static Activate activate(Scope scope, String baselineId, long effectiveFrom) {
        return new Activate(
                scope.model(), scope.version(), baselineId, effectiveFrom, REQUESTED_BY, null);
    }

    /** By shard and pane start the baseline under which the shard began the pane. */
    private static TreeMap<Integer, TreeMap<Long, String>> baselines(List<Entry> sketches) {
        TreeMap<Integer, TreeMap<Long, String>> found = new TreeMap<>();
        for (Entry entry : sketches) {
            if (entry.decoded() instanceof LayerSketch sketch) {
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

    /** Baselines that the replayed offsets of a shard activate, "null" for none. */
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
                                    each.getModelId().equals(scope.model())
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
