package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reference rows of one tap by the class the model answered, and how far other rows lie from them.
 *
 * <p>The rows of a class are columns, so that its product is narrow and its distances are still in
 * the cache when they are read. Some rows, evenly spaced, are landmarks: the distances to them are
 * kept.
 *
 * <pre>
 *   int coordinates | int landmarks | classes x int rows | rows x coordinates fp32, class by class
 * </pre>
 */
public final class EvidenceRows {
    /** Leading coordinates of a row; the trailing ones add about the same to every distance. */
    private static final int COORDINATES = 128;

    private static final int MOST_LANDMARKS = 2500;

    /** A landmark has at least another row beside it, or the rows would be learnt by heart. */
    private static final int ROWS_PER_LANDMARK = 2;

    /** Rows whose distances to the landmarks set the scale. */
    private static final int SCALE_ROWS = 256;

    /** Queries at a time, so that their products stay in the cache. */
    private static final int QUERIES = 2 * Kernels.EVEN_ROWS;

    private final int coordinates;
    private final Matrix[] byClass;
    private final double[] norms;

    /** Places among all rows, ascending. */
    private final int[] landmarks;

    private EvidenceRows(int coordinates, int landmarks, Matrix[] byClass) {
        this.coordinates = coordinates;
        this.byClass = byClass;
        int rows = Arrays.stream(byClass).mapToInt(Matrix::columns).sum();
        this.landmarks = Coreset.choose(rows, landmarks);
        this.norms = new double[rows];
        int at = 0;
        for (Matrix own : byClass) {
            for (int j = 0; j < own.columns(); j++) {
                for (int i = 0; i < coordinates; i++) {
                    norms[at] += own.get(i, j) * own.get(i, j);
                }
                at++;
            }
        }
    }

    /**
     * Keeps reference rows, rounded to fp32.
     *
     * @param all window coordinates of the tap
     * @param classes what the model answered
     * @param most rows kept, evenly spaced
     */
    public static EvidenceRows fit(Matrix all, int[] classes, int count, int most) {
        int[] chosen = Coreset.choose(all.rows(), most);
        int width = Math.min(COORDINATES, all.columns());
        int[] chosenClasses = Arrays.stream(chosen).map(i -> classes[i]).toArray();
        Matrix[] byClass = new Matrix[count];
        for (int c = 0; c < count; c++) {
            int[] own = Gaussians.rowsOf(chosenClasses, c);
            byClass[c] = new Matrix(width, own.length);
            for (int j = 0; j < own.length; j++) {
                for (int i = 0; i < width; i++) {
                    byClass[c].set(i, j, (float) all.get(chosen[own[j]], i));
                }
            }
        }
        int landmarks = Math.min(MOST_LANDMARKS, chosen.length / ROWS_PER_LANDMARK);
        return new EvidenceRows(width, landmarks, byClass);
    }

    /**
     * What a block of rows is near to.
     *
     * @param nearest per row and class the mean squared distance to the three nearest reference
     *     rows, infinite where there are not so many
     * @param landmarks per row the squared distance to each landmark
     */
    public record Near(double[] nearest, double[] landmarks) {}

    /** Returns the number of landmarks. */
    public int landmarks() {
        return landmarks.length;
    }

    public int classes() {
        return byClass.length;
    }

    /** Returns the landmarks, one a row. */
    public Matrix landmarkRows() {
        Matrix out = new Matrix(landmarks.length, coordinates);
        int at = 0;
        int from = 0;
        for (Matrix own : byClass) {
            while (at < landmarks.length && landmarks[at] < from + own.columns()) {
                for (int i = 0; i < coordinates; i++) {
                    out.set(at, i, own.get(i, landmarks[at] - from));
                }
                at++;
            }
            from += own.columns();
        }
        return out;
    }

    /** Returns the median squared distance among landmarks: the scale of a kernel. */
    public double scale(Kernels kernels) {
        Matrix all = landmarkRows();
        int[] some = Coreset.choose(all.rows(), SCALE_ROWS);
        Coreset.Distances distances =
                Coreset.of(all).squaredDistances(kernels, all.select(some, some.length));
        double[] row = new double[all.rows()];
        double[] values = new double[some.length * all.rows()];
        for (int i = 0; i < some.length; i++) {
            distances.row(i, row);
            System.arraycopy(row, 0, values, i * row.length, row.length);
        }
        Arrays.sort(values);
        return Math.max(Double.MIN_NORMAL, values[values.length / 2]);
    }

    /** Compares a block with the kept rows, once for all scores that ask. */
    public Near near(Projected block, int tap) {
        return block.kept(this, () -> compare(block.kernels(), block.coordinates(tap)));
    }

