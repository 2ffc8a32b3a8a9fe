package io.spectrawatch.flink.monitor.baseline;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.util.HashMap;
import java.util.Map;

/** What a baseline says that the rows of its layers are, where it says so. */
public final class BaselineTaps {

    private final Map<String, String> byLayer = new HashMap<>();

    public BaselineTaps(ModelBaseline baseline) {
        for (LayerBaseline layer : baseline.layers()) {
            if (layer.tap() != null) {
                byLayer.put(layer.name(), layer.tap());
            }
        }
    }

    /** Whether rows of a layer are others than those that were calibrated. */
    public boolean contradict(Layer layer) {
        String expected = byLayer.get(layer.getName());
        return expected != null && layer.getTap() != null && !expected.equals(layer.getTap());
    }

    /** Whether those of some layer of a snapshot are. */
    public boolean contradict(ActivationSnapshot snapshot) {
        return !byLayer.isEmpty() && snapshot.getLayers().stream().anyMatch(this::contradict);
    }
}
