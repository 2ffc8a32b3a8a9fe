package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.flink.log.SegmentPieces;
import io.spectrawatch.flink.log.SegmentPieces.Piece;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SnapshotCheck;
import io.spectrawatch.flink.monitor.admission.EvictedModels;
import io.spectrawatch.flink.monitor.admission.ModelTable;
import io.spectrawatch.flink.monitor.admission.UnwatchedModels;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.config.MemoryShares;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.flink.monitor.message.EvictionSummary;
import io.spectrawatch.flink.monitor.message.ShardBeat;
import io.spectrawatch.flink.monitor.message.ShardClosed;
import io.spectrawatch.flink.monitor.message.ShardCounts;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.state.Activation;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.InputChain;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.ShardClock;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One shard of the validated log: its clock and its open panes, a function of the records alone.
 *
 * <p>Working copies live here, in operator memory. {@link #store} writes what changed to keyed
 * state before a checkpoint; {@link #restore} reads it back.
 */
public final class Shard implements AutoCloseable {

    private static final String CLOCK = "clock";

    private final int number;
    private final int shards;
    private final SubtaskKernels tools;
    private final SnapshotCheck check;
    private final InputChain hash = new InputChain();
    private final ReplayStart start;
    private final MemoryShares memory;
    private final UnwatchedModels unwatched;
    private final EvictedModels evicted;
    private final TreeMap<Pane, TreeMap<ModelKey, OpenModel>> panes = new TreeMap<>();
    private ModelTable models = new ModelTable();
    private ShardClock clock = new ShardClock();
    private ShardCounts counts = new ShardCounts();
    private boolean clockDirty;

    /**
     * @param start names the models that are watched where the log is replayed
     */
    public Shard(int number, int shards, SubtaskKernels tools, ReplayStart start) {
        this.number = number;
        this.start = start;
        this.memory = tools.settings().memory();
        this.unwatched = new UnwatchedModels(number);
        this.evicted = new EvictedModels(number);
        this.shards = shards;
        this.tools = tools;
        this.check = new SnapshotCheck(tools.settings().maxColumns());
    }

    int openPanes() {
        return panes.size();
    }

    /** Models that have a place, with or without an open pane. */
    int models() {
        return models.size();
    }

    /** Layers of open panes that are not watched, of models that are. */
    long layersLeftOut() {
        long layers = 0;
        for (TreeMap<ModelKey, OpenModel> open : panes.values()) {
            for (OpenModel model : open.values()) {
                layers += model.leftOut();
            }
        }
        return layers;
    }

    /** Snapshots of models that are not watched, since the process began. */
    long snapshotsUnwatched() {
        return unwatched.snapshots();
    }

    /** T of the last tick in microseconds; Long.MIN_VALUE before the first. */
    long time() {
        return clock.time();
    }

    /**
     * Takes a snapshot into the pane of the moment it counts.
     *
     * <p>Waits for the baseline if the pane begins with it. A snapshot of a model that finds no
     * place is counted and changes nothing else.
     *
     * @param record of the log that holds it
     * @return null, or the reason why it was left out; then nothing has changed
     * @throws IllegalStateException if no tick precedes it: the pane length is unknown
     * @throws InterruptedException if the task is cancelled while it waits
     */
    public String snapshot(LoggedSnapshot logged, ShardRecord record) throws InterruptedException {
        ActivationSnapshot snapshot = logged.snapshot();
        if (!clock.started()) {
            throw new IllegalStateException(
                    "shard "
                            + number
                            + ": a snapshot at offset "
                            + record.offset()
                            + " precedes the first tick, so its pane is unknown; start at the"
                            + " offset of a tick");
        }
        Pane pane = clock.paneOf(logged.countedAt());
        if (clock.isClosed(pane)) {
            return "its pane ended at " + pane.end() + " and is closed";
        }
        RowMap map = RowMap.of(snapshot);
        String refusal = check.refusal(snapshot, map);
        if (refusal != null) {
            return refusal;
        }
        ModelKey key = ModelKey.of(snapshot);
        // Panes that a replay did not see whole may hold what goes on here.
        boolean cut = clock.closedThrough() < start.from();
        byte[] digest = record.digest();
        for (Piece piece : SegmentPieces.of(snapshot, map, clock.segments(key, pane))) {
            OpenModel model = find(pane, key.in(piece.name()));
            if (model != null) {
                digest = digest == null ? hash.digest(record.value()) : digest;
                ModelInput next = model.input().plus(record.offset(), digest, hash);
                model.append(piece, next, others(model, piece.snapshot()), cut);
            }
        }
        return null;
    }

    /**
     * The model's other open panes, the latest first, where a sample of the snapshot began before
     * it; else none.
     */
    private List<OpenModel> others(OpenModel model, ActivationSnapshot snapshot) {
        List<OpenModel> others = new ArrayList<>();
        if (snapshot.getSamples().stream().anyMatch(each -> each.getPart() > 0)) {
            for (TreeMap<ModelKey, OpenModel> open : panes.descendingMap().values()) {
                OpenModel other = open.get(model.input().model());
                if (other != null && other != model) {
                    others.add(other);
                }
            }
        }
        return others;
    }

    /** The open pane of a model, maybe a new one; null where it is not watched. */
    private OpenModel find(Pane pane, ModelKey key) throws InterruptedException {
        TreeMap<ModelKey, OpenModel> open = panes.get(pane);
        OpenModel model = open == null ? null : open.get(key);
        if (model != null || !start.watches(key) || unwatched.isKnown(pane, key)) {
            return model;
        }
        int most = memory.openPanes(clock.paneLength(), clock.lateness());
        if (panes.values().stream().filter(each -> each.containsKey(key)).count() >= most) {
            unwatched.add(pane, key, "it has " + most + " other panes open");
            return null;
        }
        long idleBefore = clock.closedThrough() - memory.idlePanes() * clock.paneLength();
        boolean admitted =
                models.admit(
                        key,
                        pane,
                        memory.models(),
                        idleBefore,
                        (gone, lastPaneEnd) -> evicted.add(pane, gone, lastPaneEnd, key));
        if (!admitted) {
            unwatched.add(pane, key, "all " + memory.models() + " places are taken (models.max)");
            return null;
        }
        ModelInput input = ModelInput.start(pane, key).withBaseline(clock.baseline(key, pane));
        model = OpenModel.open(input, number, share(), tools);
        panes.computeIfAbsent(pane, p -> new TreeMap<>()).put(key, model);
        return model;
    }

    private MemoryCost share() {
        return memory.ofPane(clock.paneLength(), clock.lateness());
    }

    /**
     * Notes an activation. One of a segment leaves the panes alone that its model has open: what
     * has been taken with other samples cannot be told from them any more.
     */
    void activate(Activate record) {
        Activation activation = Activation.of(record);
        if (activation.segment() != null) {
            for (Map.Entry<Pane, TreeMap<ModelKey, OpenModel>> open : panes.entrySet()) {
                for (ModelKey model : open.getValue().keySet()) {
                    if (activation.isOf(model.model(), model.version())) {
                        activation = activation.notBefore(open.getKey().start() + 1);
                    }
                }
            }
        }
        clock.activate(activation);
        clockDirty = true;
    }

    /**
     * Advances the clock, closes the panes that end by T - lateness in their order and then says
     * how far the shard is closed.
     *
     * @return panes closed
     * @throws IllegalStateException if the tick belongs to another shard or another shard count
     */
    public int tick(Tick tick, long offset, ChunkedState state, ShardOutput out) throws Exception {
        requireOwn(tick, offset);
        long beat = beatAfter(tick, out);
        counts.add(tick, clock.time(), offset);
        List<ModelInput> inputs = new ArrayList<>();
        long lastClosed = Long.MIN_VALUE;
        int count = 0;
        while (!panes.isEmpty() && clock.closes(panes.firstKey())) {
            Map.Entry<Pane, TreeMap<ModelKey, OpenModel>> closing = panes.pollFirstEntry();
            lastClosed = closing.getKey().end();
            for (OpenModel model : closing.getValue().values()) {
                model.beat(beat, out);
                inputs.add(close(model, state, out));
            }
            count++;
        }
        lastClosed = Math.max(lastClosed, unwatched.close(clock, state, out));
        evicted.close(clock, state, out);
        // So that a sample waits for its scores no longer than until the next tick.
        panes.values().forEach(models -> models.values().forEach(OpenModel::flush));
        if (clock.closeThrough(lastClosed)) {
            long through = clock.closedThrough();
            out.closed(new ShardClosed(number, through, offset, inputs, counts.take(through)));
        }
        return count;
    }

    /**
     * Advances the clock, and where a beat ends with the tick tells what it added to each open
     * pane.
     *
     * @return the beat that what follows the tick belongs to
     */
    private long beatAfter(Tick tick, ShardOutput out) {
        long before = clock.time();
        clock.advance(tick);
        clockDirty = true;
        if (tools.detection() == null) {
            return 0;
        }
        long length = tools.detection().settings().surge().beatMicros();
        long beat = Math.floorDiv(clock.time(), length);
        if (before == Long.MIN_VALUE || beat > Math.floorDiv(before, length)) {
            panes.values()
                    .forEach(models -> models.values().forEach(model -> model.beat(beat, out)));
            out.beat(new ShardBeat(number, beat));
        }
        return beat + 1;
    }

    private ModelInput close(OpenModel model, ChunkedState state, ShardOutput out)
            throws Exception {
        try (model) {
            model.summarise(number, out);
            model.remove(state);
            return model.input();
        }
    }

    private void requireOwn(Tick tick, long offset) {
        if (tick.getShard() != number || tick.getShards() != shards) {
            throw new IllegalStateException(
                    "shard "
                            + number
                            + " of "
                            + shards
                            + ": the tick at offset "
                            + offset
                            + " is of shard "
                            + tick.getShard()
                            + " of "
                            + tick.getShards()
                            + "; set "
                            + MonitorDefinition.SHARDS.key()
                            + " to the log's partitions and start without older state");
        }
    }

    /** Writes what changed since the last call, each layer of each pane as its own entry. */
    public void store(ChunkedState state) throws Exception {
        if (clockDirty) {
            state.put(CLOCK, clock.toBytes());
            state.put(ShardCounts.STATE, counts.toBytes());
            clockDirty = false;
        }
        byte[] table = models.changed();
        if (table != null) {
            state.put(ModelTable.STATE, table);
        }
        unwatched.store(state);
        evicted.store(state);
        for (TreeMap<ModelKey, OpenModel> open : panes.values()) {
            for (OpenModel model : open.values()) {
                model.store(state);
            }
        }
    }

    /** Reads the state of the current key, if it has any. */
    void restore(ChunkedState state) throws Exception {
        byte[] storedClock = state.get(CLOCK);
        if (storedClock == null) {
            return;
        }
        clock = ShardClock.fromBytes(storedClock);
        byte[] storedCounts = state.get(ShardCounts.STATE);
        counts = storedCounts == null ? new ShardCounts() : ShardCounts.fromBytes(storedCounts);
        byte[] table = state.get(ModelTable.STATE);
        models = table == null ? new ModelTable() : ModelTable.fromBytes(table);
        TreeSet<String> names = new TreeSet<>(state.names());
        for (String name : names) {
            restore(name, names, state);
        }
    }

    private void restore(String name, TreeSet<String> names, ChunkedState state) throws Exception {
        if (OpenModel.isState(name)) {
            ModelInput input = ModelInput.fromBytes(state.get(name));
            OpenModel model = OpenModel.restore(input, number, share(), state, names, tools);
            panes.computeIfAbsent(input.pane(), p -> new TreeMap<>()).put(input.model(), model);
            // State of before there was a table names its models by their panes.
            models.note(input.model(), input.pane());
        } else if (OpenLayer.isState(name)) {
            requireModel(name, names);
        } else if (UnwatchedSummary.isState(name)) {
            UnwatchedSummary stored = UnwatchedSummary.fromBytes(state.get(name));
            if (stored.reason() == null) {
                requireModel(name, names);
            } else {
                unwatched.restore(stored);
            }
        } else if (EvictionSummary.isState(name)) {
            evicted.restore(EvictionSummary.fromBytes(state.get(name)));
        }
    }

    /** What the model of a pane reads itself must have one. */
    private static void requireModel(String name, TreeSet<String> names) {
        String model = OpenModel.stateNameFor(name);
        if (!names.contains(model)) {
            throw new IllegalStateException(
                    "shard state: " + name + " is there, " + model + " is missing");
        }
    }

    @Override
    public void close() {
        panes.values().forEach(models -> models.values().forEach(OpenModel::close));
        panes.clear();
    }
}
