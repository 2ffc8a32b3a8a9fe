package io.spectrawatch.flink.monitor.baseline;

import io.spectrawatch.flink.monitor.config.DetectSettings;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sequential.ToleranceLimit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Scoring of one subtask: its settings, the detectors in use, and where its records go. */
public final class Detectors {

    /** Detectors whose scratch memory is kept. */
    private static final int KEPT = 4;

    private final DetectSettings settings;
    private final Consumer<OutputRecord> records;
    private final Map<String, InForce> detectors =
            new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, InForce> eldest) {
                    return size() > KEPT;
                }
            };

    public Detectors(DetectSettings settings, Consumer<OutputRecord> records) {
        this.settings = settings;
        this.records = records;
    }

    /**
     * A detector with what scores by it.
     *
     * @param limit what the statistic of a clean sample rarely exceeds
     * @param taps what the rows are that it was fitted on
     * @param values rows of the batch that is scored, by tap; shared by all open panes, so that
     *     none keeps as much as its largest snapshot needed
     */
    public record InForce(
            Detector detector,
            Scorer scorer,
            ToleranceLimit limit,
            BaselineTaps taps,
            float[][] values) {}

    public DetectSettings settings() {
        return settings;
    }

    public void send(OutputRecord record) {
        records.accept(record);
    }

    /** The detector of a baseline, null if it has none. */
    public InForce of(ModelBaseline baseline, Kernels kernels) {
        if (baseline.detector().isEmpty()) {
            return null;
        }
        return detectors.computeIfAbsent(
                baseline.id(),
                id -> {
                    Detector detector = baseline.detector().get();
                    ToleranceLimit limit = settings.attack().limit(detector);
                    float[][] values = new float[detector.taps().size()][0];
                    return new InForce(
                            detector,
                            detector.scorer(kernels),
                            limit,
                            new BaselineTaps(baseline),
                            values);
                });
    }
}
