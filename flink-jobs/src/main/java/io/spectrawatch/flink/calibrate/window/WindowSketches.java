package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.stage.CalibrationMessage;
import io.spectrawatch.flink.calibrate.stage.CalibrationTools;
import io.spectrawatch.flink.calibrate.stage.SampleParts;
import io.spectrawatch.flink.calibrate.stage.ShardConsumer;
import io.spectrawatch.flink.calibrate.stage.Slots;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * First stage on one shard: counts what the range holds, and sketches each layer of the model over
 * the samples of the first third, in blocks of exactly B rows in log order.
 */
public final class WindowSketches implements ShardConsumer {

    private final int shard;
    private final CalibrateSettings settings;
    private final CalibrationTools tools;
    private final TreeMap<ModelKey, ShardSurvey.Count> counts = new TreeMap<>();
    private final TreeMap<ModelKey, TreeMap<LayerKey, LayerRows>> models = new TreeMap<>();
    private final TreeMap<String, TreeSet<String>> taps = new TreeMap<>();
    private long leftOut;
    private long shortestPane = Long.MAX_VALUE;
    private long longestPane;

    public WindowSketches(int shard, CalibrateSettings settings, CalibrationTools tools) {
        this.shard = shard;
        this.settings = settings;
        this.tools = tools;
    }

    @Override
    public void snapshot(LoggedSnapshot logged) {
        ActivationSnapshot snapshot = logged.snapshot();
        ModelKey key = ModelKey.of(snapshot);
        long rows = snapshot.getLayers().stream().mapToLong(Layer::getRows).sum();
        counts.merge(key, new ShardSurvey.Count(1, rows), ShardSurvey.Count::plus);
        if (!settings.concerns(key.model(), key.version())) {
            return;
        }
        SampleParts parts = new SampleParts(snapshot, settings.seed());
        TreeMap<LayerKey, LayerRows> layers = models.computeIfAbsent(key, k -> new TreeMap<>());
        for (Layer layer : snapshot.getLayers()) {
            LayerKey name = new LayerKey(layer.getIndex(), layer.getName(), layer.getColumns());
            if (layer.getTap() != null) {
                taps.computeIfAbsent(layer.getName(), l -> new TreeSet<>()).add(layer.getTap());
            }
            LayerRows into = layers.computeIfAbsent(name, LayerRows::new);
            parts.forEach(
                    layer,
                    SampleParts.WINDOWS,
                    (first, count, half) -> into.append(layer, first, count));
        }
    }

    @Override
    public void tick(Tick tick, Consumer<CalibrationMessage> out) {
        shortestPane = Math.min(shortestPane, tick.getPaneLength());
        longestPane = Math.max(longestPane, tick.getPaneLength());
    }

    @Override
    public void leftOut() {
        leftOut++;
    }

    @Override
    public void end(Consumer<CalibrationMessage> out) {
        long shortest = longestPane == 0 ? 0 : shortestPane;
        ShardSurvey survey = new ShardSurvey(shard, leftOut, shortest, longestPane, counts, taps);
        out.accept(new CalibrationMessage(shard % Slots.COUNT, survey.toBytes()));
        for (Map.Entry<ModelKey, TreeMap<LayerKey, LayerRows>> model : models.entrySet()) {
            for (Map.Entry<LayerKey, LayerRows> layer : model.getValue().entrySet()) {
                LayerSummary summary =
                        new LayerSummary(
                                shard, model.getKey(), layer.getKey(), layer.getValue().finish());
                int slot = layer.getKey().slot(model.getKey());
                out.accept(new CalibrationMessage(slot, summary.toBytes()));
            }
        }
    }

    @Override
    public void close() {
        models.values().forEach(layers -> layers.values().forEach(LayerRows::close));
        models.clear();
    }

    /** A sketch of all full blocks of a layer, and the block that is being filled. */
    private final class LayerRows {
        private final SecondMomentSketch sketch;
        private final RowBlock block;

        LayerRows(LayerKey key) {
            int columns = key.columns();
            this.sketch =
                    Sketches.create(settings.sketchOptions(columns), columns, tools.kernels());
            this.block = tools.blocks().take(columns);
        }

        void append(Layer layer, int first, int count) {
            ElementType type = ElementType.valueOf(layer.getElementType().name());
            int taken = 0;
            while (taken < count) {
                taken += block.append(layer.getData(), type, first + taken, count - taken);
                if (block.isFull()) {
                    flush();
                }
            }
        }

        byte[] finish() {
            if (block.rows() > 0) {
                flush();
            }
            return sketch.toBytes();
        }

        private void flush() {
            sketch.update(block);
            block.clear();
        }

        void close() {
            tools.blocks().give(block);
            sketch.close();
        }
    }
}
