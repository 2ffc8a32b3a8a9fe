package io.spectrawatch.flink.monitor.baseline;

import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import java.util.List;

/**
 * What a baseline id means for a model.
 *
 * @param baseline the baseline, null if it cannot be read
 * @param refusal why it does not judge the model, null if it does
 */
public record Judgement(ModelBaseline baseline, String refusal) {

    /** Where no baseline is in force. */
    public static final Judgement NONE = new Judgement(null, null);

    /** What the baseline certifies; nothing where it does not judge the model. */
    public List<ModelInterface> interfaces() {
        return baseline == null || refused() ? List.of() : baseline.interfaces();
    }

    public boolean refused() {
        return refusal != null;
    }
}
