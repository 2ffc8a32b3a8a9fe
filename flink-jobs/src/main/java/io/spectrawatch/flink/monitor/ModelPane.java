package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ChunkedState;
import io.spectrawatch.flink.log.ModelInput;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Topics;
import java.util.Collection;
import java.util.TreeMap;

/** One model in one open pane of one shard: what entered, and its layers in their order. */
final class ModelPane implements AutoCloseable {

    static final String STATE_PREFIX = "model/";

    private final TreeMap<PartKey, LayerPane> layers = new TreeMap<>();
    private ModelInput input;
    private boolean dirty;

    ModelPane(ModelInput input) {
        this.input = input;
    }

    ModelInput input() {
        return input;
    }

    Collection<LayerPane> layers() {
        return layers.values();
    }

    /** Takes a checked snapshot; layers without rows leave no trace. */
    void append(ActivationSnapshot snapshot, ModelInput next, SketchTools tools) {
        for (Layer layer : snapshot.getLayers()) {
            if (layer.getRows() > 0) {
                PartKey part =
                        new PartKey(
                                input.model(),
                                layer.getIndex(),
                                layer.getName(),
                                layer.getColumns());
                layers.computeIfAbsent(part, p -> new LayerPane(input.pane(), p, tools))
                        .append(layer);
            }
        }
        input = next;
        dirty = true;
    }

    /** Takes a layer out of restored state. */
    void adopt(LayerPane layer) {
        layers.put(layer.part(), layer);
    }

    String stateName() {
        return STATE_PREFIX
                + Topics.key(
                        Long.toString(input.pane().start()),
                        Long.toString(input.pane().end()),
                        input.model().model(),
                        input.model().version(),
                        input.model().digest());
    }

    /** Writes what changed, each layer as its own entry. */
    void store(ChunkedState state) throws Exception {
        if (dirty) {
            state.put(stateName(), input.toBytes());
            for (LayerPane layer : layers.values()) {
                layer.store(state);
            }
            dirty = false;
        }
    }

    void remove(ChunkedState state) throws Exception {
        state.remove(stateName());
        for (LayerPane layer : layers.values()) {
            state.remove(layer.stateName());
        }
    }

    @Override
    public void close() {
        layers.values().forEach(LayerPane::close);
    }
}
