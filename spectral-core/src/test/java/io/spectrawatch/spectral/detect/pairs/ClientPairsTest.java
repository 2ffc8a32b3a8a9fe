package io.spectrawatch.spectral.detect.pairs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.Property;
import io.spectrawatch.spectral.detect.BetaBinomial;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.SyntheticModel;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Pairs of near requests. {@code -Dspectrawatch.golden=DIR} writes the file of this version to a
 * folder.
 */
class ClientPairsTest {
    private static final DetectorOptions OPTIONS = new DetectorOptions(16, 50, 2000, 7);
    private static final double LEVEL = 0.05;

    /** Probability that a right implementation fails a rate. */
    private static final double RISK = 1e-6;

    private static final String GOLDEN = "client-pairs-v2.bin";

    private final Kernels kernels = KernelProviders.open(KernelChoice.HOST);
    private final SyntheticModel model = new SyntheticModel(21);
    private final Detector detector = Detector.fit(model.clean(2400, 1), OPTIONS, null, kernels);

    @AfterEach
    void close() {
        kernels.close();
    }

    /** Sends samples of one client and returns what each makes with those before it. */
    private List<NearPair> send(ClientPairs pairs, String client, Activations rows) {
        return send(detector, pairs, client, rows);
    }

    private List<NearPair> send(Detector by, ClientPairs pairs, String client, Activations rows) {
        Scored scored = by.scorer(kernels).measure(rows, pairs);
        List<NearPair> found = new ArrayList<>();
        for (int i = 0; i < rows.samples(); i++) {
            found.add(pairs.observe(i, client, client + "-" + i, i, scored.predicted()[i]));
        }
        pairs.clear();
        return found;
    }

    @Test
    void cleanPairsAreSteepAtTheNominalRate() {
        Property.forAll(
                ClientPairsTest.class,
                2,
                random -> {
                    SyntheticModel drawn = new SyntheticModel(random.nextLong());
                    Detector own =
                            Detector.fit(
                                    drawn.clean(4000, random.nextLong()), OPTIONS, null, kernels);
                    ClientPairs pairs = own.clientPairs(1, 2000);
                    send(own, pairs, "all", drawn.clean(2000, random.nextLong()));
                    List<NearPair> found =
                            send(own, pairs, "all", drawn.clean(1500, random.nextLong()));
                    found.removeIf(pair -> pair == null);
                    // All but about the tenth that is far from everything.
                    assertTrue(found.size() > 1200, "pairs: " + found.size());
                    int steep = 0;
                    for (NearPair pair : found) {
                        steep += pair.liftP() <= LEVEL ? 1 : 0;
                        assertTrue(pair.liftP() >= pair.resolution(), pair.toString());
                    }
                    int calibration = (int) Math.round(1 / found.get(0).resolution()) - 1;
                    int most = BetaBinomial.upper(found.size(), calibration, LEVEL, RISK);
                    assertTrue(steep <= most, steep + " of " + found.size() + ", at most " + most);
                });
    }

    /** Rows that lie a little beside others; answers are shifted by so many classes. */
    private static Activations moved(Activations rows, int shift, long seed) {
        return moved(rows, shift, seed, 0.2);
    }

    private static Activations moved(Activations rows, int shift, long seed, double by) {
        Random random = new Random(seed);
        float[][] values = SyntheticModel.values(rows);
        float[][] moved = new float[values.length][];
        for (int t = 0; t < values.length; t++) {
            moved[t] = values[t].clone();
            for (int i = 0; i < moved[t].length && t < 2; i++) {
                moved[t][i] += (float) (by * random.nextGaussian());
            }
        }
        int classes = SyntheticModel.CLASSES;
        for (int i = 0; i < moved[2].length; i++) {
            int from = i / classes * classes + (i + shift) % classes;
            moved[2][i] = values[2][from];
        }
        return Activations.of(SyntheticModel.TAPS, moved);
    }

    @Test
    void aSmallMoveToAnotherAnswerIsSteepAndOneWithinTheAnswerIsNot() {
        Activations originals = model.clean(40, 9);
        for (int i = 0; i < 40; i++) {
            ClientPairs pairs = detector.clientPairs(4, 8);
            Activations one = originals.select(new int[] {i});
            assertNull(send(pairs, "a", one).get(0));
            NearPair benign = send(pairs, "a", moved(one, 0, i)).get(0);
            assertTrue(benign.liftP() > LEVEL, benign.toString());
            pairs = detector.clientPairs(4, 8);
            send(pairs, "a", one);
            NearPair steep = send(pairs, "a", moved(one, 1, i)).get(0);
            assertTrue(steep.liftP() <= 0.01, steep.toString());
            assertEquals("a-0", steep.earlier());
            assertEquals(detector.score(one, kernels).predicted()[0], steep.answer());
        }
    }

