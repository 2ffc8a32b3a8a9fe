package io.spectrawatch.spectral.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX file, read without a protobuf library: lists its tensors and makes inner tensors graph
 * outputs.
 *
 * <pre>{@code
 * OnnxModel model = OnnxModel.parse(Files.readAllBytes(file));
 * byte[] tapped = model.withOutputs(List.of("layer.0/output")).toBytes();
 * }</pre>
 *
 * <p>Everything the reader does not know is kept byte for byte; the weights are copied once, on
 * writing.
 */
public final class OnnxModel {
    /* Field numbers of onnx.proto. */
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int GRAPH_OUTPUT = 12;
    private static final int GRAPH_VALUE_INFO = 13;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_OP_TYPE = 4;
    private static final int TENSOR_NAME = 8;
    private static final int LISTED_NAMES = 20;

    /** Operators whose output is (samples, channels, ...) by the standard. */
    private static final Set<String> CHANNELS_FIRST =
            Set.of(
                    "AveragePool",
                    "BatchNormalization",
                    "Conv",
                    "ConvInteger",
                    "ConvTranspose",
                    "GlobalAveragePool",
                    "GlobalMaxPool",
                    "GroupNormalization",
                    "InstanceNormalization",
                    "LRN",
                    "LpPool",
                    "MaxPool",
                    "QLinearConv");

    /** Operators that leave every dimension where their first input has it. */
    private static final Set<String> ELEMENTWISE =
            Set.of(
                    "Add",
                    "Cast",
                    "Celu",
                    "Clip",
                    "Dropout",
                    "Elu",
                    "Gelu",
                    "HardSigmoid",
                    "HardSwish",
                    "Identity",
                    "LeakyRelu",
                    "Mish",
                    "Mul",
                    "PRelu",
                    "Relu",
                    "Selu",
                    "Sigmoid",
                    "Softplus",
                    "Softsign",
                    "Sub",
                    "Sum",
                    "Tanh",
                    "ThresholdedRelu");

    private final byte[] bytes;
    private final int graphField;
    private final int graphStart;
    private final int graphEnd;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, Span> valueInfos = new LinkedHashMap<>();
    private final Map<String, List<String>> sources = new LinkedHashMap<>();
    private final List<String> added;

    private record Span(int start, int end) {}

    private OnnxModel(byte[] bytes, List<String> added) {
        this.bytes = bytes;
        this.added = added;
        ProtoReader model = new ProtoReader(bytes, 0, bytes.length);
        int field = -1;
        int start = 0;
        int end = 0;
        while (model.next()) {
            if (model.is(MODEL_GRAPH, ProtoReader.BYTES)) {
                if (field >= 0) {
                    throw new OnnxFormatException("ONNX model: one graph expected, found a second");
                }
                field = model.fieldStart();
                start = model.valueStart();
                end = model.valueEnd();
            }
        }
        if (field < 0) {
            throw new OnnxFormatException(
                    "ONNX model: a graph expected, found none in " + bytes.length + " bytes");
        }
        this.graphField = field;
        this.graphStart = start;
        this.graphEnd = end;
        readGraph();
    }

    /**
     * Reads a model; the array is kept, not copied, and must not change.
     *
     * @throws OnnxFormatException if the bytes are not an ONNX model
     */
    public static OnnxModel parse(byte[] bytes) {
        return new OnnxModel(bytes, List.of());
    }

    private void readGraph() {
        Map<String, ValueInfo> declared = new LinkedHashMap<>();
        Map<String, String> producers = new LinkedHashMap<>();
        Set<String> inputs = new LinkedHashSet<>();
        Set<String> outputs = new LinkedHashSet<>();
        Set<String> initializers = new LinkedHashSet<>();
        ProtoReader graph = new ProtoReader(bytes, graphStart, graphEnd);
        while (graph.next()) {
            if (graph.is(GRAPH_NODE, ProtoReader.BYTES)) {
                readNode(graph.message(), producers);
            } else if (graph.is(GRAPH_INITIALIZER, ProtoReader.BYTES)) {
                initializers.add(readName(graph.message(), TENSOR_NAME));
            } else if (graph.is(GRAPH_INPUT, ProtoReader.BYTES)) {
                inputs.add(declare(graph, declared));
            } else if (graph.is(GRAPH_OUTPUT, ProtoReader.BYTES)) {
                outputs.add(declare(graph, declared));
            } else if (graph.is(GRAPH_VALUE_INFO, ProtoReader.BYTES)) {
                declare(graph, declared);
            }
        }
        inputs.removeAll(initializers);
        for (String name : inputs) {
            list(name, TensorInfo.Role.INPUT, declared, "");
        }
        for (Map.Entry<String, String> producer : producers.entrySet()) {
            String name = producer.getKey();
            boolean out = outputs.contains(name) || added.contains(name);
            list(
                    name,
                    out ? TensorInfo.Role.OUTPUT : TensorInfo.Role.INTERMEDIATE,
                    declared,
                    producer.getValue());
        }
    }

    private void list(
            String name, TensorInfo.Role role, Map<String, ValueInfo> declared, String operator) {
        ValueInfo info = declared.getOrDefault(name, ValueInfo.UNKNOWN);
        tensors.put(name, new TensorInfo(name, role, info.type(), info.shape(), operator));
    }

