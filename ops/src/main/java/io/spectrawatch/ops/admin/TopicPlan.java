package io.spectrawatch.ops.admin;

import io.spectrawatch.ops.admin.TopicAdmin.TopicState;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code topics create} will make beside the topics that exist.
 *
 * @param partitions shards of the topics that are missing
 * @param outputs partitions of those of them that hold what the monitor finds
 * @param replicationFactor their replicas
 * @param differences what exists and is not as it was asked for, a line each; then nothing may be
 *     made, because half of the topics would have another shape
 */
public record TopicPlan(
        int partitions, int outputs, short replicationFactor, List<String> differences) {

    /** Shards where nothing exists and nobody says. */
    public static final int PARTITIONS = 4;

    /** Copies the list. */
    public TopicPlan {
        differences = List.copyOf(differences);
    }

    /** Partitions of a topic that is missing. */
    int of(Topics topic) {
        return topic.sharded() ? partitions : topic.spread() ? outputs : 1;
    }

    /**
     * Compares what is asked for with what exists.
     *
     * @param states of the catalogue's topics in its order; empty where they may not be looked at
     * @param partitions asked for, null to go by the sharded topics that exist
     * @param outputs asked for, null to go by the topics of the monitor that exist
     * @param replicationFactor asked for, null to go by the topics that exist
     */
    public static TopicPlan of(
            List<TopicState> states, Integer partitions, Integer outputs, Short replicationFactor) {
        int shards = partitions == null ? 0 : partitions;
        int spread = outputs == null ? 0 : outputs;
        int replicas = replicationFactor == null ? 0 : replicationFactor;
        for (int i = 0; i < states.size(); i++) {
            TopicState state = states.get(i);
            if (state.exists()) {
                Topics topic = Topics.values()[i];
                shards = shards == 0 && topic.sharded() ? state.partitions() : shards;
                spread = spread == 0 && topic.spread() ? state.partitions() : spread;
                replicas = replicas == 0 ? state.replicationFactor() : replicas;
            }
        }
        shards = shards == 0 ? PARTITIONS : shards;
        spread = spread == 0 ? 1 : spread;
        replicas = replicas == 0 ? 1 : replicas;
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            TopicState state = states.get(i);
            if (!state.exists()) {
                continue;
            }
            Topics topic = Topics.values()[i];
            int expected = topic.sharded() ? shards : topic.spread() ? spread : 1;
            // Whatever number the topics of the monitor have is well, unless another is asked for.
            boolean asked = outputs != null || !topic.spread();
            if (asked && state.partitions() != expected) {
                differences.add(
                        differs(state.name(), "partition(s)", expected, state.partitions()));
            }
            if (replicationFactor != null && state.replicationFactor() != replicas) {
                differences.add(
                        differs(state.name(), "replica(s)", replicas, state.replicationFactor()));
            }
        }
        return new TopicPlan(shards, spread, (short) replicas, differences);
    }

    private static String differs(String name, String what, int wanted, int found) {
        return name + ": " + wanted + " " + what + " asked for, it has " + found;
    }
}
