package io.spectrawatch.spectral.gsvd;

import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary form of a profile, big-endian:
 *
 * <pre>
 *   int version = 1 | double delta | double minimumNorm | int p | p doubles origin
 *   p x p doubles shape M (row-major) | int points | points x p doubles core set
 * </pre>
 */
final class GsvdProfileCodec {
    private static final int VERSION = 1;

    private GsvdProfileCodec() {}

    static void write(GsvdProfile profile, DataOutput out) throws IOException {
        out.writeInt(VERSION);
        out.writeDouble(profile.delta());
        out.writeDouble(profile.minimumNorm());
        out.writeInt(profile.dimension());
        writeAll(out, profile.origin());
        writeAll(out, profile.ellipsoid().shape().entries());
        out.writeInt(profile.ellipsoid().core().size());
        for (double[] point : profile.ellipsoid().core()) {
            writeAll(out, point);
        }
    }

    static GsvdProfile read(DataInput in, int dimension) throws IOException {
        int version = in.readInt();
        if (version != VERSION) {
            throw new IOException("GSVD profile: version " + VERSION + " read, found " + version);
        }
        double delta = in.readDouble();
        double minimumNorm = in.readDouble();
        if (!(delta > 0 && delta < 1 && minimumNorm > 0 && Double.isFinite(minimumNorm))) {
            throw new IOException(
                    "GSVD profile: delta in (0, 1) and a positive minimum norm expected, found "
                            + delta
                            + " and "
                            + minimumNorm);
        }
        int p = in.readInt();
        if (p != dimension) {
            throw new IOException("GSVD profile: dimension " + dimension + " expected, found " + p);
        }
        double[] origin = readAll(in, p);
        SymmetricMatrix shape = readShape(in, p);
        int points = in.readInt();
        if (points < 0) {
            throw new IOException("GSVD profile: points from 0 expected, found " + points);
        }
        List<double[]> core = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            core.add(readAll(in, p));
        }
        GsvdProfile profile =
                new GsvdProfile(delta, minimumNorm, origin, EnclosingEllipsoid.of(shape, core));
        for (double axis : profile.sigma()) {
            if (!(axis > 0 && Double.isFinite(axis))) {
                throw new IOException("GSVD profile: finite axes expected, found " + axis);
            }
        }
        return profile;
    }

    static SymmetricMatrix readShape(DataInput in, int p) throws IOException {
        SymmetricMatrix shape = new SymmetricMatrix(p, readAll(in, p * p));
        for (int i = 0; i < p * p; i++) {
            if (shape.entries()[i] != shape.entries()[i % p * p + i / p]) {
                throw new IOException("GSVD profile: a symmetric shape expected");
            }
        }
        try {
            shape.cholesky();
        } catch (ArithmeticException e) {
            throw new IOException("GSVD profile: a positive definite shape expected", e);
        }
        return shape;
    }

    static void writeAll(DataOutput out, double[] values) throws IOException {
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    static double[] readAll(DataInput in, int count) throws IOException {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readDouble();
            if (!Double.isFinite(values[i])) {
                throw new IOException("GSVD profile: finite values expected, found " + values[i]);
            }
        }
        return values;
    }
}
