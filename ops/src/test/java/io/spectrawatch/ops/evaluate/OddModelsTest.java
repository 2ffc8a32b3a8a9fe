package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.cases.Cases;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import io.spectrawatch.spectral.onnx.OnnxFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose scores cannot all be fitted: what cannot is named, and the rest works. */
class OddModelsTest {
    @TempDir private Path folder;

    private Activations rows(OnnxFile model, String array, List<String> layers) throws Exception {
        try (FeatureExtractor extractor =
                FeatureExtractor.open(model, layers, DefaultTaps.logits(model.model()), false)) {
            return extractor.run(NpyFile.read(Cases.copy(folder, array)), array);
        }
    }

    private EvaluationReport evaluated(String name, String... layers) throws Exception {
        OnnxFile model = OnnxFile.read(Cases.copy(folder, name));
        List<String> names =
                layers.length > 0
                        ? List.of(layers)
                        : DefaultTaps.layers(model.model(), DefaultTaps.logits(model.model()));
        Activations reference = rows(model, "reference.npy", names);
        Activations clean = rows(model, "clean.npy", names);
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Detector detector = Detector.fit(reference, DetectorOptions.defaults(), null, kernels);
            // The stream reads the same detector from bytes.
            Detector read = Detector.fromBytes(detector.toBytes());
            Activations some = clean.only(detector.taps());
            assertTrue(
                    Arrays.equals(
                            detector.score(some, kernels).p(), read.score(some, kernels).p()));
            return Evaluation.run(
                    detector,
                    reference.samples(),
                    clean,
                    Map.of("attacked", rows(model, "attacked.npy", names)),
                    ReportOptions.defaults(),
                    kernels);
        }
    }

    private static double auroc(EvaluationReport report) {
        return report.combined().get("attacked").auroc();
    }

    @Test
    void weightsBesideTheModelAreReadWhereverTheProcessRuns() throws Exception {
        Cases.copy(folder, "external-data/A/model.onnx_data");
        Cases.copy(folder, "external-data/B/model.onnx_data");
        double a = auroc(evaluated("external-data/A/model.onnx"));
        assertEquals(0.7750, a, 5e-5);
        assertEquals(auroc(evaluated("m.onnx")), a, "the same weights inside the file");
        assertEquals(0.7372, auroc(evaluated("external-data/B/model.onnx")), 5e-5);
    }

    @Test
    void twoLogitsGiveEveryScore() throws Exception {
        EvaluationReport report = evaluated("two-logits/two.onnx");
        assertEquals(Map.of(), report.leftOut());
        assertTrue(report.scores().keySet().containsAll(Set.of("msp", "vim", "gsvd-load")));
        assertTrue(auroc(report) > 0.6, report.combined().toString());
    }

    @Test
    void oneLogitHasNoSoftmax() throws Exception {
        EvaluationReport report = evaluated("two-logits/single.onnx");
        assertEquals(Set.of("msp", "gradnorm"), report.leftOut().keySet());
        assertFalse(report.scores().containsKey("msp"));
        assertTrue(report.scores().containsKey("gsvd-load"));
        assertTrue(auroc(report) > 0.6, report.combined().toString());
    }

    @Test
    void aConstantLayerIsLeftOutByNameAndTheOthersSayTheSame() throws Exception {
        EvaluationReport with = evaluated("constant-layer/dead.onnx", "dead", "r0", "r1");
        EvaluationReport without = evaluated("constant-layer/dead.onnx", "r0", "r1");
        assertEquals(
                Map.of("layer dead", "all its 48 columns are constant on the reference"),
                with.leftOut());
        assertEquals(without.combined(), with.combined());
        assertEquals(without.scores(), with.scores());
    }

    @Test
    void nothingButConstantLayersIsRefused() throws Exception {
        OnnxFile model = OnnxFile.read(Cases.copy(folder, "constant-layer/dead.onnx"));
        Activations reference = rows(model, "reference.npy", List.of("dead"));
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () ->
                                            Detector.fit(
                                                    reference,
                                                    DetectorOptions.defaults(),
                                                    null,
                                                    kernels))
                            .getMessage();
            assertTrue(message.contains("layer dead="), message);
        }
    }

    /** Rows of a layer, an embedding of d columns and logits that are linear in it. */
    private static Activations linear(double[][] head, int samples, long seed) {
        int d = head[0].length;
        int classes = head.length;
        Random random = new Random(seed);
        float[][] values = {
            new float[samples * d], new float[samples * d], new float[samples * classes]
        };
        for (int i = 0; i < samples; i++) {
            for (int j = 0; j < d; j++) {
                float value = (float) random.nextGaussian();
                values[0][i * d + j] = value;
                values[1][i * d + j] = (float) Math.tanh(value + 0.3 * random.nextGaussian());
            }
            for (int c = 0; c < classes; c++) {
                double sum = 0;
                for (int j = 0; j < d; j++) {
                    sum += head[c][j] * values[1][i * d + j];
                }
                values[2][i * classes + c] = (float) sum;
            }
        }
        return Activations.of(
                List.of(
                        new Tap("h", TapRole.HIDDEN, d),
                        new Tap("e", TapRole.EMBEDDING, d),
                        new Tap("y", TapRole.LOGITS, classes)),
                values);
    }

    private static double[][] head(int classes, int d) {
        Random random = new Random(7);
        double[][] head = new double[classes][d];
        for (double[] row : head) {
            Arrays.setAll(row, j -> (float) random.nextGaussian());
        }
        return head;
    }

    private static Head headOf(double[][] rows) {
        double[] weights = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        return new Head(weights, new double[rows.length]);
    }

    private static void fits(double[][] head, int spanned) {
        Activations reference = linear(head, 1200, 1);
        Activations clean = linear(head, 400, 2);
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            for (Head given : Arrays.asList(null, headOf(head))) {
                Detector detector =
                        Detector.fit(reference, DetectorOptions.defaults(), given, kernels);
                assertEquals(Set.of("gsvd"), detector.leftOut().keySet());
                int outputs = head.length - 1;
                assertEquals(
                        "'y': its "
                                + outputs
                                + " outputs span "
                                + spanned
                                + " directions; profiled to 'e' instead",
                        detector.leftOut().get("gsvd"));
                double[] p = detector.measure(clean, kernels).p();
                assertEquals(0.05, Arrays.stream(p).filter(v -> v <= 0.05).count() / 400.0, 0.05);
                assertTrue(detector.weights().containsKey("vim"));
                Detector read = Detector.fromBytes(detector.toBytes());
                assertTrue(Arrays.equals(p, read.measure(clean, kernels).p()));
            }
        }
    }

    @Test
    void moreClassesThanColumnsOfTheEmbedding() {
        fits(head(10, 6), 6);
    }

    @Test
    void repeatedLogits() {
        double[][] head = head(10, 12);
        head[4] = head[3].clone();
        head[7] = head[3].clone();
        fits(head, 7);
    }

    @Test
    void digestsCoverTheWeightsBesideTheModel() throws Exception {
        Cases.copy(folder, "external-data/A/model.onnx_data");
        Cases.copy(folder, "external-data/B/model.onnx_data");
        OnnxFile a = OnnxFile.read(Cases.copy(folder, "external-data/A/model.onnx"));
        OnnxFile b = OnnxFile.read(Cases.copy(folder, "external-data/B/model.onnx"));
        assertNotEquals(a.digest(), b.digest());
        OnnxFile one = OnnxFile.read(Cases.copy(folder, "m.onnx"));
        float[] within = one.head("logits").weights();
        assertTrue(Arrays.equals(within, a.head("logits").weights()), "fp32 from either place");
    }

    @Test
    void channelsLastIsRefusedAndChannelsFirstFed() throws Exception {
        OnnxFile model = OnnxFile.read(Cases.copy(folder, "nhwc/conv.onnx"));
        NpyArray images = NpyFile.read(Cases.copy(folder, "nhwc/cat.npy"));
        int n = images.rows();
        String logits = DefaultTaps.logits(model.model());
        List<String> layers = DefaultTaps.layers(model.model(), logits);
        try (FeatureExtractor extractor = FeatureExtractor.open(model, layers, logits, false)) {
            Activations rows = extractor.run(images, "images");
            assertEquals(n, rows.rows());
            NpyArray last = new NpyArray(new int[] {n, 8, 8, 3}, images.values());
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> extractor.run(last, "images"))
                            .getMessage();
            assertTrue(message.contains("np.moveaxis(x, -1, 1)"), message);
            NpyArray flat = new NpyArray(new int[] {n, 192}, images.values());
            assertTrue(Arrays.equals(rows.values(0), extractor.run(flat, "images").values(0)));
            NpyArray ones = new NpyArray(new int[] {n, 1, 3, 8, 8}, images.values());
            assertTrue(Arrays.equals(rows.values(0), extractor.run(ones, "images").values(0)));
        }
    }

    @Test
    void aFixedBatchOfOneIsFedOneByOne() throws Exception {
        Activations fixed =
                rows(
                        OnnxFile.read(Cases.copy(folder, "messages/fix1.onnx")),
                        "attacked.npy",
                        List.of("r0", "r1"));
        Activations open =
                rows(
                        OnnxFile.read(Cases.copy(folder, "m.onnx")),
                        "attacked.npy",
                        List.of("r0", "r1"));
        assertEquals(open.rows(), fixed.rows());
        for (int t = 0; t < 3; t++) {
            for (int i = 0; i < open.values(t).length; i++) {
                assertEquals(open.values(t)[i], fixed.values(t)[i], 1e-5f);
            }
        }
    }
}
