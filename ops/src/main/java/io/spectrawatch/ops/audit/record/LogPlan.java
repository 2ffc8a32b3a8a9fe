package io.spectrawatch.ops.audit.record;

import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which offsets of the validated log the recorded panes came from, resolved once.
 *
 * @param ranges what is replayed, by shard
 * @param missing what the topic no longer has
 * @param held per shard what it still has; empty where nothing is missing
 */
public record LogPlan(List<ShardRange> ranges, List<Missing> missing, Map<Integer, Held> held) {

    /** First look back for a tick, in records; doubled until one is found. */
    private static final long STEP = 64;

    private static final String TICK = Tick.getClassSchema().getFullName();

    /**
     * The part of a shard that a replay can use.
     *
     * @param tick offset of the first tick, -1 where there is none
     * @param end exclusive
     */
    record Held(long tick, long end) {}

    /** What the manifests say of one shard. */
    private record Needed(long before, long first, long end) {
        Needed and(ShardInput input) {
            boolean entered = input.getFirstOffset() >= 0;
            return new Needed(
                    Math.min(before, least(input)),
                    entered ? Math.min(first, input.getFirstOffset()) : first,
                    Math.max(end, input.getClosedAtOffset() + 1));
        }
    }

    /** The first offset behind the tick from which on a pane needs a shard. */
    private static long least(ShardInput input) {
        long least = input.getClosedAtOffset();
        if (input.getFirstOffset() >= 0) {
            least = Math.min(least, input.getFirstOffset());
        }
        if (input.getCountedFromOffset() != null) {
            least = Math.min(least, input.getCountedFromOffset() + 1);
        }
        return least;
    }

    /** Whether the log still has every record of a pane, and a tick before them. */
    boolean holds(LayerSketch sketch) {
        for (ShardInput input : sketch.getManifest().getShards()) {
            Held own = held.get(input.getShard());
            boolean whole =
                    own == null
                            || own.tick() >= 0
                                    && own.tick() < least(input)
                                    && input.getClosedAtOffset() < own.end();
            if (!whole) {
                return false;
            }
        }
        return true;
    }

    /**
     * Resolves the offsets of recorded panes.
     *
     * @param sketches of all panes to replay
     * @throws IOException if the log has other shards than they say
     */
    public static LogPlan of(List<Entry> sketches, Map<String, Object> client, String prefix)
            throws IOException {
        TreeMap<Integer, Needed> needed = new TreeMap<>();
        for (Entry entry : sketches) {
            if (entry.decoded() instanceof LayerSketch sketch) {
                for (ShardInput input : sketch.getManifest().getShards()) {
                    Needed own =
                            needed.getOrDefault(
                                    input.getShard(),
                                    new Needed(Long.MAX_VALUE, Long.MAX_VALUE, 0));
                    needed.put(input.getShard(), own.and(input));
                }
            }
        }
        List<ShardRange> ranges = new ArrayList<>();
        List<Missing> missing = new ArrayList<>();
        TreeMap<Integer, Held> held = new TreeMap<>();
        String topic = Topics.VALIDATED.topicName(prefix);
        try (TopicRange log = new TopicRange(client, topic)) {
            if (log.partitions() != needed.size()) {
                throw new AuditException(
                        topic
                                + " has "
                                + log.partitions()
                                + " partitions, the recorded panes come from "
                                + needed.size());
            }
            KeptSnapshots kept = new KeptSnapshots(log, client, topic);
            for (Map.Entry<Integer, Needed> each : needed.entrySet()) {
                resolve(log, kept, each.getKey(), each.getValue(), ranges, missing);
            }
            for (int shard = 0; !missing.isEmpty() && shard < log.partitions(); shard++) {
                long from = kept.from(shard, log.beginning(shard), log.end(shard));
                held.put(shard, new Held(firstTick(log, shard, from), log.end(shard)));
            }
        }
        return new LogPlan(List.copyOf(ranges), List.copyOf(missing), held);
    }

    private static void resolve(
            TopicRange log,
            KeptSnapshots kept,
            int shard,
            Needed needed,
            List<ShardRange> ranges,
            List<Missing> missing)
            throws IOException {
        long end = log.end(shard);
        long beginning = log.beginning(shard);
        if (beginning < needed.before()) {
            long whole = kept.from(shard, needed.before(), Math.min(end, needed.end()));
            beginning = whole > needed.before() ? whole : beginning;
        }
        long tick = beginning < needed.before() ? tickBefore(log, shard, needed.before()) : -1;
        if (tick < 0) {
            // At least the tick before the first record is gone.
            long from = Math.min(needed.before(), beginning) - 1;
            missing.add(
                    new Missing(shard, Math.max(0, from), Math.min(beginning, needed.end()) - 1));
        }
        if (end < needed.end()) {
            missing.add(new Missing(shard, end, needed.end() - 1));
        }
        ranges.add(new ShardRange(shard, tick < 0 ? needed.before() : tick, needed.end()));
    }

    /** Offset of the first tick that a shard has from an offset on, -1 where it has none. */
    private static long firstTick(TopicRange log, int shard, long begin) throws IOException {
        long end = log.end(shard);
        long from = begin;
        for (long step = STEP; from < end; step *= 2) {
            long to = Math.min(end, from + step);
            long[] first = {-1};
            log.read(
                    shard,
                    from,
                    to,
                    record -> {
                        if (first[0] < 0 && isTick(record.value())) {
                            first[0] = record.offset();
                        }
                    });
            if (first[0] >= 0) {
                return first[0];
            }
            from = to;
        }
        return -1;
    }

    private static boolean isTick(byte[] value) {
        return value != null && Wire.isA(value, TICK);
    }

    /** Offset of the last tick before an offset, -1 where the log has none. */
    private static long tickBefore(TopicRange log, int shard, long offset) throws IOException {
        long beginning = log.beginning(shard);
        long to = offset;
        for (long step = STEP; to > beginning; step *= 2) {
            long from = Math.max(beginning, to - step);
            long[] last = {-1};
            log.read(
                    shard,
                    from,
                    to,
                    record -> {
                        if (isTick(record.value())) {
                            last[0] = record.offset();
                        }
                    });
            if (last[0] >= 0) {
                return last[0];
            }
            to = from;
        }
        return -1;
    }
}
