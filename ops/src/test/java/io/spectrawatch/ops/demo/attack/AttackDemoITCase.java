package io.spectrawatch.ops.demo.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.calibrate.CalibrateJob;
import io.spectrawatch.ops.demo.stack.DemoOptions;
import io.spectrawatch.ops.evaluate.FeatureExtractor;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.numpy.NpyFile;
import io.spectrawatch.spectral.onnx.OnnxHead;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The attack demo from its reference to its verdict, and its scores against those of the same
 * digits without a stream.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class AttackDemoITCase {

    private static final Path EXAMPLE = Path.of("examples", "mnist");

    /** Seed of the split where none is given. */
    private static final long SEED = 1;

    private static final double TOLERANCE = 1e-6;

    /** Share of all attacked digits at the alerts' level; the recorded run found 0.78. */
    private static final double LEAST_DETECTED = 0.65;

    @TempDir private Path folder;

    @Test
    void attacksAreFoundAndScoresAreThoseOfTheSameDigitsOffline() throws Exception {
        StringWriter out = new StringWriter();
        DemoOptions options =
                new DemoOptions(1, 1, true, folder.resolve("demo"), 0, 0, null, 1, null);
        AttackDemo demo = new AttackDemo(options, EXAMPLE, new PrintWriter(out, true));
        AttackReport report = demo.run();
        System.out.println(out);

        assertTrue(report.asPromised(), out::toString);
        assertTrue(report.detectionRate() >= LEAST_DETECTED, out::toString);
        assertTrue(report.alone().keySet().containsAll(Detector.OF_THE_HEAD), out::toString);
        for (String score : report.alone().keySet()) {
            assertTrue(
                    report.alone().get(score).detectionRate() < report.detectionRate(),
                    score + " alone finds more\n" + out);
        }
        requireOffline(demo.scores(), report.referenceSamples());
    }

    private static void requireOffline(List<SampleScores> found, int references) throws Exception {
        byte[] model = Files.readAllBytes(EXAMPLE.resolve("mnist.onnx"));
        OnnxHead head = OnnxHead.read(model, "logits");
        assertEquals("embedding", head.embedding());
        List<String> layers = List.of("block0", "block1", "embedding");
        try (FeatureExtractor extractor = FeatureExtractor.open(model, layers, "logits", false);
                Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            int[] order =
                    IntStream.range(0, references)
                            .boxed()
                            .sorted(
                                    Comparator.comparingInt(
                                                    (Integer i) ->
                                                            CalibrateJob.place(
                                                                    SEED, "reference-" + i))
                                            .thenComparing(i -> "reference-" + i))
                            .mapToInt(Integer::intValue)
                            .toArray();
            Detector detector =
                    Detector.fit(
                            digits(extractor, "reference").select(order),
                            DetectorOptions.defaults().withSeed(SEED),
                            Head.of(head.weights(), head.bias()),
                            kernels);
            Map<String, Scored> files = new HashMap<>();
            int compared = 0;
            for (SampleScores each : found) {
                if (each.getSampleId().startsWith(AttackCapture.MOVED)) {
                    continue;
                }
                String id = each.getSampleId().replace(AttackCapture.ATTACKED, "");
                int dash = id.lastIndexOf('-');
                String file = id.substring(0, dash);
                if (!files.containsKey(file)) {
                    files.put(file, detector.measure(digits(extractor, file), kernels));
                }
                Scored offline = files.get(file);
                int row = Integer.parseInt(id.substring(dash + 1)) % offline.samples();
                requireEqual(each, offline, row);
                compared++;
            }
            assertEquals(6350, compared);
        }
    }

    private static Activations digits(FeatureExtractor extractor, String file) throws Exception {
        return extractor.run(NpyFile.read(EXAMPLE.resolve(file + ".npz")), file);
    }

    private static void requireEqual(SampleScores found, Scored offline, int row) {
        double statistic = offline.statistic()[row];
        assertEquals(statistic, found.getStatistic(), TOLERANCE * statistic, found::toString);
        assertEquals(offline.p()[row], found.getP(), TOLERANCE, found::toString);
        Map<String, Double> expected = offline.scorePValues(row);
        Map<String, Double> own = new TreeMap<>(found.getScores());
        own.keySet().removeAll(Set.of(ClientPairs.GAIN, ClientPairs.LIFT));
        own.forEach(
                (name, p) -> {
                    double other = expected.get(name);
                    assertEquals(other, p, TOLERANCE, name + " of " + found);
                });
    }
}
