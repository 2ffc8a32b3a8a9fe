package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
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
    private int rows;

    final int[] count = new int[2];
    final double[] energy = new double[2];
    final double[] largest = new double[2];
    final double[][] sum;

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
            basis.put(0, window.basisValues());
        }
        this.coordinates = workspace.take(k * capacity);
        this.parts[0] = workspace.take(k * capacity);
        this.parts[1] = workspace.take(k * capacity);
        this.offset = window.project(window.anchorValues());
        this.line = new double[d];
        this.halves = new byte[capacity];
        this.sum = new double[2][d];
    }

    /**
     * Projects all rows of a block.
     *
     * @param half for each row, 0 or 1: the half its sample belongs to
     * @throws InvalidRowsException if the width differs, there are too many rows or a value is not
     *     finite; nothing can then be taken from this object until the next block
     */
    public void project(RowBlock block, byte[] half) {
        rows = 0;
        int n = block.rows();
        if (block.dimension() != d || n > capacity || half.length < n) {
            throw new InvalidRowsException(
                    "window rows: at most "
                            + capacity
                            + " rows of "
                            + d
                            + " with their halves expected, found "
                            + n
                            + " of "
                            + block.dimension()
                            + " with "
                            + half.length);
        }
        for (int h = 0; h < 2; h++) {
            count[h] = 0;
            energy[h] = 0;
            largest[h] = 0;
            Arrays.fill(sum[h], 0);
        }
        System.arraycopy(half, 0, halves, 0, n);
        for (int i = 0; i < n; i++) {
            block.values().get(i * d, line);
            addRow(halves[i] & 1);
        }
        if (!(energy[0] + energy[1] < Double.POSITIVE_INFINITY)) {
            throw new InvalidRowsException("window rows: a value is not finite or too large");
        }
        if (n > 0) {
            rotate(block, n);
        }
        rows = n;
    }

    private void addRow(int half) {
        double[] anchor = window.anchorValues();
        double[] total = sum[half];
        double even = 0;
        double odd = 0;
        int j = 0;
        for (; j + 1 < d; j += 2) {
            double a = line[j] - anchor[j];
            double b = line[j + 1] - anchor[j + 1];
            total[j] += a;
            total[j + 1] += b;
            even += a * a;
            odd += b * b;
        }
        if (j < d) {
            double a = line[j] - anchor[j];
            total[j] += a;
            even += a * a;
        }
        double square = even + odd;
        count[half]++;
        energy[half] += square;
        largest[half] = Math.max(largest[half], square);
    }

    /**
     * Fills the parts: coordinate i of the rows of one half is a contiguous line of count[half].
     */
    private void rotate(RowBlock block, int n) {
        if (window.ofChannels()) {
            int[] channels = window.channelValues();
            for (int i = 0; i < k; i++) {
                for (int row = 0; row < n; row++) {
                    coordinates.put(i * n + row, block.values().get(row * d + channels[i]));
                }
            }
        } else {
            kernels.cross(k, n, d, basis, block.values(), coordinates, 0, n);
        }
        for (int i = 0; i < k; i++) {
            int[] at = {i * count[0], i * count[1]};
            for (int row = 0; row < n; row++) {
                int h = halves[row] & 1;
                parts[h].put(at[h]++, coordinates.get(i * n + row) - offset[i]);
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
