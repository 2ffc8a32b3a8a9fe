package io.spectrawatch.spectral.kernel;

import io.spectrawatch.spectral.onnx.OnnxGraphBuilder;
import io.spectrawatch.spectral.onnx.OnnxType;
import java.util.List;

/**
 * The graphs of the device kernels, all sizes dynamic, all arithmetic fp64.
 *
 * <p>Sums are products with a vector of ones: the device's reduction operators want a library that
 * the provider is not linked with.
 */
final class Graphs {
    private Graphs() {}

    /** a (m x d), b (n x d) to out = a b^T. */
    static byte[] cross() {
        return new OnnxGraphBuilder("cross")
                .input("a", OnnxType.DOUBLE, -1, -1)
                .input("b", OnnxType.DOUBLE, -1, -1)
                .transpose("b", "bt")
                .node("MatMul", List.of("a", "bt"), "out")
                .output("out", OnnxType.DOUBLE, -1, -1)
                .toBytes();
    }

    /** a (n x d) to out = a^T a. */
    static byte[] moment() {
        return new OnnxGraphBuilder("moment")
                .input("a", OnnxType.DOUBLE, -1, -1)
                .transpose("a", "at")
                .node("MatMul", List.of("at", "a"), "out")
                .output("out", OnnxType.DOUBLE, -1, -1)
                .toBytes();
    }

    /** w (k x m), rows (m x d) to out = w rows. */
    static byte[] rotate() {
        return new OnnxGraphBuilder("rotate")
                .input("w", OnnxType.DOUBLE, -1, -1)
                .input("rows", OnnxType.DOUBLE, -1, -1)
                .node("MatMul", List.of("w", "rows"), "out")
                .output("out", OnnxType.DOUBLE, -1, -1)
                .toBytes();
    }

    /**
     * The stack's new rows: x (n x d, as received), average (1 x n, all 1/n) and the anchor (1 x
     * d), or the running mean (1 x d) and the pull (1 x 1), to mean (1 x d) and the inner tensor
     * "new" (n x d).
     */
    private static OnnxGraphBuilder newRows(String name, OnnxType type, boolean anchored) {
        OnnxGraphBuilder graph =
                new OnnxGraphBuilder(name)
                        .input("x", type, -1, -1)
                        .input("average", OnnxType.DOUBLE, 1, -1)
                        .cast("x", OnnxType.DOUBLE, "wide")
                        .node("MatMul", List.of("average", "wide"), "mean");
        if (anchored) {
            return graph.input("anchor", OnnxType.DOUBLE, 1, -1)
                    .node("Sub", List.of("wide", "anchor"), "new");
        }
        return graph.input("running", OnnxType.DOUBLE, 1, -1)
                .input("pull", OnnxType.DOUBLE, 1, 1)
                .node("Sub", List.of("mean", "running"), "shift")
                .node("Mul", List.of("pull", "shift"), "pulled")
                .node("Add", List.of("running", "pulled"), "offset")
                .node("Sub", List.of("wide", "offset"), "new");
    }

    /** Also b (r x d) to mean, cross = b new^T (r x n) and gram = new new^T (n x n). */
    static byte[] blockProducts(OnnxType type, boolean anchored) {
        return newRows("block_products", type, anchored)
                .input("b", OnnxType.DOUBLE, -1, -1)
                .transpose("new", "newT")
                .node("MatMul", List.of("b", "newT"), "cross")
                .node("MatMul", List.of("new", "newT"), "gram")
                .output("mean", OnnxType.DOUBLE, 1, -1)
                .output("cross", OnnxType.DOUBLE, -1, -1)
                .output("gram", OnnxType.DOUBLE, -1, -1)
                .toBytes();
    }

