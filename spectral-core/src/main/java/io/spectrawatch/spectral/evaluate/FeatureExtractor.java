package io.spectrawatch.spectral.evaluate;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.spectrawatch.spectral.detect.Activations;
import io.spectrawatch.spectral.detect.Tap;
import io.spectrawatch.spectral.detect.TapRole;
import io.spectrawatch.spectral.onnx.OnnxModel;
import io.spectrawatch.spectral.onnx.OnnxRuntime;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs an ONNX model on rows of fp32 inputs and returns the tensors asked for, each flattened to
 * one row per input, or with every feature map reduced to its mean.
 */
public final class FeatureExtractor implements AutoCloseable {
    private static final int BATCH = 64;

    /** Fitting holds the rows about twice, next to the model and the other tensors. */
    private static final double MAXIMUM_HEAP_SHARE = 0.25;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String input;
    private final long[] inputShape;
    private final List<String> layers;
    private final String logits;
    private final boolean pool;

    private FeatureExtractor(
            OrtEnvironment environment,
            OrtSession session,
            List<String> layers,
            String logits,
            boolean pool)
            throws OrtException {
        this.environment = environment;
        this.session = session;
        this.layers = List.copyOf(layers);
        this.logits = logits;
        this.pool = pool;
        if (session.getInputInfo().size() != 1) {
            throw new IllegalArgumentException(
                    "model: one input expected, found " + session.getInputInfo().keySet());
        }
        this.input = session.getInputNames().iterator().next();
        this.inputShape =
                ((TensorInfo) session.getInputInfo().get(input).getInfo()).getShape().clone();
    }

    /**
     * Opens a model.
     *
     * @param model the bytes of the ONNX file
     * @param layers names of inner tensors, in the order of the model; the last one is the
     *     embedding
     * @param logits name of the logits, null if there are none
     * @param pool whether feature maps (n, channels, ...) are averaged over their positions
     * @throws OrtException if ONNX Runtime refuses the model
     */
    public static FeatureExtractor open(
            byte[] model, List<String> layers, String logits, boolean pool) throws OrtException {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("layers: at least one tensor name, found none");
        }
        List<String> wanted = new ArrayList<>(layers);
        if (logits != null) {
            wanted.add(logits);
        }
        byte[] tapped = OnnxModel.parse(model).withOutputs(wanted).toBytes();
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // One thread: the order of summation, and with it the last digits, stay the same.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            OrtSession session = environment.createSession(tapped, options);
            try {
                return new FeatureExtractor(environment, session, layers, logits, pool);
            } catch (OrtException | RuntimeException e) {
                try {
                    session.close();
                } catch (OrtException suppressed) {
                    e.addSuppressed(suppressed);
                }
                throw e;
            }
        }
    }

    /**
     * Runs the model on rows.
     *
     * @param source what the rows are, for errors
     * @throws IllegalArgumentException if the rows do not fit the model's input
     * @throws OrtException if the model fails
     */
    public Activations run(NpyArray rows, String source) throws OrtException {
        long[] shape = shapeOf(rows, source);
        List<String> names = new ArrayList<>(layers);
        if (logits != null) {
            names.add(logits);
        }
        float[][] values = new float[names.size()][];
        int size = rows.rowSize();
        for (int from = 0; from < rows.rows(); from += BATCH) {
            int count = Math.min(BATCH, rows.rows() - from);
            shape[0] = count;
            FloatBuffer batch = FloatBuffer.wrap(rows.values(), from * size, count * size);
            try (OnnxTensor fed = OnnxTensor.createTensor(environment, batch.slice(), shape);
                    OrtSession.Result result = session.run(Map.of(input, fed))) {
                for (int t = 0; t < values.length; t++) {
                    float[] block = take(result, names.get(t), count);
                    if (values[t] == null) {
                        values[t] = allocate(rows.rows(), block.length / count, names.get(t));
                    }
                    System.arraycopy(
                            block, 0, values[t], from * (block.length / count), block.length);
                }
            }
        }
        if (rows.rows() == 0) {
            throw new IllegalArgumentException(source + ": at least one row, found none");
        }
        return Activations.of(taps(names, values, rows.rows()), values);
    }

    private static float[] allocate(int rows, int columns, String name) {
        long bytes = (long) rows * columns * Float.BYTES;
        if (bytes > Runtime.getRuntime().maxMemory() * MAXIMUM_HEAP_SHARE) {
            throw new IllegalArgumentException(
                    "tensor '"
                            + name
                            + "': "
                            + rows
                            + " rows of "
                            + columns
                            + " need "
                            + (bytes >> 20)
                            + " MiB, more than a quarter of the heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB; pool the feature maps, take fewer rows or give Java more");
        }
        return new float[Math.multiplyExact(rows, columns)];
    }

    private List<Tap> taps(List<String> names, float[][] values, int rows) {
        List<Tap> taps = new ArrayList<>();
        for (int t = 0; t < values.length; t++) {
            boolean last = t == layers.size() - 1;
            TapRole role = last ? TapRole.EMBEDDING : TapRole.HIDDEN;
            taps.add(
                    new Tap(
                            names.get(t),
                            t == layers.size() ? TapRole.LOGITS : role,
                            values[t].length / rows));
        }
        return taps;
    }

    /** Fits rows of any grouping of the same elements to the model's input. */
    private long[] shapeOf(NpyArray rows, String source) {
        long[] shape = inputShape.clone();
        if (shape.length == 0) {
            throw new IllegalArgumentException("model input '" + input + "': a batch expected");
        }
        long fixed = 1;
        int open = -1;
        for (int i = 1; i < shape.length; i++) {
            if (shape[i] > 0) {
                fixed *= shape[i];
            } else {
                open = open < 0 ? i : Integer.MAX_VALUE;
            }
        }
        int size = rows.rowSize();
        if (open > 0 && open < shape.length && size % fixed == 0) {
            shape[open] = size / fixed;
        } else if (open >= 0 && rows.shape().length == shape.length) {
            for (int i = 1; i < shape.length; i++) {
                shape[i] = rows.shape()[i];
            }
        } else if (open >= 0 || fixed != size) {
            throw new IllegalArgumentException(
                    source
                            + ": rows for the model's input '"
                            + input
                            + "' "
                            + Arrays.toString(inputShape)
                            + " expected, found shape "
                            + Arrays.toString(rows.shape()));
        }
        return shape;
    }

    private float[] take(OrtSession.Result result, String name, int count) throws OrtException {
        OnnxValue value = result.get(name).orElseThrow();
        if (!(value instanceof OnnxTensor tensor) || tensor.getFloatBuffer() == null) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "': floating point expected, found " + value.getInfo());
        }
        long[] shape = tensor.getInfo().getShape();
        if (shape.length == 0 || shape[0] != count) {
            throw new IllegalArgumentException(
                    "tensor '"
                            + name
                            + "': one row per input ("
                            + count
                            + ") expected, found shape "
                            + Arrays.toString(shape));
        }
        FloatBuffer buffer = tensor.getFloatBuffer();
        float[] all = new float[buffer.remaining()];
        buffer.get(all);
        return pool && shape.length > 2 ? pooled(all, count, (int) shape[1]) : all;
    }

    private static float[] pooled(float[] all, int count, int channels) {
        int positions = all.length / count / channels;
        float[] means = new float[count * channels];
        for (int i = 0; i < means.length; i++) {
            double sum = 0;
            for (int j = 0; j < positions; j++) {
                sum += all[i * positions + j];
            }
            means[i] = (float) (sum / positions);
        }
        return means;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
