package io.spectrawatch.flink.monitor.merge;

import io.spectrawatch.flink.baseline.BaselineSource;
import io.spectrawatch.flink.monitor.attack.AttackWatcher;
import io.spectrawatch.flink.monitor.attack.GrowthMerge;
import io.spectrawatch.flink.monitor.attack.SurgeState;
import io.spectrawatch.flink.monitor.attack.SurgeWatcher;
import io.spectrawatch.flink.monitor.baseline.Baselines;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.certify.CertificateOutput;
import io.spectrawatch.flink.monitor.certify.Certifier;
import io.spectrawatch.flink.monitor.config.DetectSettings;
import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.monitor.message.EntryId;
import io.spectrawatch.flink.monitor.message.EntryId.Kind;
import io.spectrawatch.flink.monitor.message.EvictionSummary;
import io.spectrawatch.flink.monitor.message.GrowthSummary;
import io.spectrawatch.flink.monitor.message.InterfaceSummary;
import io.spectrawatch.flink.monitor.message.JudgementSummary;
import io.spectrawatch.flink.monitor.message.MergeKeys;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.message.ShardBeat;
import io.spectrawatch.flink.monitor.message.ShardClosed;
import io.spectrawatch.flink.monitor.message.ShardMessage;
import io.spectrawatch.flink.monitor.message.SketchSummary;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.monitor.pane.ClosedPane;
import io.spectrawatch.flink.monitor.pane.MergeClock;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.MergerMetrics;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.flink.monitor.record.RecordSink;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.detect.attack.AttackOptions;
import io.spectrawatch.spectral.detect.attack.SurgeOptions;
import io.spectrawatch.spectral.detect.attack.TrailOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Completes panes: collects the shards' summaries per merge bucket, and once every shard has marked
 * a pane closed, merges each part in shard order, publishes it, and certifies the models whose
 * interfaces meet in the bucket, and decides whether they are under attack.
 *
 * <p>Why buckets: keyed by part alone, a key could not know that a shard saw no row of its layer,
 * and would need a timer or an idleness rule to go on. A bucket is a fixed key that every shard's
 * mark reaches on the channel of that shard's summaries, thus after them; the parts of a bucket
 * share its marks. State is all there is: nothing is held in operator memory between records.
 *
 * <p>A pane that shards began under different baselines is not judged, because its verdict would
 * mix references; its sketches are published by baseline.
 */
public final class WindowMerger extends KeyedProcessFunction<Integer, ShardMessage, OutputRecord> {

    private static final long serialVersionUID = 1L;

    private static final String STATE = "bucket";
    private static final String CLOCK = "clock";

    private final SketchSettings settings;
    private final AlertOptions alerts;
    private final AttackOptions attack;
    private final SurgeOptions surge;
    private final TrailOptions trails;
    private final BaselineSource source;
    private final int shards;
    private final int buckets;
    private final ReplayStart start;

    private transient ChunkedState state;
    private transient SubtaskKernels tools;
    private transient MergerMetrics metrics;
    private transient SketchPublisher sketches;
    private transient Certifier certifier;
    private transient SurgeWatcher surges;
    private transient AttackWatcher attacks;
    private transient GrowthMerge growth;
    private transient UnwatchedMerge unwatched;

    public WindowMerger(
            SketchSettings settings,
            AlertOptions alerts,
            DetectSettings detect,
            BaselineSource source,
            int shards,
            int buckets,
            ReplayStart start) {
        this.settings = settings;
        this.alerts = alerts;
        this.attack = detect.attack();
        this.surge = detect.surge();
        this.trails = detect.trails();
        this.source = source;
        this.shards = shards;
        this.buckets = buckets;
        this.start = start;
    }

