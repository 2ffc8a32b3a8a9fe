package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.kernel.Kernels;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Measures the detector, and every score it knows, on clean and attacked samples it has not seen.
 *
 * <pre>{@code
 * EvaluationReport report =
 *         Evaluation.run(reference, clean, Map.of("pgd", attacked), DetectorOptions.defaults(), ReportOptions.defaults(), null, kernels);
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
            ReportOptions wanted,
            Head head,
            Kernels kernels)
            throws IOException {
        check(clean, attacked);
        return run(
                Detector.fit(
                        reference,
                        options.withEvidenceLayers(wanted.evidenceLayers()),
                        head,
                        kernels),
                reference.samples(),
                clean,
                attacked,
                wanted,
                kernels);
    }

    /** Measures a fitted detector. */
    public static EvaluationReport run(
            Detector detector,
            int referenceSamples,
            Activations clean,
            Map<String, Activations> attacked,
            ReportOptions wanted,
            Kernels kernels)
            throws IOException {
        check(clean, attacked);
        try (ScoresFile file = wanted.scores() == null ? null : new ScoresFile(wanted.scores())) {
            return run(detector, referenceSamples, clean, attacked, wanted, file, kernels);
        }
    }

    private static EvaluationReport run(
            Detector detector,
            int referenceSamples,
            Activations clean,
            Map<String, Activations> attacked,
            ReportOptions wanted,
            ScoresFile file,
            Kernels kernels)
            throws IOException {
        Activations own = clean.only(detector.taps());
        Scored normal = detector.measure(own, kernels);
        write(file, "clean", normal);
        Map<String, Integer> samples = new LinkedHashMap<>();
        Map<String, Double> detected = new LinkedHashMap<>();
        Map<String, Measured> combined = new LinkedHashMap<>();
        Map<String, Map<String, Measured>> scores = new LinkedHashMap<>();
        Map<String, double[]> pValues = new LinkedHashMap<>();
        Map<String, Roc.Curve> curves = new LinkedHashMap<>();
        for (Map.Entry<String, Activations> set : attacked.entrySet()) {
            Scored odd = detector.measure(set.getValue().only(detector.taps()), kernels);
            write(file, set.getKey(), odd);
            samples.put(set.getKey(), odd.samples());
            pValues.put(set.getKey(), odd.p());
            detected.put(set.getKey(), share(odd.p()));
            curves.put(set.getKey(), Roc.curve(normal.statistic(), odd.statistic()));
            combined.put(set.getKey(), Measured.of(normal.statistic(), odd.statistic()));
            Map<String, double[]> before = normal.suspicions();
            for (Map.Entry<String, double[]> score : odd.suspicions().entrySet()) {
                scores.computeIfAbsent(score.getKey(), key -> new LinkedHashMap<>())
                        .put(
                                set.getKey(),
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
                detector.leftOut(),
                wanted.levels().stream()
                        .map(l -> LevelCheck.of(l, detector.resolution(0), normal, pValues))
                        .toList(),
                curves,
                microseconds(detector, own, kernels));
    }

    private static void write(ScoresFile file, String set, Scored scored) throws IOException {
        if (file != null) {
            file.write(set, scored);
        }
    }

    /** What a sample costs with the scores that have a weight, once the code is warm. */
    private static double microseconds(Detector detector, Activations rows, Kernels kernels) {
        Scorer scorer = detector.scorer(kernels);
        scorer.score(rows);
        long start = System.nanoTime();
        scorer.score(rows);
        return (System.nanoTime() - start) / 1e3 / rows.samples();
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
