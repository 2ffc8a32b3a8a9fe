package io.spectrawatch.spectral.gsvd;

import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A generalised singular value decomposition f = U Sigma v of a map f: R^n -> R^p with f(0) = 0 and
 * finite gain, estimated from pairs (x, f(x)).
 *
 * <p>U is orthogonal, Sigma = [diag(sigma) | 0], and v is nonlinear, injective and preserves the
 * norm (Brown, Bridges, Grimsman, Munoz, Warnick, arXiv:2605.06938). Here U and sigma are the axes
 * of the minimum-volume centred ellipsoid that encloses the images f(x)/|x| of the reference, blown
 * up so that the load |sigma^-1 U^T f(x)|^2/|x|^2 stays at or below 1 - delta^2, and
 *
 * <pre>
 *   v(x) = [ h ; tau x/|x| ],   h = sigma^-1 U^T f(x),   tau = sqrt(|x|^2 - |h|^2)
 * </pre>
 *
 * from which reconstruction, norm and the left inverse |v| v_tail/|v_tail| follow. For a linear map
 * whose reference excites its row space this is the singular value decomposition. The estimate is a
 * lower bound of the gain: it knows only what the reference has excited. v preserves norms, not
 * distances, and v determines x: only h, tau/|x| and the load may leave the process.
 */
public final class GsvdProfile {
    private final double delta;
    private final double minimumNorm;
    private final double[] origin;
    private final double[] sigma;
    private final double[] u;
    private final EnclosingEllipsoid ellipsoid;

    GsvdProfile(double delta, double minimumNorm, double[] origin, EnclosingEllipsoid ellipsoid) {
        this.delta = delta;
        this.minimumNorm = minimumNorm;
        this.origin = origin;
        this.ellipsoid = ellipsoid;
        SymmetricMatrix.Eigen eigen = ellipsoid.shape().eigen();
        int p = ellipsoid.dimension();
        this.sigma = new double[p];
        this.u = new double[p * p];
        double room = Math.sqrt(1 - delta * delta);
        for (int i = 0; i < p; i++) {
            // The smallest eigenvalue of the shape is the longest axis.
            int from = p - 1 - i;
            sigma[i] = 1 / (Math.sqrt(eigen.values()[from]) * room);
            System.arraycopy(eigen.vectors(), from * p, u, i * p, p);
        }
    }

