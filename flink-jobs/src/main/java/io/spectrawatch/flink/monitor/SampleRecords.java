package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ModelInput;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Builds the records about single samples of one pane. */
final class SampleRecords {

    /** Detector and its version. */
    static final String DETECTOR = "sample-detector-1";

    private static final String GUARANTEE =
            "among clean samples exchangeable with the calibration, of the predicted class where it"
                    + " has enough of them, p is at most a with probability at most a";

    private final ModelInput input;
    private final int shard;
    private final Detector detector;
    private final byte[] key;

    SampleRecords(ModelInput input, int shard, Detector detector) {
        this.input = input;
        this.shard = shard;
        this.detector = detector;
        this.key =
                Topics.key(input.model().model(), input.model().version())
                        .getBytes(StandardCharsets.UTF_8);
    }

    OutputRecord scores(
            SampleBatch.Waiting sample,
            Verdict verdict,
            Map<String, Double> pValues,
            boolean alert) {
        SampleScores record =
                SampleScores.newBuilder()
                        .setModelId(input.model().model())
                        .setModelVersion(input.model().version())
                        .setSampleId(sample.sample().getId())
                        .setClient(sample.sample().getClient())
                        .setCapturedAt(sample.capturedAt())
                        .setShard(shard)
                        .setOffset(sample.offset())
                        .setBaselineId(input.baselineId())
                        .setP(verdict.p())
                        .setResolution(detector.resolution(verdict.predicted()))
                        .setStatistic(verdict.statistic())
                        .setKind(alert ? verdict.kind().name() : null)
                        .setLoudest(verdict.loudest())
                        .setPredictedClass(detector.classes() > 1 ? verdict.predicted() : null)
                        .setScores(new TreeMap<>(pValues))
                        .build();
        return new OutputRecord(
                Topics.SCORES, key, Wire.encode(record), Math.floorDiv(sample.capturedAt(), 1000L));
    }

    OutputRecord alert(
            SampleBatch.Waiting sample,
            Verdict verdict,
            Map<String, Double> pValues,
            double level) {
        ModelKey model = input.model();
        Map<String, String> evidence = new TreeMap<>();
        pValues.forEach((name, p) -> evidence.put("p/" + name, number(p)));
        evidence.put("baseline", input.baselineId());
        evidence.put("shard", Integer.toString(shard));
        evidence.put("offset", Long.toString(sample.offset()));
        evidence.put("capturedAt", Long.toString(sample.capturedAt()));
        evidence.put("loudest", verdict.loudest());
        evidence.put("combined", number(verdict.statistic()));
        evidence.put("resolution", number(detector.resolution(verdict.predicted())));
        if (sample.sample().getClient() != null) {
            evidence.put("client", sample.sample().getClient());
        }
        if (detector.classes() > 1) {
            evidence.put("predictedClass", Integer.toString(verdict.predicted()));
            evidence.put("favouredClass", Integer.toString(verdict.favoured()));
        }
        Alert alert =
                Alert.newBuilder()
                        .setId(
                                AlertRecords.id(
                                        verdict.kind().name(),
                                        model.model(),
                                        model.version(),
                                        DETECTOR,
                                        sample.sample().getId(),
                                        Integer.toString(shard),
                                        Long.toString(sample.offset()),
                                        input.baselineId()))
                        .setKind(verdict.kind().name())
                        .setTransition(AlertTransition.RAISED)
                        .setModelId(model.model())
                        .setModelVersion(model.version())
                        .setDetector(DETECTOR)
                        .setPaneStart(input.pane().start())
                        .setPaneEnd(input.pane().end())
                        .setSampleId(sample.sample().getId())
                        .setStatistic(
                                new Interval("p-value", verdict.p(), verdict.p(), verdict.p()))
                        .setThreshold(level)
                        .setGuarantee(GUARANTEE)
                        .setText(text(sample, verdict))
                        .setEvidence(evidence)
                        .build();
        return AlertRecords.output(alert);
    }

    private String text(SampleBatch.Waiting sample, Verdict verdict) {
        String text =
                String.format(
                        Locale.ROOT,
                        "sample %s: %s, p = %.3g; loudest is %s",
                        sample.sample().getId(),
                        verdict.kind() == Verdict.Kind.ADVERSARIAL
                                ? "the layers contradict each other or the answer"
                                : "the first layers lie off the reference",
                        verdict.p(),
                        verdict.loudest());
        boolean contradicted = verdict.favoured() != verdict.predicted();
        return contradicted
                ? text
                        + "; the model answers class "
                        + verdict.predicted()
                        + ", its early layers speak for class "
                        + verdict.favoured()
                : text;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }
}