    @Test
    void repeatsUnrelatedInputsAndOtherClientsMakeNoPair() {
        ClientPairs pairs = detector.clientPairs(4, 8);
        Activations one = model.clean(1, 9);
        assertNull(send(pairs, "a", one).get(0), "the first");
        assertNull(send(pairs, "a", one).get(0), "a repeat");
        assertNull(send(pairs, "a", model.foreign(1, 9)).get(0), "far away");
        assertNull(send(pairs, "b", moved(one, 1, 3)).get(0), "of another client");
    }

    @Test
    void aRetryRoundedDifferentlyIsARepeat() {
        Property.forAll(
                ClientPairsTest.class,
                5,
                random -> {
                    Activations rows = model.clean(50, random.nextLong());
                    float[][] rounded = SyntheticModel.values(rows).clone();
                    for (int t = 0; t < rounded.length; t++) {
                        rounded[t] = rounded[t].clone();
                        for (int i = 0; i < rounded[t].length; i++) {
                            int bits = Float.floatToRawIntBits(rounded[t][i]);
                            int up = random.nextBoolean() ? 0xFFFF : 0;
                            // bfloat16 is the upper half of a float.
                            rounded[t][i] = Float.intBitsToFloat(bits + up & 0xFFFF0000);
                        }
                    }
                    ClientPairs pairs = detector.clientPairs(1, 1);
                    Activations again = Activations.of(SyntheticModel.TAPS, rounded);
                    for (int i = 0; i < rows.samples(); i++) {
                        send(pairs, "a", rows.select(new int[] {i}));
                        assertNull(send(pairs, "a", again.select(new int[] {i})).get(0));
                    }
                });
    }

    /** Half of the reference repeats the other half but for rounding: polling, say. */
    @Test
    void aReferenceOfNearRepeatsIsReadAgainAndStillFindsSteepPairs() {
        Activations half = model.clean(1200, 3);
        float[][] values = SyntheticModel.values(half);
        float[][] both = new float[values.length][];
        for (int t = 0; t < values.length; t++) {
            both[t] = Arrays.copyOf(values[t], 2 * values[t].length);
            for (int i = 0; i < values[t].length; i++) {
                both[t][values[t].length + i] = Math.nextUp(values[t][i]);
            }
        }
        Activations reference = Activations.of(SyntheticModel.TAPS, both);
        Detector polled =
                Detector.fromBytes(Detector.fit(reference, OPTIONS, null, kernels).toBytes());
        Activations one = model.clean(1, 9);
        ClientPairs pairs = polled.clientPairs(1, 4);
        send(polled, pairs, "a", one);
        NearPair pair = send(polled, pairs, "a", moved(one, 1, 3)).get(0);
        assertTrue(pair.liftP() <= 0.01, pair.toString());
        assertTrue(pair.resolution() <= 0.005, pair.toString());
    }

    @Test
    void aPairNearerThanAllOfCalibrationSaysSo() {
        ClientPairs pairs = detector.clientPairs(1, 1);
        Activations one = model.clean(1, 9);
        send(pairs, "a", one);
        assertTrue(send(pairs, "a", moved(one, 0, 3, 0.08)).get(0).extrapolated());
        ClientPairs all = detector.clientPairs(1, 2000);
        send(all, "a", model.clean(2000, 8));
        long calibrated =
                send(all, "a", model.clean(100, 7)).stream()
                        .filter(pair -> pair != null && !pair.extrapolated())
                        .count();
        assertTrue(calibrated > 80, "pairs within the calibration: " + calibrated);
    }

    @Test
    void aSmallCalibrationComparesNothing() {
        Detector small = Detector.fit(model.clean(600, 1), OPTIONS, null, kernels);
        ClientPairs pairs = small.clientPairs(1, 4);
        assertFalse(pairs.calibrated());
        Activations one = model.clean(1, 9);
        send(small, pairs, "a", one);
        assertNull(send(small, pairs, "a", moved(one, 1, 3)).get(0));
        assertTrue(detector.clientPairs(1, 4).calibrated());
    }

