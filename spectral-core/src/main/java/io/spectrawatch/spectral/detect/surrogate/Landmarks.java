package io.spectrawatch.spectral.detect.surrogate;

import io.spectrawatch.spectral.detect.reference.Coreset;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Rows that others are compared with, in {@link WholeNumbers} and in units in which half the median
 * squared distance among them is 1.
 *
 * <pre>
 *   double unit, unless it is that of others
 *   int landmarks | landmarks x fp32 step | landmarks x coordinates x short steps
 * </pre>
 */
final class Landmarks {
    /** Of any kind. */
    static final int MOST = 8192;

    /** Rows of a group, at most: all that a detector scores together. */
    static final int GROUP = 5 * Kernels.EVEN_ROWS;

    /** Landmarks compared with at a time, so that what a group makes of them stays in the cache. */
    private static final int PANEL = 256;

    /** Rows whose distances to the landmarks set the unit. */
    private static final int SCALE_ROWS = 256;

    /** Of the squared lengths of two rows: where their distance is less, they are the same. */
    private static final double ROUNDING = 1e-12;

    /** Where fewer than one distance in so many is positive, the few say nothing of the others. */
    private static final int FEW = 16;

    /** Squared length beyond which a row is as far from every landmark as fp32 tells. */
    private static final double FAR = 0x1p40;

    /** Most squared steps of a landmark. */
    private static final double MOST_SQUARED = 1 << 24;

    /** Most squared length of a landmark. */
    private static final double LONGEST = 0x1p30;

    private final int coordinates;

    /** From coordinates to units. */
    private final double unit;

    /** Landmarks x coordinates, panel by panel, in steps. */
    private final float[][] panels;

    /** The step of each landmark. */
    private final float[] steps;

    /** Squared lengths. */
    private final float[] norms;

    private Landmarks(int coordinates, double unit, float[][] panels, float[] steps) {
        this.coordinates = coordinates;
        this.unit = unit;
        this.panels = panels;
        this.steps = steps;
        this.norms = new float[steps.length];
        for (int m = 0; m < norms.length; m++) {
            norms[m] = (float) squared(panels[m / PANEL], m % PANEL * coordinates, 1, steps[m]);
            if (!(norms[m] <= LONGEST)) {
                throw new ArithmeticException(
                        "landmarks: squared lengths up to "
                                + LONGEST
                                + " times half the median squared distance required, found "
                                + norms[m]);
            }
        }
    }

    /** The squared length of a vector in steps. */
    private double squared(float[] values, int from, int apart, double step) {
        double sum = 0;
        for (int i = 0; i < coordinates; i++) {
            double value = values[from + i * apart];
            sum += value * value;
        }
        return sum * step * step;
    }

    private static int width(int count, int from) {
        return Math.min(PANEL, count - from);
    }

    /**
     * Takes landmarks.
     *
     * @param marked one a row
     * @throws ArithmeticException if one lies too far from the others for fp32, or nearly all of
     *     them are the same
     */
    static Landmarks of(Kernels kernels, Matrix marked) {
        return of(marked, Math.sqrt(2 / median(kernels, marked)));
    }

    /** Returns others in the same units, which a group of rows is taken in once for both. */
    Landmarks others(Matrix marked) {
        return of(marked, unit);
    }

    private static Landmarks of(Matrix marked, double unit) {
        int width = marked.columns();
        float[][] panels = panels(marked.rows(), width);
        float[] steps = new float[marked.rows()];
        double[] row = new double[width];
        for (int m = 0; m < steps.length; m++) {
            marked.row(m, row);
            steps[m] =
                    (float)
                            WholeNumbers.round(
                                    row, width, unit, panels[m / PANEL], m % PANEL * width, 1);
        }
        return new Landmarks(width, unit, panels, steps);
    }

    private static float[][] panels(int count, int coordinates) {
        float[][] panels = new float[(count + PANEL - 1) / PANEL][];
        for (int p = 0; p < panels.length; p++) {
            panels[p] = new float[width(count, p * PANEL) * coordinates];
        }
        return panels;
    }

    private static double median(Kernels kernels, Matrix marked) {
        int[] some = Coreset.choose(marked.rows(), SCALE_ROWS);
        Coreset.Distances distances =
                Coreset.of(marked).squaredDistances(kernels, marked.select(some, some.length));
        double[] row = new double[marked.rows()];
        double[] values = new double[some.length * row.length];
        for (int i = 0; i < some.length; i++) {
            distances.row(i, row);
            for (int j = 0; j < row.length; j++) {
                double least = ROUNDING * (distances.own()[i] + distances.norms()[j]);
                values[i * row.length + j] = row[j] > least ? row[j] : 0;
            }
        }
        Arrays.sort(values);
        int middle = values.length / 2;
        if (values[middle] == 0) {
            middle = medianOfPositive(values, middle);
        }
        return Math.max(Double.MIN_NORMAL, values[middle]);
    }

