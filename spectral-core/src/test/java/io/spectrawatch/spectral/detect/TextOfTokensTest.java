package io.spectrawatch.spectral.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.detect.combine.LoudRow;
import io.spectrawatch.spectral.detect.combine.Question;
import io.spectrawatch.spectral.detect.combine.SampleSums;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.text.TextNgrams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Detectors of samples with several rows and one text. */
class TextOfTokensTest {
    private static final String WORDS = "word-surprise/text-ngrams-1";
    private static final String CHARACTERS = "character-surprise/text-ngrams-1";
    private static final DetectorOptions OPTIONS = new DetectorOptions(4, 5, 40, 7);
    private static final double RISK = 1e-5;
    private static final int TEXT = 3;

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
        return Detector.fit(model.tokens(900, 1), OPTIONS, null, kernels);
    }

    /** Without the logits, so that classes are pooled. */
    private static Activations pooled(Activations rows) {
        List<Tap> taps = new ArrayList<>(rows.taps());
        taps.removeIf(tap -> tap.role() == TapRole.LOGITS);
        return rows.only(taps);
    }

    private static long flagged(Scored scored, double level) {
        return Arrays.stream(scored.p()).filter(p -> p <= level).count();
    }

    @Test
    void textIsAskedForTheDistanceAndIsNoLayerOfTheChain() {
        for (Detector detector :
                List.of(
                        fitted(),
                        Detector.fit(pooled(model.tokens(900, 1)), OPTIONS, null, kernels))) {
            assertEquals(Question.DISTANCE, detector.question(WORDS));
            assertTrue(detector.weights().get(WORDS) > 0);
            assertEquals(detector.weights().get(WORDS), detector.weights().get(CHARACTERS));
            List<String> ofText =
                    detector.weights().keySet().stream()
                            .filter(name -> name.contains(TextNgrams.FORMAT))
                            .toList();
            assertEquals(List.of(WORDS, CHARACTERS), ofText);
        }
    }

    /** One sample of some rows is as loud as the same rows, each a sample with the same text. */
    @Test
    void theTextCountsAsIfEveryRowHadIt() {
        Detector detector = Detector.fit(pooled(model.tokens(900, 1)), OPTIONS, null, kernels);
        Activations rows = pooled(model.tokens(60, 5));
        int d = TextNgrams.COLUMNS;
        float[] repeated = new float[rows.rows() * d];
        for (int i = 0; i < rows.rows(); i++) {
            System.arraycopy(rows.values(2), rows.sampleOf(i) * d, repeated, i * d, d);
        }
        Activations apart =
                Activations.of(
                        rows.taps(), new float[][] {rows.values(0), rows.values(1), repeated});
        double[] each = detector.score(apart, kernels).statistic();
        double[] together = detector.score(rows, kernels).statistic();
        double[] words = detector.measure(rows, kernels).scores().get(WORDS);
        for (int s = 0; s < rows.samples(); s++) {
            int sample = s;
            int[] own =
                    IntStream.range(0, rows.rows())
                            .filter(i -> rows.sampleOf(i) == sample)
                            .toArray();
            double mean = Arrays.stream(own).mapToDouble(i -> each[i]).average().orElseThrow();
            assertEquals(mean, together[s], 1e-12 * mean);
            double value = detector.measure(apart, kernels).scores().get(WORDS)[own[0]];
            assertEquals(value, words[s]);
        }
    }

    /** Whichever parts bring the text, and however the rows are cut into calls. */
    @Test
    void partsGiveTheSameBitsAsTheWhole() {
        Detector detector = fitted();
        Property.forAll(
                TextOfTokensTest.class,
                6,
                random -> {
                    Activations rows = model.tokens(40, random.nextLong());
                    Scorer scorer = detector.scorer(kernels);
                    List<SampleSums> sums = new ArrayList<>();
                    for (int s = 0; s < rows.samples(); s++) {
                        Activations own = rows.select(new int[] {s});
                        int with = random.nextInt(own.rows());
                        boolean inAll = random.nextBoolean();
                        SampleSums sample = scorer.sums(false);
                        for (int i = 0; i < own.rows(); i++) {
                            add(scorer, own, i, inAll || i == with, sample);
                            sample = scorer.sums(sample.toBytes());
                        }
                        sums.add(sample);
                    }
                    Scored whole = scorer.measure(rows);
                    Scored parts = scorer.scored(sums);
                    assertArrayEquals(whole.statistic(), parts.statistic());
                    assertArrayEquals(whole.p(), parts.p());
                    whole.scores()
                            .forEach((n, v) -> assertArrayEquals(v, parts.scores().get(n), n));
                    for (int s = 0; s < rows.samples(); s++) {
                        assertEquals(whole.verdict(s), parts.verdict(s));
                        assertEquals(whole.loudRows(s), parts.loudRows(s));
                    }
                });
    }

    private static void add(
            Scorer scorer, Activations rows, int row, boolean withText, SampleSums sums) {
        float[][] values = new float[rows.taps().size()][];
        for (int t = 0; t < TEXT; t++) {
            int d = rows.taps().get(t).dimension();
            values[t] = Arrays.copyOfRange(rows.values(t), row * d, (row + 1) * d);
        }
        values[TEXT] = withText ? rows.values(TEXT) : new float[TextNgrams.COLUMNS];
        Activations part = Activations.of(rows.taps(), values, new int[1]);
        Scorer.Places places = new Scorer.Places(new long[] {row}, new byte[1]);
        scorer.add(part, new SampleSums[] {sums}, places, null);
    }

    @Test
    void theRowsSharesOfTheStatisticLeaveTheTextsOut() {
        Detector detector = fitted();
        Activations rows = model.foreignTokens(50, 3);
        Scored scored = detector.score(rows, kernels);
        double text = detector.weights().get(WORDS);
        for (int s = 0; s < 50; s++) {
            double whole = 0;
            for (String name : List.of(WORDS, CHARACTERS)) {
                double p = scored.scorePValues(s).get(name);
                whole += text / Math.tan(p * Math.PI / 2);
            }
            double rowsOwn = 0;
            for (LoudRow row : scored.loudRows(s)) {
                rowsOwn += row.share();
            }
            double expected = 1 - whole / scored.statistic()[s];
            assertTrue(scored.loudRows(s).isEmpty() || Math.abs(rowsOwn - expected) < 1e-9);
        }
    }

    @Test
    void aTextWithoutNgramsSaysNothing() {
        Activations rows = model.tokens(5, 6);
        float[][] values = {
            rows.values(0), rows.values(1), rows.values(2), new float[5 * TextNgrams.COLUMNS]
        };
        int[] owners = IntStream.range(0, rows.rows()).map(rows::sampleOf).toArray();
        Scored scored = fitted().measure(Activations.of(rows.taps(), values, owners), kernels);
        assertArrayEquals(new double[5], scored.scores().get(WORDS));
        assertArrayEquals(new double[5], scored.scores().get(CHARACTERS));
    }

    @Test
    void foreignTextIsOutOfDistributionAndCleanTextAtTheNominalRate() {
        Detector detector = fitted();
        Scored foreign = detector.score(model.foreignTokens(200, 5), kernels);
        assertTrue(flagged(foreign, 0.05) > 190, flagged(foreign, 0.05) + " of 200");
        long named =
                IntStream.range(0, 200)
                        .mapToObj(foreign::verdict)
                        .filter(each -> each.kind() == SampleVerdict.Kind.OUT_OF_DISTRIBUTION)
                        .count();
        assertTrue(named > 180, named + " of 200");
        Scored clean = detector.score(model.tokens(3000, 9), kernels);
        int calibration = (int) Math.round(1 / detector.resolution(0)) - 1;
        int least = BetaBinomial.lower(3000, calibration, 0.05, RISK);
        int most = BetaBinomial.upper(3000, calibration, 0.05, RISK);
        long flagged = flagged(clean, 0.05);
        assertTrue(least <= flagged && flagged <= most, flagged + " from " + least + " to " + most);
    }

    /** Evidence is taken of what has the rows; the text beside them has none. */
    @Test
    void layersGiveEvidenceBesideATextThatDoesNot() {
        Activations reference = model.tokens(900, 1);
        DetectorOptions layers = OPTIONS.withEvidenceLayers(List.of("hidden"));
        Detector detector = Detector.fit(reference, layers, null, kernels);
        assertEquals(Question.EVIDENCE, detector.question("nearest-evidence/hidden"));
        assertEquals(0.25 / 2, detector.weights().get(WORDS), 1e-12);
        Detector read = Detector.fromBytes(detector.toBytes());
        Activations rows = model.foreignTokens(100, 2);
        assertArrayEquals(detector.score(rows, kernels).p(), read.score(rows, kernels).p());
        DetectorOptions text = OPTIONS.withEvidenceLayers(List.of(TextNgrams.FORMAT));
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Detector.fit(reference, text, null, kernels))
                        .getMessage();
        assertTrue(message.contains("layers among [embedding, hidden]"), message);
    }

    @Test
    void withoutTokensTheTextIsATapAsOthers() {
        Activations rows = model.clean(900, 1);
        List<Tap> taps = new ArrayList<>(rows.taps());
        taps.set(0, new Tap(TextNgrams.FORMAT, TapRole.INPUT, TextNgrams.COLUMNS, true));
        float[][] values = {rows.values(0), rows.values(1), rows.values(2), rows.values(3)};
        int[] owners = IntStream.range(0, 900).toArray();
        Activations joined = Activations.joined(taps, values, owners, false);
        assertArrayEquals(
                Detector.fit(rows, OPTIONS, null, kernels).toBytes(),
                Detector.fit(joined, OPTIONS, null, kernels).toBytes());
        Activations tokens = Activations.joined(taps, values, owners, true);
        assertEquals(taps.get(0), tokens.taps().get(3));
    }

    @Test
    void tapsOfSamplesStandBehindTheOthersWithARowEach() {
        Activations rows = model.tokens(5, 6);
        List<Tap> first = new ArrayList<>(rows.taps());
        first.add(0, first.remove(TEXT));
        float[][] values = {rows.values(3), rows.values(0), rows.values(1), rows.values(2)};
        int[] owners = IntStream.range(0, rows.rows()).map(rows::sampleOf).toArray();
        assertThrows(IllegalArgumentException.class, () -> Activations.of(first, values, owners));
        float[][] short1 = SyntheticModel.values(rows);
        short1[TEXT] = new float[4 * TextNgrams.COLUMNS];
        assertThrows(
                IllegalArgumentException.class, () -> Activations.of(rows.taps(), short1, owners));
        assertThrows(IllegalArgumentException.class, () -> new Tap("y", TapRole.LOGITS, 3, true));
    }

    @Test
    void theTenthVersionReadsAndJudgesByText() throws Exception {
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, "detector-v10.bin"), fitted().weighted().toBytes());
        }
        byte[] golden = golden("detector-v10.bin");
        Detector detector = Detector.fromBytes(golden);
        assertArrayEquals(golden, detector.toBytes());
        assertEquals(10, golden[7]);
        Activations rows = model.tokens(3, 77);
        double[] expected = fitted().score(rows, kernels).statistic();
        double[] found = detector.score(rows, kernels).statistic();
        for (int i = 0; i < 3; i++) {
            assertEquals(expected[i], found[i], 1e-9 * Math.abs(expected[i]));
        }
        for (byte other : new byte[] {7, 8, 9}) {
            byte[] bytes = golden.clone();
            bytes[7] = other;
            assertThrows(IllegalArgumentException.class, () -> Detector.fromBytes(bytes));
        }
    }

    @Test
    void nothingButATextHasOneRowPerSample() throws Exception {
        byte[] bytes = golden("detector-v10.bin");
        String name = TextNgrams.FORMAT;
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(name);
        bytes[at + name.length() - 1] = '2';
        String message =
                assertThrows(IllegalArgumentException.class, () -> Detector.fromBytes(bytes))
                        .getMessage();
        assertTrue(message.contains("a text with one row per sample behind"), message);
    }

    @Test
    void sumsAreOfTheSecondVersionOnceATextIsRead() throws Exception {
        Scorer scorer = Detector.fromBytes(golden("detector-v10.bin")).scorer(kernels);
        Activations rows = model.tokens(1, 4);
        SampleSums sums = scorer.sums(false);
        assertEquals(1, sums.toBytes()[7]);
        add(scorer, rows, 0, false, sums);
        assertEquals(1, sums.toBytes()[7]);
        add(scorer, rows, 0, true, sums);
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, "sample-sums-v2.bin"), sums.toBytes());
        }
        byte[] golden = golden("sample-sums-v2.bin");
        assertEquals(2, golden[7]);
        SampleSums read = scorer.sums(golden);
        assertArrayEquals(golden, read.toBytes());
        assertEquals(
                scorer.scored(List.of(sums)).statistic()[0],
                scorer.scored(List.of(read)).statistic()[0],
                1e-9);
        // Another text comes too late.
        add(scorer, model.foreignTokens(1, 3), 0, true, read);
        add(scorer, model.foreignTokens(1, 3), 0, false, sums);
        assertEquals(
                scorer.scored(List.of(sums)).scorePValues(0).get(WORDS),
                scorer.scored(List.of(read)).scorePValues(0).get(WORDS),
                1e-9);
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = TextOfTokensTest.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }
}
