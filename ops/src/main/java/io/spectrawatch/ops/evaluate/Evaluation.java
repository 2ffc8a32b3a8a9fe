package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Measures the detector, and every score it knows, on clean and attacked samples it has not seen.
 *
 * <pre>{@code
 * EvaluationReport report =
 *         Evaluation.run(reference, clean, Map.of("pgd", attacked), DetectorOptions.defaults(), null, kernels);
 * }</pre>
 */
final class Evaluation {
    /** Fewer clean samples leave no false positive to set a threshold of 1 % by. */
    public static final int MINIMUM_CLEAN = 100;

    private static final double ALERT = 0.01;

    private Evaluation() {}

    /**
     * Fits on the reference and measures.
     *
     * @param attacked activations by name of the file, in the order of the columns
     * @param head the weights behind the logits, null if they are not known
     * @throws IllegalArgumentException if there are too few samples or the taps differ
     */
    public static EvaluationReport run(
            Activations reference,
            Activations clean,
            Map<String, Activations> attacked,
            DetectorOptions options,
            Head head,
            Kernels kernels) {
        check(clean, attacked);
        return run(
                Detector.fit(reference, options, head, kernels),
                reference.samples(),
                clean,
                attacked,
                kernels);
    }

    /** Measures a fitted detector. */
    public static EvaluationReport run(
            Detector detector,
            int referenceSamples,
            Activations clean,
            Map<String, Activations> attacked,
            Kernels kernels) {
        check(clean, attacked);
        Scored normal = detector.measure(clean.only(detector.taps()), kernels);
        Map<String, Integer> samples = new LinkedHashMap<>();
        Map<String, Double> detected = new LinkedHashMap<>();
        Map<String, Measured> combined = new LinkedHashMap<>();
        Map<String, Map<String, Measured>> scores = new LinkedHashMap<>();
        for (Map.Entry<String, Activations> file : attacked.entrySet()) {
            Scored odd = detector.measure(file.getValue().only(detector.taps()), kernels);
            samples.put(file.getKey(), odd.samples());
            detected.put(file.getKey(), share(odd.p()));
            combined.put(file.getKey(), Measured.of(normal.statistic(), odd.statistic()));
            Map<String, double[]> before = normal.suspicions();
            for (Map.Entry<String, double[]> score : odd.suspicions().entrySet()) {
                scores.computeIfAbsent(score.getKey(), key -> new LinkedHashMap<>())
                        .put(
                                file.getKey(),
                                Measured.of(before.get(score.getKey()), score.getValue()));
            }
        }
        return new EvaluationReport(
                referenceSamples,
                clean.samples(),
                samples,
                share(normal.p()),
                detected,
                weighted(detector),
                combined,
                scores,
                detector.leftOut());
    }

    private static void check(Activations clean, Map<String, Activations> attacked) {
        if (clean.samples() < MINIMUM_CLEAN) {
            throw new IllegalArgumentException(
                    "clean: at least "
                            + MINIMUM_CLEAN
                            + " samples required, found "
                            + clean.samples());
        }
        for (Map.Entry<String, Activations> file : attacked.entrySet()) {
            if (file.getValue().samples() == 0) {
                throw new IllegalArgumentException(
                        "attacked '" + file.getKey() + "': at least one sample, found none");
            }
        }
        if (attacked.isEmpty()) {
            throw new IllegalArgumentException("attacked: at least one file, found none");
        }
    }

    private static double share(double[] p) {
        int count = 0;
        for (double value : p) {
            count += value <= ALERT ? 1 : 0;
        }
        return (double) count / p.length;
    }

    private static Map<String, Double> weighted(Detector detector) {
        Map<String, Double> weights = new LinkedHashMap<>(detector.weights());
        weights.values().removeIf(w -> w == 0);
        return weights;
    }
}
