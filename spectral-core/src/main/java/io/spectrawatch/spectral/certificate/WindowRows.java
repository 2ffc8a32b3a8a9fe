package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;
import java.util.Arrays;

/**
 * One block of a layer's rows in the coordinates of its frozen window, by halves; computed once per
 * layer and block and used by the interfaces on both sides.
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
    private final double[] offset;
    private final double[] line;
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
        this.offset = window.project(window.anchorValues());
        this.line = new double[Math.min(CHUNK, d)];
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
        DoubleBuffer values = block.values();
        for (int at = 0; at < d; at += CHUNK) {
            addRows(values, from, n, at, Math.min(CHUNK, d - at));
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
            rotate(values, from, n);
            fillMoment(0);
            fillMoment(1);
        }
        rows = n;
    }

    /**
     * Sums the rows by coordinates, in chunks that stay in the first-level cache. One store per
     * loop, so that the compiler vectorises each; the squares are summed per coordinate for the
     * same reason.
     */
    private void addRows(DoubleBuffer values, int first, int n, int from, int width) {
        double[] anchor = window.anchorValues();
        for (int i = 0; i < n; i++) {
            double[] total = sum[halves[i] & 1];
            double[] square = squares[halves[i] & 1];
            values.get((first + i) * d + from, line, 0, width);
            for (int j = 0; j < width; j++) {
                line[j] -= anchor[from + j];
            }
            for (int j = 0; j < width; j++) {
                total[from + j] += line[j];
            }
            for (int j = 0; j < width; j++) {
                square[from + j] += line[j] * line[j];
            }
        }
    }

    /** Fills the parts: coordinate i of the rows of one half is a contiguous line of its count. */
    private void rotate(DoubleBuffer values, int first, int n) {
        if (!window.ofChannels()) {
            kernels.rotate(n, d, k, values, first * d, d, basis, false, coordinates);
        }
        int[] channels = window.channelValues();
        taken[0] = 0;
        taken[1] = 0;
        for (int row = 0; row < n; row++) {
            int h = halves[row] & 1;
            int at = taken[h]++;
            for (int i = 0; i < k; i++) {
                double value =
                        channels == null
                                ? coordinates.get(row * k + i)
                                : values.get((first + row) * d + channels[i]);
                parts[h].put(i * count[h] + at, value - offset[i]);
            }
        }
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
