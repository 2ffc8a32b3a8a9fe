package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.Activation;
import io.spectrawatch.flink.log.ChunkedState;
import io.spectrawatch.flink.log.InputChain;
import io.spectrawatch.flink.log.ModelInput;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.flink.log.Pane;
import io.spectrawatch.flink.log.ShardClock;
import io.spectrawatch.flink.log.SnapshotCheck;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One shard of the validated log: its clock and its open panes, a function of the records alone.
 *
 * <p>Working copies live here, in operator memory. {@link #store} writes what changed to keyed
 * state before a checkpoint; {@link #restore} reads it back.
 */
final class Shard implements AutoCloseable {

    private static final String CLOCK = "clock";

    private final int number;
    private final int shards;
    private final SketchTools tools;
    private final SnapshotCheck check;
    private final InputChain hash = new InputChain();
    private final TreeMap<Pane, TreeMap<ModelKey, ModelPane>> panes = new TreeMap<>();
    private ShardClock clock = new ShardClock();
    private boolean clockDirty;

    Shard(int number, int shards, SketchTools tools) {
        this.number = number;
        this.shards = shards;
        this.tools = tools;
        this.check = new SnapshotCheck(tools.settings().maxColumns());
    }

    int openPanes() {
        return panes.size();
    }

    /** T of the last tick in microseconds; Long.MIN_VALUE before the first. */
    long time() {
        return clock.time();
    }

    /**
     * Takes a snapshot into the pane of the moment it counts.
     *
     * <p>Waits for the baseline if the pane begins with it.
     *
     * @return null, or the reason why it was left out; then nothing has changed
     * @throws IllegalStateException if no tick precedes it: the pane length is unknown
     * @throws InterruptedException if the task is cancelled while it waits
     */
    String snapshot(LoggedSnapshot logged, long offset, byte[] value) throws InterruptedException {
        ActivationSnapshot snapshot = logged.snapshot();
        if (!clock.started()) {
            throw new IllegalStateException(
                    "shard "
                            + number
                            + ": a snapshot at offset "
                            + offset
                            + " precedes the first tick, so its pane is unknown; start at the offset"
                            + " of a tick");
        }
        Pane pane = clock.paneOf(logged.countedAt());
        if (clock.isClosed(pane)) {
            return "its pane ended at " + pane.end() + " and is closed";
        }
        String refusal = check.refusal(snapshot);
        if (refusal != null) {
            return refusal;
        }
        ModelKey key =
                new ModelKey(
                        snapshot.getModelId(),
                        snapshot.getModelVersion(),
                        snapshot.getModelDigest());
        ModelPane model = open(pane, key);
        model.append(snapshot, model.input().plus(offset, hash.digest(value), hash));
        return null;
    }

    private ModelPane open(Pane pane, ModelKey key) throws InterruptedException {
        TreeMap<ModelKey, ModelPane> models = panes.get(pane);
        ModelPane model = models == null ? null : models.get(key);
        if (model == null) {
            ModelInput input = ModelInput.start(pane, key).withBaseline(clock.baseline(key, pane));
            model = ModelPane.open(input, number, shards, tools);
            panes.computeIfAbsent(pane, p -> new TreeMap<>()).put(key, model);
        }
        return model;
    }

    void activate(Activate record) {
        clock.activate(Activation.of(record));
        clockDirty = true;
    }

    /**
     * Advances the clock, closes the panes that end by T - lateness in their order and then says
     * how far the shard is closed.
     *
     * @return panes closed
     * @throws IllegalStateException if the tick belongs to another shard or another shard count
     */
    int tick(Tick tick, long offset, ChunkedState state, ShardOutput out) throws Exception {
        requireOwn(tick, offset);
        clock.advance(tick);
        clockDirty = true;
        List<ModelInput> inputs = new ArrayList<>();
        long lastClosed = Long.MIN_VALUE;
        int count = 0;
        while (!panes.isEmpty() && clock.closes(panes.firstKey())) {
            Map.Entry<Pane, TreeMap<ModelKey, ModelPane>> closing = panes.pollFirstEntry();
            lastClosed = closing.getKey().end();
            for (ModelPane model : closing.getValue().values()) {
                inputs.add(close(model, state, out));
            }
            count++;
        }
        // So that a sample waits for its alert no longer than until the next tick.
        panes.values().forEach(models -> models.values().forEach(ModelPane::flush));
        if (clock.closeThrough(lastClosed)) {
            out.closed(new ShardClosed(number, clock.closedThrough(), offset, inputs));
        }
        return count;
    }

    private ModelInput close(ModelPane model, ChunkedState state, ShardOutput out)
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
                            + MonitorConfig.SHARDS
                            + " to the log's partitions and start without older state");
        }
    }

    /** Writes what changed since the last call, each layer of each pane as its own entry. */
    void store(ChunkedState state) throws Exception {
        if (clockDirty) {
            state.put(CLOCK, clock.toBytes());
            clockDirty = false;
        }
        for (TreeMap<ModelKey, ModelPane> models : panes.values()) {
            for (ModelPane model : models.values()) {
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
        List<String> names = state.names();
        for (String name : names) {
            if (name.startsWith(ModelPane.STATE_PREFIX)) {
                ModelInput input = ModelInput.fromBytes(state.get(name));
                panes.computeIfAbsent(input.pane(), p -> new TreeMap<>())
                        .put(input.model(), ModelPane.restore(input, tools));
            }
        }
        for (String name : names) {
            if (name.startsWith(LayerPane.STATE_PREFIX)) {
                LayerPane layer = LayerPane.fromBytes(state.get(name), tools);
                panes.get(layer.pane()).get(layer.part().model()).adopt(layer);
            }
        }
        for (TreeMap<ModelKey, ModelPane> models : panes.values()) {
            for (ModelPane model : models.values()) {
                model.restoreJudgement(state, shards);
            }
        }
    }

    @Override
    public void close() {
        panes.values().forEach(models -> models.values().forEach(ModelPane::close));
        panes.clear();
    }
}
