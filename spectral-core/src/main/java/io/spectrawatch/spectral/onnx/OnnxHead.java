package io.spectrawatch.spectral.onnx;

import io.spectrawatch.spectral.onnx.OnnxWeights.Node;
import java.util.List;

/**
 * The last linear layer inside an ONNX file, logits = W embedding + b, as exporters write it: a
 * Gemm, or a MatMul with an Add behind it or none.
 *
 * <pre>{@code
 * OnnxHead head = OnnxHead.read(Files.readAllBytes(file), "logits");
 * }</pre>
 *
 * @param embedding the tensor it reads
 * @param logits the tensor it returns
 * @param weights W, classes x dimension row-major
 * @param bias b, length classes; zeros where the model adds none
 */
public record OnnxHead(String embedding, String logits, float[] weights, float[] bias) {

    /** Returns the columns of the embedding. */
    public int dimension() {
        return weights.length / bias.length;
    }

    /** Returns the columns of the logits. */
    public int classes() {
        return bias.length;
    }

    /**
     * Reads the head out of a model.
     *
     * @throws OnnxFormatException if the bytes are not an ONNX model, or what returns the logits is
     *     no linear layer with fp32 weights inside the file
     */
    public static OnnxHead read(byte[] onnx, String logits) {
        return read(OnnxWeights.parse(onnx), logits);
    }

    static OnnxHead read(OnnxWeights weights, String logits) {
        Node last = weights.producer(logits);
        if (last == null) {
            throw unfit(logits, "no operator returns it");
        }
        return switch (last.operator()) {
            case "Gemm" -> gemm(weights, last, logits);
            case "MatMul" -> product(weights, last, null, logits);
            case "Add" -> sum(weights, last, logits);
            default -> throw unfit(logits, "a " + last.operator() + " returns it");
        };
    }

    private static OnnxHead sum(OnnxWeights weights, Node add, String logits) {
        for (int i = 0; i < 2 && add.inputs().size() == 2; i++) {
            Node product = weights.producer(add.inputs().get(i));
            if (product != null && product.operator().equals("MatMul")) {
                return product(weights, product, add.inputs().get(1 - i), logits);
            }
        }
        throw unfit(logits, "an Add of something else than a product returns it");
    }

    private static OnnxHead product(OnnxWeights weights, Node product, String bias, String logits) {
        return of(weights, product, bias, false, logits);
    }

    private static OnnxHead gemm(OnnxWeights weights, Node gemm, String logits) {
        boolean plain =
                gemm.number("alpha", 1) == 1
                        && gemm.number("beta", 1) == 1
                        && gemm.number("transA", 0) == 0;
        if (!plain) {
            throw unfit(logits, "a Gemm that scales or turns its input returns it");
        }
        String bias = gemm.inputs().size() > 2 ? gemm.inputs().get(2) : null;
        return of(weights, gemm, bias, gemm.number("transB", 0) != 0, logits);
    }

    /**
     * @param turned whether the weights stand as classes x dimension, else dimension x classes
     */
    private static OnnxHead of(
            OnnxWeights weights, Node product, String bias, boolean turned, String logits) {
        if (product.inputs().size() < 2) {
            throw unfit(logits, "its product has one factor");
        }
        String name = product.inputs().get(1);
        List<Long> shape = weights.shape(name);
        if (shape.size() != 2 || shape.get(0) < 1 || shape.get(1) < 1) {
            throw unfit(
                    logits, "weights '" + name + "' of two dimensions expected, found " + shape);
        }
        int rows = Math.toIntExact(shape.get(0));
        int columns = Math.toIntExact(shape.get(1));
        float[] values = weights.values(name);
        int classes = turned ? rows : columns;
        float[] offset = bias == null ? new float[classes] : weights.values(bias);
        if (offset.length != classes) {
            throw unfit(
                    logits,
                    "a bias of "
                            + classes
                            + " values expected, '"
                            + bias
                            + "' has "
                            + offset.length);
        }
        return new OnnxHead(
                product.inputs().get(0),
                logits,
                turned ? values : transposed(values, rows, columns),
                offset);
    }

    private static float[] transposed(float[] values, int rows, int columns) {
        float[] out = new float[values.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[j * rows + i] = values[i * columns + j];
            }
        }
        return out;
    }

    private static OnnxFormatException unfit(String logits, String found) {
        return new OnnxFormatException(
                "ONNX model: '"
                        + logits
                        + "' is not returned by a linear layer with fp32 weights in the file: "
                        + found);
    }
}
