package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.Part;
import io.spectrawatch.spectral.sequential.StreamWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What held-back panes show without change: means of the scores at growing pools, movements. */
final class NullMeasurement {
    /** Movements are called beyond the reference above mean + 4 standard deviations at least. */
    private static final double DEVIATIONS = 4;

    /** A squared relative movement of 1e-4 (one percent in norm) is never called movement. */
    private static final double FLOOR = 1e-4;

    /**
     * The range of a tolerated mean that is not configured. Drift: a mean squared share of the
     * margins of 3 % to 20 %. Spectrum: with h = e^2 / 8 for eigenvalues that all move by a share
     * e, 3 % to 18 %.
     */
    private static final NullTest.Range DRIFT = new NullTest.Range(.001, .04);

    private static final NullTest.Range SPECTRUM = new NullTest.Range(.0001, .004);

    /** Probability that any tolerated mean of a model's baseline is too small. */
    private static final double ERROR = .005;

    private static final int TESTS = 2;

    private final List<InterfaceMoments> heldBack;
    private final CertificateOptions options;
    private final double share;

    /**
     * @param interfaces interfaces of the baseline, which share the probability of an error
     */
    NullMeasurement(List<InterfaceMoments> heldBack, CertificateOptions options, int interfaces) {
        this.heldBack = heldBack;
        this.options = options;
        this.share = ERROR / TESTS * StreamWeights.equal(interfaces);
    }

    /** What a size of pools gives: the options with the tolerated means to use, and the pooling. */
    private record Result(CertificateOptions options, Pooling pooling) {}

    /** Returns the draft with the smallest pooling that serves the drift test, or why none does. */
    InterfaceBaseline of(InterfaceBaseline draft) {
        Result result = null;
        int size = 1;
        for (long rows = draft.pooling().rows(); rows <= options.mostPoolRows(); rows *= 2) {
            // Each size is another chance to be wrong.
            double delta = share * StreamWeights.spending(size++);
            List<InterfaceMoments> disjoint = Pooling.disjoint(heldBack, rows);
            if (disjoint.size() < NullTest.fewest(delta)) {
                result = refused(result, tooFew(disjoint.size(), rows, delta), disjoint, rows);
                break;
            }
            result = measured(draft, disjoint, rows, delta);
            if (result.pooling().accepted()) {
                break;
            }
        }
        List<InterfaceMoments> drawn = Pooling.drawn(heldBack, result.pooling().rows());
        return draft.with(result.options(), result.pooling(), levels(draft, drawn));
    }

    private static String tooFew(int pools, long rows, double delta) {
        long fewest = NullTest.fewest(delta);
        return "held-back rows make "
                + pools
                + " disjoint pools of "
                + rows
                + " rows, at least "
                + fewest
                + " ("
                + fewest * rows
                + " rows) are needed to bound a mean with error probability "
                + NullTest.probability(delta);
    }

    private Result refused(Result before, String reason, List<InterfaceMoments> pools, long rows) {
        if (before != null) {
            String last = before.pooling().refusal() + "; of twice the size: " + reason;
            return new Result(before.options(), before.pooling().withRefusal(last));
        }
        NullTest drift = NullTest.none(options.driftTolerance(), DRIFT, 0, reason);
        NullTest spectrum = NullTest.none(options.spectrumTolerance(), SPECTRUM, 0, reason);
        return result(rows, pools.size(), drift, spectrum);
    }

    private Result measured(
            InterfaceBaseline draft, List<InterfaceMoments> pools, long rows, double delta) {
        double[] drift = new double[pools.size()];
        double[] spectrum = new double[pools.size()];
        for (int i = 0; i < drift.length; i++) {
            DriftScores scores = Certificates.scores(draft, pools.get(i));
            drift[i] = scores.drift();
            spectrum[i] = scores.spectrum();
        }
        return result(
                rows,
                pools.size(),
                NullTest.of(drift, rows, options.driftTolerance(), DRIFT, delta),
                NullTest.of(spectrum, rows, options.spectrumTolerance(), SPECTRUM, delta));
    }

    private Result result(long rows, int pools, NullTest drift, NullTest spectrum) {
        return new Result(
                options.withTolerances(drift.tolerance(), spectrum.tolerance()),
                Pooling.of(rows, pools, drift, spectrum));
    }

    private static Movement levels(InterfaceBaseline draft, List<InterfaceMoments> pools) {
        List<Movement> movements = new ArrayList<>();
        for (InterfaceMoments pool : pools) {
            movements.add(
                    Movement.between(
                            draft, pool.transport(Part.FIRST), pool.transport(Part.SECOND)));
        }
        return new Movement(
                level(movements, Movement::transport),
                level(movements, m -> m.mapKnown() ? m.map() : 0),
                level(movements, Movement::input),
                level(movements, Movement::output));
    }

    private static double level(List<Movement> movements, ToDoubleFunction<Movement> value) {
        double[] values = movements.stream().mapToDouble(value).toArray();
        double mean = 0;
        for (double v : values) {
            mean += v / values.length;
        }
        double squares = 0;
        double largest = 0;
        for (double v : values) {
            squares += (v - mean) * (v - mean);
            largest = Math.max(largest, v);
        }
        double deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
        return Math.max(largest, mean + DEVIATIONS * deviation) + FLOOR;
    }
}
