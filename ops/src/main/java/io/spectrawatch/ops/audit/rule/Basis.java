package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.schemas.LayerSketch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Whether published vectors can be the leading eigenvectors of a moment near a recomputed one.
 *
 * <p>Where M1 v = l v and |M2 - M1| &lt;= e, then |M2 v - l v| &lt;= e. With the eigenpairs (m_j,
 * u_j) of M2 for j up to k and nothing above m_{k+1} outside their span, |M2 v - l v|^2 is at least
 * sum_j (m_j - l)^2 (u_j . v)^2 + max(l - m_{k+1}, 0)^2 (1 - sum_j (u_j . v)^2). No gap between
 * eigenvalues is needed: inside a cluster narrower than e any vector is as good as any other.
 */
final class Basis {

    /** Unit vectors in single precision: what an entry loses, twice, with the products. */
    private static final double SINGLE = Math.scalb(1.0, -22);

    /** Orthonormality of vectors in single precision, whose products sum up to d roundings. */
    private static final double ORTHONORMAL = 1e-5;

    /** Backward error of the eigenvectors, relative to the largest eigenvalue. */
    private static final double EIGENVECTORS = 1e-12;

    private Basis() {}

    /**
     * Holds recorded vectors against a recomputed spectrum.
     *
     * @param moments how far apart the moments may be, in the norm of the largest eigenvalue
     * @return the first vector that cannot be one, in words; null where there is none
     */
    static String fault(LayerSketch recorded, LayerSketch recomputed, double moments) {
        int k = recorded.getBasisVectors();
        int columns = recorded.getColumns();
        List<Double> own = recorded.getSpectrum();
        List<Double> spectrum = recomputed.getSpectrum();
        long bytes = (long) Float.BYTES * k * columns;
        if (recorded.getBasis().remaining() != bytes
                || recomputed.getBasis().remaining() != bytes) {
            return recorded.getBasis().remaining() + " bytes, " + bytes + " expected";
        }
        if (k == 0 || spectrum.size() < k || own.size() < k) {
            return k == 0 ? null : k + " vectors of " + own.size() + " eigenvalues";
        }
        double[][] v = vectors(recorded);
        double[][] u = vectors(recomputed);
        double next = spectrum.size() > k ? spectrum.get(k) : k < columns ? spectrum.get(k - 1) : 0;
        double size = Math.max(own.get(0), spectrum.get(0));
        double allowed = moments + (EIGENVECTORS + SINGLE * Math.sqrt(k)) * size;
        for (int i = 0; i < k; i++) {
            if (!orthonormal(v, i) || !signed(v[i])) {
                return "vector " + i + " is no unit vector of its sign, orthogonal to the others";
            }
            double residual = residual(v[i], own.get(i), u, spectrum, next);
            if (!(residual <= allowed)) {
                return "vector " + i + " misses its equation by " + residual + " > " + allowed;
            }
        }
        return null;
    }

    private static double residual(
            double[] v, double value, double[][] u, List<Double> spectrum, double next) {
        double sum = 0;
        double inside = 0;
        for (int j = 0; j < u.length; j++) {
            double share = dot(u[j], v);
            double gap = spectrum.get(j) - value;
            sum += gap * gap * share * share;
            inside += share * share;
        }
        double outside = Math.max(1 - inside, 0);
        double gap = Math.max(value - next, 0);
        // What single precision leaves outside the span is no direction of its own.
        double rest = outside > ORTHONORMAL ? gap * gap * outside : 0;
        return Math.sqrt(sum + rest);
    }

    private static boolean orthonormal(double[][] v, int i) {
        for (int j = 0; j <= i; j++) {
            double expected = i == j ? 1 : 0;
            if (!(Math.abs(dot(v[i], v[j]) - expected) <= ORTHONORMAL)) {
                return false;
            }
        }
        return true;
    }

    /** The entry of largest magnitude is positive; of several as large one has to be. */
    private static boolean signed(double[] v) {
        double most = 0;
        double least = 0;
        for (double entry : v) {
            most = Math.max(most, entry);
            least = Math.min(least, entry);
        }
        return most >= -least * (1 - SINGLE);
    }

    /** The published vectors, each of d entries. */
    static double[][] vectors(LayerSketch sketch) {
        ByteBuffer basis = sketch.getBasis().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        double[][] vectors = new double[sketch.getBasisVectors()][sketch.getColumns()];
        for (double[] vector : vectors) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] = basis.getFloat();
            }
        }
        return vectors;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
