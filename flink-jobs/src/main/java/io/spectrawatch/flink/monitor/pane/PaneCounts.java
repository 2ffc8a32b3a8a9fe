package io.spectrawatch.flink.monitor.pane;

import io.spectrawatch.flink.monitor.message.TickCounts;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.ShardInput;
import java.util.List;

/** Puts what the ticks of a pane report as refused and late into its manifest. */
public final class PaneCounts {

    private PaneCounts() {}

    /**
     * Adds the counts of all shards to a manifest, or says nothing where those of one are unknown.
     *
     * @param inputs of all shards, in their order; they get the offsets
     * @param counted of all shards in the same order, null where unknown
     */
    public static Manifest.Builder add(
            Manifest.Builder manifest,
            List<ShardInput.Builder> inputs,
            List<TickCounts.Between> counted) {
        boolean known = counted.stream().allMatch(each -> each != null);
        if (known) {
            for (int i = 0; i < inputs.size(); i++) {
                inputs.get(i).setCountedFromOffset(counted.get(i).fromOffset());
            }
            manifest.setRefusedRecords(
                            counted.stream().mapToLong(TickCounts.Between::refused).sum())
                    .setLateRecords(counted.stream().mapToLong(TickCounts.Between::late).sum());
        }
        return manifest.setShards(inputs.stream().map(ShardInput.Builder::build).toList());
    }
}
