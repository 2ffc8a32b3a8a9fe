package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

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

    /** Queries at a time, so that their products stay in the cache. */
    private static final int QUERIES = 2 * Kernels.EVEN_ROWS;

    private final int coordinates;

    /** Row by row, class by class. */
    private final float[] rows;

    /** The first row of each class, and one past the last of all. */
    private final int[] starts;

    private final NearestRows nearest;

    /** Landmarks, one a column. */
    private final Matrix marked;

    /** Their squared lengths. */
    private final double[] markedNorms;

    private EvidenceRows(int coordinates, int landmarks, float[] rows, int[] starts) {
        this.coordinates = coordinates;
        this.rows = rows;
        this.starts = starts;
        double[] squared = new double[starts[starts.length - 1]];
        for (int j = 0; j < squared.length; j++) {
            for (int i = 0; i < coordinates; i++) {
                double value = rows[j * coordinates + i];
                squared[j] += value * value;
            }
        }
        int[] chosen = Coreset.choose(squared.length, landmarks);
        this.nearest = new NearestRows(coordinates, rows, squared, starts, chosen);
        this.marked = new Matrix(coordinates, chosen.length);
        this.markedNorms = new double[chosen.length];
        for (int m = 0; m < chosen.length; m++) {
            markedNorms[m] = squared[chosen[m]];
            for (int i = 0; i < coordinates; i++) {
                marked.set(i, m, rows[chosen[m] * coordinates + i]);
            }
        }
    }

    /** Returns the number of landmarks. */
    public int landmarks() {
        return marked.columns();
    }

    public int classes() {
        return starts.length - 1;
    }

    /**
     * Searches the kept rows for those nearest to each row of a block.
     *
     * @param own takes per row the mean squared distance to the three nearest of the class answered
     * @param other takes per row the least of the same over the other classes, infinite where none
     *     has so many rows
     */
    public void nearest(Projected block, int tap, double[] own, double[] other) {
        double[] known = toLandmarks(block, tap);
        nearest.search(
                block.kernels(), block.coordinates(tap), block.predicted(), known, own, other);
    }

    /**
     * Returns the squared distance of each row of a block to each landmark, row by row; computed
     * once for all scores that ask.
     */
    public double[] toLandmarks(Projected block, int tap) {
        return block.kept(this, () -> toLandmarks(block.kernels(), block.coordinates(tap)));
    }

    private double[] toLandmarks(Kernels kernels, Matrix queries) {
        int count = landmarks();
        double[] out = new double[queries.rows() * count];
        double[] row = new double[queries.columns()];
        double[] distances = new double[count];
        Matrix product = queries.sibling(QUERIES, count);
        for (int from = 0; from < queries.rows(); from += QUERIES) {
            int some = Math.min(QUERIES, queries.rows() - from);
            kernels.rotate(
                    some,
                    coordinates,
                    count,
                    queries.data(),
                    from * queries.columns(),
                    queries.columns(),
                    marked.data(),
                    false,
                    product.data());
            for (int i = 0; i < some; i++) {
                queries.row(from + i, row);
                product.row(i, distances);
                squared(distances, Matrix.sumOfSquares(row, 0, coordinates), markedNorms);
                System.arraycopy(distances, 0, out, (from + i) * count, count);
            }
        }
        return out;
    }

    /** From inner products to squared distances; rounding can leave a little less than zero. */
    private static void squared(double[] inner, double own, double[] norms) {
        for (int j = 0; j < norms.length; j++) {
            inner[j] = own + norms[j] - 2 * inner[j];
        }
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(coordinates);
        out.writeInt(landmarks());
        for (int c = 0; c < classes(); c++) {
            out.writeInt(starts[c + 1] - starts[c]);
        }
        for (float value : rows) {
            out.writeFloat(value);
        }
    }

    /** Reads rows of a tap whose window has so many coordinates. */
    public static EvidenceRows read(DetectorInput in, int width) throws IOException {
        int coordinates = in.integer("evidence coordinates", 1, Math.min(COORDINATES, width));
        int landmarks = in.integer("landmarks", 1, MOST_LANDMARKS);
        int[] starts = new int[in.classes() + 1];
        long total = 0;
        for (int c = 0; c < in.classes(); c++) {
            total += in.count("evidence rows of a class", 0, coordinates * Float.BYTES);
            starts[c + 1] = (int) total;
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
        float[] rows = new float[starts[in.classes()] * coordinates];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = finite(in.readFloat());
        }
        return new EvidenceRows(coordinates, landmarks, rows, starts);
    }

    private static float finite(float value) throws IOException {
        if (!Float.isFinite(value)) {
            throw new IOException("finite evidence rows expected, found " + value);
        }
        return value;
    }
}
