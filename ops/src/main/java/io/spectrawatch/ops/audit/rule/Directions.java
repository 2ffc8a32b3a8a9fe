package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.util.Arrays;
import java.util.List;

/**
 * How far apart the leading directions of two summaries of a layer are: the largest sine between
 * the subspaces of their first eigenvectors, and how large it may be.
 *
 * <p>Of all leading subspaces that both publish, the one with the widest gap behind it is compared:
 * ||sin|| &lt;= ||M1 - M2|| / (l_j(M1) - l_{j+1}(M2)).
 *
 * @param vectors dimension j of the subspaces
 * @param apart largest sine of their principal angles, 0 to 1
 * @param allowed its bound; below 1, or it would say nothing
 * @see <a href="https://doi.org/10.1137/0707001">Davis and Kahan, The rotation of eigenvectors by a
 *     perturbation III, 1970</a>
 */
public record Directions(int vectors, double apart, double allowed) {

    /** Unit vectors in single precision, of both sides, and their loss of orthogonality. */
    private static final double SINGLE = 4 * Math.scalb(1.0, -24);

    /** Backward error of the eigenvectors, relative to the largest eigenvalue. */
    private static final double EIGENVECTORS = 1e-12;

    /**
     * Compares the directions of two summaries of the same layer.
     *
     * @param moments how far apart their moments may be, in the norm of the largest eigenvalue
     * @return null where no gap is wide enough to bound anything
     */
    static Directions of(LayerSketch a, LayerSketch b, double moments) {
        List<Double> x = a.getSpectrum();
        List<Double> y = b.getSpectrum();
        int most = Math.min(a.getBasisVectors(), b.getBasisVectors());
        most = Math.min(most, Math.min(x.size(), y.size() - 1));
        int widest = 0;
        double gap = 0;
        for (int j = 1; j <= most; j++) {
            double own = x.get(j - 1) - y.get(j);
            if (own > gap) {
                gap = own;
                widest = j;
            }
        }
        if (widest == 0) {
            return null;
        }
        double allowed =
                (moments + EIGENVECTORS * Math.max(x.get(0), y.get(0))) / gap
                        + SINGLE * Math.sqrt(widest);
        return allowed < 1
                ? new Directions(
                        widest,
                        sine(vectors(a, widest), vectors(b, widest), a.getColumns()),
                        allowed)
                : null;
    }

    public boolean hold() {
        return apart <= allowed;
    }

    private static double[][] vectors(LayerSketch sketch, int count) {
        return Arrays.copyOf(Basis.vectors(sketch), count);
    }

    /** Norm of what the second subspace has outside the first. */
    private static double sine(double[][] first, double[][] second, int columns) {
        int count = first.length;
        double[][] rest = new double[count][];
        for (int i = 0; i < count; i++) {
            rest[i] = second[i].clone();
            for (double[] vector : first) {
                double share = Basis.dot(vector, second[i]);
                for (int c = 0; c < columns; c++) {
                    rest[i][c] -= share * vector[c];
                }
            }
        }
        double[] gram = new double[count * count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                gram[i * count + j] = Basis.dot(rest[Math.min(i, j)], rest[Math.max(i, j)]);
            }
        }
        double square = new SymmetricMatrix(count, gram).eigen().values()[0];
        return Math.min(1, Math.sqrt(Math.max(0, square)));
    }
}
