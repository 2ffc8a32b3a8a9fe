package io.spectrawatch.ingest.capture;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.spectral.binary.Sha256;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.onnx.OnnxFile;
import io.spectrawatch.spectral.onnx.OnnxInput;
import io.spectrawatch.spectral.onnx.OnnxModel;
import io.spectrawatch.spectral.onnx.OnnxOutput;
import io.spectrawatch.spectral.onnx.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An ONNX model in ONNX Runtime whose inner tensors can be read.
 *
 * <pre>{@code
 * try (ModelTap tap = ModelTap.open(OnnxFile.read(path), taps, 1)) { ... }
 * }</pre>
 *
 * <p>The tapped tensors are made outputs of the graph; what the model computes does not change,
 * except that operators across a tapped tensor are no longer fused. An input of the graph that
 * holds numbers can be tapped, too: one row per sample, flattened, with the role INPUT whatever was
 * said.
 */
public final class ModelTap implements AutoCloseable {

    private static final String TELEMETRY_OFF = "ORT_DISABLE_TELEMETRY";

    private final String digest;
    private final List<TappedOutput> taps;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final boolean owner;
    private final Map<String, OnnxInput> inputs = new LinkedHashMap<>();

    /** Names of the tapped tensors that are no inputs. */
    private final List<String> computed;

    /** Names of the tapped tensors whose second size counts channels. */
    private final Set<String> channelsFirst;

    private ModelTap(
            String digest,
            List<TappedOutput> taps,
            OnnxModel model,
            OrtEnvironment environment,
            OrtSession session)
            throws OrtException {
        this.digest = digest;
        this.taps = taps.stream().map(tap -> tapped(tap, model)).toList();
        this.environment = environment;
        this.session = session;
        this.owner = true;
        this.channelsFirst =
                taps.stream()
                        .map(TappedOutput::tensor)
                        .filter(model::channelsFirst)
                        .collect(Collectors.toSet());
        for (NodeInfo input : session.getInputInfo().values()) {
            inputs.put(input.getName(), OnnxInput.of(input));
        }
        this.computed = computed(taps, model);
        requireOneBatch();
        for (TappedOutput tap : taps) {
            if (inputs.containsKey(tap.tensor())) {
                inputs.get(tap.tensor()).requireAmounts();
            }
        }
    }

    private ModelTap(ModelTap whole, List<TappedOutput> some) {
        this.digest = whole.digest;
        this.taps = List.copyOf(some);
        this.environment = whole.environment;
        this.session = whole.session;
        this.owner = false;
        this.inputs.putAll(whole.inputs);
        this.computed =
                some.stream().map(TappedOutput::tensor).filter(whole.computed::contains).toList();
        this.channelsFirst = whole.channelsFirst;
    }

    private static TappedOutput tapped(TappedOutput tap, OnnxModel model) {
        if (model.isInput(tap.tensor())) {
            return new TappedOutput(tap.tensor(), LayerRole.INPUT, tap.tap(), tap.basis());
        }
        if (tap.basis() != null) {
            throw new IllegalArgumentException(
                    "a basis is for an input of the model, found one for '" + tap.tensor() + "'");
        }
        return tap;
    }

    private static List<String> computed(List<TappedOutput> taps, OnnxModel model) {
        return taps.stream()
                .map(TappedOutput::tensor)
                .filter(name -> !model.isInput(name))
                .toList();
    }

