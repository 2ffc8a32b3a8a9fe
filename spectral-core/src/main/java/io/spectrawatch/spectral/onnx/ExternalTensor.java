package io.spectrawatch.spectral.onnx;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor whose values lie in a file beside the model ({@code TensorProto.external_data}).
 *
 * @param tensor its name
 * @param location the file, relative to the folder of the model
 * @param offset first byte
 * @param length bytes, -1 for all that follow
 */
record ExternalTensor(String tensor, String location, long offset, long length) {
    /* Field numbers of onnx.proto. */
    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_FUNCTION = 25;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_SPARSE = 15;
    private static final int FUNCTION_NODE = 7;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_TENSOR = 5;
    private static final int ATTRIBUTE_GRAPH = 6;
    private static final int ATTRIBUTE_TENSORS = 10;
    private static final int ATTRIBUTE_GRAPHS = 11;
    private static final int TENSOR_NAME = 8;
    static final int TENSOR_EXTERNAL = 13;
    static final int TENSOR_PLACE = 14;
    static final int PLACE_EXTERNAL = 1;

    /** Deeper nesting of control flow than any exporter writes. */
    private static final int MOST_DEPTH = 64;

    /** Returns those of a model, in file order, of sub-graphs and functions too. */
    static List<ExternalTensor> of(byte[] onnx) {
        List<ExternalTensor> found = new ArrayList<>();
        ProtoReader model = new ProtoReader(onnx, 0, onnx.length);
        while (model.next()) {
            if (model.is(MODEL_GRAPH, ProtoReader.BYTES)) {
                graph(model.message(), found, 0);
            } else if (model.is(MODEL_FUNCTION, ProtoReader.BYTES)) {
                ProtoReader function = model.message();
                while (function.next()) {
                    if (function.is(FUNCTION_NODE, ProtoReader.BYTES)) {
                        node(function.message(), found, 0);
                    }
                }
            }
        }
        return found;
    }

    private static void graph(ProtoReader graph, List<ExternalTensor> found, int depth) {
        if (depth > MOST_DEPTH) {
            throw new OnnxFormatException(
                    "ONNX model: at most " + MOST_DEPTH + " graphs inside each other, found more");
        }
        while (graph.next()) {
            if (graph.is(GRAPH_NODE, ProtoReader.BYTES)) {
                node(graph.message(), found, depth);
            } else if (graph.is(GRAPH_INITIALIZER, ProtoReader.BYTES)) {
                tensor(graph.message(), found);
            } else if (graph.is(GRAPH_SPARSE, ProtoReader.BYTES)) {
                ProtoReader sparse = graph.message();
                while (sparse.next()) {
                    // Its values and its indices are tensors; the sizes are numbers.
                    if (sparse.is(1, ProtoReader.BYTES) || sparse.is(2, ProtoReader.BYTES)) {
                        tensor(sparse.message(), found);
                    }
                }
            }
        }
    }

    private static void node(ProtoReader node, List<ExternalTensor> found, int depth) {
        while (node.next()) {
            if (node.is(NODE_ATTRIBUTE, ProtoReader.BYTES)) {
                ProtoReader attribute = node.message();
                while (attribute.next()) {
                    if (attribute.is(ATTRIBUTE_TENSOR, ProtoReader.BYTES)
                            || attribute.is(ATTRIBUTE_TENSORS, ProtoReader.BYTES)) {
                        tensor(attribute.message(), found);
                    } else if (attribute.is(ATTRIBUTE_GRAPH, ProtoReader.BYTES)
                            || attribute.is(ATTRIBUTE_GRAPHS, ProtoReader.BYTES)) {
                        graph(attribute.message(), found, depth + 1);
                    }
                }
            }
        }
    }

    private static void tensor(ProtoReader tensor, List<ExternalTensor> found) {
        String name = "";
        boolean external = false;
        Entries entries = new Entries();
        while (tensor.next()) {
            if (tensor.is(TENSOR_NAME, ProtoReader.BYTES)) {
                name = tensor.string();
            } else if (tensor.is(TENSOR_PLACE, ProtoReader.VARINT)) {
                external = tensor.integer() == PLACE_EXTERNAL;
            } else if (tensor.is(TENSOR_EXTERNAL, ProtoReader.BYTES)) {
                entries.read(tensor.message());
            }
        }
        if (external) {
            found.add(entries.of(name));
        }
    }

    /** The key-value pairs that say where a tensor's values lie. */
    static final class Entries {
        private static final int KEY = 1;
        private static final int VALUE = 2;

        private String location = "";
        private String offset = "0";
        private String length = "-1";

        /** Takes one pair. */
        void read(ProtoReader pair) {
            String key = "";
            String value = "";
            while (pair.next()) {
                if (pair.is(KEY, ProtoReader.BYTES)) {
                    key = pair.string();
                } else if (pair.is(VALUE, ProtoReader.BYTES)) {
                    value = pair.string();
                }
            }
            switch (key) {
                case "location" -> location = value;
                case "offset" -> offset = value;
                case "length" -> length = value;
                default -> {
                    // A checksum, which exporters do not agree on, or what is not known.
                }
            }
        }

        ExternalTensor of(String tensor) {
            return new ExternalTensor(
                    tensor, location, number(tensor, offset, 0), number(tensor, length, -1));
        }

        private static long number(String tensor, String text, long least) {
            try {
                long value = Long.parseLong(text);
                if (value >= least) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // Said below, with the tensor.
            }
            throw new OnnxFormatException(
                    "ONNX model: the place of tensor '"
                            + tensor
                            + "' in its file is a number, found '"
                            + text
                            + "'");
        }
    }

    /** Compares locations by their UTF-8 bytes, as {@code LC_ALL=C sort} does. */
    static int byBytes(String a, String b) {
        return java.util.Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
