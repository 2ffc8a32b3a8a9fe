package io.spectrawatch.spectral.detect.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.spectral.detect.Plain;
import io.spectrawatch.spectral.detect.SyntheticModel;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.reference.Affine;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.Projector;
import io.spectrawatch.spectral.detect.reference.Window;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each score against its formula, computed another way: by elimination, in plain loops. */
class PeerScoresTest {
    /** Ridged covariances here have a condition number of about 1e4. */
    private static final double TOLERANCE = 1e-6;

    private static final int ROWS = 60;

    private Kernels kernels;
    private Activations fitted;
    private Activations asked;
    private Projected reference;
    private Projected queries;
    private LayerModel hidden;
    private LayerModel embedding;
    private double[][] rows;
    private double[][] emb;
    private double[][] logits;
    private int[] predicted;

    @BeforeEach
    void fit() {
        kernels = KernelProviders.open(KernelChoice.HOST);
        SyntheticModel model = new SyntheticModel(7);
        fitted = model.clean(400, 1);
        asked = model.clean(ROWS, 2);
        Window[] windows = new Window[3];
        for (int t = 0; t < 2; t++) {
            int d = SyntheticModel.TAPS.get(t).dimension();
            // The first tap keeps a tail outside its window, the second does not.
            windows[t] = Window.fit(kernels, fitted.values(t), d, t == 0 ? 8 : d, 3);
        }
        Projector projector = new Projector(SyntheticModel.TAPS, kernels, null);
        reference = projector.project(fitted, windows, 3, 0, 400);
        queries = projector.project(asked, windows, 3, 0, ROWS);
        hidden =
                LayerModel.fit(
                        kernels, windows[0], reference.coordinates(0), reference.predicted(), 3);
        embedding =
                LayerModel.fit(
                        kernels, windows[1], reference.coordinates(1), reference.predicted(), 3);
        rows = Plain.rows(queries.coordinates(0));
        emb = Plain.rows(queries.embedding());
        logits = Plain.rows(queries.logits());
        predicted = queries.predicted();
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    private void check(SampleScore score, IntToDoubleFunction formula) {
        double[] found = score.score(queries);
        for (int i = 0; i < ROWS; i++) {
            double expected = formula.applyAsDouble(i);
            assertEquals(
                    expected,
                    found[i],
                    TOLERANCE * Math.max(1, Math.abs(expected)),
                    score.name() + " of row " + i);
        }
    }

    @Test
    void maxSoftmaxAndEnergy() {
        check(
                new Confidence(Confidence.Form.MAX_SOFTMAX),
                i -> {
                    double[] p = Plain.softmax(logits[i]);
                    double best = Arrays.stream(p).max().orElseThrow();
                    return Math.log((1 - best) / best);
                });
        check(
                new Confidence(Confidence.Form.ENERGY),
                i -> -Math.log(Arrays.stream(logits[i]).map(Math::exp).sum()));
    }

    @Test
    void mahalanobisWithResidual() {
        double[][] fit = Plain.rows(reference.coordinates(0));
        double[][] means = Plain.classMeans(fit, reference.predicted(), 3);
        double[][] within =
                Plain.ridged(Plain.moment(Plain.minus(fit, means, reference.predicted())), 1e-4);
        double tail = 0;
        for (int i = 0; i < 400; i++) {
            tail += reference.residual(0)[i] / 400;
        }
        // Dead units have no variance and do not count.
        double free = tail / hidden.window().tailVariance();
        assertEquals(Math.rint(free), free, TOLERANCE);
        check(
                new LayerScore(LayerScore.Form.MAHALANOBIS, 0, "hidden", hidden),
                i ->
                        Plain.quadratic(within, Plain.minus(rows[i], means[predicted[i]]))
                                + queries.residual(0)[i] / hidden.window().tailVariance());
    }

    @Test
    void theWindowIsTheLeadingPrincipalSpace() {
        double[][] raw = Plain.rows(asked.values(0), 24);
        double[][] fit = Plain.rows(fitted.values(0), 24);
        double[] mean = Plain.mean(fit);
        double total = 0;
        for (double[] row : fit) {
            total += Plain.squared(Plain.minus(row, mean)) / fit.length;
        }
        double inside = Arrays.stream(hidden.window().eigenvalues()).sum();
        double outside = Arrays.stream(reference.residual(0)).sum() / fit.length;
        assertEquals(total, inside + outside, TOLERANCE * total);
        for (int i = 0; i < ROWS; i++) {
            assertEquals(
                    Plain.squared(Plain.minus(raw[i], mean)),
                    Plain.squared(rows[i]) + queries.residual(0)[i],
                    TOLERANCE * total);
        }
    }

    @Test
    void classShapeAndEvidence() {
        double[][] fit = Plain.rows(reference.coordinates(0));
        double[][] means = Plain.classMeans(fit, reference.predicted(), 3);
        double[][] centred = Plain.minus(fit, means, reference.predicted());
        double[][] shared = Plain.ridged(Plain.moment(centred), 1e-4);
        double[][][] shapes = new double[3][][];
        for (int c = 0; c < 3; c++) {
            double[][] own = Plain.of(centred, reference.predicted(), c);
            double share = Math.max(0.1, 8.0 / (8 + own.length));
            shapes[c] = Plain.mix(share, shared, Plain.moment(own));
        }
        check(
                new LayerScore(LayerScore.Form.CLASS_SHAPE, 0, "hidden", hidden),
                i -> likelihood(shapes, means, i, predicted[i]));
        check(
                new LayerScore(LayerScore.Form.CLASS_EVIDENCE, 0, "hidden", hidden),
                i -> {
                    double other = Double.POSITIVE_INFINITY;
                    for (int c = 0; c < 3; c++) {
                        double value = likelihood(shapes, means, i, c);
                        other = c == predicted[i] ? other : Math.min(other, value);
                    }
                    return likelihood(shapes, means, i, predicted[i]) - other;
                });
    }

    private double likelihood(double[][][] shapes, double[][] means, int i, int c) {
        return Plain.quadratic(shapes[c], Plain.minus(rows[i], means[c]))
                + Math.log(Plain.determinant(shapes[c]));
    }

    @Test
    void relativeMahalanobis() {
        double[][] fit = Plain.rows(reference.coordinates(1));
        double[][] means = Plain.classMeans(fit, reference.predicted(), 3);
        double[][] within =
                Plain.ridged(Plain.moment(Plain.minus(fit, means, reference.predicted())), 1e-4);
        double[][] total = Plain.ridged(Plain.moment(fit), 1e-4);
        double[][] at = Plain.rows(queries.coordinates(1));
        check(
                new LayerScore(LayerScore.Form.RELATIVE_MAHALANOBIS, 1, "embedding", embedding),
                i -> {
                    double nearest = Double.POSITIVE_INFINITY;
                    for (double[] mean : means) {
                        nearest =
                                Math.min(
                                        nearest, Plain.quadratic(within, Plain.minus(at[i], mean)));
                    }
                    return nearest - Plain.quadratic(total, at[i]);
                });
    }

    @Test
    void nearestNeighbours() {
        double[][] fit = Plain.rows(fitted.values(1), 12);
        check(
                Neighbours.fit(reference, 1, embedding, 5, 400),
                i -> {
                    double[] distances = new double[fit.length];
                    double[] q = Plain.unit(emb[i]);
                    for (int j = 0; j < fit.length; j++) {
                        distances[j] = Plain.squared(Plain.minus(q, Plain.unit(fit[j])));
                    }
                    Arrays.sort(distances);
                    return distances[4];
                });
    }

    @Test
    void neighbourEvidence() {
        double[][] fit = Plain.rows(reference.coordinates(0));
        check(
                NeighbourEvidence.fit(reference, 0, "hidden", 3, 400),
                i -> {
                    double[] mean = new double[3];
                    for (int c = 0; c < 3; c++) {
                        double[][] own = Plain.of(fit, reference.predicted(), c);
                        double[] d = new double[own.length];
                        for (int j = 0; j < own.length; j++) {
                            d[j] = Plain.squared(Plain.minus(rows[i], own[j]));
                        }
                        Arrays.sort(d);
                        mean[c] = (d[0] + d[1] + d[2]) / 3;
                    }
                    double own = mean[predicted[i]];
                    mean[predicted[i]] = Double.POSITIVE_INFINITY;
                    return Math.log(own / Arrays.stream(mean).min().orElseThrow());
                });
    }

    @Test
    void virtualLogit() {
        Head head = new SyntheticModel(7).head();
        Affine affine = new Affine(Matrix.of(3, 12, head.weights()), head.bias());
        double[][] w = Plain.rows(affine.weights());
        // The least-norm solution of W u = -b, with the ridge the score uses.
        double[] c = Plain.solve(Plain.ridged(Plain.gram(w), 1e-12), head.bias());
        double[] origin = new double[12];
        for (int j = 0; j < 12; j++) {
            origin[j] = -(w[0][j] * c[0] + w[1][j] * c[1] + w[2][j] * c[2]);
        }
        double[][] fit = Plain.rows(fitted.values(1), 12);
        double[][] shifted = new double[fit.length][];
        for (int i = 0; i < fit.length; i++) {
            shifted[i] = Plain.minus(fit[i], origin);
        }
        double[][] principal = Plain.leading(Plain.moment(shifted), 6);
        double logit = 0;
        double outside = 0;
        for (int i = 0; i < fit.length; i++) {
            logit += Arrays.stream(Plain.rows(reference.logits())[i]).max().orElseThrow();
            outside += outside(shifted[i], principal);
        }
        double alpha = logit / outside;
        check(
                VirtualLogit.fit(reference, affine),
                i ->
                        alpha * outside(Plain.minus(emb[i], origin), principal)
                                - Math.log(Arrays.stream(logits[i]).map(Math::exp).sum()));
    }

    private static double outside(double[] row, double[][] basis) {
        double rest = Plain.squared(row);
        for (double[] direction : basis) {
            double inner = Plain.dot(row, direction);
            rest -= inner * inner;
        }
        return Math.sqrt(Math.max(0, rest));
    }

    @Test
    void collapse() {
        double[][] fit = Plain.rows(fitted.values(1), 12);
        double[] mean = Plain.mean(fit);
        double[] scale = new double[12];
        for (int j = 0; j < 12; j++) {
            double sum = 0;
            for (double[] row : fit) {
                sum += (row[j] - mean[j]) * (row[j] - mean[j]) / fit.length;
            }
            scale[j] = sum > 0 ? 1 / Math.sqrt(sum) : 0;
        }
        double[][] standard = new double[fit.length][];
        for (int i = 0; i < fit.length; i++) {
            standard[i] = Plain.times(Plain.minus(fit[i], mean), scale);
        }
        double[][] moment = Plain.moment(standard);
        double total = Plain.trace(moment);
        int kept = 0;
        double held = 0;
        double[][] all = Plain.leading(moment, 12);
        while (held < 0.9 * total) {
            held += Plain.dot(all[kept], Plain.product(moment, all[kept]));
            kept++;
        }
        double[][] principal = Arrays.copyOf(all, kept);
        check(
                CollapseScore.fit(reference),
                i -> {
                    double[] row = Plain.times(Plain.minus(emb[i], mean), scale);
                    double inside = 0;
                    for (double[] direction : principal) {
                        inside += Math.pow(Plain.dot(row, direction), 2);
                    }
                    return -Math.sqrt(inside / Plain.squared(row));
                });
    }

    @Test
    void gradNorm() {
        check(
                new GradNorm(),
                i -> {
                    double[] p = Plain.softmax(logits[i]);
                    double spread = 0;
                    for (double share : p) {
                        spread += Math.abs(3 * share - 1);
                    }
                    return -Arrays.stream(emb[i]).map(Math::abs).sum() * spread;
                });
    }

    @Test
    void headConsistency() {
        Head right = new SyntheticModel(7).head();
        for (double value : new HeadConsistency(right).score(queries)) {
            assertEquals(0, value, 1e-6, "fp32 activations of the same head");
        }
        double[] bias = right.bias().clone();
        bias[0] += 1;
        check(
                new HeadConsistency(new Head(right.weights(), bias)),
                i -> 1 / Math.sqrt(Plain.squared(logits[i])));
    }

    @Test
    void transportResidual() {
        double[][] x = Plain.rows(reference.coordinates(0));
        double[][] y = Plain.rows(reference.coordinates(2));
        Plain.Map map = Plain.leastSquares(x, y, 1e-4);
        double[][] residual = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            residual[i] = map.residual(x[i], y[i]);
        }
        double[][] spread = Plain.ridged(Plain.moment(residual), 1e-4);
        double[][] target = Plain.rows(queries.coordinates(2));
        check(
                TransportResidual.fit(reference, 0, 2, "hidden>logits", 1),
                i -> Plain.quadratic(spread, map.residual(rows[i], target[i])));
    }