    /**
     * Estimates a profile.
     *
     * @param norms |x| of each reference row
     * @param images f(x) of each row before {@code origin} is taken away, rows x p row-major
     * @param origin the image of zero, length p
     * @param delta strictness in (0, 1): 1 - delta^2 is the largest load on the reference
     * @param minimumNorm rows with a smaller |x| are left out, here and later
     * @throws ArithmeticException if the images do not span R^p
     */
    public static GsvdProfile fit(
            double[] norms, double[] images, double[] origin, double delta, double minimumNorm) {
        if (!(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException("delta: in (0, 1) required, found " + delta);
        }
        if (!(minimumNorm > 0)) {
            throw new IllegalArgumentException("minimum norm: positive, found " + minimumNorm);
        }
        int p = origin.length;
        if (images.length != norms.length * p) {
            throw new IllegalArgumentException(
                    "images: "
                            + norms.length
                            + " rows of "
                            + p
                            + " expected, found "
                            + images.length
                            + " elements");
        }
        List<double[]> points = new ArrayList<>();
        for (int n = 0; n < norms.length; n++) {
            if (norms[n] >= minimumNorm) {
                double[] z = new double[p];
                for (int i = 0; i < p; i++) {
                    z[i] = (images[n * p + i] - origin[i]) / norms[n];
                }
                points.add(z);
            }
        }
        return new GsvdProfile(
                delta, minimumNorm, origin.clone(), EnclosingEllipsoid.minimumVolume(points, p));
    }

    /** Returns p, the dimension of the image. */
    public int dimension() {
        return sigma.length;
    }

    /** Returns sigma, descending. */
    public double[] sigma() {
        return sigma.clone();
    }

    /** Returns U^T: the output directions as rows, p x p row-major. */
    public double[] directions() {
        return u.clone();
    }

    /** Returns delta. */
    public double delta() {
        return delta;
    }

    /** Returns the smallest |x| the profile speaks about. */
    public double minimumNorm() {
        return minimumNorm;
    }

    /** Returns an upper bound of |f(x)|/|x| over the reference: sigma_1 sqrt(1 - delta^2). */
    public double referenceGain() {
        return sigma[0] * Math.sqrt(1 - delta * delta);
    }

    /** Returns h = sigma^-1 U^T (y - origin); y is the image at element {@code at}. */
    public double[] coordinates(double[] y, int at) {
        int p = sigma.length;
        double[] z = new double[p];
        for (int j = 0; j < p; j++) {
            z[j] = y[at + j] - origin[j];
        }
        double[] h = Dense.times(p, p, u, z);
        for (int i = 0; i < p; i++) {
            h[i] /= sigma[i];
        }
        return h;
    }

    /** Returns max_i sigma_i |h_i| / (sigma_i |x|): the largest gain in units of its axis. */
    public double gain(double[] h, double norm) {
        double largest = 0;
        for (double value : h) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest / norm;
    }

    /** Returns the load |h|^2/|x|^2; above 1 the profile is violated. */
    public double load(double[] h, double norm) {
        double sum = 0;
        for (double value : h) {
            sum += value * value;
        }
        return sum / (norm * norm);
    }

    /** Returns tau = sqrt(|x|^2 - |h|^2), 0 where the load exceeds 1. */
    public double tail(double[] h, double norm) {
        return norm * Math.sqrt(Math.max(0, 1 - load(h, norm)));
    }

    /**
     * Returns v(x), length p + n.
     *
     * @throws ArithmeticException if the load exceeds 1
     */
    public double[] lift(double[] x, double[] y) {
        double norm = norm(x, 0);
        double[] h = coordinates(y, 0);
        double load = norm == 0 ? 0 : load(h, norm);
        if (load > 1) {
            throw new ArithmeticException("lift: a load of at most 1 required, found " + load);
        }
        double[] v = Arrays.copyOf(h, h.length + x.length);
        double scale = norm == 0 ? 0 : tail(h, norm) / norm;
        for (int i = 0; i < x.length; i++) {
            v[h.length + i] = scale * x[i];
        }
        return v;
    }

    /** Returns y = origin + U Sigma v. */
    public double[] image(double[] v) {
        int p = sigma.length;
        double[] y = origin.clone();
        for (int i = 0; i < p; i++) {
            for (int j = 0; j < p; j++) {
                y[j] += u[i * p + j] * sigma[i] * v[i];
            }
        }
        return y;
    }

    /** Returns the left inverse of the lift: |v| v_tail/|v_tail|. */
    public double[] invert(double[] v) {
        double tail = norm(v, sigma.length);
        double scale = tail == 0 ? 0 : norm(v, 0) / tail;
        double[] x = new double[v.length - sigma.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = scale * v[sigma.length + i];
        }
        return x;
    }

    /** Relative errors of the three identities at one point. */
    public record Identities(double reconstruction, double norm, double inverse) {}

    /**
     * Measures the three identities at (x, y); they hold to rounding wherever the load is below 1.
     */
    public Identities verify(double[] x, double[] y) {
        double[] v = lift(x, y);
        double size = Math.max(norm(x, 0), Double.MIN_NORMAL);
        double scale = Math.max(norm(y, 0), Double.MIN_NORMAL);
        return new Identities(
                distance(image(v), y) / scale,
                Math.abs(norm(v, 0) - norm(x, 0)) / size,
                distance(invert(v), x) / size);
    }

    /**
     * Returns a shadow that grows with traffic while this profile stays as it is.
     *
     * @param mostPoints rows kept of those that make it grow
     */
    public ShadowProfile shadow(int mostPoints) {
        return new ShadowProfile(this, mostPoints);
    }

    /**
     * Reads a shadow of this profile, which keeps the room it was begun with.
     *
     * @throws IllegalArgumentException if the bytes are not one of this version and this profile
     */
    public ShadowProfile shadow(byte[] bytes) {
        return ShadowProfile.fromBytes(bytes, this);
    }

    /** Puts (y - origin)/|x| into {@code z}; y is the image at element {@code at}. */
    void imageInto(double norm, double[] y, int at, double[] z) {
        for (int i = 0; i < z.length; i++) {
            z[i] = (y[at + i] - origin[i]) / norm;
        }
    }

    /** Returns 1 - delta^2, the largest load on the reference. */
    double room() {
        return 1 - delta * delta;
    }

    double[] origin() {
        return origin;
    }

    EnclosingEllipsoid ellipsoid() {
        return ellipsoid;
    }

    /** Writes the profile in the versioned layout drawn at {@code GsvdProfileCodec}. */
    public void write(DataOutput out) throws IOException {
        GsvdProfileCodec.write(this, out);
    }

    /**
     * Reads a profile.
     *
     * @param dimension p, which bounds what is read
     * @throws IOException if the bytes are of another version or damaged
     */
    public static GsvdProfile read(DataInput in, int dimension) throws IOException {
        return GsvdProfileCodec.read(in, dimension);
    }

    private static double norm(double[] x, int from) {
        double sum = 0;
        for (int i = from; i < x.length; i++) {
            sum += x[i] * x[i];
        }
        return Math.sqrt(sum);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}
