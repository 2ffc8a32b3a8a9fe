package io.spectrawatch.spectral.certificate.moments;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace.Role;
import io.spectrawatch.spectral.linalg.Dense;
import java.nio.DoubleBuffer;

/**
 * Exact moments between two adjacent layers in frozen windows: for each half of the samples N = sum
 * (V'^T y)(V^T x)^T, M = sum (V^T x)(V^T x)^T, M' = sum (V'^T y)(V'^T y)^T, coordinate sums,
 * energies and the row count, everything about the windows' anchors.
 *
 * <p>The windowed object carries no sketch error; what the windows leave out is known exactly (see
 * {@link Transport#escapeX()}). States of disjoint rows add: {@link #merge} in a fixed order gives
 * the same bits, any order the same values up to rounding, and {@link #subtract} takes rows out
 * again. Not thread-safe.
 */
public final class InterfaceMoments {
    /*
     * Serialised form, little-endian; both windows are named, not contained:
     *
     *   0  int32  magic "SWIM"
     *   4  uint8  version (1)
     *   5  text   id of the x window (int32 length, UTF-8)
     *  ..  text   id of the y window
     *  ..  int32  k, d, k', d'
     *  ..  fp64   terms (additions any entry has seen), energy ever added at x, at y
     *  ..  half 0, half 1, each:
     *        layer x: int64 rows, fp64 energy,
     *                 fp64 sum[d], fp64 M[k][k]
     *        layer y: the same with d', k'
     *        fp64 N[k'][k]
     *  end int32  CRC-32C of everything before
     */
    private static final int MAGIC = 0x4D495753;
    private static final int VERSION = 1;

    private final FrozenWindow windowX;
    private final FrozenWindow windowY;
    private final LayerSums[] x = new LayerSums[2];
    private final LayerSums[] y = new LayerSums[2];
    private final double[][] cross = new double[2][];
    private final double[] scratch;

    /**
     * Additions behind the entries and the energy they carried; subtraction does not shrink them.
     */
    private double terms;

    private double weightX;
    private double weightY;

    /** Creates the moments of no rows between two windows. */
    public InterfaceMoments(FrozenWindow windowX, FrozenWindow windowY) {
        this.windowX = windowX;
        this.windowY = windowY;
        this.scratch = new double[windowY.rank() * windowX.rank()];
        for (int h = 0; h < 2; h++) {
            x[h] = new LayerSums(windowX);
            y[h] = new LayerSums(windowY);
            cross[h] = new double[windowY.rank() * windowX.rank()];
        }
    }

    /**
     * Adds one block of the same samples at both layers.
     *
     * @throws IllegalArgumentException if the windows are not this object's or the blocks hold
     *     other rows; the state is then unchanged
     */
    public void update(WindowRows blockX, WindowRows blockY) {
        if (!blockX.window().id().equals(windowX.id())
                || !blockY.window().id().equals(windowY.id())) {
            throw new IllegalArgumentException(
                    "interface moments: blocks of windows "
                            + windowX.id()
                            + " and "
                            + windowY.id()
                            + " expected, found "
                            + blockX.window().id()
                            + " and "
                            + blockY.window().id());
        }
        if (!blockX.sameHalves(blockY)) {
            throw new IllegalArgumentException(
                    "interface moments: both blocks must hold the same samples, found "
                            + blockX.rows()
                            + " and "
                            + blockY.rows()
                            + " rows");
        }
        for (int h = 0; h < 2; h++) {
            x[h].update(blockX, h);
            y[h].update(blockY, h);
            addCross(blockX, blockY, h);
            weightX += blockX.energy[h];
            weightY += blockY.energy[h];
        }
        terms += blockX.rows();
    }

    private void addCross(WindowRows blockX, WindowRows blockY, int half) {
        int n = blockX.count[half];
        if (n == 0) {
            return;
        }
        int k = windowX.rank();
        int rows = windowY.rank();
        Kernels kernels = blockX.kernels();
        DoubleBuffer product = kernels.workspace().scratch(Role.MOMENT, rows * k);
        kernels.crossMoment(rows, k, n, blockY.part(half), blockX.part(half), product);
        product.get(0, scratch);
        Dense.addScaled(scratch.length, 1, scratch, 0, cross[half], 0);
    }

    /**
     * Adds the rows behind another state.
     *
     * @throws IllegalArgumentException if the windows differ or a sum would overflow; the state is
     *     then unchanged
     */
    public void merge(InterfaceMoments other) {
        add(other, 1);
    }

    /**
     * Takes the rows behind another state out again; they must have been part of this one.
     *
     * @throws IllegalArgumentException if the windows differ or the other state has more rows; the
     *     state is then unchanged
     */
    public void subtract(InterfaceMoments other) {
        for (int h = 0; h < 2; h++) {
            if (other.x[h].rows > x[h].rows) {
                throw new IllegalArgumentException(
                        "interface moments: at most "
                                + x[h].rows
                                + " rows can be taken out of half "
                                + h
                                + ", found "
                                + other.x[h].rows);
            }
        }
        add(other, -1);
    }