    /**
     * Also b (r x d), v (q x d, orthonormal), ones (d x 1), scale and unscale (1 x 1, a power of
     * two and its inverse square) to mean, the products of {@link #blockProducts} with all but the
     * part along v in fp32, the energies of the new rows (norms) and of what fp32 has seen of them
     * (rest), both n x 1, and of what it has seen of b (tail, r x 1).
     */
    static byte[] deflatedProducts(OnnxType type, boolean anchored) {
        return newRows("deflated_products", type, anchored)
                .input("b", OnnxType.DOUBLE, -1, -1)
                .input("v", OnnxType.DOUBLE, -1, -1)
                .input("ones", OnnxType.DOUBLE, -1, 1)
                .input("scale", OnnxType.DOUBLE, 1, 1)
                .input("unscale", OnnxType.DOUBLE, 1, 1)
                .transpose("v", "vT")
                .node("MatMul", List.of("new", "vT"), "along")
                .node("MatMul", List.of("along", "v"), "explained")
                .node("Sub", List.of("new", "explained"), "residual")
                .node("Mul", List.of("residual", "scale"), "scaled")
                .cast("scaled", OnnxType.FLOAT, "narrow")
                .transpose("narrow", "narrowT")
                .node("MatMul", List.of("narrow", "narrowT"), "narrowGram")
                .cast("narrowGram", OnnxType.DOUBLE, "scaledGram")
                .node("Mul", List.of("scaledGram", "unscale"), "restGram")
                .transpose("along", "alongT")
                .node("MatMul", List.of("along", "alongT"), "leadGram")
                .node("Add", List.of("leadGram", "restGram"), "gram")
                // b = (b v^T) v + rest, and the rest alone meets the residual in fp32.
                .node("MatMul", List.of("b", "vT"), "lead")
                .node("MatMul", List.of("lead", "alongT"), "leadCross")
                .node("MatMul", List.of("lead", "v"), "leadPart")
                .node("Sub", List.of("b", "leadPart"), "tailRows")
                .node("Mul", List.of("tailRows", "scale"), "scaledTail")
                .cast("scaledTail", OnnxType.FLOAT, "narrowTail")
                .node("MatMul", List.of("narrowTail", "narrowT"), "narrowCross")
                .cast("narrowCross", OnnxType.DOUBLE, "scaledCross")
                .node("Mul", List.of("scaledCross", "unscale"), "tailCross")
                .node("Add", List.of("leadCross", "tailCross"), "cross")
                .node("Mul", List.of("new", "new"), "squares")
                .node("MatMul", List.of("squares", "ones"), "norms")
                .node("Mul", List.of("residual", "residual"), "restSquares")
                .node("MatMul", List.of("restSquares", "ones"), "rest")
                .node("Mul", List.of("tailRows", "tailRows"), "tailSquares")
                .node("MatMul", List.of("tailSquares", "ones"), "tail")
                .output("mean", OnnxType.DOUBLE, 1, -1)
                .output("cross", OnnxType.DOUBLE, -1, -1)
                .output("gram", OnnxType.DOUBLE, -1, -1)
                .output("norms", OnnxType.DOUBLE, -1, 1)
                .output("rest", OnnxType.DOUBLE, -1, 1)
                .output("tail", OnnxType.DOUBLE, -1, 1)
                .toBytes();
    }

    /** Also b (r x d), wb (k x r), wx (k x n) to out = wb b + wx new. */
    static byte[] blockRotate(OnnxType type, boolean anchored) {
        return newRows("block_rotate", type, anchored)
                .input("b", OnnxType.DOUBLE, -1, -1)
                .input("wb", OnnxType.DOUBLE, -1, -1)
                .input("wx", OnnxType.DOUBLE, -1, -1)
                .node("MatMul", List.of("wb", "b"), "old")
                .node("MatMul", List.of("wx", "new"), "fresh")
                .node("Add", List.of("old", "fresh"), "out")
                .output("out", OnnxType.DOUBLE, -1, -1)
                .toBytes();
    }

    /** Also probes (g x d) to out = probes new^T new (g x d). */
    static byte[] blockProbes(OnnxType type, boolean anchored) {
        return newRows("block_probes", type, anchored)
                .input("probes", OnnxType.DOUBLE, -1, -1)
                .transpose("new", "newT")
                .node("MatMul", List.of("probes", "newT"), "along")
                .node("MatMul", List.of("along", "new"), "out")
                .output("out", OnnxType.DOUBLE, -1, -1)
                .toBytes();
    }

    /** To mean and moment = new^T new (d x d). */
    static byte[] blockMoment(OnnxType type, boolean anchored) {
        return newRows("block_moment", type, anchored)
                .transpose("new", "newT")
                .node("MatMul", List.of("newT", "new"), "moment")
                .output("mean", OnnxType.DOUBLE, 1, -1)
                .output("moment", OnnxType.DOUBLE, -1, -1)
                .toBytes();
    }
}
