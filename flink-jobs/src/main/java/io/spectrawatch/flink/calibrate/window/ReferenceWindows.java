package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.spectral.baseline.ModelInterface;
import java.io.Serializable;
import java.util.List;

/**
 * What the second stage starts from.
 *
 * @param model the one model of the range
 * @param paneLength length of the held-back panes, microseconds
 * @param layers layers that have a window, in the order of the chain
 */
public record ReferenceWindows(ModelKey model, long paneLength, List<LayerReference> layers)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Whether a layer and the next one with a window are adjacent in the chain. */
    boolean adjacent(int x) {
        return x + 1 < layers.size()
                && layers.get(x).layer().index() + 1 == layers.get(x + 1).layer().index();
    }

    public String interfaceName(int x) {
        return ModelInterface.name(layers.get(x).layer().name(), layers.get(x + 1).layer().name());
    }

    /** The place of a layer, or -1 if it has no window. */
    public int place(LayerKey key) {
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i).layer().equals(key)) {
                return i;
            }
        }
        return -1;
    }
}
