package io.spectrawatch.spectral.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.detect.combine.Question;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.text.TextNgrams;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Detectors of models whose texts are tapped. */
class TextDetectorTest {
    private static final String WORDS = "word-surprise/text-ngrams-1";
    private static final String CHARACTERS = "character-surprise/text-ngrams-1";
    private static final DetectorOptions OPTIONS = new DetectorOptions(4, 5, 40, 7);
    private static final double RISK = 1e-5;

    private final TextModel model = new TextModel(21);
    private Kernels kernels;

    @BeforeEach
    void open() {
        kernels = KernelProviders.open(KernelChoice.HOST);
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    private Detector fitted() {
        return Detector.fit(model.clean(900, 1), OPTIONS, null, kernels);
    }

    private static long flagged(Scored scored, double level) {
        return Arrays.stream(scored.p()).filter(p -> p <= level).count();
    }

    @Test
    void textIsAskedForWithTheDistance() {
        Detector detector = fitted();
        assertEquals(Question.DISTANCE, detector.question(WORDS));
        assertEquals(Question.DISTANCE, detector.question(CHARACTERS));
        assertEquals(Question.EVIDENCE, detector.question("nearest-evidence/text-ngrams-1"));
        double distance = 0;
        for (Map.Entry<String, Double> each : detector.weights().entrySet()) {
            boolean asked = detector.question(each.getKey()) == Question.DISTANCE;
            distance += asked ? each.getValue() : 0;
        }
        assertEquals(0.25, distance, 1e-12);
        assertEquals(0.25 / 2, detector.weights().get(WORDS), 1e-12);
    }

    @Test
    void foreignTextIsOutOfDistributionWhateverTheLayersSay() {
        DetectorOptions layers = OPTIONS.withEvidenceLayers(List.of("hidden"));
        Detector detector = Detector.fit(model.clean(900, 1), layers, null, kernels);
        Scored scored = detector.score(model.foreign(200, 5), kernels);
        // Of 158 calibration samples the loudest may be as loud as can be.
        assertTrue(flagged(scored, 0.05) > 190, flagged(scored, 0.05) + " of 200");
        int named = 0;
        for (int i = 0; i < 200; i++) {
            SampleVerdict verdict = scored.verdict(i);
            boolean text = verdict.loudest().equals(WORDS) || verdict.loudest().equals(CHARACTERS);
            named += text && verdict.kind() == SampleVerdict.Kind.OUT_OF_DISTRIBUTION ? 1 : 0;
        }
        assertTrue(named > 180, named + " of 200");
    }

    @Test
    void withoutEvidenceForeignTextIsOutOfDistributionToo() {
        DetectorOptions none = OPTIONS.withEvidenceLayers(List.of(DetectorOptions.NO_EVIDENCE));
        Detector detector = Detector.fit(model.clean(900, 1), none, null, kernels);
        Detector read = Detector.fromBytes(detector.toBytes());
        Scored scored = read.score(model.foreign(200, 5), kernels);
        long foreign =
                IntStream.range(0, 200)
                        .filter(i -> scored.p()[i] <= 0.01)
                        .filter(
                                i ->
                                        scored.verdict(i).kind()
                                                == SampleVerdict.Kind.OUT_OF_DISTRIBUTION)
                        .count();
        assertEquals(7, detector.toBytes()[7]);
        assertTrue(foreign > 150, foreign + " of 200");
    }

    @Test
    void cleanTextIsFlaggedAtTheNominalRate() {
        Detector detector = fitted();
        Scored scored = detector.score(model.clean(3000, 9), kernels);
        int calibration = (int) Math.round(1 / detector.resolution(0)) - 1;
        int least = BetaBinomial.lower(3000, calibration, 0.05, RISK);
        int most = BetaBinomial.upper(3000, calibration, 0.05, RISK);
        long flagged = flagged(scored, 0.05);
        assertTrue(least <= flagged && flagged <= most, flagged + " from " + least + " to " + most);
    }

    /** Standard deviations above what texts of their length have: the length says nothing. */
    @Test
    void shortTextsAreNotMoreSurprisingThanLongOnes() {
        Detector detector = Detector.fit(model.clean(3000, 1), OPTIONS, null, kernels);
        for (String score : List.of(WORDS, CHARACTERS)) {
            for (int words : new int[] {5, 10, 25}) {
                Scored scored = detector.measure(model.ofLength(600, 3, words), kernels);
                double[] values = scored.scores().get(score);
                double mean = Arrays.stream(values).average().orElseThrow();
                double squares = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
                assertEquals(0, mean, 0.35, score + " of " + words + " words");
                assertEquals(1, Math.sqrt(squares - mean * mean), 0.35, score + " of " + words);
            }
        }
    }

    @Test
    void aTextWithoutWordsSaysNothing() {
        Activations rows = model.clean(5, 6);
        float[] empty = new float[5 * TextNgrams.COLUMNS];
        Activations layers =
                Activations.of(
                        rows.taps(),
                        new float[][] {empty, rows.values(1), rows.values(2), rows.values(3)});
        Scored scored = fitted().measure(layers, kernels);
        assertArrayEquals(new double[5], scored.scores().get(WORDS));
        assertArrayEquals(new double[5], scored.scores().get(CHARACTERS));
    }

    @Test
    void scoresAreTheSameToTheLastBitHoweverRowsAreCut() {
        Detector detector = fitted();
        Activations rows = model.clean(120, 4);
        Scored whole = detector.measure(rows, kernels);
        for (int i = 0; i < 120; i += 7) {
            Scored alone = detector.measure(rows.select(new int[] {i}), kernels);
            assertEquals(whole.statistic()[i], alone.statistic()[0]);
            assertEquals(whole.scores().get(WORDS)[i], alone.scores().get(WORDS)[0]);
        }
    }

    @Test
    void bytesKeepEveryDigit() {
        Detector detector = fitted();
        Detector read = Detector.fromBytes(detector.toBytes());
        Activations rows = model.clean(100, 9);
        Map<String, double[]> before = detector.measure(rows, kernels).scores();
        Map<String, double[]> after = read.measure(rows, kernels).scores();
        before.forEach((name, values) -> assertArrayEquals(values, after.get(name), name));
        assertArrayEquals(detector.toBytes(), read.toBytes());
    }

    private static byte[] golden(String name) throws Exception {
        try (InputStream in = TextDetectorTest.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void theNinthVersionReadsAndJudgesByTheNearestTexts() throws Exception {
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, "detector-v9-texts.bin"), fitted().weighted().toBytes());
        }
        byte[] golden = golden("detector-v9-texts.bin");
        Detector detector = Detector.fromBytes(golden);
        assertArrayEquals(golden, detector.toBytes());
        assertEquals(9, golden[7]);
        Activations rows = model.clean(3, 77);
        double[] expected = fitted().score(rows, kernels).statistic();
        double[] found = detector.score(rows, kernels).statistic();
        // Other machines sum in another order, in fp32.
        for (int i = 0; i < 3; i++) {
            assertEquals(expected[i], found[i], 1e-3);
        }
    }

