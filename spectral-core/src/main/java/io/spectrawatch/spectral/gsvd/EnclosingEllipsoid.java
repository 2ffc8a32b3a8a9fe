package io.spectrawatch.spectral.gsvd;

import io.spectrawatch.spectral.linalg.Dense;
import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.util.ArrayList;
import java.util.List;

/**
 * A centred ellipsoid {z : z^T M z <= 1} that encloses points of R^p and their mirror images.
 *
 * <p>Two estimators: the minimum-volume one of a set, by Khachiyan's method with the away steps of
 * Todd and Yildirim (Discrete Applied Mathematics 155, 2007), and a streaming one that grows by the
 * smallest ellipsoid that contains the old one and the new point. The minimum-volume one keeps the
 * points at its boundary (the core set), so that it can be computed anew together with others.
 */
final class EnclosingEllipsoid {
    /** Relative excess of the worst point over the ellipsoid at which the iteration may stop. */
    static final double TOLERANCE = 1e-4;

    /** Points this close to the boundary describe the ellipsoid well enough to rebuild it. */
    static final double BOUNDARY = 0.95;

    private static final int MAXIMUM_STEPS = 200_000;

    private final int dimension;
    private final List<double[]> core;
    private SymmetricMatrix shape;

    private EnclosingEllipsoid(int dimension, SymmetricMatrix shape, List<double[]> core) {
        this.dimension = dimension;
        this.shape = shape;
        this.core = core;
    }

    /** Restores an ellipsoid from its shape matrix and core set. */
    static EnclosingEllipsoid of(SymmetricMatrix shape, List<double[]> core) {
        return new EnclosingEllipsoid(shape.order(), shape, new ArrayList<>(core));
    }

    /**
     * Returns the centred minimum-volume ellipsoid of points that span the space.
     *
     * @throws ArithmeticException if the points do not span R^p
     */
    static EnclosingEllipsoid minimumVolume(List<double[]> points, int dimension) {
        if (points.size() < dimension) {
            throw new ArithmeticException(
                    "enclosing ellipsoid in "
                            + dimension
                            + " dimensions: as many points required, found "
                            + points.size());
        }
        if (dimension == 1) {
            return interval(points);
        }
        int n = points.size();
        double[] weights = new double[n];
        java.util.Arrays.fill(weights, 1.0 / n);
        SymmetricMatrix inverse = weightedMoment(points, weights, dimension).inverse();
        double[] load = new double[n];
        for (int i = 0; i < n; i++) {
            load[i] = inverse.quadratic(points.get(i));
        }
        iterate(points, weights, inverse, load);
        // Rounding of the rank-one updates is removed by one fresh inverse.
        inverse = weightedMoment(points, weights, dimension).inverse();
        double worst = 0;
        for (double[] point : points) {
            worst = Math.max(worst, inverse.quadratic(point));
        }
        double[] m = inverse.entries();
        for (int i = 0; i < m.length; i++) {
            m[i] /= worst;
        }
        return withCore(new SymmetricMatrix(dimension, m), points);
    }

    private static EnclosingEllipsoid withCore(SymmetricMatrix shape, List<double[]> points) {
        EnclosingEllipsoid result = new EnclosingEllipsoid(shape.order(), shape, new ArrayList<>());
        for (double[] point : points) {
            if (result.load(point) > BOUNDARY) {
                result.core.add(point.clone());
            }
        }
        return result;
    }

    /** On a line the farthest point alone decides; the iteration would divide by zero there. */
    private static EnclosingEllipsoid interval(List<double[]> points) {
        double farthest = 0;
        for (double[] point : points) {
            farthest = Math.max(farthest, Math.abs(point[0]));
        }
        double shape = 1 / (farthest * farthest);
        if (!(shape > 0 && shape < Double.POSITIVE_INFINITY)) {
            throw new ArithmeticException(
                    "enclosing ellipsoid in 1 dimension: finite points other than zero required,"
                            + " the farthest is "
                            + farthest);
        }
        return withCore(new SymmetricMatrix(1, new double[] {shape}), points);
    }

