package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ChunkedState;
import io.spectrawatch.flink.log.ModelInput;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.flink.log.Pane;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Completes panes: collects the shards' summaries per merge bucket, and once every shard has marked
 * a pane closed, merges each part in shard order and publishes it.
 *
 * <p>Why buckets: keyed by part alone, a key could not know that a shard saw no row of its layer,
 * and would need a timer or an idleness rule to go on. A bucket is a fixed key that every shard's
 * mark reaches on the channel of that shard's summaries, thus after them; the parts of a bucket
 * share its marks. State is all there is: nothing is held in operator memory between records.
 *
 * <p>The job fails if shards disagree on the baseline of a pane, because its verdicts would be
 * judged by different references.
 */
final class WindowMerger extends KeyedProcessFunction<Integer, PaneMessage, SketchRecord> {

    private static final long serialVersionUID = 1L;

    private static final String STATE = "bucket";
    private static final String CLOCK = "clock";
    private static final String PART = "part";
    private static final String INPUT = "input";

    /** Content of a SketchChunk: 1 MiB less room for the record around it. */
    private static final int CHUNK_BYTES = (1 << 20) - 1024;

    private final SketchSettings settings;
    private final int shards;

    private transient ChunkedState state;
    private transient SketchTools tools;
    private transient PaneMerge merge;
    private transient Counter sketches;

    WindowMerger(SketchSettings settings, int shards) {
        this.settings = settings;
        this.shards = shards;
    }

    @Override
    public void open(OpenContext context) {
        state = new ChunkedState(getRuntimeContext().getMapState(ChunkedState.descriptor(STATE)));
        tools = new SketchTools(settings);
        merge = new PaneMerge(tools);
        sketches =
                getRuntimeContext().getMetricGroup().addGroup("spectrawatch").counter("sketches");
    }

    @Override
    public void processElement(PaneMessage message, Context context, Collector<SketchRecord> out)
            throws Exception {
        byte[] payload = message.payload();
        if (PartSummary.matches(payload)) {
            PartSummary summary = PartSummary.fromBytes(payload);
            state.put(partName(summary), payload);
        } else {
            close(ShardClosed.fromBytes(payload), out);
        }
    }

    private void close(ShardClosed mark, Collector<SketchRecord> out) throws Exception {
        for (ModelInput input : mark.inputs()) {
            state.put(inputName(input, mark.shard()), input.toBytes());
        }
        byte[] stored = state.get(CLOCK);
        MergeClock clock = stored == null ? new MergeClock(shards) : MergeClock.fromBytes(stored);
        long before = clock.complete();
        clock.advance(mark.shard(), mark.closedThrough(), mark.tickOffset());
        if (clock.complete() > before) {
            publishThrough(clock, out);
            clock.forgetComplete();
        }
        state.put(CLOCK, clock.toBytes());
    }

    /** Publishes the complete panes in their order and forgets them. */
    private void publishThrough(MergeClock clock, Collector<SketchRecord> out) throws Exception {
        TreeMap<Pane, PaneNames> complete = new TreeMap<>();
        for (String name : state.names()) {
            String[] parts = name.split("/", 4);
            if (!parts[0].equals(CLOCK)) {
                Pane pane = new Pane(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
                if (pane.end() <= clock.complete()) {
                    complete.computeIfAbsent(pane, p -> new PaneNames())
                            .add(name, parts[0].equals(PART));
                }
            }
        }
        for (PaneNames names : complete.values()) {
            publish(names, clock, out);
        }
    }

    private void publish(PaneNames names, MergeClock clock, Collector<SketchRecord> out)
            throws Exception {
        Map<ModelKey, Map<Integer, ModelInput>> inputs = new HashMap<>();
        for (Map.Entry<String, TreeMap<Integer, String>> model : names.inputs.entrySet()) {
            for (Map.Entry<Integer, String> shard : model.getValue().entrySet()) {
                ModelInput input = ModelInput.fromBytes(take(shard.getValue()));
                inputs.computeIfAbsent(input.model(), k -> new TreeMap<>())
                        .put(shard.getKey(), input);
            }
        }
        inputs.values().forEach(WindowMerger::requireOneBaseline);
        for (TreeMap<Integer, String> shardNames : names.parts.values()) {
            TreeMap<Integer, PartSummary> summaries = new TreeMap<>();
            for (Map.Entry<Integer, String> shard : shardNames.entrySet()) {
                summaries.put(shard.getKey(), PartSummary.fromBytes(take(shard.getValue())));
            }
            ModelKey model = summaries.firstEntry().getValue().part().model();
            emit(merge.merge(summaries, inputs.get(model), clock, CHUNK_BYTES), summaries, out);
        }
    }

    private byte[] take(String name) throws Exception {
        byte[] value = state.get(name);
        state.remove(name);
        return value;
    }

    private static void requireOneBaseline(Map<Integer, ModelInput> byShard) {
        ModelInput first = byShard.values().iterator().next();
        for (Map.Entry<Integer, ModelInput> other : byShard.entrySet()) {
            if (!Objects.equals(other.getValue().baselineId(), first.baselineId())) {
                throw new IllegalStateException(
                        "pane that starts at "
                                + first.pane().start()
                                + " of model "
                                + first.model().model()
                                + " version "
                                + first.model().version()
                                + ": shards must agree on the baseline, found "
                                + first.baselineId()
                                + " and, on shard "
                                + other.getKey()
                                + ", "
                                + other.getValue().baselineId());
            }
        }
    }

    private void emit(
            PaneMerge.Merged merged,
            SortedMap<Integer, PartSummary> summaries,
            Collector<SketchRecord> out) {
        PartSummary first = summaries.get(summaries.firstKey());
        byte[] key = first.part().topicKey().getBytes(StandardCharsets.UTF_8);
        long timestamp = Math.floorDiv(first.pane().end(), 1000L);
        out.collect(record(key, merged.record(), timestamp));
        sketches.inc();
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
            out.collect(record(key, chunk, timestamp));
        }
    }

    private static SketchRecord record(byte[] key, SpecificRecord value, long timestamp) {
        return new SketchRecord(key, Wire.encode(value), timestamp);
    }

    private static String partName(PartSummary summary) {
        PartKey part = summary.part();
        ModelKey model = part.model();
        return Topics.key(
                PART,
                Long.toString(summary.pane().start()),
                Long.toString(summary.pane().end()),
                model.model(),
                model.version(),
                model.digest(),
                String.format("%010d", part.index()),
                part.layer(),
                Integer.toString(part.columns()),
                Integer.toString(summary.shard()));
    }

    private static String inputName(ModelInput input, int shard) {
        return Topics.key(
                INPUT,
                Long.toString(input.pane().start()),
                Long.toString(input.pane().end()),
                input.model().model(),
                input.model().version(),
                input.model().digest(),
                Integer.toString(shard));
    }

    @Override
    public void close() {
        if (tools != null) {
            tools.close();
        }
    }

    /** State names of one pane: by part or model in name order, then by shard. */
    private static final class PaneNames {
        private final TreeMap<String, TreeMap<Integer, String>> parts = new TreeMap<>();
        private final TreeMap<String, TreeMap<Integer, String>> inputs = new TreeMap<>();

        void add(String name, boolean part) {
            int slash = name.lastIndexOf('/');
            (part ? parts : inputs)
                    .computeIfAbsent(name.substring(0, slash), p -> new TreeMap<>())
                    .put(Integer.valueOf(name.substring(slash + 1)), name);
        }
    }
}
