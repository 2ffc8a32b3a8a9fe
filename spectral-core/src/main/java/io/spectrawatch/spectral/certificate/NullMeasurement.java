package io.spectrawatch.spectral.certificate;

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
     * margins of 3 % to 14 %. Spectrum: with h = e^2 / 8 for eigenvalues that all move by a share
     * e, the same 3 % to 13 %.
     */
    private static final double LEAST_DRIFT = 0.001;

    private static final double MOST_DRIFT = 0.02;
    private static final double LEAST_SPECTRUM = 0.0001;
    private static final double MOST_SPECTRUM = 0.002;

    private final List<InterfaceMoments> heldBack;
    private final CertificateOptions options;

    NullMeasurement(List<InterfaceMoments> heldBack, CertificateOptions options) {
        this.heldBack = heldBack;
        this.options = options;
    }

    /** What a size of pools gives: the options with the tolerated means to use, and the pooling. */
    private record Result(CertificateOptions options, Pooling pooling) {}

    /** Returns the draft with the smallest pooling that serves the drift test, or why none does. */
    InterfaceBaseline of(InterfaceBaseline draft) {
        List<InterfaceMoments> pools = List.of();
        Result result = null;
        for (long rows = draft.pooling().rows(); rows <= options.mostPoolRows(); rows *= 2) {
            String reason = Pooling.tooFew(heldBack, rows);
            if (!reason.isEmpty()) {
                result = refused(result, rows, reason);
                break;
            }
            pools = Pooling.pool(heldBack, rows);
            result = measured(draft, pools, rows);
            if (result.pooling().accepted()) {
                break;
            }
        }
        return draft.with(result.options(), result.pooling(), levels(draft, pools));
    }

    private Result refused(Result before, long rows, String reason) {
        if (before != null) {
            String last = reason + "; before that: " + before.pooling().refusal();
            return new Result(before.options(), before.pooling().withRefusal(last));
        }
        // Tolerated means of tests that are never fed.
        double drift = options.driftTolerance() > 0 ? options.driftTolerance() : MOST_DRIFT;
        double spectrum =
                options.spectrumTolerance() > 0 ? options.spectrumTolerance() : MOST_SPECTRUM;
        int worth = Pooling.worth(heldBack, rows);
        return new Result(
                options.withTolerances(drift, spectrum), Pooling.refused(rows, 0, worth, reason));
    }

    private Result measured(InterfaceBaseline draft, List<InterfaceMoments> pools, long rows) {
        double[] drift = new double[pools.size()];
        double[] spectrum = new double[pools.size()];
        for (int i = 0; i < drift.length; i++) {
            DriftScores scores = Certificates.scores(draft, pools.get(i));
            drift[i] = scores.drift();
            spectrum[i] = scores.spectrum();
        }
        int worth = Pooling.worth(heldBack, rows);
        NullMean driftMean = NullMean.of(drift, worth);
        NullMean spectrumMean = NullMean.of(spectrum, worth);
        double driftTolerance =
                driftMean.tolerance(options.driftTolerance(), LEAST_DRIFT, MOST_DRIFT);
        double spectrumTolerance =
                spectrumMean.tolerance(options.spectrumTolerance(), LEAST_SPECTRUM, MOST_SPECTRUM);
        return new Result(
                options.withTolerances(driftTolerance, spectrumTolerance),
                new Pooling(
                        rows,
                        driftMean.mean(),
                        worth,
                        driftMean.refusal(driftTolerance, rows),
                        spectrumMean.mean(),
                        spectrumMean.refusal(spectrumTolerance, rows)));
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
