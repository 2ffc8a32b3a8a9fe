package io.spectrawatch.spectral.onnx;

import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of a protobuf message inside an array without copying it.
 *
 * <pre>{@code
 * while (reader.next()) {
 *     if (reader.field() == 7) { graph = reader.message(); }
 * }
 * }</pre>
 */
final class ProtoReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private static final int LARGEST_FIELD = (1 << 29) - 1;

    private final byte[] data;
    private final int end;
    private int position;
    private int field;
    private int wireType;
    private int fieldStart;
    private long value;
    private int valueStart;
    private int valueEnd;

    ProtoReader(byte[] data, int start, int end) {
        this.data = data;
        this.position = start;
        this.end = end;
    }

    /** Moves to the next field; returns false at the end of the message. */
    boolean next() {
        if (position == end) {
            return false;
        }
        fieldStart = position;
        long tag = varint();
        if (tag >>> 3 == 0 || tag >>> 3 > LARGEST_FIELD) {
            throw new OnnxFormatException(
                    "ONNX model: field 1 to "
                            + LARGEST_FIELD
                            + " expected, found "
                            + (tag >>> 3)
                            + " at byte "
                            + fieldStart);
        }
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        valueStart = position;
        switch (wireType) {
            case VARINT -> value = varint();
            case FIXED64 -> skip(8);
            case FIXED32 -> skip(4);
            case BYTES -> {
                long length = varint();
                valueStart = position;
                skip(length);
            }
            default ->
                    throw new OnnxFormatException(
                            "ONNX model: unknown wire type " + wireType + " at byte " + fieldStart);
        }
        valueEnd = position;
        return true;
    }

    int field() {
        return field;
    }

    boolean is(int wantedField, int wantedWireType) {
        return field == wantedField && wireType == wantedWireType;
    }

    /** First byte of the current field's tag. */
    int fieldStart() {
        return fieldStart;
    }

    int valueStart() {
        return valueStart;
    }

    int valueEnd() {
        return valueEnd;
    }

    long integer() {
        return value;
    }

    String string() {
        return new String(data, valueStart, valueEnd - valueStart, StandardCharsets.UTF_8);
    }

    ProtoReader message() {
        return new ProtoReader(data, valueStart, valueEnd);
    }

    /** Reads one varint where the value itself is a packed list of them. */
    boolean hasRemaining() {
        return position < end;
    }

    long varint() {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position >= end) {
                throw new OnnxFormatException("ONNX model: truncated at byte " + position);
            }
            byte b = data[position++];
            result |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return result;
            }
        }
        throw new OnnxFormatException("ONNX model: number too long at byte " + fieldStart);
    }

    private void skip(long length) {
        if (length < 0 || length > end - position) {
            throw new OnnxFormatException(
                    "ONNX model: field at byte "
                            + fieldStart
                            + " needs "
                            + length
                            + " bytes, found "
                            + (end - position));
        }
        position += (int) length;
    }
}
