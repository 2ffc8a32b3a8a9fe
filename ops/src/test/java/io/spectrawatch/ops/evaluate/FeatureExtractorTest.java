package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import io.spectrawatch.spectral.onnx.OnnxFile;
import io.spectrawatch.spectral.onnx.OnnxGraphBuilder;
import io.spectrawatch.spectral.onnx.OnnxModel;
import io.spectrawatch.spectral.onnx.OnnxType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureExtractorTest {
    @TempDir private Path folder;

    private static final float[] WEIGHTS = {1, 0, 0, 1, 1, 1};

    private static byte[] model() {
        return new OnnxGraphBuilder("small")
                .input("x", OnnxType.FLOAT, -1, 3)
                .constant("w", WEIGHTS, 3, 2)
                .node("Relu", List.of("x"), "first")
                .node("MatMul", List.of("first", "w"), "middle")
                .node("Tanh", List.of("middle"), "second")
                .node("MatMul", List.of("second", "v"), "y")
                .constant("v", new float[] {1, 0, 0, 2}, 2, 2)
                .output("y", OnnxType.FLOAT, -1, 2)
                .toBytes();
    }

    @Test
    void innerTensorsComeOutRowByRow() throws Exception {
        try (FeatureExtractor extractor =
                FeatureExtractor.open(model(), List.of("first", "second"), "y", false)) {
            float[] input = new float[3 * 130];
            for (int i = 0; i < input.length; i++) {
                input[i] = i % 7 - 3;
            }
            Activations rows = extractor.run(new NpyArray(new int[] {130, 3}, input), "rows");
            assertEquals(130, rows.rows());
            assertEquals(
                    List.of(
                            new Tap("first", TapRole.HIDDEN, 3),
                            new Tap("second", TapRole.EMBEDDING, 2),
                            new Tap("y", TapRole.LOGITS, 2)),
                    rows.taps());
            for (int i = 0; i < 130; i++) {
                float a = Math.max(0, input[3 * i]);
                float b = Math.max(0, input[3 * i + 1]);
                float c = Math.max(0, input[3 * i + 2]);
                assertEquals(a, rows.values(0)[3 * i]);
                assertEquals(Math.tanh(a + c), rows.values(1)[2 * i], 1e-6);
                assertEquals(2 * Math.tanh(b + c), rows.values(2)[2 * i + 1], 1e-6);
            }
        }
    }

    @Test
    void featureMapsArePooledOnRequest() throws Exception {
        byte[] maps =
                new OnnxGraphBuilder("maps")
                        .input("x", OnnxType.FLOAT, -1, 2, 2)
                        .node("Relu", List.of("x"), "m")
                        .output("m", OnnxType.FLOAT, -1, 2, 2)
                        .toBytes();
        NpyArray rows = new NpyArray(new int[] {1, 4}, new float[] {1, 2, 3, 5});
        try (FeatureExtractor flat = FeatureExtractor.open(maps, List.of("m"), null, false);
                FeatureExtractor pooled = FeatureExtractor.open(maps, List.of("m"), null, true)) {
            assertArrayEquals(new float[] {1, 2, 3, 5}, flat.run(rows, "rows").values(0));
            assertArrayEquals(new float[] {1.5f, 4}, pooled.run(rows, "rows").values(0));
        }
    }

    @Test
    void theInputIsATapLikeAnyOther() throws Exception {
        NpyArray rows = new NpyArray(new int[] {2, 3}, new float[] {1, -2, 3, 4, 5, -6});
        try (FeatureExtractor extractor =
                        FeatureExtractor.open(model(), List.of("x", "first"), "y", true);
                FeatureExtractor alone = FeatureExtractor.open(model(), List.of("x"), "y", false)) {
            Activations both = extractor.run(rows, "rows");
            assertEquals(
                    List.of(
                            new Tap("x", TapRole.INPUT, 3),
                            new Tap("first", TapRole.EMBEDDING, 3),
                            new Tap("y", TapRole.LOGITS, 2)),
                    both.taps());
            assertArrayEquals(rows.values(), both.values(0));
            assertArrayEquals(new float[] {1, 0, 3, 4, 5, 0}, both.values(1));
            assertEquals(2, alone.run(rows, "rows").taps().size());
        }
    }

    @Test
    void theDigitsThatTheExampleReadsAreATap() throws Exception {
        Path example = Path.of("examples", "mnist");
        OnnxFile model = OnnxFile.read(example.resolve("mnist.onnx"));
        NpyArray digits = NpyFile.read(example.resolve("cw-l2.npz"));
        try (FeatureExtractor extractor =
                FeatureExtractor.open(model, List.of("pixels", "block0"), "logits", true)) {
            Activations rows = extractor.run(digits, "digits");
            assertEquals(new Tap("pixels", TapRole.INPUT, 784), rows.taps().get(0));
            assertEquals(new Tap("block0", TapRole.EMBEDDING, 16), rows.taps().get(1));
            assertArrayEquals(digits.values(), rows.values(0));
        }
    }

    @Test
    void idsOfTokensAreNoTap() {
        byte[] tokens =
                new OnnxGraphBuilder("tokens")
                        .input("ids", OnnxType.INT64, -1, 2)
                        .constant("table", new float[] {10, 20, 30}, 3)
                        .node("Gather", List.of("table", "ids"), "y")
                        .output("y", OnnxType.FLOAT, -1, 2)
                        .toBytes();
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> FeatureExtractor.open(tokens, List.of("ids"), "y", false))
                        .getMessage();
        assertTrue(message.contains("found INT64, which names tokens"), message);
    }

    @Test
    void rowsThatDoNotFitAreNamed() throws Exception {
        try (FeatureExtractor extractor =
                FeatureExtractor.open(model(), List.of("first"), null, false)) {
            NpyArray wide = new NpyArray(new int[] {2, 4}, new float[8]);
            String message =
                    assertThrows(IllegalArgumentException.class, () -> extractor.run(wide, "wide"))
                            .getMessage();
            assertEquals(
                    "wide: rows for the model's input 'x' [-1, 3] expected, found shape [2, 4]",
                    message);
            NpyArray none = new NpyArray(new int[] {0, 3}, new float[0]);
            assertThrows(IllegalArgumentException.class, () -> extractor.run(none, "none"));
        }
    }

    @Test
    void tapsAreChosenWhereNoneAreNamed() {
        OnnxModel model = OnnxModel.parse(model());
        assertEquals("y", DefaultTaps.logits(model));
        assertEquals(List.of("first", "second"), DefaultTaps.layers(model, "y"));
        OnnxModel open = model.withOutputs(List.of("middle"));
        String message =
                assertThrows(IllegalArgumentException.class, () -> DefaultTaps.logits(open))
                        .getMessage();
        assertTrue(message.contains("[middle, y]"), message);
        assertEquals(List.of("middle"), DefaultTaps.layers(open, "y"));
    }

    /** A classifier that returns its answer, a loss and probabilities next to the logits. */
    private static OnnxGraphBuilder classifier(String operator) {
        return new OnnxGraphBuilder("classifier")
                .input("x", OnnxType.FLOAT, -1, 3)
                .node("Relu", List.of("x"), "r0")
                .node("Neg", List.of("r0"), "z")
                .node(operator, List.of("z"), "p")
                .cast("p", OnnxType.DOUBLE, "probabilities")
                .node("Size", List.of("z"), "count")
                .cast("count", OnnxType.FLOAT, "loss")
                .cast("z", OnnxType.INT64, "answer");
    }

    @Test
    void answersAndLossesAreNeitherLogitsNorLayers() {
        OnnxModel model =
                OnnxModel.parse(
                        classifier("Softmax")
                                .output("answer", OnnxType.INT64, -1, 3)
                                .output("loss", OnnxType.FLOAT)
                                .output("z", OnnxType.FLOAT, -1, 3)
                                .toBytes());
        assertEquals(List.of("r0"), DefaultTaps.layers(model, "z"));
        OnnxModel answers =
                OnnxModel.parse(
                        classifier("Softmax").output("answer", OnnxType.INT64, -1, 3).toBytes());
        String message =
                assertThrows(IllegalArgumentException.class, () -> DefaultTaps.logits(answers))
                        .getMessage();
        assertTrue(message.contains("floating point expected, found [answer]"), message);
    }

    @Test
    void probabilitiesAreTracedToTheirLogits() {
        for (String operator : List.of("Softmax", "LogSoftmax", "Sigmoid")) {
            OnnxModel model =
                    OnnxModel.parse(
                            classifier(operator)
                                    .output("answer", OnnxType.INT64, -1, 3)
                                    .output("probabilities", OnnxType.DOUBLE, -1, 3)
                                    .toBytes());
            assertEquals("z", DefaultTaps.logits(model));
            assertEquals(List.of("r0"), DefaultTaps.layers(model, "z"));
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> DefaultTaps.named(model, "probabilities"))
                            .getMessage();
            assertTrue(message.contains("the logits 'z'; name those"), message);
            assertEquals("z", DefaultTaps.named(model, "z"));
        }
    }

    @Test
    void layersThatNobodyNamedAreLeftOutByNameWhereTheyGiveNoRows() throws Exception {
        byte[] model =
                new OnnxGraphBuilder("odd")
                        .input("x", OnnxType.FLOAT, -1, 3)
                        .node("Relu", List.of("x"), "fine")
                        .node("Sqrt", List.of("x"), "root")
                        .node("Tanh", List.of("root"), "broken")
                        .transpose("x", "turned")
                        .node("Tanh", List.of("turned"), "columns")
                        .output("fine", OnnxType.FLOAT, -1, 3)
                        .output("broken", OnnxType.FLOAT, -1, 3)
                        .output("columns", OnnxType.FLOAT, 3, -1)
                        .toBytes();
        OnnxFile file = OnnxFile.read(Files.write(folder.resolve("odd.onnx"), model));
        Map<String, String> without = new TreeMap<>();

        List<String> usable =
                UsableLayers.of(
                        file,
                        List.of("fine", "broken", "columns"),
                        false,
                        new NpyArray(new int[] {2, 3}, new float[] {1, -1, 2, 3, -4, 5}),
                        without);

        assertEquals(List.of("fine"), usable);
        assertEquals(Set.of("layer broken", "layer columns"), without.keySet());
        assertTrue(without.get("layer broken").contains("finite values required, found NaN"));
        assertTrue(without.get("layer columns").contains("one row per input (2) expected"));
    }
}
