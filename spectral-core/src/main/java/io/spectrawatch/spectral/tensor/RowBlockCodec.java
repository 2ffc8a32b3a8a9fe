package io.spectrawatch.spectral.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;

/**
 * The binary form of a row block, little-endian:
 *
 * <pre>
 *   0  int32   magic "SWRB"
 *   4  int32   version (1)
 *   8  int32   capacity
 *  12  int32   dimension
 *  16  int32   rows
 *  20  int32   element type: 0 fp64, 1 FLOAT32, 2 FLOAT16, 3 BFLOAT16
 *  24  values[rows][dimension] in that type
 * </pre>
 */
final class RowBlockCodec {
    private static final int MAGIC = 0x42525753;
    private static final int VERSION = 1;
    private static final int WIDE = 0;

    private RowBlockCodec() {}

    static byte[] encode(RowBlock block) {
        ElementType type = block.elementType().orElse(null);
        int width = type == null ? Double.BYTES : type.bytes();
        int elements = block.rows() * block.dimension();
        ByteBuffer out =
                ByteBuffer.allocate(RowBlock.HEADER_BYTES + elements * width)
                        .order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC)
                .putInt(VERSION)
                .putInt(block.capacity())
                .putInt(block.dimension())
                .putInt(block.rows())
                .putInt(code(type));
        if (type == null) {
            out.asDoubleBuffer().put(0, block.values(), 0, elements);
        } else {
            out.put(RowBlock.HEADER_BYTES, block.raw(), 0, elements * width);
        }
        return out.array();
    }

    static RowBlock decode(byte[] bytes, int capacity, int dimension) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < RowBlock.HEADER_BYTES || in.getInt() != MAGIC) {
            throw new InvalidRowsException(
                    "row block: not a serialised row block (" + bytes.length + " bytes)");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new InvalidRowsException(
                    "row block: known version " + VERSION + ", found " + version);
        }
        int foundCapacity = in.getInt();
        int foundDimension = in.getInt();
        if (foundCapacity != capacity || foundDimension != dimension) {
            throw new InvalidRowsException(
                    "row block: expected "
                            + capacity
                            + " x "
                            + dimension
                            + ", found "
                            + foundCapacity
                            + " x "
                            + foundDimension);
        }
        int rows = in.getInt();
        ElementType type = type(in.getInt());
        int width = type == null ? Double.BYTES : type.bytes();
        long expected = RowBlock.HEADER_BYTES + (long) rows * dimension * width;
        if (rows < 0 || rows > capacity || expected != bytes.length) {
            throw new InvalidRowsException(
                    "row block: "
                            + rows
                            + " rows of at most "
                            + capacity
                            + " need "
                            + expected
                            + " bytes, found "
                            + bytes.length);
        }
        requireFinite(in.slice().order(ByteOrder.LITTLE_ENDIAN), type);
        RowBlock block = new RowBlock(capacity, dimension);
        if (type == null) {
            block.restore(in.slice().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer(), rows);
        } else {
            block.append(in, type, 0, rows);
        }
        return block;
    }

    private static void requireFinite(ByteBuffer values, ElementType type) {
        int bad = -1;
        if (type == null) {
            DoubleBuffer wide = values.asDoubleBuffer();
            for (int i = 0; bad < 0 && i < wide.remaining(); i++) {
                bad = Double.isFinite(wide.get(i)) ? -1 : i;
            }
        } else {
            bad = Tensors.firstNonFinite(values, type);
        }
        if (bad >= 0) {
            throw new InvalidRowsException("row block: element " + bad + " is not finite");
        }
    }

    private static int code(ElementType type) {
        if (type == null) {
            return WIDE;
        }
        return switch (type) {
            case FLOAT32 -> 1;
            case FLOAT16 -> 2;
            case BFLOAT16 -> 3;
        };
    }

    private static ElementType type(int code) {
        return switch (code) {
            case WIDE -> null;
            case 1 -> ElementType.FLOAT32;
            case 2 -> ElementType.FLOAT16;
            case 3 -> ElementType.BFLOAT16;
            default ->
                    throw new InvalidRowsException(
                            "row block: element type 0 to 3 expected, found " + code);
        };
    }
}
