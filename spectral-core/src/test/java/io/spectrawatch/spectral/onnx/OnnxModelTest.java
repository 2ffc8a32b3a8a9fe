package io.spectrawatch.spectral.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OnnxModelTest {
    /** x (n x 2) times a constant, then doubled; "hidden" stays inside. */
    private static OnnxGraphBuilder graph() {
        return new OnnxGraphBuilder("g")
                .input("x", OnnxType.FLOAT, -1, 2)
                .constant("w", new float[] {1, 2, 3, 4}, 2, 2)
                .node("MatMul", List.of("x", "w"), "hidden")
                .node("Add", List.of("hidden", "hidden"), "y")
                .output("y", OnnxType.FLOAT, -1, 2);
    }

    @Test
    void writesTheSameBytesAsEver() {
        byte[] bytes =
                new OnnxGraphBuilder("t")
                        .input("x", OnnxType.BFLOAT16, -1, 3)
                        .cast("x", OnnxType.DOUBLE, "c")
                        .transpose("c", "y")
                        .output("y", OnnxType.DOUBLE, 3, -1)
                        .toBytes();
        assertEquals(GOLDEN, HexFormat.of().formatHex(bytes));
    }

    private static final String GOLDEN =
            "0808120c7370656374726177617463683a6e0a170a01781201632204436173742a090a02746f180b"
                    + "a001020a200a016312017922095472616e73706f73652a0d0a047065726d40014000a00107120174"
                    + "5a160a017812110a0f0810120b0a051203785f300a02080362160a017912110a0f080b120b0a0208"
                    + "030a051203795f3142040a001011";

    @Test
    void listsTensors() {
        OnnxModel model = OnnxModel.parse(graph().toBytes());
        assertEquals(
                List.of(
                        new TensorInfo(
                                "x",
                                TensorInfo.Role.INPUT,
                                OnnxType.FLOAT,
                                List.of("x_0", "2"),
                                ""),
                        new TensorInfo(
                                "hidden",
                                TensorInfo.Role.INTERMEDIATE,
                                OnnxType.UNKNOWN,
                                List.of(),
                                "MatMul"),
                        new TensorInfo(
                                "y",
                                TensorInfo.Role.OUTPUT,
                                OnnxType.FLOAT,
                                List.of("y_0", "2"),
                                "Add")),
                model.tensors());
    }

    @Test
    void addedOutputsRun() throws OrtException {
        byte[] tapped =
                OnnxModel.parse(graph().toBytes()).withOutputs(List.of("hidden", "y")).toBytes();
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession session = environment.createSession(tapped);
                OnnxTensor x = OnnxTensor.createTensor(environment, new float[][] {{1, 1}});
                OrtSession.Result result = session.run(Map.of("x", x))) {
            assertArrayEquals(
                    new float[] {8, 12}, ((float[][]) result.get("y").orElseThrow().getValue())[0]);
            assertArrayEquals(
                    new float[] {4, 6},
                    ((float[][]) result.get("hidden").orElseThrow().getValue())[0]);
            assertEquals(2, result.size());
        }
        OnnxModel again = OnnxModel.parse(tapped);
        assertEquals(TensorInfo.Role.OUTPUT, again.tensors().get(1).role());
        assertArrayEquals(
                tapped, again.withOutputs(List.of("hidden")).toBytes(), "already an output");
    }

    @Test
    void keepsWhatItDoesNotKnow() {
        byte[] plain = graph().toBytes();
        byte[] unknown = new ProtoWriter().string(14, "kept").fixed32(4000, 77).toByteArray();
        byte[] model = Arrays.copyOf(plain, plain.length + unknown.length);
        System.arraycopy(unknown, 0, model, plain.length, unknown.length);
        assertArrayEquals(model, OnnxModel.parse(model).toBytes());
        byte[] tapped = OnnxModel.parse(model).withOutputs(List.of("hidden")).toBytes();
        byte[] end = Arrays.copyOfRange(tapped, tapped.length - unknown.length, tapped.length);
        assertArrayEquals(unknown, end);
    }

    @Test
    void namesWhatCanBeTapped() {
        OnnxModel model = OnnxModel.parse(graph().toBytes());
        OnnxFormatException e =
                assertThrows(
                        OnnxFormatException.class, () -> model.withOutputs(List.of("nothing")));
        assertEquals(
                "ONNX model: no computed tensor named 'nothing'; computed are hidden, y",
                e.getMessage());
        assertThrows(OnnxFormatException.class, () -> model.withOutputs(List.of("x")));
    }

    @Test
    void refusesOtherBytes() {
        assertRefused(new byte[0], "a graph expected");
        assertRefused("not a model at all".getBytes(StandardCharsets.UTF_8), "ONNX model");
        byte[] model = graph().toBytes();
        assertRefused(Arrays.copyOf(model, model.length / 2), "ONNX model");
    }

    private static void assertRefused(byte[] bytes, String found) {
        OnnxFormatException e =
                assertThrows(OnnxFormatException.class, () -> OnnxModel.parse(bytes));
        assertTrue(e.getMessage().contains(found), e.getMessage());
    }
}