    @Test
    void theSeventhVersionReadsAndJudgesByText() throws Exception {
        byte[] golden = golden("detector-v7.bin");
        Detector detector = Detector.fromBytes(golden);
        assertArrayEquals(golden, detector.toBytes());
        assertEquals(7, golden[7]);
        Activations rows = model.clean(3, 77);
        Scored scored = detector.score(rows, kernels);
        double[] expected = {0.782418829097094, -0.19345337805689114, -0.10597703297838383};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], scored.statistic()[i], 1e-9 * Math.abs(expected[i]));
        }
    }

    @Test
    void textBeforeTheSeventhVersionIsRefused() {
        byte[] bytes = fitted().toBytes();
        bytes[7] = 6;
        String message =
                assertThrows(IllegalArgumentException.class, () -> Detector.fromBytes(bytes))
                        .getMessage();
        assertTrue(message.contains("a score of text before version 7"), message);
    }

    @Test
    void whatIsNoCountIsLeftOutAndSaid() {
        Activations rows = model.clean(700, 1);
        float[] text = rows.values(0).clone();
        for (int i = 0; i < text.length; i += TextNgrams.COLUMNS) {
            text[i] = 0.5f;
        }
        Activations odd =
                Activations.of(
                        rows.taps(),
                        new float[][] {text, rows.values(1), rows.values(2), rows.values(3)});
        Detector detector = Detector.fit(odd, OPTIONS, null, kernels);
        assertTrue(
                detector.leftOut().get(WORDS).startsWith("counts of n-grams expected, found 0.5"),
                detector.leftOut().toString());
    }

    @Test
    void onlyAnInputOfThatNameIsText() {
        Activations rows = model.clean(700, 1);
        List<Tap> taps = new ArrayList<>(rows.taps());
        taps.set(0, new Tap("counts", TapRole.INPUT, TextNgrams.COLUMNS));
        Activations other =
                Activations.of(
                        taps,
                        new float[][] {
                            rows.values(0), rows.values(1), rows.values(2), rows.values(3)
                        });
        Detector detector = Detector.fit(other, OPTIONS, null, kernels);
        assertTrue(
                detector.weights().keySet().stream().noneMatch(name -> name.contains("surprise")));
        assertEquals(9, detector.toBytes()[7]);
    }
}
