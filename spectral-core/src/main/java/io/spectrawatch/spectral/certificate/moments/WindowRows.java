package io.spectrawatch.spectral.certificate.moments;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.WindowStep;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.tensor.InvalidRowsException;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.DoubleBuffer;
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
    private final Kernels kernels;
    private final FrozenWindow window;
    private final int capacity;
    private final int k;
    private final int d;

    /** Coordinates (rows x k): those of the first half, then those of the second. */
    private final DoubleBuffer parts;

    private final WindowStep step = new WindowStep();
    private final byte[] halves;
    private int rows;

    final int[] count = new int[2];
    final double[] energy = new double[2];
    final double[][] sum;

    /** Moments of the coordinates (k x k), shared by the interfaces on both sides. */
    final double[][] moment;

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
        step.anchor = workspace.take(d).put(0, window.anchorValues());
        step.rank = k;
        if (!window.ofChannels()) {
            step.basis = workspace.take(k * d);
            step.basis.put(0, Dense.transpose(k, d, window.basisValues()));
        }
        step.members = workspace.take(2 * capacity);
        step.coordinates = workspace.take(k * capacity);
        step.sums = workspace.take(2 * d);
        this.parts = workspace.take(k * capacity);
        this.halves = new byte[capacity];
        this.sum = new double[2][d];
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
        clear();
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
        if (n == 0) {
            return;
        }
        System.arraycopy(half, 0, halves, 0, n);
        step.block = block;
        step.from = from;
        step.count = n;
        assign(n);
        kernels.project(step);
        if (!(step.energy[0] + step.energy[1] < Double.POSITIVE_INFINITY)) {
            throw new InvalidRowsException("window rows: a value is not finite or too large");
        }
        takeSums(n);
        if (window.ofChannels()) {
            choose(n);
        }
        sort(n);
        fillMoment(0);
        fillMoment(1);
        rows = n;
    }

    private void clear() {
        rows = 0;
        for (int h = 0; h < 2; h++) {
            count[h] = 0;
            energy[h] = 0;
        }
    }

    private void assign(int n) {
        for (int i = 0; i < n; i++) {
            int h = halves[i] & 1;
            step.members.put(h * n + i, 1);
            step.members.put((1 - h) * n + i, 0);
        }
    }

    private void takeSums(int n) {
        for (int i = 0; i < n; i++) {
            count[halves[i] & 1]++;
        }
        for (int h = 0; h < 2; h++) {
            energy[h] = step.energy[h];
            step.sums.get(h * d, sum[h]);
        }
    }

    private void choose(int n) {
        int[] channels = window.channelValues();
        for (int row = 0; row < n; row++) {
            for (int i = 0; i < k; i++) {
                step.coordinates.put(row * k + i, step.rows.get(row * d + channels[i]));
            }
        }
    }

    /** Fills the parts from the coordinates in the order of the block, run by run. */
    private void sort(int n) {
        int first = 0;
        int second = count[0];
        int start = 0;
        while (start < n) {
            int h = halves[start] & 1;
            int end = start + 1;
            while (end < n && (halves[end] & 1) == h) {
                end++;
            }
            int length = end - start;
            parts.put((h == 0 ? first : second) * k, step.coordinates, start * k, length * k);
            first += h == 0 ? length : 0;
            second += h == 0 ? 0 : length;
            start = end;
        }
    }

    private void fillMoment(int half) {
        double[] out = moment[half];
        if (count[half] == 0) {
            Arrays.fill(out, 0);
            return;
        }
        DoubleBuffer product = kernels.workspace().scratch(Role.MOMENT, k * k);
        DoubleBuffer part = part(half);
        kernels.crossMoment(k, k, count[half], part, part, product);
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

    /** The coordinates of one half (count[half] x k), from the buffer's position on. */
    DoubleBuffer part(int half) {
        return parts.position(half == 0 ? 0 : k * count[0]);
    }

    boolean sameHalves(WindowRows other) {
        return rows == other.rows && Arrays.equals(halves, 0, rows, other.halves, 0, rows);
    }

    /** Gives the buffers back; the object must not be used afterwards. */
    @Override
    public void close() {
        Workspace workspace = kernels.workspace();
        workspace.give(step.anchor);
        if (step.basis != null) {
            workspace.give(step.basis);
        }
        workspace.give(step.members);
        workspace.give(step.coordinates);
        workspace.give(step.sums);
        workspace.give(parts);
    }
}
