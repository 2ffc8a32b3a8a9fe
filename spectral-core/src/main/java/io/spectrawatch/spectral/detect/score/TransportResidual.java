package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.Affine;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Gaussians;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How badly a later layer follows from an earlier one: r = y - W x - b in window coordinates,
 * scored r^T S^-1 r with the covariance S of the reference's residuals; W and b by least squares,
 * for all rows or per predicted class.
 *
 * <p>A linear relative of the layer inconsistency of arXiv:2505.12586.
 */
public final class TransportResidual implements SampleScore {
    static final int TAG = 3;

    /** One map has plenty of rows; a class's map has few for its coordinates. */
    private static final double POOLED_RIDGE = 1e-4;

    private static final double CLASS_RIDGE = 0.1;

    private final String name;
    private final int from;
    private final int to;
    private final Affine[] maps;
    private final Matrix whitening;

    private TransportResidual(String name, int from, int to, Affine[] maps, Matrix whitening) {
        this.name = name;
        this.from = from;
        this.to = to;
        this.maps = maps;
        this.whitening = whitening;
    }

    /** Fits one map for all rows, or one for each of {@code classes} if there are several. */
    public static TransportResidual fit(
            Projected reference, int from, int to, String interfaceName, int classes) {
        Kernels kernels = reference.kernels();
        Matrix x = reference.coordinates(from);
        Matrix y = reference.coordinates(to);
        Affine all = Affine.fit(kernels, x, y, POOLED_RIDGE);
        Affine[] maps = new Affine[classes];
        for (int c = 0; c < classes; c++) {
            int[] rows = Gaussians.rowsOf(reference.predicted(), c);
            boolean own = classes > 1 && rows.length >= Gaussians.MINIMUM_CLASS_ROWS;
            maps[c] =
                    own
                            ? Affine.fit(
                                    kernels,
                                    x.select(rows, rows.length),
                                    y.select(rows, rows.length),
                                    CLASS_RIDGE)
                            : all;
        }
        String name = label(interfaceName, classes);
        TransportResidual plain = new TransportResidual(name, from, to, maps, null);
        Matrix residual = plain.residual(reference);
        return new TransportResidual(name, from, to, maps, Gaussians.whitening(kernels, residual));
    }

    public static String label(String interfaceName, int classes) {
        return (classes > 1 ? "class-transport/" : "transport/") + interfaceName;
    }

    private Matrix residual(Projected rows) {
        Matrix x = rows.coordinates(from);
        Matrix y = rows.coordinates(to);
        if (maps.length == 1) {
            return maps[0].residual(rows.kernels(), x, y);
        }
        Matrix out = y.sibling(rows.rows(), y.columns());
        for (int c = 0; c < maps.length; c++) {
            int[] own = Gaussians.rowsOf(rows.predicted(), c);
            Matrix part =
                    maps[c].residual(
                            rows.kernels(), x.select(own, own.length), y.select(own, own.length));
            for (int i = 0; i < own.length; i++) {
                for (int j = 0; j < y.columns(); j++) {
                    out.set(own[i], j, part.get(i, j));
                }
            }
        }
        return out;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double[] score(Projected rows) {
        return residual(rows).timesTransposed(rows.kernels(), whitening).squaredNorms();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeUTF(name);
        out.writeInt(from);
        out.writeInt(to);
        out.writeInt(maps.length);
        for (Affine map : maps) {
            map.write(out);
        }
        whitening.write(out);
    }

    static TransportResidual read(DetectorInput in) throws IOException {
        String name = in.text();
        int from = in.tap();
        int to = in.tap();
        int width = in.width(to);
        int count = in.readInt();
        if (count != 1 && count != in.classes()) {
            throw new IOException("1 or " + in.classes() + " maps expected, found " + count);
        }
        Affine[] maps = new Affine[count];
        for (int c = 0; c < count; c++) {
            maps[c] = Affine.read(in, width, in.width(from));
        }
        return new TransportResidual(name, from, to, maps, in.matrix("whitening", width, width));
    }
}
