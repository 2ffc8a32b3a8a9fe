package io.spectrawatch.spectral.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.DirectMemory;
import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.detect.combine.Question;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DetectorTest {
    /** Chance that a valid detector fails a check of its false-positive rate, per check. */
    private static final double RISK = 1e-5;

    /** Columns, and as many window coordinates. */
    private static final int WIDE = 80;

    private static final DetectorOptions OPTIONS = DetectorOptions.defaults().withCoordinates(16);

    private final SyntheticModel model = new SyntheticModel(21);
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
        return Detector.fit(model.clean(2400, 1), OPTIONS, model.head(), kernels);
    }

    @Test
    void cleanSamplesAreFlaggedAtTheNominalRateOverAllClasses() {
        Property.forAll(
                DetectorTest.class,
                6,
                random -> {
                    SyntheticModel drawn = new SyntheticModel(random.nextLong());
                    Activations reference = drawn.clean(2400, random.nextLong());
                    Detector detector = Detector.fit(reference, OPTIONS, null, kernels);
                    double[] p = detector.score(drawn.clean(3000, random.nextLong()), kernels).p();
                    int calibration = (int) Math.round(1 / detector.resolution(0)) - 1;
                    assertEquals(420, calibration);
                    for (double level : new double[] {0.01, 0.05, 0.2}) {
                        long flagged = Arrays.stream(p).filter(each -> each <= level).count();
                        int least = BetaBinomial.lower(p.length, calibration, level, RISK);
                        int most = BetaBinomial.upper(p.length, calibration, level, RISK);
                        assertTrue(
                                least <= flagged && flagged <= most,
                                flagged + " at " + level + ", from " + least + " to " + most);
                    }
                });
    }

    @Test
    void foreignSamplesAreFlagged() {
        Scored scored = fitted().score(model.foreign(200, 5), kernels);
        long flagged = Arrays.stream(scored.p()).filter(p -> p <= 0.01).count();
        assertTrue(flagged > 190, flagged + " of 200");
        SampleVerdict verdict = scored.verdict(0);
        assertEquals(scored.p()[0], verdict.p());
        assertEquals(scored.statistic()[0], verdict.statistic());
    }

    @Test
    void answersFromElsewhereAreAdversarial() {
        // The early layer of one sample under the late layers of another: nothing is unusual alone.
        Activations rows = model.clean(600, 8);
        float[][] values = SyntheticModel.values(rows);
        float[] hidden = values[0].clone();
        Detector detector = fitted();
        int[] before = detector.score(rows, kernels).predicted();
        int swapped = 0;
        int[] chosen = new int[300];
        for (int i = 0; i < 300; i++) {
            int other = i + 300;
            if (before[i] != before[other]) {
                System.arraycopy(values[0], other * 24, hidden, i * 24, 24);
                chosen[swapped++] = i;
            }
        }
        Activations mixed =
                Activations.of(rows.taps(), new float[][] {hidden, values[1], values[2]});
        Scored scored = detector.score(mixed.select(Arrays.copyOf(chosen, swapped)), kernels);
        int adversarial = 0;
        for (int i = 0; i < swapped; i++) {
            boolean alert = scored.p()[i] <= 0.05;
            adversarial +=
                    alert && scored.verdict(i).kind() == SampleVerdict.Kind.ADVERSARIAL ? 1 : 0;
        }
        assertTrue(adversarial > 0.5 * swapped, adversarial + " of " + swapped);
    }

    @Test
    void bytesKeepEveryDigit() {
        Detector detector = fitted();
        Detector read = Detector.fromBytes(detector.toBytes());
        Activations rows = model.clean(300, 9);
        Map<String, double[]> before = detector.measure(rows, kernels).scores();
        Map<String, double[]> after = read.measure(rows, kernels).scores();
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, values) -> assertArrayEquals(values, after.get(name), name));
        assertArrayEquals(detector.score(rows, kernels).p(), read.score(rows, kernels).p());
        assertArrayEquals(detector.toBytes(), read.toBytes());
        assertEquals(detector.weights(), read.weights());
    }

    /** Classes have shapes of their own in the leading coordinates only. */
    @Test
    void bytesKeepWindowsWiderThanTheShapesOfTheClasses() {
        Random random = new Random(6);
        int rows = 700;
        float[] wide = new float[rows * WIDE];
        float[] logits = new float[rows * SyntheticModel.CLASSES];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < logits.length; i++) {
            logits[i] = 3 * wide[i / SyntheticModel.CLASSES * WIDE + i % SyntheticModel.CLASSES];
        }
        List<Tap> taps =
                List.of(
                        new Tap("wide", TapRole.HIDDEN, WIDE),
                        new Tap("logits", TapRole.LOGITS, SyntheticModel.CLASSES));
        Activations all = Activations.of(taps, new float[][] {wide, logits});
        Detector detector = Detector.fit(all, DetectorOptions.defaults(), null, kernels);
        Detector read = Detector.fromBytes(detector.toBytes());
        assertArrayEquals(detector.toBytes(), read.toBytes());
        assertArrayEquals(
                detector.score(all, kernels).statistic(), read.score(all, kernels).statistic());
    }

    @Test
    void whatHasNoWeightCanBeLeftOut() {
        Detector detector = fitted();
        Detector lean = detector.weighted();
        assertTrue(lean.toBytes().length < detector.toBytes().length);
        assertTrue(lean.weights().values().stream().allMatch(w -> w > 0));
        Activations rows = model.clean(300, 9);
        assertArrayEquals(
                detector.score(rows, kernels).statistic(), lean.score(rows, kernels).statistic());
        assertArrayEquals(lean.toBytes(), Detector.fromBytes(lean.toBytes()).toBytes());
    }

    @Test
    void theSameRowsGiveTheSameDetector() {
        assertArrayEquals(fitted().toBytes(), fitted().toBytes());
    }

    @Test
    void scoresAreTheSameToTheLastBitHoweverRowsAreCut() {
        Detector detector = fitted();
        Activations rows = model.clean(700, 4);
        Scorer scorer = detector.scorer(kernels);
        Map<String, double[]> whole = scorer.measure(rows).scores();
        Property.forAll(
                DetectorTest.class,
                10,
                random -> {
                    for (int from = 0; from < 700; ) {
                        int count = Math.min(700 - from, 1 + random.nextInt(300));
                        int[] part = IntStream.range(from, from + count).toArray();
                        Map<String, double[]> cut = scorer.measure(rows.select(part)).scores();
                        for (Map.Entry<String, double[]> score : cut.entrySet()) {
                            double[] expected =
                                    Arrays.copyOfRange(
                                            whole.get(score.getKey()), from, from + count);
                            assertArrayEquals(expected, score.getValue(), score.getKey());
                        }
                        from += count;
                    }
                });
    }

    @Test
    void aSampleMayHaveMoreRowsThanABlock() {
        Detector detector = Detector.fit(model.tokens(900, 4, 1), OPTIONS, null, kernels);
        Scorer scorer = detector.scorer(kernels);
        Activations rows = model.tokens(3, 2 * scorer.blockRows() + 7, 2);
        Scored scored = scorer.score(rows);
        for (int s = 0; s < 3; s++) {
            double alone = scorer.score(rows.select(new int[] {s})).statistic()[0];
            // Only the order in which the rows are added differs.
            assertEquals(alone, scored.statistic()[s], 1e-12 * alone);
        }
    }

    @Test
    void trafficDoesNotMoveTheDetector() {
        Detector detector = fitted();
        byte[] before = detector.toBytes();
        detector.score(model.foreign(5000, 3), kernels);
        assertArrayEquals(before, detector.toBytes());
    }

    @Test
    void rowsOfOneSampleAreOneSample() {
        Activations reference = model.tokens(900, 4, 1);
        Detector detector = Detector.fit(reference, OPTIONS, null, kernels);
        Scored scored = detector.score(model.tokens(150, 4, 2), kernels);
        assertEquals(150, scored.samples());
        double[] rows = new double[600];
        Activations flat =
                Activations.of(SyntheticModel.TAPS, SyntheticModel.values(model.tokens(150, 4, 2)));
        System.arraycopy(detector.score(flat, kernels).statistic(), 0, rows, 0, 600);
        for (int s = 0; s < 150; s++) {
            double mean = (rows[4 * s] + rows[4 * s + 1] + rows[4 * s + 2] + rows[4 * s + 3]) / 4;
            assertEquals(mean, scored.statistic()[s], 1e-9 * mean);
        }
    }

    @Test
    void withoutLogitsEverythingIsPooled() {
        Activations all = model.clean(1500, 1);
        Detector detector = Detector.fit(hidden(all), OPTIONS, null, kernels);
        assertEquals(1, detector.classes());
        assertTrue(detector.weights().get("joint-chain") > 0);
        Scored scored = detector.score(hidden(model.foreign(100, 6)), kernels);
        long flagged = Arrays.stream(scored.p()).filter(p -> p <= 0.01).count();
        assertTrue(flagged > 90, flagged + " of 100");
        assertArrayEquals(detector.toBytes(), Detector.fromBytes(detector.toBytes()).toBytes());
    }

    private static Activations hidden(Activations all) {
        return Activations.of(
                all.taps().subList(0, 2), new float[][] {all.values(0), all.values(1)});
    }

    @Test
    void wrongInputIsNamed() {
        refused("at least 600 samples required, found 599", () -> fit(model.clean(599, 1)));
        refused(
                "at least two required",
                () -> {
                    Activations all = model.clean(700, 1);
                    fit(Activations.of(List.of(all.taps().get(0)), new float[][] {all.values(0)}));
                });
        refused(
                "finite values required, found NaN in row 1, column 0",
                () -> {
                    List<Tap> taps = List.of(new Tap("a", TapRole.HIDDEN, 1));
                    Activations.of(taps, new float[][] {{1, Float.NaN}});
                });
        refused(
                "2 rows of 2 expected, found 3 values",
                () -> {
                    List<Tap> taps =
                            List.of(
                                    new Tap("a", TapRole.HIDDEN, 1),
                                    new Tap("b", TapRole.HIDDEN, 2));
                    Activations.of(taps, new float[][] {{1, 2}, {1, 2, 3}});
                });
        refused(
                "ascending from 0 without gaps, found 2 in row 1",
                () -> {
                    List<Tap> taps = List.of(new Tap("a", TapRole.HIDDEN, 1));
                    Activations.of(taps, new float[][] {{1, 2}}, new int[] {0, 2});
                });
        refused("required, found [Tap", () -> fitted().score(hidden(model.clean(5, 1)), kernels));
        refused("magic", () -> Detector.fromBytes(new byte[64]));
        refused(
                "a tap EMBEDDING of 5 columns",
                () ->
                        Detector.fit(
                                model.clean(700, 1),
                                OPTIONS,
                                new Head(new double[15], new double[3]),
                                kernels));
    }

    @Test
    void aHeadThatIsNotTheModelsIsRefused() {
        Activations rows = model.clean(700, 1);
        refused(
                "a tap LOGITS of 2 columns",
                () ->
                        Detector.fit(
                                rows, OPTIONS, new Head(new double[24], new double[2]), kernels));
        Head other = new SyntheticModel(22).head();
        refused(
                "of 'embedding' it makes logits that differ from 'logits'",
                () -> Detector.fit(rows, OPTIONS, other, kernels));
    }

    @Test
    void scoresOfTheHeadCanBeMeasuredBesideTheWeightedOnes() {
        Detector detector = fitted();
        Detector beside = detector.weighted(Detector.OF_THE_HEAD);
        Activations rows = model.clean(300, 9);
        Map<String, double[]> all = detector.measure(rows, kernels).scores();
        Scored measured = beside.measure(rows, kernels);
        assertTrue(measured.scores().keySet().containsAll(Detector.OF_THE_HEAD));
        measured.scores().forEach((name, values) -> assertArrayEquals(all.get(name), values, name));
        assertArrayEquals(detector.score(rows, kernels).statistic(), measured.statistic());
        assertArrayEquals(detector.score(rows, kernels).p(), measured.p());
    }

    private Detector evidenceFit() {
        DetectorOptions small =
                new DetectorOptions(4, 5, 40, 7).withEvidenceLayers(List.of("hidden"));
        return Detector.fit(model.clean(800, 1), small, model.head(), kernels);
    }

    private static byte[] golden(String name) throws Exception {
        try (InputStream in = DetectorTest.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void theThirdVersionReadsAndJudgesAsItDid() throws Exception {
        byte[] golden = golden("detector-v3.bin");
        Detector detector = Detector.fromBytes(golden);
        assertArrayEquals(golden, detector.toBytes());
        assertEquals(3, detector.weighted().toBytes()[7]);
        Scored scored = detector.score(model.clean(3, 77), kernels);
        double[] expected = {1.3297593314612284, 0.48450520306029765, 25.120762520410956};
        double[] p = {82.0 / 141, 139.0 / 141, 2.0 / 141};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], scored.statistic()[i], 1e-9 * expected[i]);
            assertEquals(p[i], scored.p()[i], 1e-12);
        }
    }

    @Test
    void theFourthVersionReads() throws Exception {
        byte[] golden = golden("detector-v4.bin");
        Detector detector = Detector.fromBytes(golden);
        assertArrayEquals(golden, detector.toBytes());
        Scored scored = detector.score(model.clean(3, 77), kernels);
        double[] expected = {1.3297593314612284, 0.48450520306029765, 25.120762520410956};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], scored.statistic()[i], 1e-9 * expected[i]);
            assertEquals(1.0 / 141, detector.resolution(i), 1e-12);
        }
    }

    @Test
    void theFifthVersionReadsAndJudgesByItsTwoChannels() throws Exception {
        byte[] golden = golden("detector-v5.bin");
        Detector detector = Detector.fromBytes(golden);
        assertArrayEquals(golden, detector.toBytes());
        assertEquals(5, golden[7]);
        Scored scored = detector.score(model.clean(3, 77), kernels);
        double[] expected = {0.45024910831936105, -0.04310934527098692, 1.537810794961944};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], scored.statistic()[i], 1e-9 * Math.abs(expected[i]));
        }
    }

    @Test
    void theSixthVersionReadsAndJudgesByItsThreeChannels() throws Exception {
        byte[] golden = golden("detector-v6.bin");
        Detector detector = Detector.fromBytes(golden);
        assertArrayEquals(golden, detector.toBytes());
        assertEquals(6, golden[7]);
        Scored scored = detector.score(model.clean(3, 77), kernels);
        double[] expected = {0.3833023186887479, -0.11005613490160011, 1.4708640053292048};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], scored.statistic()[i], 1e-9 * Math.abs(expected[i]));
        }
    }

    private Detector patchesFit() {
        return Detector.fit(
                SyntheticImages.clean(800, 1), new DetectorOptions(4, 5, 40, 7), null, kernels);
    }

    @Test
    void theEighthVersionReadsAndJudgesByPatches() throws Exception {
        byte[] golden = golden("detector-v8.bin");
        Detector detector = Detector.fromBytes(golden);
        assertArrayEquals(golden, detector.toBytes());
        assertEquals(8, golden[7]);
        assertTrue(detector.weights().get("patch-evidence/pixels") > 0);
        Scored scored = detector.score(SyntheticImages.clean(3, 77), kernels);
        double[] expected = {-0.08966297625975682, 0.01888534416037372, 0.0082922706629496};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], scored.statistic()[i], 1e-9 * Math.abs(expected[i]));
        }
    }

    @Test
    void theNinthVersionReadsAndJudgesBySurrogates() throws Exception {
        requireGolden("detector-v9-images.bin", patchesFit(), SyntheticImages.clean(3, 77));
        requireGolden("detector-v9.bin", evidenceFit(), model.clean(3, 77));
    }

    private void requireGolden(String name, Detector fitted, Activations rows) throws Exception {
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, name), fitted.weighted().toBytes());
        }
        byte[] golden = golden(name);
        Detector detector = Detector.fromBytes(golden);
        assertArrayEquals(golden, detector.toBytes());
        assertEquals(9, golden[7]);
        Scored scored = detector.score(rows, kernels);
        // Other machines sum in another order, in fp32.
        for (int i = 0; i < 3; i++) {
            assertEquals(fitted.score(rows, kernels).statistic()[i], scored.statistic()[i], 1e-3);
        }
    }

    @Test
    void surrogatesBelongToTheNinthVersion() throws Exception {
        byte[] bytes = golden("detector-v9.bin");
        bytes[7] = 7;
        refused("SurrogateEvidence in version 9 alone", () -> Detector.fromBytes(bytes));
    }

    @Test
    void imagesHaveNoNearestRowsAndOthersNoPatches() {
        Set<String> images = patchesFit().weights().keySet();
        assertTrue(images.contains("patch-kernel-evidence/pixels"));
        assertTrue(!images.contains("nearest-evidence/pixels"));
        Set<String> others = evidenceFit().weights().keySet();
        assertTrue(others.contains("nearest-evidence/hidden"));
        assertTrue(!others.contains("patch-kernel-evidence/hidden"));
    }

    @Test
    void patchesOfAnImageSpeakAgainstAnotherAnswer() {
        Detector detector = patchesFit();
        Activations clean = SyntheticImages.clean(200, 5);
        String patches = "patch-evidence/pixels";
        double[] agreed = detector.measure(clean, kernels).scores().get(patches);
        Scored otherwise = detector.measure(SyntheticImages.otherwise(clean), kernels);
        double[] against = otherwise.scores().get(patches);
        int found = 0;
        int named = 0;
        for (int i = 0; i < 200; i++) {
            found += against[i] > 0 && agreed[i] < 0 ? 1 : 0;
            named += otherwise.verdict(i).favoured() == (otherwise.predicted()[i] + 2) % 3 ? 1 : 0;
        }
        assertTrue(found > 190, found + " of 200");
        assertTrue(named > 190, named + " of 200");
    }

    @Test
    void patchesAreTheSameToTheLastBitHoweverRowsAreCut() {
        Detector detector = patchesFit();
        Activations rows = SyntheticImages.clean(150, 4);
        double[] whole = detector.score(rows, kernels).statistic();
        for (int i = 0; i < 150; i += 7) {
            double alone = detector.score(rows.select(new int[] {i}), kernels).statistic()[0];
            assertEquals(whole[i], alone);
        }
    }

    @Test
    void evidenceConfidenceAndDistanceShareTheBudget() {
        Detector detector = evidenceFit();
        Map<Question, Double> shares = new EnumMap<>(Question.class);
        for (Map.Entry<String, Double> score : detector.weights().entrySet()) {
            if (score.getValue() > 0) {
                shares.merge(detector.question(score.getKey()), score.getValue(), Double::sum);
            }
        }
        assertEquals(
                Set.of(Question.EVIDENCE, Question.CONFIDENCE, Question.DISTANCE), shares.keySet());
        assertEquals(0.6, shares.get(Question.EVIDENCE), 1e-12);
        assertEquals(0.15, shares.get(Question.CONFIDENCE), 1e-12);
        assertEquals(0.25, shares.get(Question.DISTANCE), 1e-12);
        assertTrue(detector.weights().get("nearest-evidence/hidden") > 0);
    }

    /** Clean samples that lie off the others must not take all p-values that foreign ones get. */
    @Test
    void aFewCleanOutliersDoNotHideWhatLiesFarther() {
        DetectorOptions small =
                new DetectorOptions(4, 5, 40, 7).withEvidenceLayers(List.of("hidden"));
        Activations reference = stretched(model.clean(800, 1), 30, 1.6f);
        Detector detector = Detector.fit(reference, small, null, kernels);
        Scored far = detector.score(stretched(model.clean(50, 5), 1, 20), kernels);
        for (int i = 0; i < 50; i++) {
            assertEquals(detector.resolution(far.predicted()[i]), far.p()[i], "sample " + i);
        }
    }

    /** Every n-th row is longer in the first layer. */
    private static Activations stretched(Activations rows, int n, float factor) {
        float[][] values = SyntheticModel.values(rows);
        int d = rows.taps().get(0).dimension();
        for (int i = 0; i < rows.rows(); i += n) {
            for (int j = 0; j < d; j++) {
                values[0][i * d + j] *= factor;
            }
        }
        return Activations.of(rows.taps(), values);
    }

    @Test
    void withoutAnInputNothingChanges() throws Exception {
        DetectorOptions small = new DetectorOptions(4, 5, 40, 7);
        Detector detector = Detector.fit(model.clean(800, 1), small, model.head(), kernels);
        Detector golden = Detector.fromBytes(golden("detector-v4.bin"));
        assertEquals(4, detector.toBytes()[7]);
        assertEquals(golden.weights(), detector.weights());
    }

    @Test
    void evidenceIsTheSameToTheLastBitHoweverRowsAreCut() {
        Detector detector = evidenceFit();
        Activations rows = model.clean(150, 4);
        double[] whole = detector.score(rows, kernels).statistic();
        for (int i = 0; i < 150; i += 7) {
            double alone = detector.score(rows.select(new int[] {i}), kernels).statistic()[0];
            assertEquals(whole[i], alone);
        }
    }

    @Test
    void evidenceIsTakenAtTheInputWhereItIsTapped() {
        Activations all = model.clean(1200, 1);
        List<Tap> taps =
                List.of(
                        new Tap("x", TapRole.INPUT, all.taps().get(0).dimension()),
                        all.taps().get(1),
                        all.taps().get(2));
        Activations tapped = Activations.of(taps, SyntheticModel.values(all));
        Detector detector = Detector.fit(tapped, OPTIONS, null, kernels);
        assertTrue(detector.weights().get("nearest-evidence/x") > 0);
        assertTrue(detector.weights().get("mahalanobis/embedding") > 0);
        assertEquals(0, detector.weights().get("mahalanobis/x"));
    }

    /** Some rows are so far out that fp32 does not hold them beside the others. */
    @Test
    void evidenceOfOneLayerIsLeftOutAlone() {
        Activations rows = model.clean(1200, 1);
        float[] embedding = rows.values(1);
        int width = rows.taps().get(1).dimension();
        for (int i = 0; i < embedding.length; i++) {
            embedding[i] *= i / width % 20 == 0 ? 1e6f : 1;
        }
        DetectorOptions both = OPTIONS.withEvidenceLayers(List.of("hidden", "embedding"));
        Detector detector = Detector.fit(rows, both, null, kernels);
        assertTrue(
                detector.leftOut().get("evidence/embedding").startsWith("landmarks:"),
                detector.leftOut().toString());
        Set<String> scores = detector.weights().keySet();
        assertTrue(scores.contains("kernel-evidence-wide/hidden"), scores.toString());
        assertTrue(!scores.contains("kernel-evidence-wide/embedding"), scores.toString());
    }

    /** Memory outside the heap that waits for the collector can stall a process. */
    @Test
    void scoringTakesNoMemoryOutsideTheHeapPerBlock() {
        BufferPoolMXBean direct = DirectMemory.pool();
        for (boolean images : new boolean[] {false, true}) {
            Scorer scorer = (images ? patchesFit() : evidenceFit()).weighted().scorer(kernels);
            int count = 10 * scorer.blockRows();
            Activations rows = images ? SyntheticImages.clean(count, 5) : model.clean(count, 5);
            scorer.score(rows);
            long before = direct.getCount();
            scorer.score(rows);
            long more = direct.getCount() - before;
            assertTrue(more <= 0, more + " buffers more for 10 blocks, images " + images);
        }
    }

    @Test
    void evidenceIsTakenWhereItIsWanted() {
        Detector deep =
                Detector.fit(
                        model.clean(1200, 1),
                        OPTIONS.withEvidenceLayers(List.of("embedding")),
                        null,
                        kernels);
        assertTrue(deep.weights().containsKey("kernel-evidence-wide/embedding"));
        assertTrue(!deep.weights().containsKey("kernel-evidence-wide/hidden"));
        refused(
                "layers among [embedding, hidden] or none expected, found 'nowhere'",
                () ->
                        Detector.fit(
                                model.clean(700, 1),
                                OPTIONS.withEvidenceLayers(List.of("nowhere")),
                                null,
                                kernels));
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] bytes = fitted().toBytes();
        bytes[7] = 2;
        refused("version from 3 to 10 expected, found 2", () -> Detector.fromBytes(bytes));
        byte[] longer = Arrays.copyOf(fitted().toBytes(), bytes.length + 1);
        refused("after the end", () -> Detector.fromBytes(longer));
    }

    @Test
    void whatSurrogatesReplacedIsRefusedBesideThem() throws Exception {
        byte[] bytes = golden("detector-v6.bin");
        bytes[7] = 9;
        refused("evidence of versions before 9", () -> Detector.fromBytes(bytes));
    }

    private void fit(Activations reference) {
        Detector.fit(reference, OPTIONS, null, kernels);
    }

    private static void refused(String part, Runnable action) {
        String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
