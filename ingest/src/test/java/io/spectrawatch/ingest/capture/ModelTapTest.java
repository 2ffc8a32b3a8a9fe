package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.spectral.cases.Cases;
import io.spectrawatch.spectral.fuzz.NpyBytes;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import io.spectrawatch.spectral.onnx.OnnxFile;
import io.spectrawatch.spectral.onnx.OnnxGraphBuilder;
import io.spectrawatch.spectral.onnx.OnnxType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Odd models in capture. */
class ModelTapTest {

    @TempDir private Path folder;

    private ModelTap tap(String model, String... layers) throws Exception {
        List<TappedOutput> taps =
                List.of(layers).stream().map(l -> new TappedOutput(l, LayerRole.HIDDEN)).toList();
        return ModelTap.open(OnnxFile.read(Cases.copy(folder, model)), taps, 1);
    }

    private NpyArray array(String name) throws Exception {
        return NpyFile.read(Cases.copy(folder, name));
    }

    private LayerRows rows(ModelTap tap, NpyArray array, RowSelection.FeatureMaps maps) {
        int samples = array.rows();
        return new RowSelector(RowSelection.defaults().withFeatureMaps(maps))
                .select(tap.run(Map.of("x", array)).get(0), samples, null);
    }

    @Test
    void mapsOfAnyRankArePooledToTheirChannels() throws Exception {
        try (ModelTap three = tap("rank5/conv3d.onnx", "f0");
                ModelTap one = tap("rank5/conv1d.onnx", "f0")) {
            NpyArray volumes = array("rank5/x3d.npy");
            NpyArray series = array("rank5/x1d.npy");
            LayerRows pooled = rows(three, volumes, RowSelection.FeatureMaps.POOL);
            assertEquals(5, pooled.columns());
            assertEquals(volumes.shape()[0], pooled.rows());
            LayerRows whole = rows(three, volumes, RowSelection.FeatureMaps.FLATTEN);
            assertEquals(5 * 2 * 4 * 4, whole.columns());
            double sum = 0;
            for (int i = 0; i < 32; i++) {
                sum += whole.values()[i];
            }
            assertEquals(sum / 32, pooled.values()[0], 1e-6);
            assertEquals(5, rows(one, series, RowSelection.FeatureMaps.POOL).columns());
            assertEquals(5 * 38, rows(one, series, RowSelection.FeatureMaps.FLATTEN).columns());
        }
    }

    @Test
    void aFixedBatchIsFedPieceByPiece() throws Exception {
        NpyArray rows = array("attacked.npy");
        try (ModelTap fixed = tap("messages/fix1.onnx", "r0", "logits");
                ModelTap open = tap("m.onnx", "r0", "logits")) {
            List<TensorData> one = fixed.run(Map.of("x", rows));
            List<TensorData> all = open.run(Map.of("x", rows));
            for (int t = 0; t < 2; t++) {
                assertArrayEquals(all.get(t).shape(), one.get(t).shape());
                assertArrayEquals(all.get(t).values().array(), one.get(t).values().array(), 1e-5f);
            }
        }
    }

    @Test
    void aBatchThatIsNotFullIsFilledUpAndCutAgain() {
        byte[] model =
                new OnnxGraphBuilder("four")
                        .input("x", OnnxType.DOUBLE, 4, 2)
                        .node("Neg", List.of("x"), "y")
                        .output("y", OnnxType.DOUBLE, 4, 2)
                        .toBytes();
        try (ModelTap tap =
                ModelTap.open(model, List.of(new TappedOutput("y", LayerRole.HIDDEN)), 1)) {
            float[] values = new float[12];
            float[] negated = new float[12];
            for (int i = 0; i < 12; i++) {
                values[i] = i + 0.5f;
                negated[i] = -values[i];
            }
            TensorData y = tap.run(Map.of("x", new NpyArray(new int[] {6, 2}, values))).get(0);
            assertArrayEquals(new long[] {6, 2}, y.shape());
            assertArrayEquals(negated, y.values().array());
        }
    }