    private String declare(ProtoReader graph, Map<String, ValueInfo> declared) {
        ValueInfo info = ValueInfo.read(graph.message());
        declared.put(info.name(), info);
        valueInfos.put(info.name(), new Span(graph.valueStart(), graph.valueEnd()));
        return info.name();
    }

    private void readNode(ProtoReader node, Map<String, String> producers) {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        String operator = "";
        while (node.next()) {
            if (node.is(NODE_INPUT, ProtoReader.BYTES)) {
                inputs.add(node.string());
            } else if (node.is(NODE_OUTPUT, ProtoReader.BYTES)) {
                outputs.add(node.string());
            } else if (node.is(NODE_OP_TYPE, ProtoReader.BYTES)) {
                operator = node.string();
            }
        }
        for (String output : outputs) {
            // An empty name marks an optional output that is not wanted.
            if (!output.isEmpty()) {
                producers.put(output, operator);
                sources.put(output, inputs);
            }
        }
    }

    private static String readName(ProtoReader message, int field) {
        String name = "";
        while (message.next()) {
            if (message.is(field, ProtoReader.BYTES)) {
                name = message.string();
            }
        }
        return name;
    }

    /** Returns inputs, then what the nodes produce, in graph order; weights are left out. */
    public List<TensorInfo> tensors() {
        return List.copyOf(tensors.values());
    }

    /** Returns whether a tensor is fed by the caller; weights are not. */
    public boolean isInput(String tensor) {
        TensorInfo info = tensors.get(tensor);
        return info != null && info.role() == TensorInfo.Role.INPUT;
    }

    /** Returns the tensors that the operator behind a tensor reads, none for an input. */
    public List<String> sources(String tensor) {
        return List.copyOf(sources.getOrDefault(tensor, List.of()));
    }

    /**
     * Returns whether the graph says that a tensor is (samples, channels, ...): a convolution, a
     * pooling or a normalisation over channels returns it, or what changes each element alone does.
     */
    public boolean channelsFirst(String tensor) {
        Set<String> seen = new LinkedHashSet<>();
        List<String> left = new ArrayList<>(List.of(tensor));
        while (!left.isEmpty()) {
            String name = left.remove(left.size() - 1);
            TensorInfo info = tensors.get(name);
            if (info == null || !seen.add(name)) {
                continue;
            }
            if (CHANNELS_FIRST.contains(info.operator())) {
                return true;
            }
            if (ELEMENTWISE.contains(info.operator())) {
                left.addAll(sources.get(name));
            }
        }
        return false;
    }

    /**
     * Returns the model with more graph outputs, appended in the order given; names that are
     * outputs already are left alone.
     *
     * @throws OnnxFormatException if a name is no tensor that a node computes
     */
    public OnnxModel withOutputs(Collection<String> names) {
        Set<String> wanted = new LinkedHashSet<>(added);
        for (String name : names) {
            TensorInfo info = tensors.get(name);
            if (info == null || info.role() == TensorInfo.Role.INPUT) {
                throw new OnnxFormatException(
                        "ONNX model: no computed tensor named '"
                                + name
                                + "'; computed are "
                                + computedNames());
            }
            if (info.role() == TensorInfo.Role.INTERMEDIATE) {
                wanted.add(name);
            }
        }
        return new OnnxModel(bytes, List.copyOf(wanted));
    }

    private String computedNames() {
        List<String> names = new ArrayList<>();
        int computed = 0;
        for (TensorInfo info : tensors.values()) {
            if (info.role() != TensorInfo.Role.INPUT && computed++ < LISTED_NAMES) {
                names.add(info.name());
            }
        }
        return String.join(", ", names)
                + (computed > LISTED_NAMES ? " and " + (computed - LISTED_NAMES) + " more" : "");
    }

    /** Returns the file with the added outputs. */
    public byte[] toBytes() {
        ProtoWriter outputs = new ProtoWriter();
        for (String name : added) {
            Span span = valueInfos.get(name);
            if (span == null) {
                // The type is inferred when the model is loaded.
                outputs.message(GRAPH_OUTPUT, new ProtoWriter().string(ValueInfo.NAME, name));
            } else {
                outputs.bytes(GRAPH_OUTPUT, Arrays.copyOfRange(bytes, span.start(), span.end()));
            }
        }
        byte[] appended = outputs.toByteArray();
        byte[] header =
                new ProtoWriter()
                        .rawVarint((long) MODEL_GRAPH << 3 | ProtoReader.BYTES)
                        .rawVarint(graphEnd - graphStart + appended.length)
                        .toByteArray();
        int graphLength = graphEnd - graphStart;
        int rest = bytes.length - graphEnd;
        byte[] out = new byte[graphField + header.length + graphLength + appended.length + rest];
        int at = copy(bytes, 0, graphField, out, 0);
        at = copy(header, 0, header.length, out, at);
        at = copy(bytes, graphStart, graphLength, out, at);
        at = copy(appended, 0, appended.length, out, at);
        copy(bytes, graphEnd, rest, out, at);
        return out;
    }

    private static int copy(byte[] from, int start, int length, byte[] to, int at) {
        System.arraycopy(from, start, to, at, length);
        return at + length;
    }
}
