package io.spectrawatch.ops.admin;

import io.spectrawatch.ops.admin.TopicAdmin.TopicState;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code topics create} will make beside the topics that exist.
 *
 * @param partitions shards of the topics that are missing
 * @param replicationFactor their replicas
 * @param differences what exists and is not as it was asked for, a line each; then nothing may be
 *     made, because half of the topics would have another shape
 */
public record TopicPlan(int partitions, short replicationFactor, List<String> differences) {

    /** Shards where nothing exists and nobody says. */
    public static final int PARTITIONS = 4;

    /** Copies the list. */
    public TopicPlan {
        differences = List.copyOf(differences);
    }

    /**
     * Compares what is asked for with what exists.
     *
     * @param states of the catalogue's topics in its order; empty where they may not be looked at
     * @param partitions asked for, null to go by the sharded topics that exist
     * @param replicationFactor asked for, null to go by the topics that exist
     */
    public static TopicPlan of(
            List<TopicState> states, Integer partitions, Short replicationFactor) {
        int shards = partitions == null ? 0 : partitions;
        int replicas = replicationFactor == null ? 0 : replicationFactor;
        for (int i = 0; i < states.size(); i++) {
            TopicState state = states.get(i);
            if (state.exists()) {
                boolean sharded = Topics.values()[i].sharded();
                shards = shards == 0 && sharded ? state.partitions() : shards;
                replicas = replicas == 0 ? state.replicationFactor() : replicas;
            }
        }
        shards = shards == 0 ? PARTITIONS : shards;
        replicas = replicas == 0 ? 1 : replicas;
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            TopicState state = states.get(i);
            if (!state.exists()) {
                continue;
            }
            int expected = Topics.values()[i].sharded() ? shards : 1;
            if (state.partitions() != expected) {
                differences.add(
                        differs(state.name(), "partition(s)", expected, state.partitions()));
            }
            if (replicationFactor != null && state.replicationFactor() != replicas) {
                differences.add(
                        differs(state.name(), "replica(s)", replicas, state.replicationFactor()));
            }
        }
        return new TopicPlan(shards, (short) replicas, differences);
    }

    private static String differs(String name, String what, int wanted, int found) {
        return name + ": " + wanted + " " + what + " asked for, it has " + found;
    }
}
