package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.pairs.NearPair;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Builds the records about single samples of one pane. */
final class SampleRecords {

    /** Detector and its version. */
    static final String DETECTOR = "sample-detector-1";

    /** The comparison with what the client sent before, and its version. */
    static final String PAIR_DETECTOR = "client-pairs-1";

    /** The trail of a client's close requests, and its version. */
    static final String TRAIL_DETECTOR = "client-trail-1";

    private static final String TRAIL_GUARANTEE =
            "while each request of the client, given those before, lies nearer to one of its last ones"
                    + " than every pair of calibration with a probability of at most 5 %, a model has"
                    + " at most the configured number of such trails a day in expectation; a client"
                    + " that repeats itself with small changes breaks that";

    private static final String PAIR_GUARANTEE =
            "among pairs exchangeable with clean calibration samples and their nearest reference"
                    + " samples, about as far apart, p is at most a with probability at most a; what a"
                    + " client sends one after the other need not be such pairs";

    private static final String EXTRAPOLATED =
            "a rule, without a probability: no calibration pair is as near as these two, and they"
                    + " are ranked among the nearest";

    private static final String GUARANTEE =
            "among clean samples exchangeable with those of the calibration, of the classes in the"
                    + " same shares, p is at most a with probability at most a; not within one class";

    private final ModelInput input;
    private final int shard;
    private final Detector detector;
    private final byte[] key;

    SampleRecords(ModelInput input, int shard, Detector detector) {
        this.input = input;
        this.shard = shard;
        this.detector = detector;
        this.key = input.model().topicKey().getBytes(StandardCharsets.UTF_8);
    }

    OutputRecord scores(SampleFinding finding) {
        OpenSample sample = finding.sample();
        SampleVerdict verdict = finding.verdict();
        SampleScores.Builder record =
                SampleScores.newBuilder()
                        .setModelId(input.model().model())
                        .setModelVersion(input.model().version())
                        .setSegment(input.model().segment())
                        .setSampleId(sample.sample().getId())
                        .setClient(sample.sample().getClient())
                        .setCapturedAt(countedAt(sample))
                        .setShard(shard)
                        .setOffset(sample.offset())
                        .setBaselineId(input.baselineId())
                        .setP(verdict.p())
                        .setResolution(detector.resolution(verdict.predicted()))
                        .setStatistic(verdict.statistic())
                        .setKind(finding.found() ? finding.kind().name() : null)
                        .setLoudest(verdict.loudest())
                        .setPredictedClass(predicted(finding))
                        .setScores(finding.pValues())
                        .setIncomplete(sample.ending() == null ? null : sample.ending().name())
                        .setParts(sample.parts())
                        .setRows(sample.sums().rows())
                        .setContext(sample.context())
                        .setSpeaking(finding.speaking());
        NearPair pair = finding.pair();
        if (pair != null) {
            record.setNearest(pair.earlier());
            record.setNearestOffset(pair.offset());
            record.setPairResolution(pair.resolution());
        }
        if (finding.found()) {
            record.setDetector(detector(finding));
            record.setGuarantee(guarantee(finding));
            record.setText(text(finding));
            record.setEvidence(evidence(finding));
        }
        return new OutputRecord(
                Topics.SCORES,
                key,
                Wire.encode(record.build()),
                Math.floorDiv(countedAt(sample), 1000L));
    }

    private static String detector(SampleFinding finding) {
        if (finding.unusual()) {
            return DETECTOR;
        }
        return finding.steep() ? PAIR_DETECTOR : TRAIL_DETECTOR;
    }

    private Integer predicted(SampleFinding finding) {
        boolean answered = detector.classes() > 1 && finding.sample().sums().rows() > 0;
        return answered ? finding.verdict().predicted() : null;
    }

    /** Within the pane, so that a replay of the pane's panes covers its late samples too. */
    private long countedAt(OpenSample sample) {
        return Math.max(sample.capturedAt(), input.pane().start());
    }

    private static String guarantee(SampleFinding finding) {
        if (finding.unusual()) {
            return GUARANTEE;
        }
        if (!finding.steep()) {
            return TRAIL_GUARANTEE;
        }
        return finding.pair().extrapolated() ? EXTRAPOLATED : PAIR_GUARANTEE;
    }

    private Map<String, String> evidence(SampleFinding finding) {
        Map<String, String> evidence = new TreeMap<>();
        if (countedAt(finding.sample()) != finding.sample().capturedAt()) {
            evidence.put("countedAt", Long.toString(countedAt(finding.sample())));
        }
        if (detector.classes() > 1) {
            evidence.put("favouredClass", Integer.toString(finding.verdict().favoured()));
        }
        if (finding.searching()) {
            evidence.put("trail", Boolean.toString(true));
        }
        if (finding.pair() != null) {
            pairEvidence(finding.pair(), evidence);
        }
        return evidence;
    }

    private void pairEvidence(NearPair pair, Map<String, String> evidence) {
        evidence.put("pairDistance", number(pair.ratio().distance()));
        evidence.put("pairGain", number(pair.ratio().gain()));
        evidence.put("pairLift", number(pair.ratio().lift()));
        evidence.put("pairExtrapolated", Boolean.toString(pair.extrapolated()));
        if (detector.classes() > 1) {
            evidence.put("nearestClass", Integer.toString(pair.answer()));
        }
    }

    private static String text(SampleFinding finding) {
        SampleVerdict verdict = finding.verdict();
        if (!finding.unusual()) {
            return finding.steep() ? pairText(finding) : trailText(finding);
        }
        String text =
                String.format(
                        Locale.ROOT,
                        "sample %s: %s, p = %.3g; loudest is %s",
                        finding.sample().sample().getId(),
                        verdict.kind() == SampleVerdict.Kind.ADVERSARIAL
                                ? "the layers contradict each other or the answer"
                                : "the first layers lie off the reference",
                        verdict.p(),
                        verdict.loudest());
        if (verdict.favoured() != verdict.predicted()) {
            text +=
                    "; the model answers class "
                            + verdict.predicted()
                            + ", its early layers speak for class "
                            + verdict.favoured();
        }
        return finding.steep() ? text + "; " + pairText(finding) : text;
    }

    private static String trailText(SampleFinding finding) {
        return String.format(
                Locale.ROOT,
                "sample %s is one of many of its client that hardly differ from one before, here %s:"
                        + " the trail of a search, or a client that repeats itself with small"
                        + " changes",
                finding.sample().sample().getId(),
                finding.pair().earlier());
    }

    private static String pairText(SampleFinding finding) {
        NearPair pair = finding.pair();
        int predicted = finding.verdict().predicted();
        String text =
                String.format(
                        Locale.ROOT,
                        "sample %s is near %s, which the same client sent before, but the model"
                                + " takes the two further apart than clean inputs as near (lift"
                                + " %.3g), p = %.3g",
                        finding.sample().sample().getId(),
                        pair.earlier(),
                        pair.ratio().lift(),
                        pair.liftP());
        return pair.answer() == predicted
                ? text
                : text + "; it answers class " + predicted + ", not " + pair.answer();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }
}