    @Test
    void classTransportResidual() {
        double[][] x = Plain.rows(reference.coordinates(0));
        double[][] y = Plain.rows(reference.coordinates(2));
        Plain.Map[] maps = new Plain.Map[3];
        for (int c = 0; c < 3; c++) {
            maps[c] =
                    Plain.leastSquares(
                            Plain.of(x, reference.predicted(), c),
                            Plain.of(y, reference.predicted(), c),
                            0.1);
        }
        double[][] residual = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            residual[i] = maps[reference.predicted()[i]].residual(x[i], y[i]);
        }
        double[][] spread = Plain.ridged(Plain.moment(residual), 1e-4);
        double[][] target = Plain.rows(queries.coordinates(2));
        check(
                TransportResidual.fit(reference, 0, 2, "hidden>logits", 3),
                i -> Plain.quadratic(spread, maps[predicted[i]].residual(rows[i], target[i])));
    }

    @Test
    void jointChain() {
        double[][] joined = join(reference);
        double[] scale = new double[joined[0].length];
        int at = 0;
        for (int t = 0; t < 3; t++) {
            double[][] part = Plain.rows(reference.coordinates(t));
            double[][] means = Plain.classMeans(part, reference.predicted(), 3);
            double variance =
                    Plain.trace(Plain.moment(Plain.minus(part, means, reference.predicted())))
                            / part[0].length;
            Arrays.fill(scale, at, at + part[0].length, 1 / Math.sqrt(variance));
            at += part[0].length;
        }
        double[][] fit = Plain.times(joined, scale);
        double[][] means = Plain.classMeans(fit, reference.predicted(), 3);
        double[][] within =
                Plain.ridged(Plain.moment(Plain.minus(fit, means, reference.predicted())), 1e-4);
        double[][] at2 = Plain.times(join(queries), scale);
        check(
                JointChain.fit(reference, 3, 3),
                i -> Plain.quadratic(within, Plain.minus(at2[i], means[predicted[i]])));
    }

    private static double[][] join(Projected rows) {
        double[][] out = new double[rows.rows()][];
        for (int i = 0; i < out.length; i++) {
            out[i] = new double[0];
            for (int t = 0; t < 3; t++) {
                double[] part = Plain.rows(rows.coordinates(t))[i];
                int from = out[i].length;
                out[i] = Arrays.copyOf(out[i], from + part.length);
                System.arraycopy(part, 0, out[i], from, part.length);
            }
        }
        return out;
    }

    @Test
    void outlierEnergy() {
        double[] eigenvalues = hidden.window().eigenvalues();
        double root = Math.sqrt(24.0 / 400);
        double edge =
                hidden.window().tailVariance()
                        * (Math.pow(1 + root, 2)
                                + 2.02
                                        * Math.pow(400, -2.0 / 3)
                                        * (1 + root)
                                        * Math.pow(1 + 1 / root, 1.0 / 3));
        int outliers = (int) Arrays.stream(eigenvalues).filter(v -> v > edge).count();
        check(
                OutlierSubspace.fit(0, "hidden", hidden.window(), 400),
                i -> {
                    double inside = Plain.squared(Arrays.copyOf(rows[i], outliers));
                    double all = Plain.squared(rows[i]) + queries.residual(0)[i];
                    return (all - inside) / all;
                });
    }

    @Test
    void singularDefect() {
        double[][] fit = Plain.rows(fitted.values(1), 12);
        double[] direction = Plain.leading(Plain.moment(fit), 1)[0];
        check(
                SingularDefect.fit(reference, 1, embedding),
                i -> Math.abs(Plain.dot(emb[i], direction)) / Math.sqrt(Plain.squared(emb[i])));
    }

    @Test
    void tokenInstability() {
        int[] owner = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            owner[i] = i / 3;
        }
        Projected tokens =
                new Projected(
                        kernels,
                        ROWS,
                        0,
                        tap -> null,
                        queries.logits(),
                        null,
                        owner,
                        predicted,
                        row -> null,
                        null,
                        Map.of());
        double[] found = new TokenInstability().score(tokens);
        for (int i = 0; i < ROWS; i++) {
            // Three columns: every token is among the most probable ones.
            double[] p = Plain.softmax(logits[i]);
            double expected = Plain.entropy(p);
            if (i % 3 > 0) {
                double[] q = Plain.softmax(logits[i - 1]);
                double[] middle = new double[3];
                for (int j = 0; j < 3; j++) {
                    middle[j] = (p[j] + q[j]) / 2;
                }
                expected += Plain.entropy(middle) - (Plain.entropy(p) + Plain.entropy(q)) / 2;
            }
            assertEquals(expected, found[i], TOLERANCE, "row " + i);
        }
    }
}
