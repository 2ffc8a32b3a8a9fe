package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.onnx.OnnxModel;
import io.spectrawatch.spectral.onnx.OnnxType;
import io.spectrawatch.spectral.onnx.TensorInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

    /** What a classifier returns in place of the logits that they read. */
    private static final Set<String> PROBABILITIES = Set.of("Softmax", "LogSoftmax", "Sigmoid");

    private static final Set<String> SAME_VALUES = Set.of("Cast", "Identity");

    /** Unknown is what a file does not declare. */
    private static final Set<OnnxType> FLOATING =
            Set.of(
                    OnnxType.FLOAT,
                    OnnxType.DOUBLE,
                    OnnxType.FLOAT16,
                    OnnxType.BFLOAT16,
                    OnnxType.UNKNOWN);

    /** What an input that is tapped may hold. */
    private static final Set<OnnxType> AMOUNTS =
            Set.of(
                    OnnxType.FLOAT,
                    OnnxType.DOUBLE,
                    OnnxType.FLOAT16,
                    OnnxType.UINT8,
                    OnnxType.INT8);

    private DefaultTaps() {}

    /**
     * Returns the output named "logits", or the only one of floating point; where an output holds
     * probabilities, the logits they are made of.
     *
     * @throws IllegalArgumentException if there are several and none has that name, or none
     */
    public static String logits(OnnxModel model) {
        List<String> outputs = outputs(model);
        if (outputs.contains("logits")) {
            return behind(model, "logits");
        }
        Set<String> behind = new LinkedHashSet<>();
        for (TensorInfo tensor : model.tensors()) {
            if (outputs.contains(tensor.name()) && FLOATING.contains(tensor.type())) {
                behind.add(behind(model, tensor.name()));
            }
        }
        if (behind.size() == 1) {
            return behind.iterator().next();
        }
        if (behind.isEmpty()) {
            throw new IllegalArgumentException(
                    "logits: an output of floating point expected, found "
                            + outputs
                            + "; name an inner tensor");
        }
        throw new IllegalArgumentException("logits: name one of the model's outputs " + outputs);
    }

    /**
     * Returns a tensor named as logits.
     *
     * @throws IllegalArgumentException if it holds probabilities: a single one lies above zero
     *     whatever the answer
     */
    static String named(OnnxModel model, String logits) {
        String behind = behind(model, logits);
        if (!behind.equals(logits)) {
            throw new IllegalArgumentException(
                    "logits: '"
                            + logits
                            + "' holds probabilities, made of the logits '"
                            + behind
                            + "'; name those");
        }
        return logits;
    }

    /** Returns what probabilities are made of, any other tensor as it is. */
    private static String behind(OnnxModel model, String output) {
        Map<String, String> operators = new HashMap<>();
        model.tensors().forEach(tensor -> operators.put(tensor.name(), tensor.operator()));
        String at = output;
        while (SAME_VALUES.contains(operators.getOrDefault(at, ""))) {
            at = model.sources(at).get(0);
        }
        return PROBABILITIES.contains(operators.getOrDefault(at, ""))
                ? model.sources(at).get(0)
                : output;
    }

    /**
     * Returns the other outputs with rows of floating point if there are any, else up to four
     * nonlinearities from the first to the last. Answers, losses, sequences and the probabilities
     * of the logits are no layers.
     *
     * @param logits the tensor that is no layer
     */
    public static List<String> layers(OnnxModel model, String logits) {
        List<String> rows = new ArrayList<>();
        for (TensorInfo tensor : model.tensors()) {
            if (tensor.role() == TensorInfo.Role.OUTPUT
                    && FLOATING.contains(tensor.type())
                    && (tensor.type() == OnnxType.UNKNOWN || !tensor.shape().isEmpty())
                    && !isOf(model, tensor.name(), logits)) {
                rows.add(tensor.name());
            }
        }
        if (!rows.isEmpty()) {
            return rows;
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

    /** Returns the layers behind the model's input, where it has one that holds amounts. */
    static List<String> withInput(OnnxModel model, List<String> layers) {
        List<TensorInfo> inputs =
                model.tensors().stream()
                        .filter(tensor -> tensor.role() == TensorInfo.Role.INPUT)
                        .toList();
        if (inputs.size() != 1 || !AMOUNTS.contains(inputs.get(0).type())) {
            return layers;
        }
        List<String> all = new ArrayList<>(List.of(inputs.get(0).name()));
        all.addAll(layers);
        return all;
    }

    private static boolean isOf(OnnxModel model, String tensor, String logits) {
        return tensor.equals(logits) || behind(model, tensor).equals(logits);
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
            if (operators.contains(tensor.operator()) && !isOf(model, tensor.name(), logits)) {
                names.add(tensor.name());
            }
        }
        return names;
    }
}