    /** Samples stand in the same place of every input. */
    private void requireOneBatch() {
        Map<String, Integer> fixed = new LinkedHashMap<>();
        inputs.forEach(
                (name, input) -> {
                    if (input.fixedBatch() > 0) {
                        fixed.put(name, input.fixedBatch());
                    }
                });
        if (fixed.values().stream().distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "the model's inputs must take equally many samples, found first sizes "
                            + fixed
                            + "; export the model with what is no sample as a constant");
        }
    }

    /** The tensors of a model: inputs first, then what it computes, in graph order. */
    public static List<TensorInfo> tensors(byte[] onnx) {
        return OnnxModel.parse(onnx).tensors();
    }

    /**
     * Opens a model whose weights are all inside the file.
     *
     * @param onnx content of the ONNX file
     * @param taps tensors to read, in the order of the chain
     * @param threads threads of one forward pass
     * @throws io.spectrawatch.spectral.onnx.OnnxFormatException if the bytes are no ONNX model, or
     *     it computes no tensor of a tap's name
     * @throws CaptureException if ONNX Runtime refuses the model, or would report to its maker
     */
    public static ModelTap open(byte[] onnx, List<TappedOutput> taps, int threads) {
        OnnxModel model = OnnxModel.parse(onnx);
        return open(
                Sha256.hex(onnx),
                model,
                taps,
                threads,
                (environment, names, options) ->
                        environment.createSession(model.withOutputs(names).toBytes(), options));
    }

    /** Opens a model, with its weights wherever they lie; otherwise as the other. */
    public static ModelTap open(OnnxFile onnx, List<TappedOutput> taps, int threads) {
        return open(onnx.digest(), onnx.model(), taps, threads, onnx::session);
    }

    /** Makes a session of a model with some of its tensors as outputs. */
    private interface Sessions {
        OrtSession open(
                OrtEnvironment environment, List<String> names, OrtSession.SessionOptions options)
                throws OrtException;
    }

    private static ModelTap open(
            String digest,
            OnnxModel model,
            List<TappedOutput> taps,
            int threads,
            Sessions sessions) {
        requireTelemetryOff();
        requireDistinct(taps);
        List<String> names = computed(taps, model);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = sessions.open(environment, names, options);
            return closedOnError(digest, taps, model, environment, session);
        } catch (OrtException e) {
            throw new CaptureException("ONNX Runtime refuses the model: " + e.getMessage(), e);
        }
    }

    private static ModelTap closedOnError(
            String digest,
            List<TappedOutput> taps,
            OnnxModel model,
            OrtEnvironment environment,
            OrtSession session)
            throws OrtException {
        try {
            return new ModelTap(digest, taps, model, environment, session);
        } catch (IllegalArgumentException e) {
            session.close();
            throw new CaptureException(e.getMessage(), e);
        }
    }

    /**
     * The same model in the same session, of which only some of the tapped tensors are read: for
     * the requests that are not captured. Its weights are in memory once, and closing it closes
     * nothing.
     *
     * @param some of the taps, in the order of the chain
     * @throws CaptureException if one of them is not tapped
     */
    public ModelTap reading(List<TappedOutput> some) {
        for (TappedOutput each : some) {
            if (!taps.contains(each)) {
                throw new CaptureException(
                        "tensor '" + each.tensor() + "' is not tapped, only " + taps);
            }
        }
        return new ModelTap(this, some);
    }

    private static void requireTelemetryOff() {
        if (!"1".equals(System.getenv(TELEMETRY_OFF))) {
            throw new CaptureException(
                    "ONNX Runtime reports to its maker unless "
                            + TELEMETRY_OFF
                            + "=1 is in the environment of the JVM; found "
                            + System.getenv(TELEMETRY_OFF));
        }
    }

    private static void requireDistinct(List<TappedOutput> taps) {
        if (taps.isEmpty()) {
            throw new CaptureException("at least one tensor must be tapped, found none");
        }
        Set<String> seen = new LinkedHashSet<>();
        for (TappedOutput tap : taps) {
            if (!seen.add(tap.tensor())) {
                throw new CaptureException("tensor '" + tap.tensor() + "' is tapped twice");
            }
        }
    }

    /** Digest of the weights, as {@link OnnxFile#digest()} defines it. */
    public String digest() {
        return digest;
    }

    /** What is read, in the order of the chain. */
    public List<TappedOutput> taps() {
        return taps;
    }

    /** Runs the model on texts; inputs are told apart by the names BERT's exporters use. */
    List<TensorData> run(TokenBatch batch) {
        Map<String, long[]> values = new HashMap<>();
        for (String input : inputs.keySet()) {
            values.put(
                    input,
                    switch (input) {
                        case "input_ids" -> batch.ids();
                        case "attention_mask" -> batch.mask();
                        case "token_type_ids" -> batch.types();
                        default ->
                                throw new CaptureException(
                                        "a text model may have the inputs input_ids,"
                                                + " attention_mask and token_type_ids, found "
                                                + inputs.keySet());
                    });
        }
        int length = batch.length();
        return inBatches(
                batch.samples(),
                Map.of(),
                (from, count, size, fed) -> {
                    for (Map.Entry<String, long[]> input : values.entrySet()) {
                        long[] rows = new long[size * length];
                        for (int i = 0; i < size; i++) {
                            int row = from + (i < count ? i : 0);
                            System.arraycopy(
                                    input.getValue(), row * length, rows, i * length, length);
                        }
                        fed.put(
                                input.getKey(),
                                OnnxTensor.createTensor(
                                        environment,
                                        LongBuffer.wrap(rows),
                                        new long[] {size, length}));
                    }
                });
    }

    /** Runs the model on arrays by input name, whose first size counts the samples. */
    List<TensorData> run(Map<String, NpyArray> arrays) {
        if (!inputs.keySet().equals(arrays.keySet())) {
            throw new CaptureException(
                    "the model needs the inputs "
                            + inputs.keySet()
                            + ", found "
                            + new TreeSet<>(arrays.keySet()));
        }
        Map<String, long[]> fitted = new HashMap<>();
        int samples = 0;
        for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
            fitted.put(array.getKey(), fitted(array.getKey(), array.getValue()));
            samples = array.getValue().rows();
        }
        return inBatches(
                samples,
                arrays,
                (from, count, size, fed) -> {
                    for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
                        String name = array.getKey();
                        fed.put(
                                name,
                                inputs.get(name)
                                        .tensor(
                                                environment,
                                                array.getValue().values(),
                                                from,
                                                count,
                                                size,
                                                fitted.get(name),
                                                "array " + name));
                    }
                });
    }

    private long[] fitted(String input, NpyArray array) {
        try {
            long[] shape = Arrays.stream(array.shape()).asLongStream().toArray();
            return inputs.get(input).fit(shape, "array " + input);
        } catch (IllegalArgumentException e) {
            throw new CaptureException(e.getMessage(), e);
        }
    }

    /** Makes the tensors of some samples; the places up to {@code size} repeat the first. */
    private interface Feed {
        void rows(int from, int count, int size, Map<String, OnnxTensor> fed) throws OrtException;
    }

    /** A model that takes a fixed number of samples gets that many at a time. */
    private List<TensorData> inBatches(int samples, Map<String, NpyArray> arrays, Feed feed) {
        int fixed = inputs.values().stream().mapToInt(OnnxInput::fixedBatch).max().orElse(0);
        int size = fixed > 0 ? fixed : samples;
        Map<String, List<OnnxOutput>> parts = new LinkedHashMap<>();
        computed.forEach(name -> parts.put(name, new ArrayList<>()));
        try {
            for (int from = 0; from < samples && !computed.isEmpty(); from += size) {
                int count = Math.min(size, samples - from);
                run(feed, from, count, size, parts);
            }
        } catch (OrtException e) {
            throw new CaptureException("the model failed: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CaptureException(e.getMessage(), e);
        }
        List<TensorData> tensors = new ArrayList<>();
        for (TappedOutput tap : taps) {
            String name = tap.tensor();
            tensors.add(
                    parts.containsKey(name)
                            ? joined(name, parts.get(name), samples)
                            : fed(name, arrays.get(name)));
        }
        return tensors;
    }

    /** An input as a layer: what makes up a sample is one row, whatever its shape. */
    private TensorData fed(String name, NpyArray array) {
        float[] values = inputs.get(name).seen(array.values());
        long[] shape = {array.rows(), values.length / array.rows()};
        return new TensorData(name, shape, FloatBuffer.wrap(values), false);
    }

    private void run(Feed feed, int from, int count, int size, Map<String, List<OnnxOutput>> parts)
            throws OrtException {
        Map<String, OnnxTensor> fed = new HashMap<>();
        try {
            feed.rows(from, count, size, fed);
            take(fed, count, size, parts);
        } finally {
            fed.values().forEach(OnnxTensor::close);
        }
    }

    private void take(
            Map<String, OnnxTensor> fed, int count, int size, Map<String, List<OnnxOutput>> parts)
            throws OrtException {
        try (OrtSession.Result result = session.run(fed, parts.keySet())) {
            for (Map.Entry<String, List<OnnxOutput>> part : parts.entrySet()) {
                String name = part.getKey();
                part.getValue()
                        .add(OnnxOutput.of(name, result.get(name).orElseThrow(), count, size));
            }
        }
    }

    private TensorData joined(String name, List<OnnxOutput> parts, int samples) {
        OnnxOutput first = parts.get(0);
        long[] shape = first.shape().clone();
        shape[0] = samples;
        float[] values = first.values();
        if (parts.size() > 1) {
            values = new float[Math.multiplyExact(first.rowSize(), samples)];
            int at = 0;
            for (OnnxOutput part : parts) {
                if (part.rowSize() != first.rowSize()) {
                    throw new CaptureException(
                            "tensor '"
                                    + name
                                    + "': equally many values per sample expected, found "
                                    + first.rowSize()
                                    + " and "
                                    + part.rowSize());
                }
                System.arraycopy(part.values(), 0, values, at, part.values().length);
                at += part.values().length;
            }
        }
        return new TensorData(name, shape, FloatBuffer.wrap(values), channelsFirst.contains(name));
    }

    @Override
    public void close() {
        if (!owner) {
            return;
        }
        try {
            session.close();
        } catch (OrtException e) {
            throw new CaptureException("cannot close the model: " + e.getMessage(), e);
        }
    }
}