    private Near compare(Kernels kernels, Matrix queries) {
        int rows = queries.rows();
        double[] nearest = new double[rows * byClass.length];
        double[] kept = new double[rows * landmarks.length];
        double[] own = new double[rows];
        double[] row = new double[queries.columns()];
        for (int i = 0; i < rows; i++) {
            queries.row(i, row);
            own[i] = Matrix.sumOfSquares(row, 0, coordinates);
        }
        int largest = Arrays.stream(byClass).mapToInt(Matrix::columns).max().orElseThrow();
        Matrix product = queries.sibling(QUERIES, largest);
        double[] distances = new double[QUERIES * largest];
        for (int from = 0; from < rows; from += QUERIES) {
            int count = Math.min(QUERIES, rows - from);
            int start = 0;
            int mark = 0;
            for (int c = 0; c < byClass.length; c++) {
                int size = byClass[c].columns();
                multiply(kernels, queries, from, count, c, product);
                product.data().get(0, distances, 0, count * size);
                int next = mark;
                while (next < landmarks.length && landmarks[next] < start + size) {
                    next++;
                }
                for (int i = 0; i < count; i++) {
                    squared(distances, i * size, size, own[from + i], start);
                    nearest[(from + i) * byClass.length + c] = three(distances, i * size, size);
                    for (int m = mark; m < next; m++) {
                        kept[(from + i) * landmarks.length + m] =
                                distances[i * size + landmarks[m] - start];
                    }
                }
                mark = next;
                start += size;
            }
        }
        return new Near(nearest, kept);
    }

    private void multiply(
            Kernels kernels, Matrix queries, int from, int count, int c, Matrix product) {
        if (byClass[c].columns() > 0) {
            kernels.rotate(
                    count,
                    coordinates,
                    byClass[c].columns(),
                    queries.data(),
                    from * queries.columns(),
                    queries.columns(),
                    byClass[c].data(),
                    false,
                    product.data());
        }
    }

    /** From inner products to squared distances; rounding can leave a little less than zero. */
    private void squared(double[] inner, int at, int size, double own, int start) {
        for (int j = 0; j < size; j++) {
            inner[at + j] = own + norms[start + j] - 2 * inner[at + j];
        }
    }

    /** Three variables and no inner branches: this is where the time goes. */
    private static double three(double[] squared, int at, int size) {
        double first = Double.POSITIVE_INFINITY;
        double second = first;
        double third = first;
        for (int j = at; j < at + size; j++) {
            double value = squared[j];
            if (value < third) {
                third = Math.max(second, value);
                second = Math.max(first, Math.min(second, value));
                first = Math.min(first, value);
            }
        }
        return (Math.max(0, first) + Math.max(0, second) + Math.max(0, third)) / 3;
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(coordinates);
        out.writeInt(landmarks.length);
        for (Matrix own : byClass) {
            out.writeInt(own.columns());
        }
        for (Matrix own : byClass) {
            for (int j = 0; j < own.columns(); j++) {
                for (int i = 0; i < coordinates; i++) {
                    out.writeFloat((float) own.get(i, j));
                }
            }
        }
    }

    /** Reads rows of a tap whose window has so many coordinates. */
    public static EvidenceRows read(DetectorInput in, int width) throws IOException {
        int coordinates = in.integer("evidence coordinates", 1, Math.min(COORDINATES, width));
        int landmarks = in.integer("landmarks", 1, MOST_LANDMARKS);
        int[] sizes = new int[in.classes()];
        long total = 0;
        for (int c = 0; c < sizes.length; c++) {
            sizes[c] = in.count("evidence rows of a class", 0, coordinates * Float.BYTES);
            total += sizes[c];
        }
        if (total < landmarks || total * coordinates > in.available() / Float.BYTES) {
            throw new IOException(
                    "evidence rows: at least "
                            + landmarks
                            + " within "
                            + in.available()
                            + " bytes expected, found "
                            + total
                            + " of "
                            + coordinates);
        }
        Matrix[] byClass = new Matrix[sizes.length];
        for (int c = 0; c < sizes.length; c++) {
            byClass[c] = new Matrix(coordinates, sizes[c]);
            for (int j = 0; j < sizes[c]; j++) {
                for (int i = 0; i < coordinates; i++) {
                    byClass[c].set(i, j, finite(in.readFloat()));
                }
            }
        }
        return new EvidenceRows(coordinates, landmarks, byClass);
    }

    private static float finite(float value) throws IOException {
        if (!Float.isFinite(value)) {
            throw new IOException("finite evidence rows expected, found " + value);
        }
        return value;
    }
}
