package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.detect.combine.Scored;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is flagged at one level.
 *
 * @param level p-value up to which a sample is flagged
 * @param calibration clean samples that p-values are ranks among
 * @param clean share of the clean samples
 * @param lower least share of as many clean samples that 95 % of calibrations of this size would
 *     give at the level
 * @param upper largest such share
 * @param byClass share of the clean samples by the class the model answers
 * @param attacked share of the attacked samples by file
 */
record LevelCheck(
        double level,
        int calibration,
        Share clean,
        double lower,
        double upper,
        Map<Integer, Share> byClass,
        Map<String, Share> attacked) {

    /** Samples flagged of so many, with Wilson's interval at 95 %. */
    record Share(int flagged, int of) {
        static Share of(double[] p, double level) {
            int flagged = 0;
            for (double each : p) {
                flagged += each <= level ? 1 : 0;
            }
            return new Share(flagged, p.length);
        }

        double share() {
            return (double) flagged / of;
        }

        Roc.Estimate estimate() {
            return Roc.wilson(flagged, of);
        }
    }

    static LevelCheck of(
            double level, double resolution, Scored clean, Map<String, double[]> attacked) {
        int calibration = (int) Math.round(1 / resolution) - 1;
        double[] p = clean.p();
        int[] predicted = clean.predicted();
        Map<Integer, int[]> counts = new TreeMap<>();
        for (int i = 0; i < p.length; i++) {
            int[] count = counts.computeIfAbsent(predicted[i], c -> new int[2]);
            count[0] += p[i] <= level ? 1 : 0;
            count[1]++;
        }
        Map<Integer, Share> byClass = new LinkedHashMap<>();
        counts.forEach((c, count) -> byClass.put(c, new Share(count[0], count[1])));
        Map<String, Share> found = new LinkedHashMap<>();
        attacked.forEach((file, values) -> found.put(file, Share.of(values, level)));
        Promise promise = Promise.of(level, calibration, p.length);
        return new LevelCheck(
                level,
                calibration,
                Share.of(p, level),
                promise.lower(),
                promise.upper(),
                byClass,
                found);
    }

    /** Whether a p-value can be as small as the level. */
    boolean supported() {
        return calibration >= needed();
    }

    /** Calibration samples without which no p-value is as small. */
    int needed() {
        return (int) Math.ceil(1 / level - 1e-9) - 1;
    }

    boolean asPromised() {
        return clean.share() >= lower && clean.share() <= upper;
    }

    /** The class flagged most often; classes of few samples vary most. */
    Map.Entry<Integer, Share> worst() {
        Map.Entry<Integer, Share> worst = null;
        for (Map.Entry<Integer, Share> each : byClass.entrySet()) {
            if (worst == null || each.getValue().share() > worst.getValue().share()) {
                worst = each;
            }
        }
        return worst;
    }
}
