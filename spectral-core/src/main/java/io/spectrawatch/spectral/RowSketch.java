package io.spectrawatch.spectral;

import io.spectrawatch.spectral.descriptor.CertifiedValue;
import io.spectrawatch.spectral.descriptor.Comparison;
import io.spectrawatch.spectral.descriptor.Descriptors;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.sketch.Spectrum;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import io.spectrawatch.spectral.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;

/**
 * Summarises a stream of rows so that the spectrum of their centred second moment can be read at
 * any time, with certified bounds.
 *
 * <pre>{@code
 * try (RowSketch sketch = RowSketch.open(768)) {
 *     for (float[] row : rows) {
 *         sketch.add(row);
 *     }
 *     for (CertifiedValue value : sketch.descriptors()) { ... value.lower() ... }
 * }
 * }</pre>
 *
 * <p>Rows are gathered into blocks of {@link SketchOptions#blockRows} rows, whose boundaries are
 * part of the result. Whatever reads the sketch takes the rows gathered so far as a shorter block,
 * so the state is a function of the sequence of calls alone. Rows that are refused leave the sketch
 * unchanged; a block whose rows are fine one by one and overflow together is refused, and dropped,
 * where it is taken. After a {@code KernelException}, a failure of the machine, a sketch can only
 * be closed.
 *
 * <p>Owns its kernels and all its memory outside of the heap. Not thread-safe: one thread at a
 * time, and none may change a sketch while another merges it. Sketches share nothing, so any number
 * of threads may have one each.
 */
public final class RowSketch implements AutoCloseable {
    private final Kernels kernels;
    private final SecondMomentSketch sketch;
    private final RowBlock block;

    /** One row, little-endian. */
    private final ByteBuffer line;

    private final FloatBuffer lineValues;

    private boolean closed;

