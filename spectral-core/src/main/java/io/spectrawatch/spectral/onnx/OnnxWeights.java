package io.spectrawatch.spectral.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fp32 weights (initialisers) inside an ONNX file: which operators use them, what they hold,
 * and the same file with other values in their place.
 *
 * <pre>{@code
 * OnnxWeights weights = OnnxWeights.parse(Files.readAllBytes(file));
 * for (String name : weights.usedBy("/encoder/layer.3/")) {
 *     weights = weights.with(name, rounded(weights.values(name)));
 * }
 * byte[] changed = weights.toBytes();
 * }</pre>
 *
 * <p>A replacement has as many values as the original, so the file keeps its length and every other
 * byte. Weights in another element type, or kept in a second file where that is not known, are not
 * listed.
 */
public final class OnnxWeights {
    /* Field numbers of onnx.proto. */
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_NAME = 3;
    private static final int NODE_OPERATOR = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_NAME = 1;
    private static final int ATTRIBUTE_FLOAT = 2;
    private static final int ATTRIBUTE_INTEGER = 3;
    private static final int TENSOR_DIMENSIONS = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_FLOATS = 4;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW = 9;

    private final byte[] bytes;
    private final Map<String, Place> places;
    private final List<Node> nodes;
    private final Beside beside;

    /**
     * Where a weight's values stand in the file, little-endian.
     *
     * @param external where they stand beside it, null if they are inside
     */
    private record Place(List<Long> shape, int start, int end, ExternalTensor external) {}

    /** Reads weights that lie beside the model. */
    @FunctionalInterface
    interface Beside {
        byte[] read(ExternalTensor tensor) throws IOException;
    }

    /**
     * An operator of the graph.
     *
     * @param numbers its attributes that are one number, by name
     */
    record Node(
            String name,
            String operator,
            List<String> inputs,
            List<String> outputs,
            Map<String, Double> numbers) {

        /** Returns an attribute, or what the operator takes without it. */
        double number(String attribute, double otherwise) {
            return numbers.getOrDefault(attribute, otherwise);
        }
    }

    private OnnxWeights(byte[] bytes, Map<String, Place> places, List<Node> nodes, Beside beside) {
        this.bytes = bytes;
        this.places = places;
        this.nodes = nodes;
        this.beside = beside;
    }

    /**
     * Reads a model; the array is kept, not copied, and must not change.
     *
     * @throws OnnxFormatException if the bytes are not an ONNX model
     */
    public static OnnxWeights parse(byte[] bytes) {
        return parse(bytes, null);
    }

    /**
     * Reads a model some of whose weights may lie beside it.
     *
     * @param beside reads those, null to leave them out
     */
    static OnnxWeights parse(byte[] bytes, Beside beside) {
        OnnxWeights weights =
                new OnnxWeights(bytes, new LinkedHashMap<>(), new ArrayList<>(), beside);
        ProtoReader model = new ProtoReader(bytes, 0, bytes.length);
        boolean found = false;
        while (model.next()) {
            if (model.is(MODEL_GRAPH, ProtoReader.BYTES)) {
                weights.readGraph(model.message());
                found = true;
            }
        }
        if (!found) {
            throw new OnnxFormatException(
                    "ONNX model: a graph expected, found none in " + bytes.length + " bytes");
        }
        return weights;
    }

    private void readGraph(ProtoReader graph) {
        while (graph.next()) {
            if (graph.is(GRAPH_NODE, ProtoReader.BYTES)) {
                readNode(graph.message());
            } else if (graph.is(GRAPH_INITIALIZER, ProtoReader.BYTES)) {
                readTensor(graph.message());
            }
        }
    }

    private void readNode(ProtoReader node) {
        String name = "";
        String operator = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, Double> numbers = new LinkedHashMap<>();
        while (node.next()) {
            if (node.is(NODE_INPUT, ProtoReader.BYTES)) {
                inputs.add(node.string());
            } else if (node.is(NODE_OUTPUT, ProtoReader.BYTES)) {
                outputs.add(node.string());
            } else if (node.is(NODE_NAME, ProtoReader.BYTES)) {
                name = node.string();
            } else if (node.is(NODE_OPERATOR, ProtoReader.BYTES)) {
                operator = node.string();
            } else if (node.is(NODE_ATTRIBUTE, ProtoReader.BYTES)) {
                readAttribute(node.message(), numbers);
            }
        }
        nodes.add(new Node(name, operator, inputs, outputs, numbers));
    }

    private void readAttribute(ProtoReader attribute, Map<String, Double> numbers) {
        String name = "";
        Double number = null;
        while (attribute.next()) {
            if (attribute.is(ATTRIBUTE_NAME, ProtoReader.BYTES)) {
                name = attribute.string();
            } else if (attribute.is(ATTRIBUTE_FLOAT, ProtoReader.FIXED32)) {
                number =
                        (double)
                                ByteBuffer.wrap(bytes)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .getFloat(attribute.valueStart());
            } else if (attribute.is(ATTRIBUTE_INTEGER, ProtoReader.VARINT)) {
                number = (double) attribute.integer();
            }
        }
        if (number != null) {
            numbers.put(name, number);
        }
    }

