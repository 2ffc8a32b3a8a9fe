package io.spectrawatch.ingest.capture;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.spectrawatch.spectral.onnx.OnnxModel;
import io.spectrawatch.spectral.onnx.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An ONNX model in ONNX Runtime whose inner tensors can be read.
 *
 * <pre>{@code
 * try (ModelTap tap = ModelTap.open(Files.readAllBytes(file), taps, 1)) { ... }
 * }</pre>
 *
 * <p>The tapped tensors are made outputs of the graph; what the model computes does not change,
 * except that operators across a tapped tensor are no longer fused.
 */
public final class ModelTap implements AutoCloseable {

    private static final String TELEMETRY_OFF = "ORT_DISABLE_TELEMETRY";

    private final String digest;
    private final List<Tap> taps;
    private final OrtEnvironment environment;
    private final OrtSession session;

    private ModelTap(
            String digest, List<Tap> taps, OrtEnvironment environment, OrtSession session) {
        this.digest = digest;
        this.taps = taps;
        this.environment = environment;
        this.session = session;
    }

    /** The tensors of a model: inputs first, then what it computes, in graph order. */
    public static List<TensorInfo> tensors(byte[] onnx) {
        return OnnxModel.parse(onnx).tensors();
    }

    /**
     * Opens a model.
     *
     * @param onnx content of the ONNX file
     * @param taps tensors to read, in the order of the chain
     * @param threads threads of one forward pass
     * @throws io.spectrawatch.spectral.onnx.OnnxFormatException if the bytes are no ONNX model, or
     *     it computes no tensor of a tap's name
     * @throws CaptureException if ONNX Runtime refuses the model, or would report to its maker
     */
    public static ModelTap open(byte[] onnx, List<Tap> taps, int threads) {
        requireTelemetryOff();
        requireDistinct(taps);
        List<String> names = taps.stream().map(Tap::tensor).toList();
        byte[] tapped = OnnxModel.parse(onnx).withOutputs(names).toBytes();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = environment.createSession(tapped, options);
            return new ModelTap(sha256(onnx), List.copyOf(taps), environment, session);
        } catch (OrtException e) {
            throw new CaptureException("ONNX Runtime refuses the model: " + e.getMessage(), e);
        }
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

    private static void requireDistinct(List<Tap> taps) {
        if (taps.isEmpty()) {
            throw new CaptureException("at least one tensor must be tapped, found none");
        }
        Set<String> seen = new LinkedHashSet<>();
        for (Tap tap : taps) {
            if (!seen.add(tap.tensor())) {
                throw new CaptureException("tensor '" + tap.tensor() + "' is tapped twice");
            }
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Lower-case hexadecimal SHA-256 of the file as it was given. */
    public String digest() {
        return digest;
    }

    /** What is read, in the order of the chain. */
    public List<Tap> taps() {
        return taps;
    }

    /** Runs the model on texts; inputs are told apart by the names BERT's exporters use. */
    List<TensorData> run(TokenBatch batch) {
        long[] shape = {batch.samples(), batch.length()};
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (String input : session.getInputNames()) {
                long[] values =
                        switch (input) {
                            case "input_ids" -> batch.ids();
                            case "attention_mask" -> batch.mask();
                            case "token_type_ids" -> batch.types();
                            default ->
                                    throw new CaptureException(
                                            "a text model may have the inputs input_ids,"
                                                    + " attention_mask and token_type_ids, found "
                                                    + session.getInputNames());
                        };
                inputs.put(
                        input,
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
            }
            return runTensors(inputs);
        } catch (OrtException e) {
            throw new CaptureException("the model failed: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** Runs the model on arrays by input name. */
    List<TensorData> run(Map<String, NpyArray> arrays) {
        if (!session.getInputNames().equals(arrays.keySet())) {
            throw new CaptureException(
                    "the model needs the inputs "
                            + session.getInputNames()
                            + ", found "
                            + new TreeSet<>(arrays.keySet()));
        }
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
                inputs.put(
                        array.getKey(),
                        OnnxTensor.createTensor(
                                environment,
                                direct(array.getValue().values()),
                                array.getValue().shape()));
            }
            return runTensors(inputs);
        } catch (OrtException e) {
            throw new CaptureException("the model failed: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static FloatBuffer direct(float[] values) {
        int bytes = Math.multiplyExact(values.length, Float.BYTES);
        return ByteBuffer.allocateDirect(bytes)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(values)
                .flip();
    }

    private List<TensorData> runTensors(Map<String, OnnxTensor> inputs) throws OrtException {
        Set<String> wanted = new LinkedHashSet<>();
        taps.forEach(tap -> wanted.add(tap.tensor()));
        List<TensorData> tensors = new ArrayList<>();
        try (OrtSession.Result result = session.run(inputs, wanted)) {
            for (Tap tap : taps) {
                tensors.add(read(tap.tensor(), result.get(tap.tensor()).orElseThrow()));
            }
        }
        return tensors;
    }

    /** Copies: the runtime reuses its memory, and what is published outlives the forward pass. */
    private static TensorData read(String name, OnnxValue value) {
        if (!(value instanceof OnnxTensor tensor)) {
            throw new CaptureException("'" + name + "' is no tensor but " + value.getType());
        }
        FloatBuffer values = tensor.getFloatBuffer();
        if (values == null) {
            throw new CaptureException(
                    "a tapped tensor must hold floating-point numbers of 16 or 32 bits, '"
                            + name
                            + "' holds "
                            + tensor.getInfo().type);
        }
        return new TensorData(name, tensor.getInfo().getShape(), values);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new CaptureException("cannot close the model: " + e.getMessage(), e);
        }
    }
}
