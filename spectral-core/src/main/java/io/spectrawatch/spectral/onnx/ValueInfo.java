package io.spectrawatch.spectral.onnx;

import java.util.ArrayList;
import java.util.List;

/** The name, element type and shape of a tensor as ValueInfoProto declares them. */
record ValueInfo(String name, OnnxType type, List<String> shape) {
    /* Field numbers of onnx.proto. */
    static final int NAME = 1;
    static final int TYPE = 2;
    static final int TYPE_TENSOR = 1;
    static final int TENSOR_ELEMENT_TYPE = 1;
    static final int TENSOR_SHAPE = 2;
    static final int SHAPE_DIMENSION = 1;
    static final int DIMENSION_VALUE = 1;
    static final int DIMENSION_NAME = 2;

    static final ValueInfo UNKNOWN = new ValueInfo("", OnnxType.UNKNOWN, List.of());

    static ValueInfo read(ProtoReader info) {
        String name = "";
        OnnxType type = OnnxType.UNKNOWN;
        List<String> shape = new ArrayList<>();
        while (info.next()) {
            if (info.is(NAME, ProtoReader.BYTES)) {
                name = info.string();
            } else if (info.is(TYPE, ProtoReader.BYTES)) {
                type = OnnxType.NO_TENSOR;
                ProtoReader outer = info.message();
                while (outer.next()) {
                    if (outer.is(TYPE_TENSOR, ProtoReader.BYTES)) {
                        type = readTensorType(outer.message(), shape);
                    }
                }
            }
        }
        return new ValueInfo(name, type, List.copyOf(shape));
    }

    private static OnnxType readTensorType(ProtoReader tensor, List<String> shape) {
        OnnxType type = OnnxType.UNKNOWN;
        while (tensor.next()) {
            if (tensor.is(TENSOR_ELEMENT_TYPE, ProtoReader.VARINT)) {
                type = OnnxType.of(tensor.integer());
            } else if (tensor.is(TENSOR_SHAPE, ProtoReader.BYTES)) {
                ProtoReader dimensions = tensor.message();
                while (dimensions.next()) {
                    if (dimensions.is(SHAPE_DIMENSION, ProtoReader.BYTES)) {
                        shape.add(readDimension(dimensions.message()));
                    }
                }
            }
        }
        return type;
    }

    private static String readDimension(ProtoReader dimension) {
        String size = "?";
        while (dimension.next()) {
            if (dimension.is(DIMENSION_VALUE, ProtoReader.VARINT)) {
                size = Long.toString(dimension.integer());
            } else if (dimension.is(DIMENSION_NAME, ProtoReader.BYTES)) {
                size = dimension.string();
            }
        }
        return size;
    }

    /** Writes a declaration; a size of -1 becomes a symbolic dimension named after its position. */
    static ProtoWriter write(String name, OnnxType type, long... shape) {
        ProtoWriter dimensions = new ProtoWriter();
        for (int i = 0; i < shape.length; i++) {
            ProtoWriter dimension = new ProtoWriter();
            if (shape[i] < 0) {
                dimension.string(DIMENSION_NAME, name + "_" + i);
            } else {
                dimension.integer(DIMENSION_VALUE, shape[i]);
            }
            dimensions.message(SHAPE_DIMENSION, dimension);
        }
        ProtoWriter tensor =
                new ProtoWriter()
                        .integer(TENSOR_ELEMENT_TYPE, type.code())
                        .message(TENSOR_SHAPE, dimensions);
        return new ProtoWriter()
                .string(NAME, name)
                .message(TYPE, new ProtoWriter().message(TYPE_TENSOR, tensor));
    }
}