    /** Where most are the same, half the distances are none, and set no unit. */
    private static int medianOfPositive(double[] sorted, int zero) {
        int first = zero;
        while (first < sorted.length && sorted[first] == 0) {
            first++;
        }
        int positive = sorted.length - first;
        if (positive < sorted.length / FEW || positive == 0) {
            throw new ArithmeticException(
                    "landmarks: one positive distance in "
                            + FEW
                            + " required, found "
                            + positive
                            + " in "
                            + sorted.length);
        }
        return first + positive / 2;
    }

    int count() {
        return norms.length;
    }

    int coordinates() {
        return coordinates;
    }

    /** Returns how many rows of a block are looked at together. */
    static int groupRows(int blockRows) {
        return Math.min(GROUP, blockRows);
    }

    /** A group of rows, and room for their distances to a panel. */
    static final class Rows {
        private final int count;

        /** Of a row, in steps. */
        private final float[] whole;

        /** Coordinates x rows, in steps. */
        private final FloatBuffer values;

        private final float[] steps;
        private final float[] norms;
        private final float[] squared;

        Rows(int count, int coordinates) {
            this.count = count;
            this.whole = new float[coordinates];
            this.values =
                    ByteBuffer.allocateDirect(count * coordinates * Float.BYTES)
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
            this.steps = new float[count];
            this.norms = new float[count];
            this.squared = new float[count * PANEL];
        }

        int count() {
            return count;
        }
    }

    /** Takes squared distances. */
    @FunctionalInterface
    interface Panel {
        /**
         * Takes those to some landmarks.
         *
         * @param squared {@code width} x rows of the group; may be changed. Rounding can leave a
         *     little less than zero.
         */
        void take(int from, int width, float[] squared);
    }

    /**
     * Takes a row into a group. What is not finite has no distance to anything.
     *
     * @param row its leading coordinates are read
     */
    void take(double[] row, Rows into, int at) {
        double step = WholeNumbers.round(row, coordinates, unit, into.whole, 0, 1);
        double squared = squared(into.whole, 0, 1, step);
        boolean far = !(squared < FAR);
        boolean finite = true;
        for (int i = 0; i < coordinates; i++) {
            finite &= Double.isFinite(row[i]);
            into.values.put(i * into.count + at, far ? 0 : into.whole[i]);
        }
        into.steps[at] = (float) (far ? 0 : -2 * step);
        double length = far ? FAR : squared;
        into.norms[at] = finite ? (float) length : Float.NaN;
    }

    /** Hands on the squared distances of the rows of a group, panel by panel. */
    void squared(Kernels kernels, Rows group, Panel panel) {
        for (int p = 0; p < panels.length; p++) {
            int from = p * PANEL;
            int width = width(norms.length, from);
            float[] out = group.squared;
            kernels.singleProduct(width, coordinates, group.count, panels[p], group.values, out);
            for (int j = 0; j < width; j++) {
                distances(out, j * group.count, group, steps[from + j], norms[from + j]);
            }
            panel.take(from, width, out);
        }
    }

    private static void distances(float[] inner, int at, Rows group, float step, float norm) {
        float[] steps = group.steps;
        float[] norms = group.norms;
        for (int i = 0; i < norms.length; i++) {
            inner[at + i] = norm + norms[i] + inner[at + i] * step * steps[i];
        }
    }

    void write(DataOutput out) throws IOException {
        out.writeDouble(unit);
        writeRows(out);
    }

    /** Writes them for a reader that knows the unit. */
    void writeRows(DataOutput out) throws IOException {
        out.writeInt(count());
        Machine.write(out, steps);
        for (float[] panel : panels) {
            for (float value : panel) {
                out.writeShort((int) value);
            }
        }
    }

    /** Reads landmarks of so many coordinates. */
    static Landmarks read(DetectorInput in, int coordinates) throws IOException {
        double unit = in.finite("unit");
        if (!(unit > 0)) {
            throw new IOException("a unit above 0 expected, found " + unit);
        }
        return read(in, coordinates, unit);
    }

    /** Reads others in the same units. */
    Landmarks readOthers(DetectorInput in) throws IOException {
        return read(in, coordinates, unit);
    }

    private static Landmarks read(DetectorInput in, int coordinates, double unit)
            throws IOException {
        int count = in.integer("landmarks", 1, MOST);
        float[] steps = Machine.read(in, "steps", count);
        for (float step : steps) {
            if (!(step >= 0)) {
                throw new IOException("steps from 0 on expected, found " + step);
            }
        }
        if (count * coordinates > in.available() / Short.BYTES) {
            throw new IOException(
                    count + " landmarks expected, found " + in.available() + " bytes");
        }
        float[][] panels = panels(count, coordinates);
        for (int m = 0; m < count; m++) {
            double squared = 0;
            for (int i = 0; i < coordinates; i++) {
                short value = in.readShort();
                panels[m / PANEL][m % PANEL * coordinates + i] = value;
                squared += (double) value * value;
            }
            if (squared > MOST_SQUARED) {
                throw new IOException("landmarks of at most 4096 steps expected");
            }
        }
        return new Landmarks(coordinates, unit, panels, steps);
    }
}
