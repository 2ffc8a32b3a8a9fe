package io.spectrawatch.spectral.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The last linear layer of a model, in the forms exporters give it. */
class OnnxHeadTest {

    /** Two columns to three classes, as a MatMul or a Gemm reads them: dimension x classes. */
    private static final float[] STORED = {1, 2, 3, 4, 5, 6};

    private static final float[] WEIGHTS = {1, 4, 2, 5, 3, 6};
    private static final float[] BIAS = {7, 8, 9};

    private static OnnxGraphBuilder graph() {
        return new OnnxGraphBuilder("g")
                .input("x", OnnxType.FLOAT, -1, 2)
                .constant("w", STORED, 2, 3)
                .constant("b", BIAS, 3)
                .node("Relu", List.of("x"), "h");
    }

    @Test
    void aProductWithAnAddBehindIt() {
        for (List<String> terms : List.of(List.of("p", "b"), List.of("b", "p"))) {
            byte[] model =
                    graph().node("MatMul", List.of("h", "w"), "p")
                            .node("Add", terms, "y")
                            .output("y", OnnxType.FLOAT, -1, 3)
                            .toBytes();
            check(OnnxHead.read(model, "y"), BIAS);
        }
    }

    @Test
    void aProductWithoutBias() {
        byte[] model = graph().node("MatMul", List.of("h", "w"), "y").toBytes();
        check(OnnxHead.read(model, "y"), new float[3]);
    }

    @Test
    void aGemm() {
        check(
                OnnxHead.read(graph().node("Gemm", List.of("h", "w", "b"), "y").toBytes(), "y"),
                BIAS);
    }

    private static void check(OnnxHead head, float[] bias) {
        assertEquals("h", head.embedding());
        assertEquals("y", head.logits());
        assertEquals(2, head.dimension());
        assertEquals(3, head.classes());
        assertArrayEquals(WEIGHTS, head.weights());
        assertArrayEquals(bias, head.bias());
    }

    @Test
    void whatIsNoLinearLayerIsNamed() {
        refused("no operator returns it", graph(), "nothing");
        refused("a Relu returns it", graph(), "h");
        refused("an Add of something else", graph().node("Add", List.of("h", "h"), "y"), "y");
        refused("no fp32 weight named 'x'", graph().node("MatMul", List.of("h", "x"), "y"), "y");
        refused(
                "of two dimensions expected, found [3]",
                graph().node("MatMul", List.of("h", "b"), "y"),
                "y");
        refused(
                "a bias of 3 values expected, 'w' has 6",
                graph().node("Gemm", List.of("h", "w", "w"), "y"),
                "y");
    }

    private static void refused(String part, OnnxGraphBuilder graph, String logits) {
        byte[] model = graph.toBytes();
        String message =
                assertThrows(OnnxFormatException.class, () -> OnnxHead.read(model, logits))
                        .getMessage();
        assertTrue(message.contains(part), message);
    }
}
