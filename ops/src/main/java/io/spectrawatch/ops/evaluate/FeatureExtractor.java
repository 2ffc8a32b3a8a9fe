package io.spectrawatch.ops.evaluate;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.onnx.OnnxFile;
import io.spectrawatch.spectral.onnx.OnnxInput;
import io.spectrawatch.spectral.onnx.OnnxModel;
import io.spectrawatch.spectral.onnx.OnnxOutput;
import io.spectrawatch.spectral.onnx.OnnxRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs an ONNX model on rows of fp32 inputs and returns the tensors asked for, each flattened to
 * one row per input, or with every feature map reduced to its mean. The input may be among them; it
 * is always flattened.
 */
public final class FeatureExtractor implements AutoCloseable {
    private static final int BATCH = 64;

    /** Fitting holds the rows about twice, next to the model and the other tensors. */
    private static final double MAXIMUM_HEAP_SHARE = 0.25;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String inputName;
    private final OnnxInput input;
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
        this.inputName = session.getInputNames().iterator().next();
        this.input = OnnxInput.of(session.getInputInfo().get(inputName));
        if (layers.contains(inputName)) {
            input.requireAmounts();
        }
    }

    /**
     * Opens a model whose weights are all inside the file.
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
        OnnxModel graph = OnnxModel.parse(model);
        byte[] tapped = graph.withOutputs(computed(graph, layers, logits)).toBytes();
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions options = options()) {
            OrtSession session = environment.createSession(tapped, options);
            return of(environment, session, layers, logits, pool);
        }
    }

    /** Opens a model, with its weights wherever they lie; otherwise as the other. */
    public static FeatureExtractor open(
            OnnxFile model, List<String> layers, String logits, boolean pool) throws OrtException {
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions options = options()) {
            OrtSession session =
                    model.session(environment, computed(model.model(), layers, logits), options);
            return of(environment, session, layers, logits, pool);
        }
    }

    private static List<String> wanted(List<String> layers, String logits) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("layers: at least one tensor name, found none");
        }
        List<String> wanted = new ArrayList<>(layers);
        if (logits != null) {
            wanted.add(logits);
        }
        return wanted;
    }

    private static List<String> computed(OnnxModel model, List<String> layers, String logits) {
        return wanted(layers, logits).stream().filter(name -> !model.isInput(name)).toList();
    }

    private static OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        // One thread: the order of summation, and with it the last digits, stay the same.
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        return options;
    }

    private static FeatureExtractor of(
            OrtEnvironment environment,
            OrtSession session,
            List<String> layers,
            String logits,
            boolean pool)
            throws OrtException {
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

    /**
     * Runs the model on rows; one that takes a fixed number of samples gets that many at a time.
     *
     * @param source what the rows are, for errors
     * @throws IllegalArgumentException if the rows do not fit the model's input, or the model fails
     *     on them
     */
    public Activations run(NpyArray rows, String source) {
        if (rows.rows() == 0) {
            throw new IllegalArgumentException(source + ": at least one row, found none");
        }
        long[] fitted = input.fit(Arrays.stream(rows.shape()).asLongStream().toArray(), source);
        List<String> names = wanted(layers, logits);
        float[][] values = new float[names.size()][];
        int batch = input.fixedBatch() > 0 ? input.fixedBatch() : BATCH;
        for (int from = 0; from < rows.rows(); from += batch) {
            int count = Math.min(batch, rows.rows() - from);
            run(rows, source, fitted, from, count, names, values);
        }
        if (names.contains(inputName)) {
            values[names.indexOf(inputName)] = input.seen(rows.values());
        }
        return Activations.of(taps(names, values, rows.rows()), values);
    }

    private void run(
            NpyArray rows,
            String source,
            long[] fitted,
            int from,
            int count,
            List<String> names,
            float[][] values) {
        int fed = input.fixedBatch() > 0 ? input.fixedBatch() : count;
        try (OnnxTensor tensor =
                        input.tensor(environment, rows.values(), from, count, fed, fitted, source);
                OrtSession.Result result = session.run(Map.of(inputName, tensor))) {
            for (int t = 0; t < values.length; t++) {
                String name = names.get(t);
                if (name.equals(inputName)) {
                    continue;
                }
                OnnxOutput output = OnnxOutput.of(name, result.get(name).orElseThrow(), count, fed);
                float[] block = pool ? pooled(output) : output.values();
                int columns = block.length / count;
                if (values[t] == null) {
                    values[t] = allocate(rows.rows(), columns, name);
                }
                if (values[t].length != (long) rows.rows() * columns) {
                    throw new IllegalArgumentException(
                            "tensor '"
                                    + name
                                    + "': equally many values per row expected, found "
                                    + values[t].length / rows.rows()
                                    + " and "
                                    + columns);
                }
                System.arraycopy(block, 0, values[t], from * columns, block.length);
            }
        } catch (OrtException e) {
            throw new IllegalArgumentException(
                    source
                            + ": the model fails on rows "
                            + from
                            + " to "
                            + (from + count)
                            + ": "
                            + e.getMessage(),
                    e);
        }
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
            taps.add(new Tap(names.get(t), role(t), values[t].length / rows));
        }
        return taps;
    }

    private TapRole role(int at) {
        if (at == layers.size()) {
            return TapRole.LOGITS;
        }
        if (layers.get(at).equals(inputName)) {
            return TapRole.INPUT;
        }
        return at == layers.size() - 1 ? TapRole.EMBEDDING : TapRole.HIDDEN;
    }

    /** Averages feature maps (samples, channels, ...) over their positions. */
    private static float[] pooled(OnnxOutput output) {
        if (output.shape().length < 3) {
            return output.values();
        }
        int channels = Math.toIntExact(output.shape()[1]);
        float[] all = output.values();
        float[] means = new float[Math.toIntExact(output.shape()[0]) * channels];
        int positions = all.length / means.length;
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