    private RowSketch(Kernels kernels, SecondMomentSketch sketch) {
        this.kernels = kernels;
        this.sketch = sketch;
        this.block = new RowBlock(sketch.options().blockRows(), sketch.dimension());
        this.line =
                ByteBuffer.allocate(sketch.dimension() * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        this.lineValues = line.asFloatBuffer();
    }

    /**
     * Opens an empty sketch with {@link SketchOptions#defaults}, computed on the host.
     *
     * @param dimension d, width of a row
     * @throws IllegalArgumentException if it is not positive, or a sketch of it too large
     */
    public static RowSketch open(int dimension) {
        return open(dimension, SketchOptions.defaults(), KernelChoice.HOST);
    }

    /**
     * Opens an empty sketch.
     *
     * @param dimension d, width of a row
     * @param choice what computes; results of one choice are equal bit for bit, those of different
     *     ones within their bounds
     * @throws IllegalArgumentException if the dimension does not fit the options
     * @throws io.spectrawatch.spectral.kernel.KernelException if the chosen library or device
     *     cannot be used
     */
    public static RowSketch open(int dimension, SketchOptions options, KernelChoice choice) {
        return on(choice, kernels -> Sketches.create(options, dimension, kernels));
    }

    /**
     * Restores a sketch on the host from {@link #toBytes}, or from the binary form of any sketch.
     *
     * @throws io.spectrawatch.spectral.sketch.SketchFormatException if the bytes are damaged or of
     *     an unknown version or kind
     */
    public static RowSketch fromBytes(byte[] bytes) {
        return fromBytes(bytes, KernelChoice.HOST);
    }

    /**
     * Restores a sketch; it continues bit for bit where the same kernels wrote it.
     *
     * @throws io.spectrawatch.spectral.sketch.SketchFormatException if the bytes are damaged or of
     *     an unknown version or kind
     * @throws io.spectrawatch.spectral.kernel.KernelException if the chosen library or device
     *     cannot be used
     */
    public static RowSketch fromBytes(byte[] bytes, KernelChoice choice) {
        return on(choice, kernels -> Sketches.fromBytes(bytes, kernels));
    }

    private static RowSketch on(KernelChoice choice, Function<Kernels, SecondMomentSketch> make) {
        Kernels kernels = KernelProviders.open(choice);
        try {
            return new RowSketch(kernels, make.apply(kernels));
        } catch (RuntimeException e) {
            kernels.close();
            throw e;
        }
    }

    /** Returns d, the width of a row. */
    public int dimension() {
        return sketch.dimension();
    }

    /** Returns the number of rows added, those of merged sketches included. */
    public long rows() {
        return sketch.rows() + block.rows();
    }

    /**
     * Adds one fp32 row.
     *
     * @throws InvalidRowsException if it has another width or a value is not finite
     */
    public void add(float[] row) {
        requireOpen();
        requireWidth(row.length);
        addAll(row);
    }

    /**
     * Adds one fp64 row.
     *
     * @throws InvalidRowsException if it has another width or a value is not finite, or so large
     *     that energies could overflow
     */
    public void add(double[] row) {
        requireOpen();
        requireWidth(row.length);
        for (int i = 0; i < row.length; i++) {
            if (!(Math.abs(row[i]) <= SecondMomentSketch.MOST_VALUE)) {
                throw refusal(rows(), i, row[i]);
            }
        }
        block.append(row);
        takeIfFull();
    }

    /**
     * Adds fp32 rows.
     *
     * @param values rows x d, row-major
     * @throws InvalidRowsException if they are no whole number of rows or a value is not finite
     */
    public void addAll(float[] values) {
        requireOpen();
        requireWhole(values.length, "values", dimension());
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw refusal(rows() + i / dimension(), i % dimension(), values[i]);
            }
        }
        for (int at = 0; at < values.length; at += dimension()) {
            lineValues.put(0, values, at, dimension());
            block.append(line, ElementType.FLOAT32, 0, 1);
            takeIfFull();
        }
    }

    /**
     * Adds rows as a model's output holds them.
     *
     * @param values rows x d from the buffer's position to its limit, row-major and little-endian
     *     whatever the buffer's own byte order; the position is not changed
     * @throws InvalidRowsException if they are no whole number of rows or a value is not finite
     */
    public void addAll(ByteBuffer values, ElementType type) {
        requireOpen();
        int width = dimension() * type.bytes();
        requireWhole(values.remaining(), "bytes", width);
        int bad = Tensors.firstNonFinite(values, type);
        if (bad >= 0) {
            throw refusal(rows() + bad / dimension(), bad % dimension(), "NaN or infinity");
        }
        int count = values.remaining() / width;
        for (int taken = 0; taken < count; ) {
            taken += block.append(values, type, taken, count - taken);
            takeIfFull();
        }
    }

    /**
     * Adds the rows another sketch has seen; any merge tree is valid and the bounds add up. The
     * other keeps its own, and takes the rows it has gathered first.
     *
     * @throws io.spectrawatch.spectral.sketch.IncompatibleSketchException if dimension, kind or
     *     probes differ, or a sum would overflow
     */
    public void merge(RowSketch other) {
        requireOpen();
        other.requireOpen();
        take();
        other.take();
        sketch.merge(other.sketch);
    }

    /**
     * Returns the eigenvalues of the rows' centred second moment and the leading directions, with
     * the ledger that bounds them.
     *
     * @param basisVectors vectors wanted; fewer come back if the rows have lower rank
     */
    public Spectrum spectrum(int basisVectors) {
        requireOpen();
        take();
        return sketch.centredSpectrum(basisVectors);
    }

    /**
     * Returns all descriptors that the rows support, each with the interval that contains its true
     * value; their names stand at {@link Descriptors#all(Spectrum)}.
     */
    public List<CertifiedValue> descriptors() {
        return Descriptors.all(spectrum(0));
    }

    /**
     * Returns how far the rows of two sketches are apart, as certified intervals; the names stand
     * at {@link Comparison#between}.
     *
     * @param k dimension of the leading subspaces compared
     * @throws IllegalArgumentException if the dimensions differ or a sketch has no rows
     */
    public List<CertifiedValue> distances(RowSketch other, int k) {
        requireOpen();
        other.requireOpen();
        take();
        other.take();
        return Comparison.between(sketch, other.sketch, k, kernels);
    }

    /** Returns the versioned binary form, from which the sketch continues. */
    public byte[] toBytes() {
        requireOpen();
        take();
        return sketch.toBytes();
    }

    /** Gives memory and kernels back; a second time it does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            sketch.close();
            kernels.close();
        }
    }

    private void takeIfFull() {
        if (block.isFull()) {
            take();
        }
    }

    private void take() {
        if (block.rows() == 0) {
            return;
        }
        try {
            sketch.update(block);
        } finally {
            // Rows whose energies overflow together would be refused again by every later call.
            block.clear();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("row sketch: open expected, found closed");
        }
    }

    private void requireWidth(int found) {
        if (found != dimension()) {
            throw new InvalidRowsException(
                    "row " + rows() + ": width " + dimension() + " expected, found " + found);
        }
    }

    private static void requireWhole(int found, String what, int width) {
        if (found % width != 0) {
            throw new InvalidRowsException(
                    "rows: a multiple of " + width + " " + what + " expected, found " + found);
        }
    }

    private static InvalidRowsException refusal(long row, int column, Object found) {
        return new InvalidRowsException(
                "row "
                        + row
                        + ", column "
                        + column
                        + ": a finite value of at most "
                        + SecondMomentSketch.MOST_VALUE
                        + " in magnitude expected, found "
                        + found);
    }
}
