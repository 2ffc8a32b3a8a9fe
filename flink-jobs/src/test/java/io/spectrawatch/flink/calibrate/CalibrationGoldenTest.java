package io.spectrawatch.flink.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.flink.calibrate.config.ReferenceSample;
import io.spectrawatch.flink.calibrate.moment.InterfaceOutcome;
import io.spectrawatch.flink.calibrate.moment.MomentsSummary;
import io.spectrawatch.flink.calibrate.moment.ShardProgress;
import io.spectrawatch.flink.calibrate.sample.DetectorOutcome;
import io.spectrawatch.flink.calibrate.window.LayerKey;
import io.spectrawatch.flink.calibrate.window.LayerReference;
import io.spectrawatch.flink.calibrate.window.LayerSummary;
import io.spectrawatch.flink.calibrate.window.ShardSurvey;
import io.spectrawatch.flink.log.FormContract;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the operators of a calibration send each other. */
class CalibrationGoldenTest extends FormContract {

    private static final ModelKey MODEL = new ModelKey("modèle", "1", "abc");
    private static final LayerKey LAYER = new LayerKey(3, "block/3", 2);

    static Stream<Form> forms() {
        return Stream.of(
                new Form("calibrate-survey-2", survey(), b -> ShardSurvey.fromBytes(b).toBytes()),
                new Form(
                        "calibrate-layer-summary-1",
                        new LayerSummary(2, MODEL, LAYER, new byte[] {1, 2}).toBytes(),
                        b -> LayerSummary.fromBytes(b).toBytes()),
                new Form(
                        "calibrate-layer-reference-2",
                        reference(),
                        b -> LayerReference.fromBytes(b).toBytes()),
                new Form(
                        "calibrate-moments-1",
                        new MomentsSummary(2, 1, new Pane(10, 20), new byte[] {3, 4}).toBytes(),
                        b -> MomentsSummary.fromBytes(b).toBytes()),
                new Form(
                        "calibrate-progress-1",
                        new ShardProgress(2, 20).toBytes(),
                        b -> ShardProgress.fromBytes(b).toBytes()),
                new Form(
                        "calibrate-outcome-1",
                        new InterfaceOutcome(1, 300, 400, 5, null, new byte[] {6}).toBytes(),
                        b -> InterfaceOutcome.fromBytes(b).toBytes()),
                new Form(
                        "calibrate-reference-sample-2",
                        sampleWithText().toBytes(),
                        b -> ReferenceSample.fromBytes(b).toBytes()),
                new Form(
                        "calibrate-detector-outcome-3",
                        new DetectorOutcome(
                                        700,
                                        null,
                                        "no head",
                                        new byte[] {7, 8},
                                        Map.of("layer dead", "constant"))
                                .toBytes(),
                        b -> DetectorOutcome.fromBytes(b).toBytes()),
                new Form(
                        "calibrate-detector-refusal-3",
                        DetectorOutcome.refused(70, "too few").toBytes(),
                        b -> DetectorOutcome.fromBytes(b).toBytes()));
    }

    @Test
    void surveysWithoutTapsAreRead() throws IOException {
        ShardSurvey read =
                ShardSurvey.fromBytes(
                        HexFormat.of().parseHex(golden("calibrate-survey-1", new byte[0])));
        assertEquals(7, read.models().get(MODEL).snapshots());
        assertEquals(Map.of(), read.taps());
    }

    @Test
    void samplesOfVersion1AreRead() throws IOException {
        byte[] golden =
                HexFormat.of().parseHex(golden("calibrate-reference-sample-1", new byte[0]));
        ReferenceSample read = ReferenceSample.fromBytes(golden);
        assertEquals(sample().taps(), read.taps());
        assertArrayEquals(sample().toBytes(), read.toBytes());
    }

    @Test
    void outcomesOfVersion2AreRead() throws IOException {
        DetectorOutcome fitted = version2("calibrate-detector-outcome-2");
        assertEquals(700, fitted.samples());
        assertEquals("no head", fitted.headless());
        assertArrayEquals(new byte[] {7, 8}, fitted.detector());
        assertEquals(Map.of(), fitted.leftOut());
        assertEquals("too few", version2("calibrate-detector-refusal-2").refusal());
    }

    private static DetectorOutcome version2(String name) throws IOException {
        try (InputStream in =
                CalibrationGoldenTest.class.getResourceAsStream("/golden/" + name + ".hex")) {
            String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return DetectorOutcome.fromBytes(HexFormat.of().parseHex(hex.trim()));
        }
    }

    /** Two tokens of one request in two layers. */
    private static ReferenceSample sample() {
        return new ReferenceSample(
                17,
                "réquest-1",
                2,
                9,
                2,
                List.of(
                        new Tap("block/3", TapRole.HIDDEN, 2),
                        new Tap("logits", TapRole.LOGITS, 1)),
                List.of(new float[] {1, 2, 3, 4}, new float[] {-0.5f, 6}));
    }

    /** Two tokens of one request, beside what there is one row of. */
    private static ReferenceSample sampleWithText() {
        return new ReferenceSample(
                17,
                "réquest-1",
                2,
                9,
                2,
                List.of(
                        new Tap("counts", TapRole.INPUT, 3, true),
                        new Tap("block/3", TapRole.HIDDEN, 2)),
                List.of(new float[] {1, 0, 2}, new float[] {1, 2, 3, 4}));
    }

    private static byte[] survey() {
        TreeMap<ModelKey, ShardSurvey.Count> models = new TreeMap<>();
        models.put(MODEL, new ShardSurvey.Count(7, 80));
        return new ShardSurvey(
                        2,
                        1,
                        10,
                        20,
                        models,
                        new TreeMap<>(Map.of("block/3", new TreeSet<>(List.of("mlp-output")))))
                .toBytes();
    }

    private static byte[] reference() {
        return new LayerReference(
                        MODEL,
                        LAYER,
                        90,
                        "too few",
                        new byte[0],
                        7,
                        new double[] {1, 2, 3, 4, 5},
                        new double[] {6, 0.5})
                .toBytes();
    }
}
