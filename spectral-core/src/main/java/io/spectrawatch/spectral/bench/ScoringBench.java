package io.spectrawatch.spectral.bench;

import io.spectrawatch.spectral.detect.Activations;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.Scorer;
import io.spectrawatch.spectral.detect.Tap;
import io.spectrawatch.spectral.detect.TapRole;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

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

    private static final long WARM_UP_NANOS = 1_000_000_000L;
    private static final long MEASURED_NANOS = 2_000_000_000L;

    private final int dimension;
    private final double[] scale;
    private final SplittableRandom random;

    private ScoringBench(KernelBenchOptions options) {
        this.dimension = options.dimension();
        this.random = new SplittableRandom(options.seed());
        this.scale = new double[dimension];
        for (int j = 0; j < dimension; j++) {
            scale[j] = Math.pow(j + 1, -0.75);
        }
    }

    /** Returns the report with the cost of scoring, over its own rate of sketching. */
    public static KernelBenchReport measure(KernelBenchOptions options, KernelBenchReport report) {
        try (Kernels kernels = KernelProviders.open(options.provider())) {
            double rate = new ScoringBench(options).rowsPerSecond(kernels);
            return report.withScoring(rate, report.rowsPerSecond() / (LAYERS * rate));
        }
    }

    private double rowsPerSecond(Kernels kernels) {
        Activations reference = rows(REFERENCE);
        Detector detector =
                Detector.fit(reference, DetectorOptions.defaults(), null, kernels).weighted();
        int[] few = new int[CALL];
        for (int i = 0; i < CALL; i++) {
            few[i] = i;
        }
        Activations call = reference.select(few);
        Scorer scorer = detector.scorer(kernels);
        run(scorer, call, WARM_UP_NANOS);
        return run(scorer, call, MEASURED_NANOS);
    }

    private static double run(Scorer scorer, Activations rows, long nanos) {
        long count = 0;
        long start = Clock.CPU.nanos();
        long spent = 0;
        while (spent < nanos) {
            scorer.score(rows);
            count += rows.rows();
            spent = Clock.CPU.nanos() - start;
        }
        return count * 1e9 / spent;
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
