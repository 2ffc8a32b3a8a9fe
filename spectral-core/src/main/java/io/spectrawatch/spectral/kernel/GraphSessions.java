package io.spectrawatch.spectral.kernel;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.spectrawatch.spectral.onnx.OnnxRuntime;
import io.spectrawatch.spectral.onnx.OnnxType;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The graphs of one provider, loaded on their first call; those on blocks in a variant for each
 * type of rows, with and without an anchor.
 */
final class GraphSessions implements AutoCloseable {
    private final Map<String, GraphSession> sessions = new HashMap<>();
    private final OrtEnvironment environment;
    private final OrtSession.SessionOptions options;
    private final DoubleBuffer pull = Workspace.allocate(1);
    private DoubleBuffer average = Workspace.allocate(0);
    private int averageRows;

    GraphSessions(boolean cuda, int device) {
        this.environment = OnnxRuntime.environment();
        this.options = options(cuda, device);
    }

    private static OrtSession.SessionOptions options(boolean cuda, int device) {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
            options.setDeterministicCompute(true);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            if (cuda) {
                try (OrtCUDAProviderOptions provider = new OrtCUDAProviderOptions(device)) {
                    provider.add("use_tf32", "0");
                    provider.add("arena_extend_strategy", "kSameAsRequested");
                    options.addCUDA(provider);
                }
                options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
            }
            return options;
        } catch (OrtException e) {
            options.close();
            throw new KernelException(
                    cuda
                            ? "the CUDA provider cannot be loaded on device " + device
                            : "ONNX Runtime options",
                    e);
        }
    }

    /** Returns ONNX Runtime's version. */
    String version() {
        return environment.getVersion();
    }

    /** Starts a call of a graph, which is built on the first. */
    GraphSession.Call call(String key, Supplier<byte[]> model) {
        return sessions.computeIfAbsent(
                        key, name -> new GraphSession(environment, name, model.get(), options))
                .call();
    }

    /** A graph whose input are the rows of a block. */
    interface BlockGraph {
        byte[] build(OnnxType type, boolean anchored);
    }

    /** Starts a call of a graph on a block, its rows and what centres them given. */
    GraphSession.Call blockCall(String name, BlockStep step, BlockGraph graph) {
        RowBlock block = step.block;
        ElementType type = block.elementType().orElse(null);
        boolean anchored = step.anchor != null;
        String key = name + "/" + (type == null ? "FLOAT64" : type) + (anchored ? "/anchored" : "");
        GraphSession.Call call = call(key, () -> graph.build(onnxType(type), anchored));
        int n = block.rows();
        int d = block.dimension();
        call.in("average", average(n), 1, n);
        if (anchored) {
            call.in("anchor", step.anchor, 1, d);
        } else {
            pull.put(0, step.pull);
            call.in("running", step.runningMean, 1, d).in("pull", pull, 1, 1);
        }
        return type == null
                ? call.in("x", block.values(), n, d)
                : call.in("x", block.raw(), type, n, d);
    }

    private static OnnxType onnxType(ElementType type) {
        if (type == null) {
            return OnnxType.DOUBLE;
        }
        return switch (type) {
            case FLOAT32 -> OnnxType.FLOAT;
            case FLOAT16 -> OnnxType.FLOAT16;
            case BFLOAT16 -> OnnxType.BFLOAT16;
        };
    }

    private DoubleBuffer average(int n) {
        if (averageRows != n) {
            if (average.capacity() < n) {
                average = Workspace.allocate(n);
            }
            for (int i = 0; i < n; i++) {
                average.put(i, 1.0 / n);
            }
            averageRows = n;
        }
        return average;
    }

    @Override
    public void close() {
        sessions.values().forEach(GraphSession::close);
        sessions.clear();
        options.close();
    }
}
