package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.calibrate.config.LayerPatterns;
import io.spectrawatch.flink.calibrate.config.WindowDefinition;
import io.spectrawatch.flink.state.ModelKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the first stage found: the one model of the range, and its layers. */
public final class FirstStage {

    private final RangeSurvey survey;
    private final Map<String, String> taps = new HashMap<>();
    private final ModelKey model;
    private final List<LayerReference> layers = new ArrayList<>();
    private final ReferenceWindows windows;

    /**
     * @throws CalibrationException if the range does not hold one model with consistent layers
     */
    public FirstStage(CalibrateSettings settings, List<byte[]> payloads)
            throws CalibrationException {
        List<ShardSurvey> surveys = new ArrayList<>();
        for (byte[] payload : payloads) {
            if (LayerReference.matches(payload)) {
                layers.add(LayerReference.fromBytes(payload));
            } else {
                surveys.add(ShardSurvey.fromBytes(payload));
            }
        }
        survey = new RangeSurvey(settings, surveys);
        model = survey.model();
        layers.sort(Comparator.comparing(LayerReference::layer));
        requireOneShape();
        requireKnown(settings.channels());
        for (LayerReference layer : layers) {
            String tap = survey.tap(layer.layer().name());
            if (tap != null) {
                taps.put(layer.layer().name(), tap);
            }
        }
        windows =
                new ReferenceWindows(
                        model,
                        survey.paneLength(),
                        List.copyOf(layers.stream().filter(LayerReference::hasWindow).toList()));
    }

    /** A layer's name means one place and one width, and a place one layer. */
    private void requireOneShape() throws CalibrationException {
        Map<String, LayerKey> names = new HashMap<>();
        Map<Integer, LayerKey> places = new HashMap<>();
        for (LayerReference layer : layers) {
            LayerKey key = layer.layer();
            LayerKey sameName = names.put(key.name(), key);
            LayerKey samePlace = places.put(key.index(), key);
            LayerKey other = sameName == null ? samePlace : sameName;
            if (other != null) {
                throw new CalibrationException(
                        "the layers of "
                                + model.model()
                                + " change within the range: "
                                + text(other)
                                + ", also "
                                + text(key));
            }
        }
    }

    /** A choice of channels for a layer that is not there would change nothing, silently. */
    private void requireKnown(LayerPatterns<int[]> channels) throws CalibrationException {
        List<String> names = layers.stream().map(each -> each.layer().name()).toList();
        List<String> unknown = channels.without(names);
        if (!unknown.isEmpty()) {
            throw new CalibrationException(
                    WindowDefinition.CHANNELS_LAYERS.key()
                            + " names "
                            + String.join(", ", unknown)
                            + "; "
                            + model.model()
                            + " has the layers "
                            + String.join(", ", names));
        }
    }

    private static String text(LayerKey key) {
        return key.name() + " at index " + key.index() + " with " + key.columns() + " columns";
    }

    public RangeSurvey survey() {
        return survey;
    }

    /** What snapshots say that the rows of a layer are; null where none says anything. */
    public String tap(String layer) {
        return taps.get(layer);
    }

    public ModelKey model() {
        return model;
    }

    /** All layers in the order of the chain, with windows or without. */
    public List<LayerReference> layers() {
        return layers;
    }

    public ReferenceWindows windows() {
        return windows;
    }
}
