package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.monitor.config.DetectSettings;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.detect.pairs.NearPair;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was found about one sample: by itself, and beside what its client sent before.
 *
 * @param pValues by score
 * @param pair null if its client sent nothing near it
 * @param unusual whether its own p-value is at or below the level
 * @param steep whether that of the pair is
 */
record SampleFinding(
        SampleBatch.Waiting sample,
        SampleVerdict verdict,
        Map<String, Double> pValues,
        NearPair pair,
        boolean unusual,
        boolean steep) {

    static SampleFinding of(
            SampleBatch.Waiting sample,
            Scored scored,
            int index,
            NearPair pair,
            DetectSettings settings) {
        SampleVerdict verdict = scored.verdict(index);
        Map<String, Double> pValues = new TreeMap<>(scored.scorePValues(index));
        if (pair != null) {
            pValues.put(ClientPairs.GAIN, pair.gainP());
            pValues.put(ClientPairs.LIFT, pair.liftP());
        }
        return new SampleFinding(
                sample,
                verdict,
                pValues,
                pair,
                verdict.p() <= settings.level(),
                pair != null && pair.liftP() <= settings.pairLevel());
    }

    /** Whether anything was found. */
    boolean found() {
        return unusual || steep;
    }

    /** What was found: no foreign input is steep beside one that is near it. */
    SampleVerdict.Kind kind() {
        return steep ? SampleVerdict.Kind.ADVERSARIAL : verdict.kind();
    }
}
