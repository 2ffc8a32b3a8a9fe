package io.spectrawatch.flink.monitor.merge;

import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.message.SketchSummary;
import io.spectrawatch.flink.monitor.pane.MergeClock;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Publishes the merged sketch of a layer and pane: its summary, then its chunks if wanted. */
final class SketchPublisher {

    /** Content of a SketchChunk: 1 MiB less room for the record around it. */
    private static final int CHUNK_BYTES = (1 << 20) - 1024;

    private final LayerMerge merge;

    SketchPublisher(SubtaskKernels tools) {
        this.merge = new LayerMerge(tools);
    }

    /**
     * Merges one layer of a complete pane.
     *
     * <p>Shards that began the pane under different baselines centred their rows differently. What
     * cannot be merged is published side by side, each with the shards behind it.
     *
     * @param summaries in their order, at least one
     * @param inputs by shard, what entered the pane of the part's model
     */
    List<OutputRecord> publish(
            List<SketchSummary> summaries, Map<Integer, ModelInput> inputs, MergeClock clock) {
        TreeMap<String, List<SketchSummary>> byBaseline =
                new TreeMap<>(Comparator.nullsFirst(Comparator.naturalOrder()));
        for (SketchSummary summary : summaries) {
            String baselineId = inputs.get(summary.shard()).baselineId();
            byBaseline.computeIfAbsent(baselineId, id -> new ArrayList<>()).add(summary);
        }
        List<OutputRecord> out = new ArrayList<>();
        byBaseline.forEach(
                (baselineId, group) -> {
                    Map<Integer, ModelInput> own = new TreeMap<>(inputs);
                    own.values().removeIf(i -> !Objects.equals(i.baselineId(), baselineId));
                    add(merge.merge(group, own, clock, CHUNK_BYTES), group, out);
                });
        return out;
    }

    private static void add(
            LayerMerge.Merged merged, List<SketchSummary> summaries, List<OutputRecord> out) {
        SketchSummary first = summaries.get(0);
        String key = first.part().topicKey();
        long end = first.pane().end();
        out.add(OutputRecord.of(Topics.SKETCHES, key, merged.record(), end));
        int count = merged.record().getSketchChunks();
        for (int i = 0; i < count; i++) {
            int from = i * CHUNK_BYTES;
            int length = Math.min(CHUNK_BYTES, merged.sketchBytes().length - from);
            SketchChunk chunk =
                    SketchChunk.newBuilder()
                            .setDigest(merged.record().getSketchDigest())
                            .setIndex(i)
                            .setCount(count)
                            .setData(ByteBuffer.wrap(merged.sketchBytes(), from, length))
                            .build();
            out.add(OutputRecord.of(Topics.SKETCHES, key, chunk, end));
        }
    }
}
