package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.PinnedRange;
import io.spectrawatch.flink.calibrate.moment.InterfaceOutcome;
import io.spectrawatch.flink.calibrate.sample.DetectorOutcome;
import io.spectrawatch.flink.calibrate.window.FirstStage;
import io.spectrawatch.flink.calibrate.window.LayerReference;
import io.spectrawatch.flink.calibrate.window.ShardSurvey;
import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.baseline.Provenance;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.detect.Detector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts the results of both stages together: windows and accepted interfaces to a baseline. */
final class Assembly {

    private final CalibrateSettings settings;
    private final PinnedRange range;
    private final FirstStage first;
    private final Map<Integer, InterfaceOutcome> outcomes;
    private final DetectorOutcome detector;
    private final String head;

    private final List<LayerBaseline> layers = new ArrayList<>();
    private final List<ModelInterface> accepted = new ArrayList<>();
    private final List<InterfaceResult> results = new ArrayList<>();

    /**
     * @param outcomes by the place of the first layer among the windows
     * @param head digest of the head's weights; null if there is none
     */
    Assembly(
            CalibrateSettings settings,
            PinnedRange range,
            FirstStage first,
            Map<Integer, InterfaceOutcome> outcomes,
            DetectorOutcome detector,
            String head) {
        this.settings = settings;
        this.range = range;
        this.first = first;
        this.outcomes = outcomes;
        this.detector = detector;
        this.head = head;
    }

    CalibrationResult result() {
        List<FrozenWindow> windows = new ArrayList<>();
        for (LayerReference layer : first.windows().layers()) {
            FrozenWindow window = layer.window();
            windows.add(window);
            layers.add(layer.baseline(window, first.tap(layer.layer().name())));
        }
        List<LayerReference> chain = first.layers();
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (chain.get(i).layer().index() + 1 == chain.get(i + 1).layer().index()) {
                results.add(interfaceResult(chain.get(i), chain.get(i + 1), windows));
            }
        }
        ShardSurvey.Count count = first.survey().count(first.model());
        return new CalibrationResult(
                first.model().model(),
                first.model().version(),
                first.model().digest(),
                segment(),
                range,
                count.snapshots(),
                count.rows(),
                first.survey().leftOut(),
                first.windows().paneLength(),
                chain.stream().map(LayerResult::of).toList(),
                results,
                new DetectorResult(
                        detector.samples(),
                        detector.refusal(),
                        detector.headless(),
                        detector.leftOut(),
                        detector.refusal() == null && detector.headless() == null ? head : null),
                accepted.isEmpty() && detector.refusal() != null ? null : baseline(count.rows()));
    }

    private InterfaceResult interfaceResult(
            LayerReference layerX, LayerReference layerY, List<FrozenWindow> windows) {
        String name = ModelInterface.name(layerX.layer().name(), layerY.layer().name());
        for (LayerReference layer : List.of(layerX, layerY)) {
            if (!layer.hasWindow()) {
                return InterfaceResult.refused(
                        name, "layer " + layer.layer().name() + ": " + layer.refusal(), 0, 0, 0);
            }
        }
        int x = first.windows().place(layerX.layer());
        InterfaceOutcome outcome = outcomes.get(x);
        if (outcome == null) {
            return InterfaceResult.refused(
                    name, name + ": its layers never carry the same rows in a snapshot", 0, 0, 0);
        }
        if (outcome.refusal() != null) {
            return InterfaceResult.refused(
                    name,
                    outcome.refusal(),
                    outcome.referenceRows(),
                    outcome.heldBackRows(),
                    outcome.heldBackPanes());
        }
        InterfaceBaseline certificate =
                InterfaceBaseline.fromBytes(outcome.baseline(), windows.get(x), windows.get(x + 1));
        accepted.add(new ModelInterface(x, x + 1, certificate));
        return InterfaceResult.of(outcome, certificate);
    }

    /** As records name it, null for none. */
    private String segment() {
        return settings.segment() == null ? null : settings.segment().toString();
    }

    private ModelBaseline baseline(long rows) {
        return new ModelBaseline(
                first.model().model(),
                first.model().version(),
                first.model().digest(),
                layers,
                accepted,
                detector.refusal() == null ? Detector.fromBytes(detector.detector()) : null,
                new Provenance(range.shardRanges(), settings.seed(), rows, segment()));
    }
}
