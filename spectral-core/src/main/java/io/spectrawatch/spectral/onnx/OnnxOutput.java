package io.spectrawatch.spectral.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The values of a tensor that a model returned, as fp32, one or more rows per sample.
 *
 * @param shape sizes, the first counts the samples
 * @param values row-major; fp64 is rounded to nearest
 */
public record OnnxOutput(long[] shape, float[] values) {
    /**
     * Copies a tensor, because the runtime uses its memory again.
     *
     * @param samples that were fed; rows beyond them, of a batch that was filled up, are left out
     * @param fed rows that were fed with the filling
     * @throws IllegalArgumentException if it is no tensor of floating-point numbers, or its first
     *     size is not what was fed
     */
    public static OnnxOutput of(String name, OnnxValue value, int samples, int fed) {
        if (!(value instanceof OnnxTensor tensor)) {
            throw new IllegalArgumentException(
                    "'" + name + "': a tensor expected, found " + value.getType());
        }
        long[] shape = tensor.getInfo().getShape();
        if (shape.length == 0 || shape[0] != fed) {
            throw new IllegalArgumentException(
                    "tensor '"
                            + name
                            + "': one row per input ("
                            + fed
                            + ") expected, found "
                            + (shape.length == 0
                                    ? "a single number"
                                    : "shape " + Arrays.toString(shape)));
        }
        float[] all = floats(name, tensor);
        if (all.length == 0) {
            throw new IllegalArgumentException(
                    "tensor '"
                            + name
                            + "': it holds no value, its shape is "
                            + Arrays.toString(shape));
        }
        long[] own = shape.clone();
        own[0] = samples;
        return new OnnxOutput(own, Arrays.copyOf(all, all.length / fed * samples));
    }

    private static float[] floats(String name, OnnxTensor tensor) {
        DoubleBuffer wide = tensor.getDoubleBuffer();
        if (wide != null) {
            float[] values = new float[wide.remaining()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) wide.get(i);
            }
            return values;
        }
        FloatBuffer narrow = tensor.getFloatBuffer();
        if (narrow == null) {
            throw new IllegalArgumentException(
                    "tensor '"
                            + name
                            + "': floating point of 16, 32 or 64 bits expected, found "
                            + tensor.getInfo().type);
        }
        float[] values = new float[narrow.remaining()];
        narrow.get(values);
        return values;
    }

    /** Returns the values of one sample. */
    public int rowSize() {
        return values.length / Math.toIntExact(shape[0]);
    }
}
