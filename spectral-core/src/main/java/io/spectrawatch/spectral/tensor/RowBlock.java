package io.spectrawatch.spectral.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;

/**
 * A fixed capacity of rows in fp64, row-major, in one direct native-order buffer; the unit in which
 * sketches take data.
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
 * <p>Not thread-safe. Nothing is allocated after construction except by {@link #toBytes}.
 */
public final class RowBlock {
    /*
     * Serialised form, little-endian:
     *
     *   0  int32   magic "SWRB"
     *   4  int32   version (1)
     *   8  int32   capacity
     *  12  int32   dimension
     *  16  int32   rows
     *  20  fp64    values[rows][dimension]
     */
    private static final int MAGIC = 0x42525753;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 20;

    private final int capacity;
    private final int dimension;
    private final DoubleBuffer values;
    private final double[] line;
    private int rows;

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
        this.values =
                ByteBuffer.allocateDirect(capacity * dimension * Double.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asDoubleBuffer();
        this.line = new double[dimension];
    }

    /**
     * Converts and appends rows of a row-major matrix of this block's dimension that starts at the
     * buffer's position; stops when the block is full.
     *
     * @param data little-endian elements, whatever the buffer's own byte order; its position is not
     *     changed
     * @param firstRow first row of the matrix to take
     * @param count rows wanted
     * @return rows taken, at most {@code count}
     * @throws InvalidRowsException if the matrix has fewer rows than asked for
     */
    public int append(ByteBuffer data, ElementType type, int firstRow, int count) {
        long stride = (long) dimension * type.bytes();
        if (firstRow < 0 || count < 0 || (firstRow + (long) count) * stride > data.remaining()) {
            throw new InvalidRowsException(
                    "rows "
                            + firstRow
                            + " to "
                            + (firstRow + (long) count)
                            + " of "
                            + dimension
                            + " "
                            + type
                            + " elements need "
                            + (firstRow + (long) count) * stride
                            + " bytes, found "
                            + data.remaining());
        }
        int taken = Math.min(count, capacity - rows);
        for (int i = 0; i < taken; i++) {
            int offset = data.position() + (int) ((firstRow + i) * stride);
            Tensors.toDoubles(data, type, offset, line, dimension);
            values.put(rows * dimension, line);
            rows++;
        }
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
        values.put(rows * dimension, row);
        rows++;
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
        rows = 0;
    }

    /**
     * Returns the live buffer: row i starts at i * dimension; only the first {@link #rows} rows are
     * defined.
     */
    public DoubleBuffer values() {
        return values;
    }

    /** Returns the versioned binary form. */
    public byte[] toBytes() {
        byte[] bytes = new byte[HEADER_BYTES + rows * dimension * Double.BYTES];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putInt(VERSION).putInt(capacity).putInt(dimension).putInt(rows);
        out.asDoubleBuffer().put(0, values, 0, rows * dimension);
        return bytes;
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws InvalidRowsException if the bytes are not a row block of a known version
     */
    public static RowBlock fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER_BYTES || in.getInt() != MAGIC) {
            throw new InvalidRowsException(
                    "row block: not a serialised row block (" + bytes.length + " bytes)");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new InvalidRowsException(
                    "row block: known version " + VERSION + ", found " + version);
        }
        RowBlock block = new RowBlock(in.getInt(), in.getInt());
        int rows = in.getInt();
        long expected = HEADER_BYTES + (long) rows * block.dimension * Double.BYTES;
        if (rows < 0 || rows > block.capacity || expected != bytes.length) {
            throw new InvalidRowsException(
                    "row block: "
                            + rows
                            + " rows of at most "
                            + block.capacity
                            + " need "
                            + expected
                            + " bytes, found "
                            + bytes.length);
        }
        block.values.put(
                0,
                in.slice().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer(),
                0,
                rows * block.dimension);
        block.rows = rows;
        return block;
    }
}