    @Override
    public void open(OpenContext context) {
        state = new ChunkedState(getRuntimeContext().getMapState(ChunkedState.descriptor(STATE)));
        metrics = new MergerMetrics(getRuntimeContext().getMetricGroup());
        tools = new SubtaskKernels(settings, new Baselines(source, metrics::waited));
        sketches = new SketchPublisher(tools);
        certifier = new Certifier(tools, alerts, state, start);
        surges = new SurgeWatcher(surge, new SurgeState(state, shards), start);
        attacks = new AttackWatcher(attack, trails, state, start, surges);
        growth = new GrowthMerge(tools);
        unwatched = new UnwatchedMerge(settings, state);
    }

    @Override
    public void processElement(ShardMessage message, Context context, Collector<OutputRecord> out)
            throws Exception {
        byte[] payload = message.payload();
        switch (message.kind()) {
            case ENTRY -> state.put(message.entry().stateName(), payload);
            case BEAT -> surges.take(BeatSummary.fromBytes(payload));
            case BEAT_MARK ->
                    surges.take(
                            ShardBeat.fromBytes(payload),
                            attacks::standing,
                            new RecordSink(metrics, out));
            case CLOSED -> close(ShardClosed.fromBytes(payload), message.bucket(), out);
        }
    }

    private void close(ShardClosed mark, int bucket, Collector<OutputRecord> out) throws Exception {
        for (ModelInput input : mark.inputs()) {
            EntryId entry = EntryId.ofInput(input.pane(), input.model(), mark.shard());
            state.put(entry.stateName(), input.toBytes());
        }
        MergeClock clock = MergeClock.of(state.get(CLOCK), shards);
        long before = clock.complete();
        clock.advance(mark.shard(), mark.closedThrough(), mark.tickOffset(), mark.ticks());
        if (clock.complete() > before) {
            publishThrough(clock, bucket, out);
            clock.forgetComplete();
        }
        state.put(CLOCK, clock.toBytes());
    }

    /** Publishes the complete panes in their order and forgets them. */
    private void publishThrough(MergeClock clock, int bucket, Collector<OutputRecord> out)
            throws Exception {
        TreeMap<Pane, PendingPanes> complete = new TreeMap<>();
        for (String name : state.names()) {
            EntryId entry = EntryId.ofStateName(name);
            if (entry != null && entry.pane().end() <= clock.complete()) {
                complete.computeIfAbsent(entry.pane(), p -> new PendingPanes()).add(entry);
            }
        }
        for (Map.Entry<Pane, PendingPanes> pane : complete.entrySet()) {
            publish(pane.getKey(), pane.getValue(), clock, bucket, out);
        }
    }

    private void publish(
            Pane pane,
            PendingPanes entries,
            MergeClock clock,
            int bucket,
            Collector<OutputRecord> out)
            throws Exception {
        TreeMap<ModelKey, SortedMap<Integer, ModelInput>> inputs =
                byModel(entries.of(Kind.INPUT), ModelInput::fromBytes);
        for (List<EntryId> layer : entries.layers()) {
            List<SketchSummary> own = new ArrayList<>();
            for (EntryId entry : layer) {
                own.add(take(entry, SketchSummary::fromBytes));
            }
            own.sort(SketchSummary.ORDER);
            sketches.publish(own, inputs.get(layer.get(0).model()), clock).forEach(out::collect);
            metrics.sketch();
        }
        judge(pane, entries, inputs, clock, bucket, out);
        say(pane, entries, inputs, bucket, out);
    }

    /** Who lost its place in the pane, what was not watched in it, and where that has ended. */
    private void say(
            Pane pane,
            PendingPanes entries,
            TreeMap<ModelKey, SortedMap<Integer, ModelInput>> inputs,
            int bucket,
            Collector<OutputRecord> out)
            throws Exception {
        for (TreeMap<Integer, EntryId> byShard : entries.of(Kind.EVICTED)) {
            for (EvictionSummary each : take(byShard, EvictionSummary::fromBytes).values()) {
                unwatched.take(each, out::collect);
            }
        }
        Set<ModelKey> whole = new TreeSet<>(inputs.keySet());
        for (TreeMap<Integer, EntryId> byShard : entries.of(Kind.UNWATCHED)) {
            whole.remove(byShard.firstEntry().getValue().model());
            unwatched.take(take(byShard, UnwatchedSummary::fromBytes), out::collect);
        }
        for (ModelKey model : whole) {
            if (MergeKeys.ofModel(model, buckets) == bucket) {
                unwatched.takeWhole(model, pane, out::collect);
            }
        }
    }

