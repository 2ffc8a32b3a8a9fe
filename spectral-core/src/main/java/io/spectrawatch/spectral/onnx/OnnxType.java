package io.spectrawatch.spectral.onnx;

/** Element types of ONNX tensors, with the numbers of TensorProto.DataType. */
public enum OnnxType {
    /** A sequence, a map or another value that is no tensor; the file has no number for it. */
    NO_TENSOR(-1),
    UNKNOWN(0),
    FLOAT(1),
    UINT8(2),
    INT8(3),
    UINT16(4),
    INT16(5),
    INT32(6),
    INT64(7),
    STRING(8),
    BOOL(9),
    FLOAT16(10),
    DOUBLE(11),
    UINT32(12),
    UINT64(13),
    BFLOAT16(16);

    private final int code;

    OnnxType(int code) {
        this.code = code;
    }

    /** Returns the number in the file format. */
    public int code() {
        return code;
    }

    static OnnxType of(long code) {
        for (OnnxType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return UNKNOWN;
    }
}
