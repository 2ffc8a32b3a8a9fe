package io.spectrawatch.spectral.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * A fixed capacity of rows, row-major, in direct native-order memory; the unit in which sketches
 * take data.
 *
 * <pre>{@code
 * RowBlock block = new RowBlock(64, 384);
 * int taken = 0;
 * while (taken < rows) {
 *     taken += block.append(bytes, ElementType.FLOAT32, taken, rows - taken);
 *     if (block.isFull()) {
 *         sketch.update(block);
 *         block.clear();
 *     }
 * }
 * }</pre>
 *
 * <p>Rows of one element type are kept as they arrived, which is what a device wants to receive,
 * and converted to fp64 when {@link #values} is first asked for; the conversion is exact. Not
 * thread-safe. Nothing is allocated in steady state except by {@link #toBytes}.
 */
public final class RowBlock {
    /** Bytes of the binary form beside the rows. */
    public static final int HEADER_BYTES = 24;

    private final int capacity;
    private final int dimension;
    private final double[] line;

    /** The fp64 rows, allocated when they are first wanted: kernels take most as they arrived. */
    private DoubleBuffer values;

    /**
     * Rows as they arrived, little-endian; allocated for the widest type with the first of them.
     */
    private ByteBuffer raw;

    /** The raw bytes seen as fp32. */
    private FloatBuffer floats;

    /** Type of all rows, or null if some are fp64 or they differ. */
    private ElementType type;

    private int rows;
    private int converted;
    private long changes;

    /**
     * Creates an empty block.
     *
     * @throws IllegalArgumentException if a size is not positive or the block exceeds 2 GiB
     */
    public RowBlock(int capacity, int dimension) {
        if (capacity < 1 || dimension < 1 || (long) capacity * dimension > Integer.MAX_VALUE / 8) {
            throw new IllegalArgumentException(
                    "row block: capacity and dimension must be positive and capacity * dimension at most "
                            + Integer.MAX_VALUE / 8
                            + ", found "
                            + capacity
                            + " x "
                            + dimension);
        }
        this.capacity = capacity;
        this.dimension = dimension;
        this.line = new double[dimension];
    }

    /**
     * Appends rows of a row-major matrix of this block's dimension that starts at the buffer's
     * position; stops when the block is full.
     *
     * @param data little-endian elements, whatever the buffer's own byte order; its position is not
     *     changed
     * @param firstRow first row of the matrix to take
     * @param count rows wanted
     * @return rows taken, at most {@code count}
     * @throws InvalidRowsException if the matrix has fewer rows than asked for
     */
    public int append(ByteBuffer data, ElementType elementType, int firstRow, int count) {
        long stride = (long) dimension * elementType.bytes();
        if (firstRow < 0 || count < 0 || (firstRow + (long) count) * stride > data.remaining()) {
            throw new InvalidRowsException(
                    "rows "
                            + firstRow
                            + " to "
                            + (firstRow + (long) count)
                            + " of "
                            + dimension
                            + " "
                            + elementType
                            + " elements need "
                            + (firstRow + (long) count) * stride
                            + " bytes, found "
                            + data.remaining());
        }
        int taken = Math.min(count, capacity - rows);
        changes++;
        int start = data.position() + (int) (firstRow * stride);
        if (rows == 0) {
            type = elementType;
        }
        if (type == elementType) {
            if (raw == null) {
                raw =
                        ByteBuffer.allocateDirect(capacity * dimension * Float.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN);
                floats = raw.asFloatBuffer();
            }
            raw.put(rows * (int) stride, data, start, taken * (int) stride);
        } else {
            widen();
            for (int i = 0; i < taken; i++) {
                Tensors.toDoubles(data, elementType, start + i * (int) stride, line, dimension);
                values.put((rows + i) * dimension, line);
            }
            converted = rows + taken;
        }
        rows += taken;
        return taken;
    }

    /**
     * Appends one fp64 row.
     *
     * @throws InvalidRowsException if the row has another width
     * @throws IllegalStateException if the block is full
     */
    public void append(double[] row) {
        if (row.length != dimension) {
            throw new InvalidRowsException(
                    "row width: expected " + dimension + ", found " + row.length);
        }
        if (isFull()) {
            throw new IllegalStateException("row block: all " + capacity + " rows are taken");
        }
        widen();
        changes++;
        values.put(rows * dimension, row);
        rows++;
        converted = rows;
    }

    private void widen() {
        convert();
        type = null;
    }

    private void convert() {
        if (values == null) {
            values =
                    ByteBuffer.allocateDirect(capacity * dimension * Double.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .asDoubleBuffer();
        }
        for (; converted < rows; converted++) {
            int offset = converted * dimension * type.bytes();
            Tensors.toDoubles(raw, type, offset, line, dimension);
            values.put(converted * dimension, line);
        }
    }

    /** Returns the number of rows held. */
    public int rows() {
        return rows;
    }

    /** Returns the number of rows the block can hold. */
    public int capacity() {
        return capacity;
    }

    /** Returns the width of a row. */
    public int dimension() {
        return dimension;
    }

    /** Returns whether no further row fits. */
    public boolean isFull() {
        return rows == capacity;
    }

    /** Forgets all rows. */
    public void clear() {
        changes++;
        rows = 0;
        converted = 0;
        type = null;
    }

    /**
     * Returns the live fp64 rows: row i starts at i * dimension; only the first {@link #rows} rows
     * are defined. Whoever writes to them does so before asking for anything else.
     */
    public DoubleBuffer values() {
        changes++;
        convert();
        return values;
    }

    /**
     * Returns a number that differs whenever the rows may: what was computed from a block at the
     * same number still holds.
     */
    public long changes() {
        return changes;
    }

    /**
     * Writes {@code count} fp64 rows from row {@code from} on to {@code out} (count x d), without
     * keeping them.
     */
    public void widenInto(int from, int count, DoubleBuffer out) {
        if (type == null) {
            out.put(0, values, from * dimension, count * dimension);
            return;
        }
        for (int i = 0; i < count; i++) {
            Tensors.toDoubles(raw, type, (from + i) * dimension * type.bytes(), line, dimension);
            out.put(i * dimension, line);
        }
    }

    /** Returns whether all rows arrived in the given type. */
    public boolean is(ElementType elementType) {
        return type == elementType;
    }

    /** Returns the type in which all rows arrived, or empty if they differ or came as fp64. */
    public Optional<ElementType> elementType() {
        return Optional.ofNullable(type);
    }

    /**
     * Returns the live direct buffer of the rows as they arrived, little-endian.
     *
     * @throws IllegalStateException if there is no common element type
     */
    public ByteBuffer raw() {
        if (type == null) {
            throw new IllegalStateException("row block: the rows have no common element type");
        }
        return raw;
    }

    /**
     * Returns the live rows as fp32.
     *
     * @throws IllegalStateException if they did not all arrive as FLOAT32
     */
    public FloatBuffer floats() {
        if (type != ElementType.FLOAT32) {
            throw new IllegalStateException("row block: FLOAT32 rows expected, found " + type);
        }
        return floats;
    }

    /** Takes fp64 rows into an empty block. */
    void restore(DoubleBuffer stored, int count) {
        values().put(0, stored, 0, count * dimension);
        rows = count;
        converted = count;
    }

    /** Returns the versioned binary form. */
    public byte[] toBytes() {
        return RowBlockCodec.encode(this);
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * <p>Memory is taken for the capacity, of which the bytes may hold little or nothing; so the
     * caller has to know how large the block may be.
     *
     * @param capacity the block's
     * @param dimension width of a row
     * @throws InvalidRowsException if the bytes are not a row block of a known version, of these
     *     sizes and of finite values
     */
    public static RowBlock fromBytes(byte[] bytes, int capacity, int dimension) {
        return RowBlockCodec.decode(bytes, capacity, dimension);
    }
}