    private void judge(
            Pane pane,
            PendingPanes entries,
            TreeMap<ModelKey, SortedMap<Integer, ModelInput>> inputs,
            MergeClock clock,
            int bucket,
            Collector<OutputRecord> out)
            throws Exception {
        TreeMap<ModelKey, SortedMap<Integer, JudgementSummary>> judgements =
                byModel(entries.of(Kind.JUDGEMENT), JudgementSummary::fromBytes);
        Map<ModelKey, SortedMap<Integer, SortedMap<Integer, InterfaceSummary>>> interfaces =
                new TreeMap<>();
        for (TreeMap<Integer, EntryId> byShard : entries.of(Kind.INTERFACE)) {
            EntryId any = byShard.firstEntry().getValue();
            interfaces
                    .computeIfAbsent(any.model(), m -> new TreeMap<>())
                    .put(any.index(), take(byShard, InterfaceSummary::fromBytes));
        }
        TreeMap<ModelKey, SortedMap<Integer, ScoreSummary>> scores =
                byModel(entries.of(Kind.SCORES), ScoreSummary::fromBytes);
        TreeMap<ModelKey, SortedMap<Integer, GrowthSummary>> grown =
                byModel(entries.of(Kind.GROWTH), GrowthSummary::fromBytes);
        RecordSink sink = new RecordSink(metrics, out);
        CertificateOutput certificates = new CertificateOutput(tools, sink);
        for (Map.Entry<ModelKey, SortedMap<Integer, ModelInput>> entered : inputs.entrySet()) {
            ModelKey model = entered.getKey();
            if (MergeKeys.ofModel(model, buckets) == bucket) {
                ClosedPane all =
                        new ClosedPane(
                                pane,
                                model,
                                entered.getValue(),
                                judgements.getOrDefault(model, new TreeMap<>()),
                                interfaces.getOrDefault(model, new TreeMap<>()));
                certifier.take(all, clock, certificates);
                attacks.take(all, scores.getOrDefault(model, new TreeMap<>()), sink);
                growth.take(all, grown.getOrDefault(model, new TreeMap<>()), out::collect);
            }
        }
    }

    /** Takes entries of which there is one per model and shard out of the state. */
    private <T> TreeMap<ModelKey, SortedMap<Integer, T>> byModel(
            Iterable<TreeMap<Integer, EntryId>> entries, Function<byte[], T> reader)
            throws Exception {
        TreeMap<ModelKey, SortedMap<Integer, T>> models = new TreeMap<>();
        for (TreeMap<Integer, EntryId> byShard : entries) {
            models.put(byShard.firstEntry().getValue().model(), take(byShard, reader));
        }
        return models;
    }

    private <T> TreeMap<Integer, T> take(
            TreeMap<Integer, EntryId> byShard, Function<byte[], T> reader) throws Exception {
        TreeMap<Integer, T> taken = new TreeMap<>();
        for (Map.Entry<Integer, EntryId> entry : byShard.entrySet()) {
            taken.put(entry.getKey(), take(entry.getValue(), reader));
        }
        return taken;
    }

    private <T> T take(EntryId entry, Function<byte[], T> reader) throws Exception {
        String name = entry.stateName();
        T taken = reader.apply(state.get(name));
        state.remove(name);
        return taken;
    }

    @Override
    public void close() {
        if (tools != null) {
            tools.close();
        }
    }
}