    @Test
    void aRequestOfSeveralRowsIsTheirMean() {
        Detector tokens = Detector.fit(model.tokens(900, 3, 1), OPTIONS, null, kernels);
        Activations three = model.tokens(1, 3, 5);
        ClientPairs pairs = tokens.clientPairs(1, 4);
        assertNull(send(tokens, pairs, "a", three).get(0));
        float[][] values = SyntheticModel.values(three);
        float[][] turned = new float[values.length][];
        for (int t = 0; t < values.length; t++) {
            int d = SyntheticModel.TAPS.get(t).dimension();
            turned[t] = values[t].clone();
            System.arraycopy(values[t], 0, turned[t], d, 2 * d);
            System.arraycopy(values[t], 2 * d, turned[t], 0, d);
        }
        Activations same = Activations.of(SyntheticModel.TAPS, turned, new int[3]);
        assertNull(send(tokens, pairs, "a", same).get(0), "another order is a repeat");
        float[][] last = new float[values.length][];
        for (int t = 0; t < values.length; t++) {
            int d = SyntheticModel.TAPS.get(t).dimension();
            last[t] = values[t].clone();
            for (int j = 0; j < d; j++) {
                last[t][2 * d + j] += 0.3f;
            }
        }
        Activations moved = Activations.of(SyntheticModel.TAPS, last, new int[3]);
        double ofThree = send(tokens, pairs, "a", moved).get(0).ratio().distance();
        ClientPairs rows = tokens.clientPairs(1, 4);
        Activations third = Activations.of(SyntheticModel.TAPS, values).select(new int[] {2});
        Activations thirdMoved = Activations.of(SyntheticModel.TAPS, last).select(new int[] {2});
        send(tokens, rows, "a", third);
        double ofOne = send(tokens, rows, "a", thirdMoved).get(0).ratio().distance();
        assertEquals(ofOne / 3, ofThree, 1e-5 * ofOne);
    }

    @Test
    void aRestoredMemoryGoesOnAsIfNothingHadBeen() {
        Property.forAll(
                ClientPairsTest.class,
                2,
                random -> {
                    Activations rows = model.clean(200, random.nextLong());
                    ClientPairs whole = detector.clientPairs(3, 5);
                    ClientPairs parts = detector.clientPairs(3, 5);
                    for (int i = 0; i < rows.samples(); i++) {
                        Activations one = rows.select(new int[] {i});
                        String client = "c" + random.nextInt(5);
                        assertEquals(send(whole, client, one), send(parts, client, one));
                        if (random.nextInt(10) == 0) {
                            byte[] bytes = parts.toBytes();
                            parts = detector.clientPairs(3, 5);
                            parts.restore(bytes);
                            assertArrayEquals(bytes, parts.toBytes());
                        }
                    }
                    assertArrayEquals(whole.toBytes(), parts.toBytes());
                });
    }

    /** Its requests begin their trails anew. */
    @Test
    void theFirstVersionReads() throws IOException {
        Detector fixed = Detector.fromBytes(golden("detector-v3.bin"));
        ClientPairs read = fixed.clientPairs(4, 2);
        read.restore(golden("client-pairs-v1.bin"));
        ClientPairs now = fixed.clientPairs(4, 2);
        now.restore(golden(GOLDEN));
        assertArrayEquals(now.toBytes(), read.toBytes());
    }

    @Test
    void theSecondVersionReads() throws IOException {
        Detector fixed = Detector.fromBytes(golden("detector-v3.bin"));
        ClientPairs made = fixed.clientPairs(4, 2);
        send(fixed, made, "mallory", model.clean(3, 77));
        send(fixed, made, "alice", model.clean(1, 78));
        String folder = System.getProperty("spectrawatch.golden");
        if (folder != null) {
            Files.write(Path.of(folder, GOLDEN), made.toBytes());
        }
        byte[] golden = golden(GOLDEN);
        ClientPairs read = fixed.clientPairs(4, 2);
        read.restore(golden);
        assertArrayEquals(golden, read.toBytes());
        Activations near = moved(model.clean(3, 77).select(new int[] {2}), 1, 1);
        assertEquals("mallory-2", send(fixed, read, "mallory", near).get(0).earlier());
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = ClientPairsTest.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void otherBytesAreRefused() {
        ClientPairs pairs = detector.clientPairs(2, 2);
        send(pairs, "a", model.clean(3, 4));
        byte[] bytes = pairs.toBytes();
        byte[] version = bytes.clone();
        version[7] = 9;
        refused("version from 1 to 2 expected, found 9", version);
        refused("magic", new byte[40]);
        refused("after the end", Arrays.copyOf(bytes, bytes.length + 1));
        refused("client pairs of 30 bytes", Arrays.copyOf(bytes, 30));
        byte[] wider = bytes.clone();
        wider[11]++;
        refused("width", wider);
    }

    private void refused(String part, byte[] bytes) {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> detector.clientPairs(2, 2).restore(bytes))
                        .getMessage();
        assertTrue(message.contains(part), message);
    }
}
