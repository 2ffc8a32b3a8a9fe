package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures what scoring a row costs beside sketching it: a model of seven layers of d columns, once
 * where rows are samples, with ten logits, once where they are tokens, and once where they are
 * samples and the first layer is the model's input, each with the default budget of such a
 * detector.
 */
public final class ScoringBench {
    /** Enough for 2,000 neighbours in the share the fit gets. */
    private static final int REFERENCE = 3_200;

    /** Enough for as many neighbours as evidence keeps, 8,192, in the share the fit gets. */
    private static final int INPUT_REFERENCE = 12_800;

    /** Values of a layer of the reference at most, so that wide ones fit a small heap: 64 MiB. */
    private static final int REFERENCE_VALUES = 1 << 24;

    private static final int TOKENS_PER_SAMPLE = 4;

    /** Rows of the stream, which then begins again. */
    private static final int STREAM = 1_024;

    /** Rows scored in one call. */
    private static final int CALL = 256;

    private static final int CLIENTS = 64;

    private static final Turns USUAL = new Turns(50_000_000L, 15, 31);

    private final KernelBenchOptions options;
    private final Turns turns;
    private final Kernels kernels;
    private final Clock clock;

    private ScoringBench(KernelBenchOptions options, Turns turns, Kernels kernels) {
        this.options = options;
        this.turns = turns;
        this.kernels = kernels;
        this.clock = Clock.of(options.provider());
    }

    /** Returns the report with the cost of scoring. */
    public static KernelBenchReport measure(KernelBenchOptions options, KernelBenchReport report) {
        return measure(options, report, USUAL);
    }

    static KernelBenchReport measure(
            KernelBenchOptions options, KernelBenchReport report, Turns turns) {
        try (Kernels kernels = KernelProviders.open(options.provider())) {
            ScoringBench bench = new ScoringBench(options, turns, kernels);
            ScoringCost samples = bench.measure(DetectorOptions.defaults(), 1, false);
            ScoringCost tokens =
                    bench.measure(DetectorOptions.forTokens(), TOKENS_PER_SAMPLE, false);
            ScoringCost input = bench.measure(DetectorOptions.defaults(), 1, true);
            return report.withScoring(samples, tokens, input);
        }
    }

    private ScoringCost measure(DetectorOptions detection, int rowsPerSample, boolean input) {
        ScoredStream stream = stream(detection, rowsPerSample, input);
        try (SketchedLayers layers = new SketchedLayers(options, BenchModel.LAYERS, kernels)) {
            double[] bare = new double[turns.count()];
            double[] whole = new double[turns.count()];
            double[] nanos = new double[turns.count()];
            for (int turn = -turns.warmUp(); turn < turns.count(); turn++) {
                double score = turns.nanosPerRun(clock, stream::score) / CALL;
                double monitor = turns.nanosPerRun(clock, stream::monitor) / CALL;
                double sketched = turns.nanosPerRun(clock, layers::update) / layers.blockRows();
                bare[Math.max(0, turn)] = score / sketched;
                whole[Math.max(0, turn)] = monitor / sketched;
                nanos[Math.max(0, turn)] = monitor;
            }
            return new ScoringCost(
                    1e9 / median(nanos), median(whole), median(bare), stream.pairShare());
        }
    }

    private ScoredStream stream(DetectorOptions detection, int rowsPerSample, boolean input) {
        BenchModel model =
                new BenchModel(options.dimension(), rowsPerSample, input, options.seed());
        int reference =
                input
                        ? Math.min(INPUT_REFERENCE, REFERENCE_VALUES / options.dimension())
                        : REFERENCE;
        Detector detector =
                Detector.fit(model.clean(reference), detection, null, kernels).weighted();
        Activations requests = model.requests(STREAM, CLIENTS);
        int samples = CALL / rowsPerSample;
        List<Activations> calls = new ArrayList<>();
        for (int from = 0; from < requests.samples(); from += samples) {
            calls.add(requests.select(IntStream.range(from, from + samples).toArray()));
        }
        return new ScoredStream(detector, kernels, calls, CLIENTS);
    }

    /** A turn in which something else disturbed the machine counts no more than another. */
    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