    private static ModelTap product(long left, long right) {
        byte[] model =
                new OnnxGraphBuilder("product")
                        .input("x", OnnxType.FLOAT, left, 2)
                        .input("s", OnnxType.FLOAT, right, 2)
                        .node("Mul", List.of("x", "s"), "y")
                        .output("y", OnnxType.FLOAT, -1, 2)
                        .toBytes();
        return ModelTap.open(model, List.of(new TappedOutput("y", LayerRole.HIDDEN)), 1);
    }

    @Test
    void everyInputIsFilledUpToTheFixedBatchOfOne() {
        float[] x = new float[12];
        float[] s = new float[12];
        float[] expected = new float[12];
        for (int i = 0; i < 12; i++) {
            x[i] = i + 0.5f;
            s[i] = 3 - i;
            expected[i] = x[i] * s[i];
        }
        int[] shape = {6, 2};
        try (ModelTap tap = product(4, -1)) {
            Map<String, NpyArray> arrays =
                    Map.of("x", new NpyArray(shape, x), "s", new NpyArray(shape, s));
            assertArrayEquals(expected, tap.run(arrays).get(0).values().array());
        }
    }

    @Test
    void inputsOfDifferentFixedBatchesAreRefused() {
        String message =
                assertThrows(CaptureException.class, () -> product(4, 1).close()).getMessage();
        assertTrue(message.contains("found first sizes {x=4, s=1}"), message);
    }

    @Test
    void wholeNumbersAreFedAsSuchOrRefused() {
        byte[] model =
                new OnnxGraphBuilder("tokens")
                        .input("x", OnnxType.INT64, -1, 2)
                        .constant("table", new float[] {10, 20, 30}, 3)
                        .node("Gather", List.of("table", "x"), "y")
                        .output("y", OnnxType.FLOAT, -1, 2)
                        .toBytes();
        try (ModelTap tap =
                ModelTap.open(model, List.of(new TappedOutput("y", LayerRole.HIDDEN)), 1)) {
            NpyArray tokens = new NpyArray(new int[] {2, 2}, new float[] {0, 2, 1, 1});
            assertArrayEquals(
                    new float[] {10, 30, 20, 20},
                    tap.run(Map.of("x", tokens)).get(0).values().array());
            NpyArray halves = new NpyArray(new int[] {1, 2}, new float[] {0, 0.5f});
            String message =
                    assertThrows(CaptureException.class, () -> tap.run(Map.of("x", halves)))
                            .getMessage();
            assertTrue(message.contains("whole numbers") && message.contains("0.5"), message);
        }
    }

