package io.spectrawatch.flink.monitor.pane;

import io.spectrawatch.flink.monitor.message.InterfaceSummary;
import io.spectrawatch.flink.monitor.message.JudgementSummary;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all shards say about one model in one complete pane.
 *
 * @param inputs by shard, at least one: what entered
 * @param judgements by shard, where a baseline was in force
 * @param interfaces by place in the baseline, then by shard
 */
public record ClosedPane(
        Pane pane,
        ModelKey model,
        SortedMap<Integer, ModelInput> inputs,
        SortedMap<Integer, JudgementSummary> judgements,
        SortedMap<Integer, SortedMap<Integer, InterfaceSummary>> interfaces) {

    /** The baseline of the first shard that has one, null for none. */
    public String baselineId() {
        for (ModelInput input : inputs.values()) {
            if (input.baselineId() != null) {
                return input.baselineId();
            }
        }
        return null;
    }

    /** Why the pane cannot be judged as a whole, null if it can. */
    public String refusal() {
        ModelInput first = inputs.get(inputs.firstKey());
        for (var input : inputs.entrySet()) {
            if (!Objects.equals(input.getValue().baselineId(), first.baselineId())) {
                return "an activation came too late: the pane began under "
                        + named(first.baselineId())
                        + " on shard "
                        + inputs.firstKey()
                        + " and under "
                        + named(input.getValue().baselineId())
                        + " on shard "
                        + input.getKey();
            }
        }
        for (var judgement : judgements.entrySet()) {
            if (judgement.getValue().refusal() != null) {
                return "shard " + judgement.getKey() + ": " + judgement.getValue().refusal();
            }
        }
        return null;
    }

    /** Whether all shards began the pane under the same baseline. */
    public boolean agreed() {
        return inputs.values().stream().map(ModelInput::baselineId).distinct().count() == 1;
    }

    private static String named(String baselineId) {
        return baselineId == null ? "no baseline" : "baseline " + baselineId;
    }

    /** Snapshots that gave some interface no rows. */
    public long unpaired() {
        return judgements.values().stream().mapToLong(JudgementSummary::unpaired).sum();
    }

    /** The summaries of an interface by shard, maybe none. */
    public SortedMap<Integer, InterfaceSummary> of(int index) {
        return interfaces.getOrDefault(index, new TreeMap<>());
    }
}
