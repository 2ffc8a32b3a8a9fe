package io.spectrawatch.ingest.capture;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.spectral.binary.Sha256;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.onnx.OnnxFile;
import io.spectrawatch.spectral.onnx.OnnxModel;
import io.spectrawatch.spectral.onnx.TensorInfo;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final OrtSession session;
    private final ForwardPass pass;
    private final boolean owner;

    private ModelTap(
            String digest,
            List<TappedOutput> taps,
            OnnxModel model,
            OrtEnvironment environment,
            OrtSession session)
            throws OrtException {
        this.digest = digest;
        this.taps = taps.stream().map(tap -> tapped(tap, model)).toList();
        this.session = session;
        this.owner = true;
        Set<String> channelsFirst =
                taps.stream()
                        .map(TappedOutput::tensor)
                        .filter(model::channelsFirst)
                        .collect(Collectors.toSet());
        this.pass =
                ForwardPass.of(
                        environment, session, names(taps), computed(taps, model), channelsFirst);
    }

    private ModelTap(ModelTap whole, List<TappedOutput> some) {
        this.digest = whole.digest;
        this.taps = List.copyOf(some);
        this.session = whole.session;
        this.owner = false;
        this.pass = whole.pass.reading(names(some));
    }

    private static List<String> names(List<TappedOutput> taps) {
        return taps.stream().map(TappedOutput::tensor).toList();
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
        return pass.run(batch);
    }

    /** Runs the model on arrays by input name, whose first size counts the samples. */
    List<TensorData> run(Map<String, NpyArray> arrays) {
        return pass.run(arrays);
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
