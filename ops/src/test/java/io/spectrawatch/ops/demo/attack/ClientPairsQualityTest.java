package io.spectrawatch.ops.demo.attack;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.evaluate.FeatureExtractor;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.detect.pairs.NearPair;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Attacked digits after the digits they were made from, clean ones after the same moved a little,
 * and clean ones after others: how often the pair is steep.
 */
class ClientPairsQualityTest {

    private static final Path EXAMPLE = Path.of("examples", "mnist");
    private static final int SIDE = 28;
    private static final double LEVEL = 0.005;

    /** Twice the share that moved digits were found at, which is below the level. */
    private static final double MOST_BENIGN = 0.01;

    /** Within .1 in every pixel, or small in Euclidean norm; larger moves lose the power. */
    private static final List<String> SMALL = List.of("fgsm-0.1", "pgd-0.1", "pgd-l2-2", "cw-l2");

    private static final double LEAST_SMALL = 0.85;

    /** Changes the pixels of one digit. */
    private interface Move {
        float at(float[] digit, int row, int column, Random random);
    }

    private record Found(int sent, List<NearPair> pairs) {
        double lifted(double level) {
            return (double) pairs.stream().filter(p -> p.liftP() <= level).count() / sent;
        }

        double gained(double level) {
            return (double) pairs.stream().filter(p -> p.gainP() <= level).count() / sent;
        }

        String line(String name) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %.3f | %.3f | %.3f | %.3f |",
                    name,
                    (double) pairs.size() / sent,
                    pairs.stream()
                            .mapToDouble(p -> p.ratio().lift())
                            .sorted()
                            .toArray()[pairs.size() / 2],
                    lifted(0.01),
                    lifted(LEVEL),
                    gained(LEVEL));
        }
    }

    @Test
    void attackedDigitsAreSteepBesideTheirOriginalsAndMovedOnesAreNot() throws Exception {
        byte[] model = Files.readAllBytes(EXAMPLE.resolve("mnist.onnx"));
        List<String> layers = List.of("block0", "block1", "embedding");
        try (FeatureExtractor extractor = FeatureExtractor.open(model, layers, "logits", false);
                Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Activations reference = extractor.run(file("reference"), "reference");
            Detector detector =
                    Detector.fit(reference, DetectorOptions.defaults(), null, kernels).weighted();
            Measure measure = new Measure(detector, kernels, extractor);
            System.out.println("| second request | near | median lift | .01 | .005 | gain .005 |");
            for (String attack :
                    List.of("fgsm-0.1", "fgsm-0.2", "fgsm-0.3", "pgd-0.1", "pgd-0.2", "pgd-0.3")) {
                measure.attacked(attack);
            }
            measure.attacked("pgd-l2-2");
            measure.attacked("cw-l2");
            for (double noise : new double[] {0.02, 0.05, 0.1, 0.2}) {
                measure.moved(
                        "noise " + noise,
                        (digit, i, j, random) ->
                                pixel(digit, i, j)
                                        + (float) (255 * noise * (2 * random.nextDouble() - 1)));
            }
            measure.moved("darker by a tenth", (digit, i, j, r) -> 0.9f * pixel(digit, i, j));
            measure.moved("darker by three tenths", (digit, i, j, r) -> 0.7f * pixel(digit, i, j));
            measure.moved("one pixel to the right", (digit, i, j, r) -> pixel(digit, i, j - 1));
            measure.moved("one pixel down", (digit, i, j, r) -> pixel(digit, i - 1, j));
            measure.moved("blurred", (digit, i, j, r) -> blurred(digit, i, j));
            measure.apart("another clean digit of the last 8", 8);
            measure.apart("another clean digit of the last 64", 64);
        }
    }

    private static float pixel(float[] digit, int row, int column) {
        boolean inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
        return inside ? digit[row * SIDE + column] : 0;
    }

    private static float blurred(float[] digit, int row, int column) {
        float sum = 0;
        for (int i = -1; i <= 1; i++) {
            for (int j = -1; j <= 1; j++) {
                sum += pixel(digit, row + i, column + j) * (2 - i * i) * (2 - j * j) / 16;
            }
        }
        return sum;
    }

    private static NpyArray file(String name) throws Exception {
        return NpyFile.read(EXAMPLE.resolve(name + ".npz"));
    }

    private static final class Measure {
        private final Detector detector;
        private final Scorer scorer;
        private final FeatureExtractor extractor;
        private final AttackDigits digits = new AttackDigits(EXAMPLE);

        Measure(Detector detector, Kernels kernels, FeatureExtractor extractor) {
            this.detector = detector;
            this.scorer = detector.scorer(kernels);
            this.extractor = extractor;
        }

        void attacked(String attack) throws Exception {
            NpyArray attacked = file(attack);
            int size = attacked.rowSize();
            float[] originals = new float[attacked.values().length];
            float[] digit = new float[size];
            for (int row = 0; row < attacked.rows(); row++) {
                System.arraycopy(attacked.values(), row * size, digit, 0, size);
                digits.original(digit, originals, row);
            }
            Found found = after(new NpyArray(attacked.shape(), originals), attacked);
            System.out.println(found.line(attack));
            if (SMALL.contains(attack)) {
                assertTrue(found.lifted(LEVEL) >= LEAST_SMALL, found.line(attack));
            }
        }

        void moved(String name, Move move) throws Exception {
            NpyArray clean = file(AttackDigits.CLEAN);
            Random random = new Random(1);
            float[] moved = new float[clean.values().length];
            float[] digit = new float[clean.rowSize()];
            for (int at = 0; at < moved.length; at += digit.length) {
                System.arraycopy(clean.values(), at, digit, 0, digit.length);
                for (int p = 0; p < digit.length; p++) {
                    float value = move.at(digit, p / SIDE, p % SIDE, random);
                    moved[at + p] = Math.round(Math.max(0, Math.min(255, value)));
                }
            }
            Found found = after(clean, new NpyArray(clean.shape(), moved));
            System.out.println(found.line(name));
            assertTrue(found.lifted(LEVEL) <= MOST_BENIGN, found.line(name));
        }

        /** Each of the second digits right after the first one in its place, by one client. */
        private Found after(NpyArray first, NpyArray second) throws Exception {
            ClientPairs pairs = detector.clientPairs(first.rows(), 1);
            send(pairs, first, 1);
            return send(pairs, second, 1);
        }

        /** All clean digits by one client. */
        void apart(String name, int requests) throws Exception {
            ClientPairs pairs = detector.clientPairs(1, requests);
            Found found = send(pairs, file(AttackDigits.CLEAN), 0);
            System.out.println(found.line(name));
            assertTrue(found.lifted(LEVEL) <= MOST_BENIGN, found.line(name));
        }

        private Found send(ClientPairs pairs, NpyArray rows, int clientsPerRow) throws Exception {
            Scored scored = scorer.measure(extractor.run(rows, "digits"), pairs);
            List<NearPair> found = new ArrayList<>();
            for (int i = 0; i < rows.rows(); i++) {
                String client = "client " + i * clientsPerRow;
                found.add(pairs.observe(i, client, "digit " + i, i, scored.predicted()[i]));
            }
            pairs.clear();
            return new Found(rows.rows(), found.stream().filter(Objects::nonNull).toList());
        }
    }
}
