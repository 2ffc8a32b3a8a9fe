package io.spectrawatch.flink.monitor;

import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.detect.AttackOptions;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.Scorer;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Scoring of one subtask: its settings, the detectors in use, and where its records go. */
final class Detection {

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

    Detection(DetectSettings settings, Consumer<OutputRecord> records) {
        this.settings = settings;
        this.records = records;
    }

    /**
     * A detector with what scores by it.
     *
     * @param limit what the statistic of a clean sample rarely exceeds; NaN if the calibration is
     *     too small to say
     */
    record InForce(Detector detector, Scorer scorer, double limit) {}

    DetectSettings settings() {
        return settings;
    }

    void send(OutputRecord record) {
        records.accept(record);
    }

    /** The detector of a baseline, null if it has none. */
    InForce of(ModelBaseline baseline, Kernels kernels) {
        if (baseline.detector().isEmpty()) {
            return null;
        }
        return detectors.computeIfAbsent(
                baseline.id(),
                id -> {
                    Detector detector = baseline.detector().get();
                    double limit = limit(detector, settings.attack());
                    return new InForce(detector, detector.scorer(kernels), limit);
                });
    }

    private static double limit(Detector detector, AttackOptions options) {
        try {
            return detector.limit(options.exceedance(), options.delta()).limit();
        } catch (IllegalArgumentException e) {
            // The alert on the stream needs more calibration samples than single samples do.
            return Double.NaN;
        }
    }
}