    @Test
    void arraysOfEveryTypeAreFedAsTheNumbersTheyHold() throws Exception {
        byte[] model =
                new OnnxGraphBuilder("negated")
                        .input("x", OnnxType.FLOAT, -1, 1)
                        .node("Neg", List.of("x"), "y")
                        .output("y", OnnxType.FLOAT, -1, 1)
                        .toBytes();
        Map<String, byte[]> files =
                Map.of(
                        "i1.npy", npy("|i1", "03fe"),
                        "f2.npy", npy("<f2", "004200c0"),
                        "f8.npy", npy("<f8", "000000000000084000000000000000c0"),
                        "i8.npz", zip(npy("<i8", "0300000000000000feffffffffffffff")));
        try (ModelTap tap =
                ModelTap.open(model, List.of(new TappedOutput("y", LayerRole.HIDDEN)), 1)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = Files.write(folder.resolve(file.getKey()), file.getValue());
                assertArrayEquals(
                        new float[] {-3, 2},
                        tap.run(Map.of("x", NpyFile.read(path))).get(0).values().array(),
                        file.getKey());
            }
        }
    }

    @Test
    void anInputIsOneRowPerSampleWhateverItsRank() throws Exception {
        for (String[] model :
                new String[][] {
                    {"rank5/conv3d.onnx", "rank5/x3d.npy"}, {"rank5/conv1d.onnx", "rank5/x1d.npy"}
                }) {
            NpyArray array = array(model[1]);
            try (ModelTap both = tap(model[0], "x", "f0");
                    ModelTap bare = tap(model[0], "x");
                    ModelTap layer = tap(model[0], "f0")) {
                assertEquals(LayerRole.INPUT, both.taps().get(0).role());
                assertEquals(LayerRole.HIDDEN, both.taps().get(1).role());
                for (RowSelection.FeatureMaps maps : RowSelection.FeatureMaps.values()) {
                    LayerRows rows = rows(both, array, maps);
                    assertEquals(array.values().length / array.rows(), rows.columns());
                    assertArrayEquals(array.values(), rows.values());
                    assertTrue(rows.isOnePerSample(0, array.rows()));
                    assertArrayEquals(array.values(), rows(bare, array, maps).values());
                }
                assertArrayEquals(
                        layer.run(Map.of("x", array)).get(0).values().array(),
                        both.run(Map.of("x", array)).get(1).values().array());
            }
        }
    }

    @Test
    void aSingleNumberAndHalfPrecisionAreInputs() {
        byte[] model =
                new OnnxGraphBuilder("halves")
                        .input("x", OnnxType.FLOAT16, 2)
                        .node("Neg", List.of("x"), "y")
                        .output("y", OnnxType.FLOAT16, 2)
                        .toBytes();
        try (ModelTap tap =
                ModelTap.open(model, List.of(new TappedOutput("x", LayerRole.HIDDEN)), 1)) {
            NpyArray rows = new NpyArray(new int[] {3}, new float[] {1, 2.0001f, -3});
            TensorData x = tap.run(Map.of("x", rows)).get(0);
            assertArrayEquals(new long[] {3, 1}, x.shape());
            assertArrayEquals(new float[] {1, 2, -3}, x.values().array());
        }
    }

    @Test
    void idsOfTokensAreNoRows() {
        byte[] model =
                new OnnxGraphBuilder("tokens")
                        .input("input_ids", OnnxType.INT64, -1, 2)
                        .constant("table", new float[] {10, 20, 30}, 3)
                        .node("Gather", List.of("table", "input_ids"), "y")
                        .output("y", OnnxType.FLOAT, -1, 2)
                        .toBytes();
        List<TappedOutput> taps = List.of(new TappedOutput("input_ids", LayerRole.INPUT));
        String message =
                assertThrows(CaptureException.class, () -> ModelTap.open(model, taps, 1))
                        .getMessage();
        assertTrue(message.contains("'input_ids': an input that is tapped must hold"), message);
        assertTrue(message.contains("found INT64"), message);
        assertTrue(message.contains("tap the layer that embeds them"), message);
    }

    private static byte[] npy(String type, String hex) {
        return NpyBytes.array(type, "2, 1", HexFormat.of().parseHex(hex));
    }

    private static byte[] zip(byte[] array) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(array);
        }
        return bytes.toByteArray();
    }

    @Test
    void channelsLastIsRefused() throws Exception {
        NpyArray images = array("nhwc/cat.npy");
        int n = images.rows();
        NpyArray last = new NpyArray(new int[] {n, 8, 8, 3}, images.values());
        OnnxFile model = OnnxFile.read(Cases.copy(folder, "nhwc/conv.onnx"));
        String input = model.model().tensors().get(0).name();
        String layer = model.model().tensors().get(1).name();
        try (ModelTap tap =
                ModelTap.open(model, List.of(new TappedOutput(layer, LayerRole.HIDDEN)), 1)) {
            String message =
                    assertThrows(CaptureException.class, () -> tap.run(Map.of(input, last)))
                            .getMessage();
            assertTrue(message.contains("np.moveaxis"), message);
        }
    }

    @Test
    void otherWeightsBesideTheModelAreAnotherDigest() throws Exception {
        Cases.copy(folder, "external-data/A/model.onnx_data");
        Cases.copy(folder, "external-data/B/model.onnx_data");
        NpyArray rows = array("attacked.npy");
        try (ModelTap a = tap("external-data/A/model.onnx", "r1");
                ModelTap b = tap("external-data/B/model.onnx", "r1");
                ModelTap inside = tap("m.onnx", "r1")) {
            assertNotEquals(a.digest(), b.digest());
            float[] expected = inside.run(Map.of("x", rows)).get(0).values().array();
            assertArrayEquals(expected, a.run(Map.of("x", rows)).get(0).values().array());
            assertTrue(expected[0] != b.run(Map.of("x", rows)).get(0).values().array()[0]);
        }
    }
}
