package io.spectrawatch.spectral.bench;

import io.spectrawatch.spectral.detect.Activations;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.Scorer;
import io.spectrawatch.spectral.detect.Tap;
import io.spectrawatch.spectral.detect.TapRole;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Measures what scoring a sample costs beside sketching its rows: a model of seven layers of d
 * columns and ten logits, with the default budget of a detector whose rows are samples.
 */
public final class ScoringBench {
    /** Layers tapped, embedding included. */
    private static final int LAYERS = 7;

    private static final int CLASSES = 10;

    /** Enough for 2,000 neighbours in the share the fit gets. */
    private static final int REFERENCE = 3_200;

    /** Rows scored in one call. */
    private static final int CALL = 256;

    /** Scoring and sketching take turns of this length, so that both meet the same machine. */
    private static final long TURN_NANOS = 100_000_000L;

    private static final int WARM_UP_TURNS = 20;
    private static final int TURNS = 30;

    private final int dimension;
    private final Clock clock;
    private final double[] scale;
    private final SplittableRandom random;

    private ScoringBench(KernelBenchOptions options) {
        this.dimension = options.dimension();
        this.clock = Clock.of(options.provider());
        this.random = new SplittableRandom(options.seed());
        this.scale = new double[dimension];
        for (int j = 0; j < dimension; j++) {
            scale[j] = Math.pow(j + 1, -0.75);
        }
    }

    /** Returns the report with the cost of scoring. */
    public static KernelBenchReport measure(KernelBenchOptions options, KernelBenchReport report) {
        try (Kernels kernels = KernelProviders.open(options.provider())) {
            return new ScoringBench(options).measure(options, report, kernels);
        }
    }

    private KernelBenchReport measure(
            KernelBenchOptions options, KernelBenchReport report, Kernels kernels) {
        Activations reference = rows(REFERENCE);
        Detector detector =
                Detector.fit(reference, DetectorOptions.defaults(), null, kernels).weighted();
        Activations call = reference.select(IntStream.range(0, CALL).toArray());
        Scorer scorer = detector.scorer(kernels);
        RowBlock block = new RowBlock(options.sketch().blockRows(), dimension);
        BenchRows rows =
                new BenchRows(
                        dimension,
                        REFERENCE,
                        block.capacity(),
                        options.elementType(),
                        options.seed());
        long[] next = {0};
        try (SecondMomentSketch sketch = Sketches.create(options.sketch(), dimension, kernels)) {
            Runnable score = () -> scorer.score(call);
            Runnable update =
                    () -> {
                        rows.next(block, next[0]);
                        sketch.update(block);
                        next[0] += block.capacity();
                    };
            double scoring = 0;
            double sketching = 0;
            for (int turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
                double one = nanosPerRun(score) / CALL;
                double other = LAYERS * nanosPerRun(update) / block.capacity();
                scoring += turn < 0 ? 0 : one / TURNS;
                sketching += turn < 0 ? 0 : other / TURNS;
            }
            return report.withScoring(1e9 / scoring, scoring / sketching);
        }
    }

    private double nanosPerRun(Runnable work) {
        long runs = 0;
        long start = clock.nanos();
        long spent = 0;
        while (spent < TURN_NANOS) {
            work.run();
            runs++;
            spent = clock.nanos() - start;
        }
        return (double) spent / runs;
    }

    private Activations rows(int count) {
        List<Tap> taps = new ArrayList<>();
        float[][] values = new float[LAYERS + 1][];
        for (int t = 0; t < LAYERS; t++) {
            TapRole role = t == LAYERS - 1 ? TapRole.EMBEDDING : TapRole.HIDDEN;
            taps.add(new Tap("layer" + t, role, dimension));
            values[t] = layer(count);
        }
        taps.add(new Tap("logits", TapRole.LOGITS, CLASSES));
        values[LAYERS] = new float[count * CLASSES];
        for (int i = 0; i < count * CLASSES; i++) {
            values[LAYERS][i] = (float) random.nextDouble();
            values[LAYERS][i] += i % CLASSES == i / CLASSES % CLASSES ? 4 : 0;
        }
        return Activations.of(taps, values);
    }

    /** The spectrum of the sketched rows, about a mean per class. */
    private float[] layer(int count) {
        float[] values = new float[count * dimension];
        double[][] means = new double[CLASSES][dimension];
        for (double[] mean : means) {
            for (int j = 0; j < dimension; j++) {
                mean[j] = scale[j] * (random.nextDouble() - 0.5);
            }
        }
        for (int i = 0; i < count; i++) {
            double[] mean = means[i % CLASSES];
            for (int j = 0; j < dimension; j++) {
                double noise =
                        random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
                values[i * dimension + j] = (float) (mean[j] + scale[j] * noise);
            }
        }
        return values;
    }
}
