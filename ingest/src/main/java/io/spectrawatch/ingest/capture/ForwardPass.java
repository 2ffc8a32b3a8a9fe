package io.spectrawatch.ingest.capture;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.onnx.OnnxInput;
import io.spectrawatch.spectral.onnx.OnnxOutput;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Forward passes of a model in a session: samples go in, in as many batches as the model asks for,
 * and the tensors that are read come out of all of them together.
 */
final class ForwardPass {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Map<String, OnnxInput> inputs;

    /** Names of the tensors that are read, inputs among them. */
    private final List<String> read;

    /** Names of those that are no inputs. */
    private final List<String> computed;

    /** Names of those whose second size counts channels. */
    private final Set<String> channelsFirst;

    private ForwardPass(
            OrtEnvironment environment,
            OrtSession session,
            Map<String, OnnxInput> inputs,
            List<String> read,
            List<String> computed,
            Set<String> channelsFirst) {
        this.environment = environment;
        this.session = session;
        this.inputs = inputs;
        this.read = read;
        this.computed = computed;
        this.channelsFirst = channelsFirst;
    }

    /**
     * @param session has the computed tensors as outputs
     * @param read names of the tensors to read, inputs among them
     * @param computed names of those that are no inputs
     * @param channelsFirst names of tensors whose second size counts channels
     * @throws IllegalArgumentException if the inputs do not take equally many samples, or one that
     *     is read holds no numbers
     */
    static ForwardPass of(
            OrtEnvironment environment,
            OrtSession session,
            List<String> read,
            List<String> computed,
            Set<String> channelsFirst)
            throws OrtException {
        Map<String, OnnxInput> inputs = new LinkedHashMap<>();
        for (NodeInfo input : session.getInputInfo().values()) {
            inputs.put(input.getName(), OnnxInput.of(input));
        }
        requireOneBatch(inputs);
        for (String name : read) {
            if (inputs.containsKey(name)) {
                inputs.get(name).requireAmounts();
            }
        }
        return new ForwardPass(environment, session, inputs, read, computed, channelsFirst);
    }

    /** The same passes, of which only some of the tensors are read. */
    ForwardPass reading(List<String> some) {
        return new ForwardPass(
                environment,
                session,
                inputs,
                some,
                some.stream().filter(computed::contains).toList(),
                channelsFirst);
    }

    /** Samples stand in the same place of every input. */
    private static void requireOneBatch(Map<String, OnnxInput> inputs) {
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
        for (String name : read) {
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
}
