package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.onnx.OnnxModel;
import io.spectrawatch.spectral.onnx.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Chooses the tensors to look at where the user names none. */
public final class DefaultTaps {
    private static final int LAYERS = 4;

    /** What comes out of a nonlinearity is what the next layer reads. */
    private static final Set<String> NONLINEAR =
            Set.of(
                    "Relu",
                    "LeakyRelu",
                    "PRelu",
                    "Elu",
                    "Selu",
                    "Gelu",
                    "Tanh",
                    "Sigmoid",
                    "HardSwish",
                    "Mish",
                    "Softplus",
                    "Clip",
                    "LayerNormalization");

    private static final Set<String> LINEAR = Set.of("Add", "Conv", "Gemm", "MatMul");

    private DefaultTaps() {}

    /**
     * Returns the output named "logits", or the only one.
     *
     * @throws IllegalArgumentException if there are several and none has that name
     */
    public static String logits(OnnxModel model) {
        List<String> outputs = outputs(model);
        if (outputs.contains("logits")) {
            return "logits";
        }
        if (outputs.size() != 1) {
            throw new IllegalArgumentException(
                    "logits: name one of the model's outputs " + outputs);
        }
        return outputs.get(0);
    }

    /**
     * Returns the other outputs if there are any, else up to four nonlinearities from the first to
     * the last.
     *
     * @param logits the tensor that is no layer
     */
    public static List<String> layers(OnnxModel model, String logits) {
        List<String> outputs = outputs(model);
        outputs.remove(logits);
        if (!outputs.isEmpty()) {
            return outputs;
        }
        List<String> candidates = inner(model, logits, NONLINEAR);
        if (candidates.isEmpty()) {
            candidates = inner(model, logits, LINEAR);
        }
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException(
                    "layers: no inner tensor to choose was found; name some");
        }
        int count = Math.min(LAYERS, candidates.size());
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = count == 1 ? candidates.size() - 1 : i * (candidates.size() - 1) / (count - 1);
            chosen.add(candidates.get(at));
        }
        return chosen;
    }

    private static List<String> outputs(OnnxModel model) {
        List<String> names = new ArrayList<>();
        for (TensorInfo tensor : model.tensors()) {
            if (tensor.role() == TensorInfo.Role.OUTPUT) {
                names.add(tensor.name());
            }
        }
        return names;
    }

    private static List<String> inner(OnnxModel model, String logits, Set<String> operators) {
        List<String> names = new ArrayList<>();
        for (TensorInfo tensor : model.tensors()) {
            if (operators.contains(tensor.operator()) && !tensor.name().equals(logits)) {
                names.add(tensor.name());
            }
        }
        return names;
    }
}
