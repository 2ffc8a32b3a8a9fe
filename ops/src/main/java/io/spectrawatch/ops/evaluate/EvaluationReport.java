package io.spectrawatch.ops.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation found.
 *
 * @param referenceSamples samples the detector was fitted on
 * @param cleanSamples clean samples it was measured on
 * @param attackedSamples attacked samples by file
 * @param falsePositiveRateAtP1Percent share of the clean samples with a p-value of at most 1 %
 * @param detectedAtP1Percent share of the attacked samples with a p-value of at most 1 %, by file:
 *     what alerts at that level would have said
 * @param weights weight of each score that has one
 * @param combined the combination, by file
 * @param scores each score, by file; two-sided scores are folded by their calibration
 * @param leftOut what could not be fitted and why, by the name of the score or layer
 * @param levels what is flagged at each level asked for
 * @param curves what the combination finds over what it flags, by file
 * @param microsecondsPerSample what scoring a clean sample took on one core
 */
public record EvaluationReport(
        int referenceSamples,
        int cleanSamples,
        Map<String, Integer> attackedSamples,
        double falsePositiveRateAtP1Percent,
        Map<String, Double> detectedAtP1Percent,
        Map<String, Double> weights,
        Map<String, Measured> combined,
        Map<String, Map<String, Measured>> scores,
        Map<String, String> leftOut,
        List<LevelCheck> levels,
        Map<String, Roc.Curve> curves,
        double microsecondsPerSample) {

    /** Returns the report with more that was left out, by name, and why. */
    public EvaluationReport without(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(leftOut);
        all.putAll(more);
        return new EvaluationReport(
                referenceSamples,
                cleanSamples,
                attackedSamples,
                falsePositiveRateAtP1Percent,
                detectedAtP1Percent,
                weights,
                combined,
                scores,
                all,
                levels,
                curves,
                microsecondsPerSample);
    }

    /** Returns the mean over the files. */
    public static Measured mean(Map<String, Measured> byFile) {
        double[] sums = new double[7];
        for (Measured m : byFile.values()) {
            double[] values = {
                m.auroc(),
                m.aurocLower(),
                m.aurocUpper(),
                m.tprAt1Percent(),
                m.tprAt1PercentLower(),
                m.tprAt1PercentUpper(),
                m.tprAt5Percent()
            };
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values[i] / byFile.size();
            }
        }
        return new Measured(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]);
    }
}