    private void readTensor(ProtoReader tensor) {
        String name = "";
        OnnxType type = OnnxType.UNKNOWN;
        List<Long> shape = new ArrayList<>();
        int start = 0;
        int end = 0;
        boolean external = false;
        ExternalTensor.Entries entries = new ExternalTensor.Entries();
        while (tensor.next()) {
            if (tensor.is(TENSOR_DIMENSIONS, ProtoReader.VARINT)) {
                shape.add(tensor.integer());
            } else if (tensor.is(TENSOR_DIMENSIONS, ProtoReader.BYTES)) {
                ProtoReader packed = tensor.message();
                while (packed.hasRemaining()) {
                    shape.add(packed.varint());
                }
            } else if (tensor.is(TENSOR_TYPE, ProtoReader.VARINT)) {
                type = OnnxType.of(tensor.integer());
            } else if (tensor.is(TENSOR_NAME, ProtoReader.BYTES)) {
                name = tensor.string();
            } else if (tensor.is(TENSOR_RAW, ProtoReader.BYTES)
                    || tensor.is(TENSOR_FLOATS, ProtoReader.BYTES)) {
                start = tensor.valueStart();
                end = tensor.valueEnd();
            } else if (tensor.is(ExternalTensor.TENSOR_PLACE, ProtoReader.VARINT)) {
                external = tensor.integer() == ExternalTensor.PLACE_EXTERNAL;
            } else if (tensor.is(ExternalTensor.TENSOR_EXTERNAL, ProtoReader.BYTES)) {
                entries.read(tensor.message());
            }
        }
        if (type != OnnxType.FLOAT) {
            return;
        }
        if (external && beside != null) {
            places.put(name, new Place(List.copyOf(shape), 0, 0, entries.of(name)));
        } else if (!external && holds(shape, end - start)) {
            places.put(name, new Place(List.copyOf(shape), start, end, null));
        }
    }

    /** Whether so many bytes are the fp32 values of a shape. */
    private static boolean holds(List<Long> shape, int bytes) {
        long count = 1;
        for (long size : shape) {
            if (size < 0 || size > 0 && count > bytes / size) {
                return false;
            }
            count *= size;
        }
        return bytes == count * Float.BYTES;
    }

    /** Returns the names of all weights in file order. */
    public List<String> names() {
        return List.copyOf(places.keySet());
    }

    /** Returns the sizes of a weight's dimensions. */
    public List<Long> shape(String name) {
        return place(name).shape();
    }

    /**
     * Returns the weights that operators read whose own names start so, in graph order.
     *
     * @param operatorPrefix such as {@code /encoder/layer.3/}
     */
    public List<String> usedBy(String operatorPrefix) {
        Set<String> names = new LinkedHashSet<>();
        for (Node node : nodes) {
            if (node.name().startsWith(operatorPrefix)) {
                node.inputs().stream().filter(places::containsKey).forEach(names::add);
            }
        }
        return List.copyOf(names);
    }

    /** Returns the operator that returns a tensor, null if none does. */
    Node producer(String tensor) {
        for (Node node : nodes) {
            if (node.outputs().contains(tensor)) {
                return node;
            }
        }
        return null;
    }

    /** Returns a weight's values, row-major. */
    public float[] values(String name) {
        Place place = place(name);
        if (place.external() != null) {
            return beside(name, place);
        }
        float[] values = new float[(place.end() - place.start()) / Float.BYTES];
        floats(bytes, place).get(values);
        return values;
    }

    private float[] beside(String name, Place place) {
        byte[] read;
        try {
            read = beside.read(place.external());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!holds(place.shape(), read.length)) {
            throw new OnnxFormatException(
                    "ONNX model: weight '"
                            + name
                            + "' of "
                            + place.shape()
                            + " has "
                            + read.length
                            + " bytes in '"
                            + place.external().location()
                            + "'");
        }
        float[] values = new float[read.length / Float.BYTES];
        ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    /**
     * Returns the model with other values for a weight.
     *
     * @throws OnnxFormatException if there is no such weight, or it has another number of values
     */
    public OnnxWeights with(String name, float[] values) {
        Place place = place(name);
        if (place.external() != null) {
            throw new OnnxFormatException(
                    "ONNX model: weight '"
                            + name
                            + "' lies beside the file and cannot be replaced");
        }
        int count = (place.end() - place.start()) / Float.BYTES;
        if (values.length != count) {
            throw new OnnxFormatException(
                    "ONNX model: weight '"
                            + name
                            + "' has "
                            + count
                            + " values, found "
                            + values.length);
        }
        byte[] changed = bytes.clone();
        floats(changed, place).put(values);
        return new OnnxWeights(changed, places, nodes, beside);
    }

    /** Returns the file; it must not be changed. */
    public byte[] toBytes() {
        return bytes;
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new OnnxFormatException(
                    "ONNX model: no fp32 weight named '"
                            + name
                            + "' among its "
                            + places.size()
                            + " weights");
        }
        return place;
    }

    private static FloatBuffer floats(byte[] file, Place place) {
        return ByteBuffer.wrap(file, place.start(), place.end() - place.start())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
    }
}
