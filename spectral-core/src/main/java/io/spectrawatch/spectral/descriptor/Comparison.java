package io.spectrawatch.spectral.descriptor;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How far apart two windows of the same layer are, as certified intervals.
 *
 * <p>Distances between spectra use that the distance is a metric: what a certificate leaves open on
 * either side adds to the distance of the estimates.
 */
public final class Comparison {
    private final Spectrum a;
    private final Spectrum b;
    private final FeasibleSpectrum feasibleA;
    private final FeasibleSpectrum feasibleB;
    private final double meanDistance;

    /** Rounding of the means, some thousand units in their last place. */
    private final double meanSlack;

    private final Kernels kernels;

    private Comparison(SecondMomentSketch first, SecondMomentSketch second, Kernels kernels) {
        if (first.dimension() != second.dimension()) {
            throw new IllegalArgumentException(
                    "comparison: equal dimensions expected, found "
                            + first.dimension()
                            + " and "
                            + second.dimension());
        }
        if (first.rows() == 0 || second.rows() == 0) {
            throw new IllegalArgumentException(
                    "comparison: rows in both windows expected, found none in one");
        }
        this.kernels = kernels;
        this.a = first.centredSpectrum(first.dimension());
        this.b = second.centredSpectrum(second.dimension());
        this.feasibleA = new FeasibleSpectrum(a);
        this.feasibleB = new FeasibleSpectrum(b);
        double[] meanA = first.mean();
        double[] meanB = second.mean();
        double square = 0;
        double size = 0;
        for (int j = 0; j < meanA.length; j++) {
            square += (meanA[j] - meanB[j]) * (meanA[j] - meanB[j]);
            size += meanA[j] * meanA[j] + meanB[j] * meanB[j];
        }
        this.meanDistance = Math.sqrt(square);
        this.meanSlack = 1e-12 * Math.sqrt(size);
    }

    /**
     * Returns spectrum_hellinger, spectrum_jsd (nats), subspace_chordal_k (mean squared sine of the
     * principal angles of the leading k-dimensional subspaces, if both have k directions),
     * covariance_similarity, bures_wasserstein and frechet_drift (DriftLens: distance of means plus
     * squared Bures-Wasserstein distance of the covariances).
     *
     * @throws IllegalArgumentException if the dimensions differ or a window is empty
     */
    public static List<CertifiedValue> between(
            SecondMomentSketch first, SecondMomentSketch second, int k, Kernels kernels) {
        Comparison comparison = new Comparison(first, second, kernels);
        List<CertifiedValue> values = new ArrayList<>();
        comparison.addSpectral(values);
        comparison.addSubspace(k, values);
        comparison.addCovariance(values);
        return List.copyOf(values);
    }

    private void addSpectral(List<CertifiedValue> values) {
        double overlap = 0;
        double divergence = 0;
        for (int i = 0; i < a.dimension(); i++) {
            double p = feasibleA.waterFilled().value(i);
            double q = feasibleB.waterFilled().value(i);
            double m = (p + q) / 2;
            overlap += Math.sqrt(p * q);
            divergence += (p > 0 ? p * Math.log(p / m) : 0) + (q > 0 ? q * Math.log(q / m) : 0);
        }
        double radiusA = feasibleA.radius();
        double radiusB = feasibleB.radius();
        // 1 - sum sqrt(p q) <= TV, and JSD <= ln 2 TV; both have metric square roots.
        metricSquare(
                "spectrum_hellinger",
                1 - overlap,
                Math.sqrt(radiusA) + Math.sqrt(radiusB),
                1,
                values);
        double slack = Math.sqrt(Math.log(2)) * (Math.sqrt(radiusA) + Math.sqrt(radiusB));
        metricSquare("spectrum_jsd", divergence / 2, slack, Math.log(2), values);
    }

    /** Adds x^2 for a metric x whose estimate is off by at most {@code slack}. */
    private static void metricSquare(
            String name, double estimate, double slack, double most, List<CertifiedValue> values) {
        // Rounding in 1 - sum is relative to 1, so its root is known to 1e-7 only.
        double root = Math.sqrt(Math.max(estimate, 0));
        double wide = slack + 1e-7;
        double low = Math.max(root - wide, 0);
        double high = root + wide;
        values.add(Intervals.within(name, low * low, estimate, high * high, 0, most));
    }

    private void addSubspace(int k, List<CertifiedValue> values) {
        if (k < 1 || a.basisVectors() < k || b.basisVectors() < k) {
            return;
        }
        int d = a.dimension();
        DoubleBuffer left = buffer(a.basis(), k * d);
        DoubleBuffer right = buffer(b.basis(), k * d);
        DoubleBuffer cosines = Workspace.allocate((long) k * k);
        kernels.cross(k, k, d, left, right, cosines, 0, k);
        double sineSquare = Math.max(1 - kernels.sumOfSquares(k * k, cosines) / k, 0);
        double budget = subspaceBudget(a, k) + subspaceBudget(b, k);
        metricSquare("subspace_chordal_" + k, sineSquare, budget, 1, values);
    }

