package io.spectrawatch.flink.monitor;

import io.spectrawatch.spectral.detect.ClientPairs;
import io.spectrawatch.spectral.detect.NearPair;
import io.spectrawatch.spectral.detect.Scored;
import io.spectrawatch.spectral.detect.Verdict;
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
        Verdict verdict,
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
        Verdict verdict = scored.verdict(index);
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
    Verdict.Kind kind() {
        return steep ? Verdict.Kind.ADVERSARIAL : verdict.kind();
    }
}
