package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * One block of a layer's rows about the anchor and in the coordinates of its frozen window, by
 * halves; computed once per layer and block and used by the interfaces on both sides.
 *
 * <pre>{@code
 * x.project(blockOfLayer, halves);
 * y.project(blockOfNextLayer, halves);
 * moments.update(x, y);
 * }</pre>
 *
 * <p>Allocates nothing per block. Not thread-safe; belongs to its kernels' thread.
 */
public final class WindowRows implements AutoCloseable {
    /** Coordinates summed at a time: five lines of them fit into 32 KiB. */
    private static final int CHUNK = 512;

    private final Kernels kernels;
    private final FrozenWindow window;
    private final int capacity;
    private final int k;
    private final int d;
    private final DoubleBuffer basis;
    private final DoubleBuffer coordinates;
    private final DoubleBuffer[] parts = new DoubleBuffer[2];
    private final double[] line;
    private final float[] singleLine;
    private final double[][] gathered = new double[2][];
    private final byte[] halves;
    private final int[] taken = new int[2];
    private int rows;

    final int[] count = new int[2];
    final double[] energy = new double[2];
    final double[][] sum;

    /** Moments of the coordinates (k x k), shared by the interfaces on both sides. */
    final double[][] moment;

    private final double[][] squares;

    /**
     * Takes buffers for blocks of up to {@code capacity} rows.
     *
     * @throws IllegalArgumentException if the capacity is not positive
     */
    public WindowRows(Kernels kernels, FrozenWindow window, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "window rows: a positive capacity expected, found " + capacity);
        }
        this.kernels = kernels;
        this.window = window;
        this.capacity = capacity;
        this.k = window.rank();
        this.d = window.dimension();
        Workspace workspace = kernels.workspace();
        this.basis = workspace.take(window.ofChannels() ? 0 : k * d);
        if (!window.ofChannels()) {
            basis.put(0, Dense.transpose(k, d, window.basisValues()));
        }
        this.coordinates = workspace.take(k * capacity);
        this.parts[0] = workspace.take(k * capacity);
        this.parts[1] = workspace.take(k * capacity);
        this.line = new double[Math.max(Math.min(CHUNK, d), k)];
        this.singleLine = new float[Math.min(CHUNK, d)];
        this.gathered[0] = new double[k * capacity];
        this.gathered[1] = new double[k * capacity];
        this.halves = new byte[capacity];
        this.sum = new double[2][d];
        this.squares = new double[2][d];
        this.moment = new double[2][k * k];
    }

    /**
     * Projects all rows of a block.
     *
     * @param half for each row, 0 or 1: the half its sample belongs to
     * @throws InvalidRowsException if the width differs, there are too many rows or a value is not
     *     finite; nothing can then be taken from this object until the next block
     */
    public void project(RowBlock block, byte[] half) {
        project(block, 0, block.rows(), half);
    }

    /**
     * Projects consecutive rows of a block.
     *
     * @param from first row of the block
     * @param n rows taken
     * @param half for each row taken, 0 or 1: the half its sample belongs to
     * @throws InvalidRowsException as above, or if the block does not hold these rows
     */
    public void project(RowBlock block, int from, int n, byte[] half) {
        rows = 0;
        boolean held = from >= 0 && n >= 0 && from <= block.rows() - n;
        if (!held || block.dimension() != d || n > capacity || half.length < n) {
            throw new InvalidRowsException(
                    "window rows: at most "
                            + capacity
                            + " of "
                            + block.rows()
                            + " rows of "
                            + d
                            + " with their halves expected, found "
                            + n
                            + " from row "
                            + from
                            + " of "
                            + block.dimension()
                            + " with "
                            + half.length);
        }
        for (int h = 0; h < 2; h++) {
            count[h] = 0;
            energy[h] = 0;
            Arrays.fill(sum[h], 0);
            Arrays.fill(squares[h], 0);
        }
        System.arraycopy(half, 0, halves, 0, n);
        for (int i = 0; i < n; i++) {
            count[halves[i] & 1]++;
        }
        DoubleBuffer centred = kernels.workspace().scratch(Role.ROWS, n * d);
        boolean single = block.elementType().filter(ElementType.FLOAT32::equals).isPresent();
        FloatBuffer floats = single ? block.floats() : null;
        DoubleBuffer values = single ? null : block.values();
        for (int at = 0; at < d; at += CHUNK) {
            int width = Math.min(CHUNK, d - at);
            for (int i = 0; i < n; i++) {
                if (single) {
                    floats.get((from + i) * d + at, singleLine, 0, width);
                    centreSingle(at, width);
                } else {
                    values.get((from + i) * d + at, line, 0, width);
                    centre(at, width);
                }
                addLine(halves[i] & 1, at, width);
                centred.put(i * d + at, line, 0, width);
            }
        }
        for (int h = 0; h < 2; h++) {
            for (double square : squares[h]) {
                energy[h] += square;
            }
        }
        if (!(energy[0] + energy[1] < Double.POSITIVE_INFINITY)) {
            throw new InvalidRowsException("window rows: a value is not finite or too large");
        }
        if (n > 0) {
            rotate(centred, n);
            fillMoment(0);
            fillMoment(1);
        }
        rows = n;
    }

    private void centreSingle(int from, int width) {
        double[] anchor = window.anchorValues();
        for (int j = 0; j < width; j++) {
            line[j] = singleLine[j] - anchor[from + j];
        }
    }

    private void centre(int from, int width) {
        double[] anchor = window.anchorValues();
        for (int j = 0; j < width; j++) {
            line[j] -= anchor[from + j];
        }
    }

    /**
     * Sums part of a row by coordinates; parts stay in the first-level cache. One store per loop,
     * so that the compiler vectorises each; the squares are summed per coordinate for the same
     * reason.
     */
    private void addLine(int half, int from, int width) {
        double[] total = sum[half];
        double[] square = squares[half];
        for (int j = 0; j < width; j++) {
            total[from + j] += line[j];
        }
        for (int j = 0; j < width; j++) {
            square[from + j] += line[j] * line[j];
        }
    }

    /** Fills the parts: coordinate i of the rows of one half is a contiguous line of its count. */
    private void rotate(DoubleBuffer centred, int n) {
        if (!window.ofChannels()) {
            kernels.rotate(n, d, k, centred, 0, d, basis, false, coordinates);
        }
        int[] channels = window.channelValues();
        taken[0] = 0;
        taken[1] = 0;
        for (int row = 0; row < n; row++) {
            int h = halves[row] & 1;
            int at = taken[h]++;
            if (channels == null) {
                coordinates.get(row * k, line, 0, k);
            } else {
                for (int i = 0; i < k; i++) {
                    line[i] = centred.get(row * d + channels[i]);
                }
            }
            double[] part = gathered[h];
            for (int i = 0; i < k; i++) {
                part[i * count[h] + at] = line[i];
            }
        }
        parts[0].put(0, gathered[0], 0, k * count[0]);
        parts[1].put(0, gathered[1], 0, k * count[1]);
    }

    private void fillMoment(int half) {
        double[] out = moment[half];
        Arrays.fill(out, 0);
        if (count[half] == 0) {
            return;
        }
        DoubleBuffer product = kernels.workspace().scratch(Role.MOMENT, k * k);
        kernels.gram(k, count[half], parts[half], product, 0, k);
        product.get(0, out);
        for (int i = 0; i < k; i++) {
            for (int j = i + 1; j < k; j++) {
                out[j * k + i] = out[i * k + j];
            }
        }
    }

    /** Returns the window. */
    public FrozenWindow window() {
        return window;
    }

    /** Returns the rows of the last block. */
    public int rows() {
        return rows;
    }

    Kernels kernels() {
        return kernels;
    }

    /** The k x count[half] coordinates of one half. */
    DoubleBuffer part(int half) {
        return parts[half];
    }

    boolean sameHalves(WindowRows other) {
        return rows == other.rows && Arrays.equals(halves, 0, rows, other.halves, 0, rows);
    }

    /** Gives the buffers back; the object must not be used afterwards. */
    @Override
    public void close() {
        Workspace workspace = kernels.workspace();
        workspace.give(basis);
        workspace.give(coordinates);
        workspace.give(parts[0]);
        workspace.give(parts[1]);
    }
}