    /**
     * Davis-Kahan: |sin Theta|_2 &lt;= |E|_2 / gap, the gap to the true eigenvalue on the other
     * side.
     */
    private static double subspaceBudget(Spectrum spectrum, int k) {
        Ledger ledger = spectrum.ledger();
        double[] squares = spectrum.eigenvalues();
        double next = k < squares.length ? squares[k] : 0;
        double gap = squares[k - 1] - next - ledger.deltaMinus() - 2 * ledger.roundoff();
        double error = Math.max(ledger.deltaPlus(), ledger.deltaMinus()) + ledger.roundoff();
        return gap > error ? error / gap : 1;
    }

    private static DoubleBuffer buffer(double[] values, int count) {
        return Workspace.allocate(count).put(0, values, 0, count);
    }

    private void addCovariance(List<CertifiedValue> values) {
        int d = a.dimension();
        int k = a.basisVectors();
        int l = b.basisVectors();
        if (k == 0 || l == 0) {
            return;
        }
        int m = k + l;
        DoubleBuffer product = Workspace.allocate((long) m * m);
        kernels.cross(k, l, d, scaled(a), scaled(b), product, k, m);
        double inner = 0;
        for (int i = 0; i < k; i++) {
            for (int j = k; j < m; j++) {
                inner += product.get(i * m + j) * product.get(i * m + j);
            }
        }
        similarity(inner, values);
        // The eigenvalues of [0 G; G^T 0] are plus and minus the singular values of G.
        DoubleBuffer eigenvalues = Workspace.allocate(m);
        kernels.eigen(m, product, eigenvalues);
        double nuclear = 0;
        for (int i = 0; i < m; i++) {
            nuclear += Math.max(eigenvalues.get(i), 0);
        }
        transport(nuclear, values);
    }

    /** Rows s_i v_i. */
    private static DoubleBuffer scaled(Spectrum spectrum) {
        double[] rows = spectrum.basis();
        double[] squares = spectrum.eigenvalues();
        int d = spectrum.dimension();
        for (int i = 0; i < rows.length; i++) {
            rows[i] *= Math.sqrt(squares[i / d]);
        }
        return buffer(rows, rows.length);
    }

    /** <M1, M2> / (|M1|_F |M2|_F), with <E, M> between the ends of E times tr M. */
    private void similarity(double inner, List<CertifiedValue> values) {
        double lower = inner - down(a) * feasibleB.mostEnergy() - down(b) * held(a);
        double upper = inner + up(a) * feasibleB.mostEnergy() + up(b) * held(a);
        double leastNorms = norm(feasibleA, false) * norm(feasibleB, false);
        double mostNorms = norm(feasibleA, true) * norm(feasibleB, true);
        double low = mostNorms > 0 ? Math.max(lower, 0) / mostNorms : 0;
        double high = leastNorms > 0 ? upper / leastNorms : 1;
        double estimate = leastNorms > 0 ? inner / leastNorms : 0;
        values.add(Intervals.within("covariance_similarity", low, estimate, high, 0, 1));
    }

    private static double up(Spectrum spectrum) {
        return spectrum.ledger().deltaPlus() + spectrum.ledger().roundoff();
    }

    private static double down(Spectrum spectrum) {
        return spectrum.ledger().deltaMinus() + spectrum.ledger().roundoff();
    }

    private static double held(Spectrum spectrum) {
        double sum = 0;
        for (double square : spectrum.eigenvalues()) {
            sum += square;
        }
        return sum;
    }

    /** Frobenius norm of the moment, the least or the most that the certificate allows. */
    private static double norm(FeasibleSpectrum feasible, boolean most) {
        if (feasible.isTrivial()) {
            return most ? feasible.mostEnergy() : 0;
        }
        Simplex point = most ? feasible.greedy() : feasible.waterFilled();
        double energy = most ? feasible.mostEnergy() : feasible.leastEnergy();
        return energy / Math.sqrt(point.participationRatio());
    }

    /**
     * BW(M, B^T B)^2 is at most |E|_* (Powers, Stormer 1970): T, and what rounding and sealing add
     * in d directions.
     */
    private void transport(double nuclear, List<CertifiedValue> values) {
        double n = a.rows();
        double m = b.rows();
        double square = held(a) / n + held(b) / m - 2 * nuclear / Math.sqrt(n * m);
        double root = Math.sqrt(Math.max(square, 0));
        // The singular values below sqrt(u) of the largest are rounding.
        double rounding = Math.sqrt(1e-13 * (held(a) / n + held(b) / m));
        double slack = Math.sqrt(traceNorm(a) / n) + Math.sqrt(traceNorm(b) / m) + rounding;
        double low = Math.max(root - slack, 0);
        double high = root + slack;
        values.add(Intervals.within("bures_wasserstein", low, root, high, 0, Double.MAX_VALUE));
        values.add(
                Intervals.within(
                        "frechet_drift",
                        Math.max(meanDistance - meanSlack, 0) + low * low,
                        meanDistance + root * root,
                        meanDistance + meanSlack + high * high,
                        0,
                        Double.MAX_VALUE));
    }

    private static double traceNorm(Spectrum spectrum) {
        Ledger ledger = spectrum.ledger();
        double sides = 2 * spectrum.dimension() * (ledger.deltaMinus() + ledger.roundoff());
        return Math.max(ledger.shed(), 0) + ledger.roundoff() + sides;
    }
}
