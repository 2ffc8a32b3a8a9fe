package io.spectrawatch.spectral.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.spectral.fuzz.Fuzz;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged ONNX files: read, listed, and written with every inner tensor as an output. */
class OnnxFuzzTest {
    private static final int CASES = 20_000;

    /** A name of one byte becomes a map entry, a string and a record. */
    private static final long FACTOR = 1_000;

    @Test
    void damagedModelsAreRefusedOrUsable() {
        byte[] small =
                new OnnxGraphBuilder("g")
                        .input("x", OnnxType.FLOAT, -1, 2)
                        .constant("w", new float[] {1, 2, 3, 4}, 2, 2)
                        .node("MatMul", List.of("x", "w"), "hidden")
                        .node("Add", List.of("hidden", "hidden"), "y")
                        .output("y", OnnxType.FLOAT, -1, 2)
                        .toBytes();
        new Fuzz<>(
                        "onnx",
                        OnnxFuzzTest.class,
                        OnnxModel::parse,
                        Set.of(OnnxFormatException.class),
                        OnnxFuzzTest::check,
                        FACTOR)
                .run(List.of(small), CASES);
    }

    @Test
    void damagedHeadsAreRefusedOrFit() {
        byte[] small =
                new OnnxGraphBuilder("g")
                        .constant("w", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
                        .constant("b", new float[] {7, 8, 9}, 3)
                        .node("MatMul", List.of("x", "w"), "p")
                        .node("Add", List.of("p", "b"), "y")
                        .toBytes();
        new Fuzz<>(
                        "onnx head",
                        OnnxFuzzTest.class,
                        bytes -> OnnxHead.read(bytes, "y"),
                        Set.of(OnnxFormatException.class),
                        head ->
                                assertEquals(
                                        head.weights().length, head.classes() * head.dimension()),
                        FACTOR)
                .run(List.of(small), CASES);
    }

    /** Whatever is listed as computed can be made an output, and the result reads back. */
    private static void check(OnnxModel model) {
        List<String> computed =
                model.tensors().stream()
                        .filter(tensor -> tensor.role() != TensorInfo.Role.INPUT)
                        .map(TensorInfo::name)
                        .toList();
        OnnxModel tapped = OnnxModel.parse(model.withOutputs(computed).toBytes());
        for (TensorInfo tensor : tapped.tensors()) {
            if (computed.contains(tensor.name())) {
                assertEquals(TensorInfo.Role.OUTPUT, tensor.role(), tensor.name());
            }
        }
    }
}
