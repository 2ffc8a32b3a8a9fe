package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.kernel.Kernels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores rows with a fitted {@link Detector}, block by block in memory it keeps between calls; for
 * one thread at a time.
 */
public final class Scorer {
    private static final int LARGEST_BLOCK = 256;
    private static final int SMALLEST_BLOCK = 32;

    /** Elements of the widest tap in a block: 1 MiB, so that centred rows stay in the cache. */
    private static final int BLOCK_ELEMENTS = 1 << 17;

    private final Fitted fitted;
    private final Arena arena = new Arena();
    private final Projector projector;
    private final Window[] windows;
    private final int block;

    /** What a detector has learnt. */
    record Fitted(
            List<Tap> taps,
            int classes,
            LayerModel[] models,
            List<SampleScore> scores,
            ScoreTable[] tables,
            double[] weights,
            Question[] questions,
            ConformalTable conformal) {}

    Scorer(Fitted fitted, Kernels kernels) {
        this.fitted = fitted;
        this.projector = new Projector(fitted.taps(), kernels, arena);
        int widest = fitted.taps().stream().mapToInt(Tap::dimension).max().orElseThrow();
        this.block = Math.max(SMALLEST_BLOCK, Math.min(LARGEST_BLOCK, BLOCK_ELEMENTS / widest));
        this.windows = new Window[fitted.models().length];
        for (int t = 0; t < windows.length; t++) {
            LayerModel model = fitted.models()[t];
            windows[t] = model == null ? null : model.window();
        }
    }

    /**
     * Scores rows with the scores that have a weight.
     *
     * @throws IllegalArgumentException if the taps differ from the fitted ones
     */
    public Scored score(Activations rows) {
        return run(rows, false);
    }

    /** Scores rows with every score, for comparison. */
    public Scored measure(Activations rows) {
        return run(rows, true);
    }

    private Scored run(Activations rows, boolean all) {
        if (!rows.taps().equals(fitted.taps())) {
            throw new IllegalArgumentException(
                    "detector: taps " + fitted.taps() + " required, found " + rows.taps());
        }
        Accumulator result = new Accumulator(rows.samples(), rows.rows(), all);
        int from = 0;
        while (from < rows.rows()) {
            int to = Math.min(rows.rows(), from + block);
            // Rows of one sample stay together, since token scores compare neighbouring rows.
            while (to < rows.rows() && rows.sampleOf(to) == rows.sampleOf(to - 1)) {
                to++;
            }
            arena.reset();
            result.add(projector.project(rows, windows, fitted.classes(), from, to - from), from);
            from = to;
        }
        return result.finish();
    }

    /** Collects the blocks of one call. */
    private final class Accumulator {
        private final int samples;
        private final boolean all;
        private final int[] owner;
        private final int[] predicted;
        private final double[][] raw;
        private final double[][] parts;

        Accumulator(int samples, int rows, boolean all) {
            this.samples = samples;
            this.all = all;
            this.owner = new int[rows];
            this.predicted = new int[samples];
            this.raw = new double[fitted.weights().length][];
            this.parts = new double[fitted.weights().length][];
            for (int s = 0; s < fitted.weights().length; s++) {
                if (all || fitted.weights()[s] > 0) {
                    raw[s] = new double[rows];
                    parts[s] = new double[rows];
                }
            }
        }

        void add(Projected block, int from) {
            for (int i = block.rows() - 1; i >= 0; i--) {
                owner[from + i] = block.samples()[i];
                // The first row of a sample names its class.
                predicted[block.samples()[i]] = block.predicted()[i];
            }
            for (int s = 0; s < fitted.weights().length; s++) {
                if (raw[s] == null) {
                    continue;
                }
                double[] values = fitted.scores().get(s).score(block);
                for (int i = 0; i < values.length; i++) {
                    if (!Double.isFinite(values[i])) {
                        throw new ArithmeticException(
                                "score '"
                                        + fitted.scores().get(s).name()
                                        + "': a finite value required, found "
                                        + values[i]
                                        + " in row "
                                        + (from + i));
                    }
                    raw[s][from + i] = values[i];
                    parts[s][from + i] =
                            fitted.weights()[s]
                                    * Combination.halfCauchy(fitted.tables()[s].p(values[i]));
                }
            }
        }

        Scored finish() {
            double[] statistic = new double[samples];
            double[] most = new double[samples];
            double[][] asked = new double[Question.values().length][samples];
            String[] loudest = new String[samples];
            Map<String, double[]> means = new LinkedHashMap<>();
            Map<String, double[]> suspicions = new LinkedHashMap<>();
            for (int s = 0; s < fitted.weights().length; s++) {
                if (raw[s] == null) {
                    continue;
                }
                SampleScore score = fitted.scores().get(s);
                means.put(score.name(), Combination.bySample(raw[s], owner, samples));
                double[] one = score.twoSided() ? folded(s) : raw[s];
                suspicions.put(score.name(), Combination.bySample(one, owner, samples));
                if (fitted.weights()[s] == 0) {
                    continue;
                }
                double[] part = Combination.bySample(parts[s], owner, samples);
                for (int i = 0; i < samples; i++) {
                    statistic[i] += part[i];
                    asked[fitted.questions()[s].ordinal()][i] += part[i];
                    if (loudest[i] == null || part[i] > most[i]) {
                        loudest[i] = fitted.scores().get(s).name();
                        most[i] = part[i];
                    }
                }
            }
            return new Scored(
                    predicted,
                    statistic,
                    ranks(statistic),
                    kinds(asked),
                    loudest,
                    means,
                    suspicions);
        }

        private double[] folded(int s) {
            double[] out = new double[raw[s].length];
            for (int i = 0; i < out.length; i++) {
                out[i] = Combination.halfCauchy(fitted.tables()[s].p(raw[s][i]));
            }
            return out;
        }

        private double[] ranks(double[] statistic) {
            double[] p = new double[samples];
            for (int i = 0; i < samples; i++) {
                p[i] =
                        fitted.conformal() == null
                                ? 1
                                : fitted.conformal().p(statistic[i], predicted[i]);
            }
            return p;
        }

        private Verdict.Kind[] kinds(double[][] asked) {
            Verdict.Kind[] kinds = new Verdict.Kind[samples];
            for (int i = 0; i < samples; i++) {
                double distance = asked[Question.DISTANCE.ordinal()][i];
                double other =
                        Math.max(
                                asked[Question.CONFIDENCE.ordinal()][i],
                                asked[Question.CONSISTENCY.ordinal()][i]);
                kinds[i] =
                        distance > other
                                ? Verdict.Kind.OUT_OF_DISTRIBUTION
                                : Verdict.Kind.ADVERSARIAL;
            }
            return kinds;
        }
    }
}
