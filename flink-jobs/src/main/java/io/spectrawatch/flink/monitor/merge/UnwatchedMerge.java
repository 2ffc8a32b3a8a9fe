package io.spectrawatch.flink.monitor.merge;

import io.spectrawatch.flink.monitor.config.MemoryDefinition;
import io.spectrawatch.flink.monitor.config.MemoryShares;
import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.flink.monitor.message.EvictionSummary;
import io.spectrawatch.flink.monitor.message.LayerId;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary.Unwatched;
import io.spectrawatch.flink.monitor.record.AlertIds;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.flink.monitor.record.RecordSink;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.UnwatchedLayer;
import io.spectrawatch.schemas.UnwatchedLayers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Says what was not watched of a model in a complete pane, in shard order, and raises one alert per
 * model for as long as that goes on.
 */
final class UnwatchedMerge {

    /** Kind of the alert. */
    static final String KIND = "LAYERS_UNWATCHED";

    /** Begins the reason of a record about a model that lost its place. */
    private static final String EVICTED = "evicted: ";

    private static final String DETECTOR = "memory-budget-1";
    private static final String STATE_PREFIX = "leftout/";
    private static final byte[] STANDS = {1};

    private final SketchSettings settings;
    private final ChunkedState state;

    UnwatchedMerge(SketchSettings settings, ChunkedState state) {
        this.settings = settings;
        this.state = state;
    }

    /**
     * Takes a complete pane of a model that left out layers or all of it.
     *
     * @param shards by shard, at least one
     */
    void take(SortedMap<Integer, UnwatchedSummary> shards, Consumer<OutputRecord> out)
            throws Exception {
        UnwatchedLayers record = record(shards);
        UnwatchedSummary first = shards.get(shards.firstKey());
        out.accept(output(first.model(), record));
        String name = stateName(first.model());
        // Who makes models up gets no alert for each: a metric counts them.
        if (record.getReason() == null && state.get(name) == null) {
            state.put(name, STANDS);
            String text =
                    "model "
                            + first.model().describe()
                            + ": "
                            + (record.getLayers().size() + record.getFurther())
                            + " layers do not fit the memory and are not watched, "
                            + record.getLayers().get(0).getLayer()
                            + " among them; "
                            + record.getBudget();
            out.accept(alert(first.model(), first.pane(), true, text));
        }
    }

    /** Takes that a model lost its place on a shard, which left nothing out. */
    void take(EvictionSummary evicted, Consumer<OutputRecord> out) {
        ModelKey model = evicted.model();
        String reason =
                EVICTED
                        + "idle since its pane that ended at "
                        + Instant.EPOCH.plus(evicted.lastPaneEnd(), ChronoUnit.MICROS)
                        + ", its place on shard "
                        + evicted.shard()
                        + " is given to "
                        + evicted.by().describe();
        UnwatchedLayers record =
                start(model, evicted.pane()).setReason(reason).setLayers(List.of()).build();
        out.accept(output(model, record));
    }

    /** Takes a complete pane of a model in which all layers were watched. */
    void takeWhole(ModelKey model, Pane pane, Consumer<OutputRecord> out) throws Exception {
        String name = stateName(model);
        if (state.get(name) != null) {
            state.remove(name);
            out.accept(alert(model, pane, false, "all layers of the model are watched again"));
            UnwatchedLayers nothing = start(model, pane).setLayers(List.of()).build();
            out.accept(output(model, nothing));
        }
    }

    private static String stateName(ModelKey model) {
        return STATE_PREFIX + model.stateKey();
    }

    private UnwatchedLayers.Builder start(ModelKey model, Pane pane) {
        MemoryShares memory = settings.memory();
        return UnwatchedLayers.newBuilder()
                .setModelId(model.model())
                .setModelVersion(model.version())
                .setModelDigest(model.digest())
                .setSegment(model.segment())
                .setPaneStart(pane.start())
                .setPaneEnd(pane.end())
                .setSnapshots(0)
                .setFurther(0)
                .setBudget(
                        MemoryDefinition.MEMORY_BUDGET.key()
                                + " "
                                + memory.budget()
                                + ", "
                                + MemoryDefinition.MODELS_MAX.key()
                                + " "
                                + memory.models());
    }

    private UnwatchedLayers record(SortedMap<Integer, UnwatchedSummary> shards) {
        UnwatchedSummary first = shards.get(shards.firstKey());
        TreeMap<LayerId, Long> rows = new TreeMap<>();
        String reason = null;
        long snapshots = 0;
        long further = 0;
        for (UnwatchedSummary each : shards.values()) {
            reason = reason == null ? each.reason() : reason;
            snapshots += each.snapshots();
            further += each.further();
            for (Unwatched layer : each.layers()) {
                LayerId part =
                        new LayerId(first.model(), layer.index(), layer.layer(), layer.columns());
                rows.merge(part, layer.rows(), Long::sum);
            }
        }
        List<UnwatchedLayer> layers = new ArrayList<>();
        for (Map.Entry<LayerId, Long> each : rows.entrySet()) {
            LayerId part = each.getKey();
            layers.add(
                    new UnwatchedLayer(
                            part.layer(), part.index(), part.columns(), each.getValue()));
        }
        return start(first.model(), first.pane())
                .setReason(reason)
                .setSnapshots(snapshots)
                .setFurther(further)
                .setLayers(layers)
                .build();
    }

    private static OutputRecord alert(ModelKey model, Pane pane, boolean raised, String text) {
        AlertTransition transition = raised ? AlertTransition.RAISED : AlertTransition.RESOLVED;
        Alert alert =
                Alert.newBuilder()
                        .setId(
                                AlertIds.of(
                                        model,
                                        KIND,
                                        model.model(),
                                        model.version(),
                                        model.digest(),
                                        DETECTOR,
                                        Long.toString(pane.start()),
                                        Long.toString(pane.end()),
                                        transition.name()))
                        .setKind(KIND)
                        .setTransition(transition)
                        .setModelId(model.model())
                        .setModelVersion(model.version())
                        .setSegment(model.segment())
                        .setDetector(DETECTOR)
                        .setPaneStart(pane.start())
                        .setPaneEnd(pane.end())
                        .setGuarantee("a rule, without a probability")
                        .setText(text)
                        .build();
        return RecordSink.output(alert);
    }

    private static OutputRecord output(ModelKey model, UnwatchedLayers record) {
        return OutputRecord.of(Topics.SKETCHES, model.topicKey(), record, record.getPaneEnd());
    }
}
