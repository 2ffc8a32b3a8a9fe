package io.spectrawatch.spectral.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Builds small ONNX models (IR 8, operator set 17).
 *
 * <pre>{@code
 * byte[] gram = new OnnxGraphBuilder("gram")
 *         .input("x", OnnxType.DOUBLE, -1, 384)
 *         .transpose("x", "xt")
 *         .node("MatMul", List.of("x", "xt"), "g")
 *         .output("g", OnnxType.DOUBLE, -1, -1)
 *         .toBytes();
 * }</pre>
 */
public final class OnnxGraphBuilder {
    private static final int IR_VERSION = 8;
    private static final int OPERATOR_SET = 17;
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_INTS = 7;

    private final ProtoWriter nodes = new ProtoWriter();
    private final ProtoWriter initializers = new ProtoWriter();
    private final ProtoWriter inputs = new ProtoWriter();
    private final ProtoWriter outputs = new ProtoWriter();
    private final String name;

    /** Starts an empty graph. */
    public OnnxGraphBuilder(String name) {
        this.name = name;
    }

    /** Declares an input; a size of -1 is symbolic. */
    public OnnxGraphBuilder input(String tensor, OnnxType type, long... shape) {
        inputs.message(11, ValueInfo.write(tensor, type, shape));
        return this;
    }

    /** Declares an output; a size of -1 is symbolic. */
    public OnnxGraphBuilder output(String tensor, OnnxType type, long... shape) {
        outputs.message(12, ValueInfo.write(tensor, type, shape));
        return this;
    }

    /** Adds a constant fp64 tensor. */
    public OnnxGraphBuilder constant(String tensor, double[] values, long... shape) {
        ByteBuffer raw =
                ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asDoubleBuffer().put(values);
        return constant(tensor, OnnxType.DOUBLE, raw.array(), shape);
    }

    /** Adds a constant fp32 tensor. */
    public OnnxGraphBuilder constant(String tensor, float[] values, long... shape) {
        ByteBuffer raw =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return constant(tensor, OnnxType.FLOAT, raw.array(), shape);
    }

    private OnnxGraphBuilder constant(String tensor, OnnxType type, byte[] raw, long... shape) {
        ProtoWriter proto = new ProtoWriter();
        for (long size : shape) {
            proto.integer(1, size);
        }
        initializers.message(5, proto.integer(2, type.code()).string(8, tensor).bytes(9, raw));
        return this;
    }

    /** Adds an operator without attributes. */
    public OnnxGraphBuilder node(String operator, List<String> from, String to) {
        return add(node(operator, from, List.of(to)));
    }

    /** Converts the element type. */
    public OnnxGraphBuilder cast(String from, OnnxType type, String to) {
        return add(
                node("Cast", List.of(from), List.of(to)).message(5, attribute("to", type.code())));
    }

    /** Swaps the two dimensions of a matrix. */
    public OnnxGraphBuilder transpose(String from, String to) {
        ProtoWriter order =
                new ProtoWriter()
                        .string(1, "perm")
                        .integer(8, 1)
                        .integer(8, 0)
                        .integer(20, ATTRIBUTE_INTS);
        return add(node("Transpose", List.of(from), List.of(to)).message(5, order));
    }

    /** Joins matrices along a dimension. */
    public OnnxGraphBuilder concat(List<String> from, int axis, String to) {
        return add(node("Concat", from, List.of(to)).message(5, attribute("axis", axis)));
    }

    private OnnxGraphBuilder add(ProtoWriter node) {
        nodes.message(1, node);
        return this;
    }

    private static ProtoWriter node(String operator, List<String> from, List<String> to) {
        ProtoWriter node = new ProtoWriter();
        for (String input : from) {
            node.string(1, input);
        }
        for (String output : to) {
            node.string(2, output);
        }
        return node.string(4, operator);
    }

    private static ProtoWriter attribute(String name, long value) {
        return new ProtoWriter().string(1, name).integer(3, value).integer(20, ATTRIBUTE_INT);
    }

    /** Returns the model file. */
    public byte[] toBytes() {
        ProtoWriter graph = new ProtoWriter();
        graph.append(nodes).string(2, name).append(initializers).append(inputs).append(outputs);
        return new ProtoWriter()
                .integer(1, IR_VERSION)
                .string(2, "spectrawatch")
                .message(7, graph)
                .message(8, new ProtoWriter().string(1, "").integer(2, OPERATOR_SET))
                .toByteArray();
    }
}