    private void add(InterfaceMoments other, double sign) {
        if (!other.windowX.id().equals(windowX.id()) || !other.windowY.id().equals(windowY.id())) {
            throw new IllegalArgumentException(
                    "interface moments: windows "
                            + windowX.id()
                            + " and "
                            + windowY.id()
                            + " expected, found "
                            + other.windowX.id()
                            + " and "
                            + other.windowY.id());
        }
        boolean finite =
                Double.isFinite(terms + other.terms + 1)
                        && Double.isFinite(weightX + other.weightX)
                        && Double.isFinite(weightY + other.weightY);
        for (int h = 0; h < 2; h++) {
            finite &= x[h].canAdd(other.x[h], sign) && y[h].canAdd(other.y[h], sign);
            finite &= Dense.sumIsFinite(cross[h], sign, other.cross[h]);
        }
        if (!finite) {
            throw new IllegalArgumentException(
                    "interface moments: finite sums and rows below 2^63 expected of "
                            + rows()
                            + " rows and "
                            + other.rows()
                            + " more");
        }
        for (int h = 0; h < 2; h++) {
            x[h].add(other.x[h], sign);
            y[h].add(other.y[h], sign);
            Dense.addScaled(cross[h].length, sign, other.cross[h], 0, cross[h], 0);
        }
        terms += other.terms + 1;
        weightX += other.weightX;
        weightY += other.weightY;
    }

    /** Returns an independent copy. */
    public InterfaceMoments copy() {
        InterfaceMoments copy = new InterfaceMoments(windowX, windowY);
        for (int h = 0; h < 2; h++) {
            copy.x[h].add(x[h], 1);
            copy.y[h].add(y[h], 1);
            System.arraycopy(cross[h], 0, copy.cross[h], 0, cross[h].length);
        }
        copy.terms = terms;
        copy.weightX = weightX;
        copy.weightY = weightY;
        return copy;
    }

    /** Returns the rows of a part. */
    public long rows(Part part) {
        long rows = 0;
        for (int h = 0; h < 2; h++) {
            rows += part.contains(h) ? x[h].rows : 0;
        }
        return rows;
    }

    /** Returns the rows of both halves. */
    public long rows() {
        return rows(Part.ALL);
    }

    /** Returns the window of the first layer. */
    public FrozenWindow windowX() {
        return windowX;
    }

    /** Returns the window of the second layer. */
    public FrozenWindow windowY() {
        return windowY;
    }

    /**
     * Returns the centred, normalised transport of a part.
     *
     * @throws DegenerateMomentsException if there are fewer than two rows or no energy beyond
     *     rounding: nothing can be said
     */
    public Transport transport(Part part) {
        LayerSums sumsX = new LayerSums(windowX);
        LayerSums sumsY = new LayerSums(windowY);
        double[] sums = new double[cross[0].length];
        for (int h = 0; h < 2; h++) {
            if (part.contains(h)) {
                sumsX.add(x[h], 1);
                sumsY.add(y[h], 1);
                Dense.addScaled(sums.length, 1, cross[h], 0, sums, 0);
            }
        }
        CentredLayer layerX = new CentredLayer(windowX, sumsX, terms, weightX);
        CentredLayer layerY = new CentredLayer(windowY, sumsY, terms, weightY);
        return Transport.of(layerX, layerY, sums, terms);
    }

    /** Returns the versioned binary form, from which accumulation continues bit for bit. */
    public byte[] toBytes() {
        ByteWriter out = CertificateForm.writer(MAGIC, VERSION);
        out.text(windowX.id()).text(windowY.id());
        out.int32(windowX.rank()).int32(windowX.dimension());
        out.int32(windowY.rank()).int32(windowY.dimension());
        out.fp64(terms).fp64(weightX).fp64(weightY);
        for (int h = 0; h < 2; h++) {
            x[h].write(out);
            y[h].write(out);
            out.fp64(cross[h]);
        }
        return out.toCheckedBytes();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws CertificateFormatException if the bytes are anything else or belong to other windows
     */
    public static InterfaceMoments fromBytes(
            byte[] bytes, FrozenWindow windowX, FrozenWindow windowY) {
        ByteReader in =
                CertificateForm.reader("interface moments", bytes, MAGIC, VERSION).checked();
        String idX = in.requiredText();
        String idY = in.requiredText();
        if (!idX.equals(windowX.id()) || !idY.equals(windowY.id())) {
            throw in.bad("windows " + windowX.id() + " and " + windowY.id(), idX + " and " + idY);
        }
        in.int32("k", windowX.rank(), windowX.rank());
        in.int32("d", windowX.dimension(), windowX.dimension());
        in.int32("k'", windowY.rank(), windowY.rank());
        in.int32("d'", windowY.dimension(), windowY.dimension());
        InterfaceMoments moments = new InterfaceMoments(windowX, windowY);
        moments.terms = in.fp64();
        moments.weightX = in.fp64();
        moments.weightY = in.fp64();
        if (!(moments.terms >= 0 && moments.weightX >= 0 && moments.weightY >= 0)
                || !Double.isFinite(moments.terms + moments.weightX + moments.weightY)) {
            throw in.bad(
                    "finite terms and energies from 0",
                    moments.terms + ", " + moments.weightX + ", " + moments.weightY);
        }
        for (int h = 0; h < 2; h++) {
            moments.x[h].read(in);
            moments.y[h].read(in);
            double[] values = in.finite(moments.cross[h].length);
            System.arraycopy(values, 0, moments.cross[h], 0, values.length);
            if (moments.x[h].rows != moments.y[h].rows) {
                throw in.bad("equal row counts", moments.x[h].rows + " and " + moments.y[h].rows);
            }
        }
        in.end();
        return moments;
    }
}
