package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.stage.CalibrationTools;
import io.spectrawatch.flink.calibrate.stage.Merge;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Sketches;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * End of the first stage: merges each layer's sketches in shard order and takes its window; hands
 * the shards' surveys on.
 */
public final class WindowMerge implements Merge {

    private final CalibrateSettings settings;
    private final CalibrationTools tools;
    private final TreeMap<Integer, byte[]> surveys = new TreeMap<>();
    private final TreeMap<ModelKey, TreeMap<LayerKey, TreeMap<Integer, byte[]>>> sketches =
            new TreeMap<>();

    public WindowMerge(CalibrateSettings settings, CalibrationTools tools) {
        this.settings = settings;
        this.tools = tools;
    }

    @Override
    public void accept(byte[] payload) {
        if (LayerSummary.matches(payload)) {
            LayerSummary summary = LayerSummary.fromBytes(payload);
            sketches.computeIfAbsent(summary.model(), m -> new TreeMap<>())
                    .computeIfAbsent(summary.layer(), l -> new TreeMap<>())
                    .put(summary.shard(), summary.sketch());
        } else {
            surveys.put(ShardSurvey.fromBytes(payload).shard(), payload);
        }
    }

    @Override
    public void end(Consumer<byte[]> out) {
        surveys.values().forEach(out);
        for (var model : sketches.entrySet()) {
            for (var layer : model.getValue().entrySet()) {
                out.accept(reference(model.getKey(), layer.getKey(), layer.getValue()).toBytes());
            }
        }
    }

    private LayerReference reference(
            ModelKey model, LayerKey layer, TreeMap<Integer, byte[]> byShard) {
        SecondMomentSketch merged = null;
        try {
            for (Map.Entry<Integer, byte[]> shard : byShard.entrySet()) {
                SecondMomentSketch next = Sketches.fromBytes(shard.getValue(), tools.kernels());
                if (merged == null) {
                    merged = next;
                } else {
                    try (next) {
                        merged.merge(next);
                    }
                }
            }
            return LayerReference.of(
                    model,
                    layer,
                    merged,
                    settings.windowRank(),
                    settings.channels().of(layer.name()),
                    settings.certifying().minimumRows());
        } finally {
            if (merged != null) {
                merged.close();
            }
        }
    }

    @Override
    public void close() {
        sketches.clear();
    }
}
