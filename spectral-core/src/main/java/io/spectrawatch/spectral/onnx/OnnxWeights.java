package io.spectrawatch.spectral.onnx;

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
 * byte. Weights kept in a second file, or in another element type, are not listed.
 */
public final class OnnxWeights {
    /* Field numbers of onnx.proto. */
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_NAME = 3;
    private static final int TENSOR_DIMENSIONS = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_FLOATS = 4;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW = 9;

    private final byte[] bytes;
    private final Map<String, Place> places;
    private final List<Use> uses;

    /** Where a weight's values stand in the file, little-endian. */
    private record Place(List<Long> shape, int start, int end) {}

    private record Use(String node, List<String> inputs) {}

    private OnnxWeights(byte[] bytes, Map<String, Place> places, List<Use> uses) {
        this.bytes = bytes;
        this.places = places;
        this.uses = uses;
    }

    /**
     * Reads a model; the array is kept, not copied, and must not change.
     *
     * @throws OnnxFormatException if the bytes are not an ONNX model
     */
    public static OnnxWeights parse(byte[] bytes) {
        OnnxWeights weights = new OnnxWeights(bytes, new LinkedHashMap<>(), new ArrayList<>());
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
        List<String> inputs = new ArrayList<>();
        while (node.next()) {
            if (node.is(NODE_INPUT, ProtoReader.BYTES)) {
                inputs.add(node.string());
            } else if (node.is(NODE_NAME, ProtoReader.BYTES)) {
                name = node.string();
            }
        }
        uses.add(new Use(name, inputs));
    }

    private void readTensor(ProtoReader tensor) {
        String name = "";
        OnnxType type = OnnxType.UNKNOWN;
        List<Long> shape = new ArrayList<>();
        int start = 0;
        int end = 0;
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
            }
        }
        long count = shape.stream().reduce(1L, Math::multiplyExact);
        if (type == OnnxType.FLOAT && end - start == count * Float.BYTES) {
            places.put(name, new Place(List.copyOf(shape), start, end));
        }
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
        for (Use use : uses) {
            if (use.node().startsWith(operatorPrefix)) {
                use.inputs().stream().filter(places::containsKey).forEach(names::add);
            }
        }
        return List.copyOf(names);
    }

    /** Returns a weight's values, row-major. */
    public float[] values(String name) {
        Place place = place(name);
        float[] values = new float[(place.end() - place.start()) / Float.BYTES];
        floats(bytes, place).get(values);
        return values;
    }

    /**
     * Returns the model with other values for a weight.
     *
     * @throws OnnxFormatException if there is no such weight, or it has another number of values
     */
    public OnnxWeights with(String name, float[] values) {
        Place place = place(name);
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
        return new OnnxWeights(changed, places, uses);
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
