package io.spectrawatch.spectral.detect.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.SyntheticModel;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sums over the rows of a sample do not depend on how the rows come. */
class SampleSumsTest {

    private static final int SAMPLES = 40;
    private static final int TOKENS = 9;
    private static final int VOCABULARY = 300;

    private final Kernels kernels = KernelProviders.open(KernelChoice.HOST);
    private final SyntheticModel model = new SyntheticModel(21);
    private final Detector detector =
            Detector.fit(
                    tokens(700, 3, 1),
                    DetectorOptions.defaults().withCoordinates(8),
                    null,
                    kernels);

    /** With so many logits that they are a vocabulary, of which the row before is remembered. */
    private Activations tokens(int samples, int perSample, long seed) {
        Activations narrow = model.tokens(samples, perSample, seed);
        List<Tap> taps = new ArrayList<>(narrow.taps());
        int last = taps.size() - 1;
        int own = taps.get(last).dimension();
        taps.set(last, new Tap("logits", TapRole.LOGITS, VOCABULARY));
        float[][] values = SyntheticModel.values(narrow);
        float[] logits = new float[narrow.rows() * VOCABULARY];
        Random random = new Random(seed);
        for (int i = 0; i < logits.length; i++) {
            int from = i / VOCABULARY * own + i % own;
            logits[i] = (float) (values[last][from] + random.nextGaussian());
        }
        values[last] = logits;
        int[] owner = new int[narrow.rows()];
        Arrays.setAll(owner, narrow::sampleOf);
        return Activations.of(taps, values, owner);
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    /** Random cuts, rows of several samples interleaved, sums written and read between calls. */
    @Test
    void anySplitOfTheRowsOverCallsGivesTheSameBits() {
        Property.forAll(
                SampleSumsTest.class,
                6,
                random -> {
                    Activations rows = tokens(SAMPLES, TOKENS, random.nextLong());
                    Scorer scorer = detector.scorer(kernels);
                    assertTrue(scorer.readsBefore(), "token-instability is among the scores");
                    SampleSums[] sums = new SampleSums[SAMPLES];
                    int[] taken = new int[SAMPLES];
                    Arrays.setAll(sums, i -> scorer.sums(true));
                    while (Arrays.stream(taken).anyMatch(each -> each < TOKENS)) {
                        int s = random.nextInt(SAMPLES);
                        int count = Math.min(TOKENS - taken[s], 1 + random.nextInt(4));
                        if (count > 0) {
                            part(scorer, rows, s, taken[s], count, sums[s]);
                            taken[s] += count;
                            sums[s] = scorer.sums(sums[s].toBytes());
                        }
                    }
                    requireSame(scorer.measure(rows), scorer.scored(List.of(sums)));
                });
    }

    private static void part(
            Scorer scorer, Activations rows, int sample, int from, int count, SampleSums sums) {
        int first = sample * TOKENS + from;
        float[][] values = new float[rows.taps().size()][];
        for (int t = 0; t < values.length; t++) {
            int d = rows.taps().get(t).dimension();
            values[t] = Arrays.copyOfRange(rows.values(t), first * d, (first + count) * d);
        }
        Activations part =
                Activations.of(rows.taps(), values, new int[count]).after(own -> sums.before());
        long[] positions = new long[count];
        Arrays.setAll(positions, i -> from + i);
        Scorer.Places places = new Scorer.Places(positions, new byte[count]);
        scorer.add(
                part,
                new SampleSums[] {sums},
                places,
                (s, norm, row, images, at) -> sums.mapped().add(row, images, at, 2));
        int logits = rows.indexOf(TapRole.LOGITS);
        int d = rows.taps().get(logits).dimension();
        sums.keep(Arrays.copyOfRange(values[logits], (count - 1) * d, count * d));
    }

    private static void requireSame(Scored whole, Scored parts) {
        assertArrayEquals(whole.statistic(), parts.statistic());
        assertArrayEquals(whole.p(), parts.p());
        assertEquals(whole.scores().keySet(), parts.scores().keySet());
        for (String score : whole.scores().keySet()) {
            assertArrayEquals(whole.scores().get(score), parts.scores().get(score), score);
        }
        for (int i = 0; i < SAMPLES; i++) {
            assertEquals(whole.verdict(i), parts.verdict(i));
            assertEquals(whole.scorePValues(i), parts.scorePValues(i));
            assertEquals(whole.loudRows(i), parts.loudRows(i));
        }
    }

    @Test
    void theLoudestRowsAreNamedInTheirOrder() {
        SampleSums sums = new SampleSums(1, false);
        double[] terms = {1, 5, 0, 5, 2, 3, 4};
        for (int i = 0; i < terms.length; i++) {
            sums.answer(0, 0);
            sums.score(0, terms[i], terms[i]);
            sums.end(10 + i, i % 3, terms[i], 0);
        }
        List<LoudRow> loudest = sums.loudest(0);
        assertEquals(
                List.of(11L, 13L, 16L, 15L, 14L), loudest.stream().map(LoudRow::position).toList());
        assertEquals(0.25, loudest.get(0).share());
        assertEquals(1, loudest.get(0).phase());
        assertEquals(20.0 / 7, sums.term(0, false));
        // What no row says makes every row's share smaller.
        assertEquals(5 / (20 + 7.0), sums.loudest(1).get(0).share());
    }

    @Test
    void aSampleWithoutRowsGetsTheLeastSuspiciousNumbers() {
        Scorer scorer = detector.scorer(kernels);
        Scored nothing = scorer.scored(List.of(scorer.sums(false)));
        assertEquals(0, nothing.statistic()[0]);
        assertNull(nothing.verdict(0).loudest());
        assertEquals(List.of(), nothing.loudRows(0));
        assertTrue(nothing.scorePValues(0).values().stream().allMatch(p -> p == 1));
    }
}