    /** Moves weight to the worst outside point or away from the most inside one. */
    private static void iterate(
            List<double[]> points, double[] weights, SymmetricMatrix inverse, double[] load) {
        int p = inverse.order();
        for (int step = 0; step < MAXIMUM_STEPS; step++) {
            int high = 0;
            int low = -1;
            for (int i = 0; i < load.length; i++) {
                high = load[i] > load[high] ? i : high;
                if (weights[i] > 0 && (low < 0 || load[i] < load[low])) {
                    low = i;
                }
            }
            double above = load[high] / p - 1;
            double below = 1 - load[low] / p;
            if (Math.max(above, below) <= TOLERANCE) {
                return;
            }
            int chosen = above >= below ? high : low;
            double k = load[chosen];
            double beta = (k - p) / (p * (k - 1));
            if (chosen == low && above < below) {
                beta = k > 1 ? beta : Double.NEGATIVE_INFINITY;
                beta = Math.max(beta, -weights[low] / (1 - weights[low]));
            }
            move(points, weights, inverse, load, chosen, beta);
        }
        throw new ArithmeticException(
                "enclosing ellipsoid: no convergence after " + MAXIMUM_STEPS + " steps");
    }

    private static void move(
            List<double[]> points,
            double[] weights,
            SymmetricMatrix inverse,
            double[] load,
            int chosen,
            double beta) {
        int p = inverse.order();
        double[] q = inverse.times(points.get(chosen));
        double gain = beta / (1 - beta + beta * load[chosen]);
        double keep = 1 - beta;
        double[] m = inverse.entries();
        for (int i = 0; i < p; i++) {
            for (int j = 0; j < p; j++) {
                m[i * p + j] = (m[i * p + j] - gain * q[i] * q[j]) / keep;
            }
        }
        double[] inner = new double[load.length];
        dots(q, points, inner);
        for (int i = 0; i < load.length; i++) {
            load[i] = (load[i] - gain * inner[i] * inner[i]) / keep;
            weights[i] *= keep;
        }
        weights[chosen] += beta;
        if (weights[chosen] < Math.ulp(1.0)) {
            weights[chosen] = 0;
        }
    }

    private static SymmetricMatrix weightedMoment(
            List<double[]> points, double[] weights, int dimension) {
        double[] moment = new double[dimension * dimension];
        for (int n = 0; n < weights.length; n++) {
            double[] z = points.get(n);
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j < dimension; j++) {
                    moment[i * dimension + j] += weights[n] * z[i] * z[j];
                }
            }
        }
        return new SymmetricMatrix(dimension, moment);
    }

    /** Returns z^T M z; at most 1 inside. */
    double load(double[] z) {
        return shape.quadratic(z);
    }

    /**
     * Grows by the smallest centred ellipsoid that contains this one, z and -z; afterwards z^T M z
     * = 1. The core set stays as it is.
     *
     * @return whether z was outside
     */
    boolean grow(double[] z) {
        double[] q = shape.times(z);
        double rho = Dense.dot(q, z);
        if (rho <= 1) {
            return false;
        }
        double factor = (rho - 1) / (rho * rho);
        double[] m = shape.entries().clone();
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                m[i * dimension + j] -= factor * (q[i] * q[j]);
            }
        }
        shape = new SymmetricMatrix(dimension, m);
        return true;
    }

    /** The ends of the axes, of which this is the minimum-volume ellipsoid. */
    List<double[]> axes() {
        SymmetricMatrix.Eigen eigen = shape.eigen();
        List<double[]> ends = new ArrayList<>();
        for (int i = 0; i < dimension; i++) {
            double[] end = new double[dimension];
            for (int j = 0; j < dimension; j++) {
                end[j] = eigen.vectors()[i * dimension + j] / Math.sqrt(eigen.values()[i]);
            }
            ends.add(end);
        }
        return ends;
    }

    SymmetricMatrix shape() {
        return shape;
    }

    List<double[]> core() {
        return List.copyOf(core);
    }

    int dimension() {
        return dimension;
    }

    /** Four points at a time: one would wait for each addition. */
    private static void dots(double[] q, List<double[]> points, double[] out) {
        int i = 0;
        for (; i + 3 < out.length; i += 4) {
            double[] first = points.get(i);
            double[] second = points.get(i + 1);
            double[] third = points.get(i + 2);
            double[] fourth = points.get(i + 3);
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            for (int j = 0; j < q.length; j++) {
                a += q[j] * first[j];
                b += q[j] * second[j];
                c += q[j] * third[j];
                d += q[j] * fourth[j];
            }
            out[i] = a;
            out[i + 1] = b;
            out[i + 2] = c;
            out[i + 3] = d;
        }
        for (; i < out.length; i++) {
            out[i] = Dense.dot(q, points.get(i));
        }
    }
}
