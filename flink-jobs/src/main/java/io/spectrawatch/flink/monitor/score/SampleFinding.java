package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.monitor.config.DetectSettings;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.SpeakingRow;
import io.spectrawatch.spectral.detect.combine.LoudRow;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.detect.pairs.NearPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was found about one sample: by itself, and beside what its client sent before.
 *
 * @param pValues by score
 * @param pair null if its client sent nothing near it
 * @param unusual whether its own p-value is at or below the level
 * @param steep whether that of the pair is
 * @param searching whether it is part of a trail of close requests
 * @param speaking the rows that contribute most, the loudest first; none where it has one
 */
record SampleFinding(
        OpenSample sample,
        SampleVerdict verdict,
        Map<String, Double> pValues,
        NearPair pair,
        boolean unusual,
        boolean steep,
        boolean searching,
        List<SpeakingRow> speaking) {

    static SampleFinding of(
            OpenSample sample,
            Scored scored,
            int index,
            NearPair pair,
            boolean searching,
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
                pair != null && pair.liftP() <= settings.pairLevel(),
                searching,
                speaking(scored, index));
    }

    /** What the rows that came of a sample say, which is not judged by them. */
    static SampleFinding incomplete(OpenSample sample, Scored scored, int index) {
        SampleVerdict partial = scored.verdict(index);
        SampleVerdict verdict =
                new SampleVerdict(
                        index,
                        partial.predicted(),
                        partial.favoured(),
                        partial.statistic(),
                        1,
                        partial.kind(),
                        partial.loudest());
        return new SampleFinding(
                sample,
                verdict,
                new TreeMap<>(scored.scorePValues(index)),
                null,
                false,
                false,
                false,
                speaking(scored, index));
    }

    private static List<SpeakingRow> speaking(Scored scored, int index) {
        List<SpeakingRow> speaking = new ArrayList<>(0);
        for (LoudRow row : scored.loudRows(index)) {
            String phase = SampleBatch.phase(row.phase());
            speaking.add(new SpeakingRow(row.position(), phase, row.share()));
        }
        return speaking;
    }

    /** As an alert names it. */
    SampleExample example(int shard) {
        Sample sent = sample.sample();
        return new SampleExample(
                sent.getId(),
                sent.getClient(),
                shard,
                sample.offset(),
                verdict.statistic(),
                sample.context(),
                speaking);
    }

    /** Whether anything was found. */
    boolean found() {
        return unusual || steep || searching;
    }

    /** What was found: no foreign input is steep beside one that is near it, nor on a trail. */
    SampleVerdict.Kind kind() {
        return steep || searching ? SampleVerdict.Kind.ADVERSARIAL : verdict.kind();
    }
}
