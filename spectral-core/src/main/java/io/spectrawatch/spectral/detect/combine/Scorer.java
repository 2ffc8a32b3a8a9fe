package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.rank.RankTable;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.Projector;
import io.spectrawatch.spectral.detect.reference.Window;
import io.spectrawatch.spectral.detect.score.GsvdMap;
import io.spectrawatch.spectral.detect.score.GsvdScore;
import io.spectrawatch.spectral.detect.score.SampleScore;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Arena;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores rows with a fitted {@code Detector}, block by block in memory it keeps between calls; for
 * one thread at a time.
 *
 * <p>Every block has the same number of rows, the last one is filled up: a row then goes through
 * the same products whatever rows come with it, and its score is the same to the last bit however
 * the rows are cut into calls.
 */
public final class Scorer {
    private static final int LARGEST_BLOCK = 128;
    private static final int SMALLEST_BLOCK = 32;

    /** Elements of the widest tap in a block: 1 MiB, so that centred rows stay in the cache. */
    private static final int BLOCK_ELEMENTS = 1 << 17;

    /**
     * The score of a finite row on which the arithmetic overflows: beyond every other. Rows must
     * neither pass as clean nor stop a stream because they are huge.
     */
    private static final double OVERFLOW = 1e300;

    private final Fitted fitted;
    private final Arena arena = new Arena();
    private final Projector projector;
    private final Window[] windows;
    private final int block;

    /** Null if classes are pooled. */
    private final BestClass best;

    /**
     * What a detector has learnt.
     *
     * @param channels joins the scores where the detector asks for evidence; null where one sum
     *     over all questions does
     */
    public record Fitted(
            List<Tap> taps,
            int classes,
            LayerModel[] models,
            List<SampleScore> scores,
            ScoreTable[] tables,
            double[] weights,
            Question[] questions,
            RankTable conformal,
            GsvdMap map,
            Channels channels) {
        public Fitted {
            taps = List.copyOf(taps);
            scores = List.copyOf(scores);
        }
    }

    /**
     * Takes what goes into the map whose gains are profiled and what comes out of it, row by row in
     * their order.
     */
    @FunctionalInterface
    public interface MapRows {
        /**
         * Takes one row.
         *
         * @param sample it belongs to
         * @param norm length of the input
         * @param input the input; the array is used again
         * @param images holds the image, before the profile's origin is taken away
         * @param at where it begins
         */
        void row(int sample, double norm, double[] input, double[] images, int at);
    }

    public Scorer(Fitted fitted, Kernels kernels) {
        this.fitted = fitted;
        this.projector = new Projector(fitted.taps(), kernels, arena);
        int widest = fitted.taps().stream().mapToInt(Tap::dimension).max().orElseThrow();
        int rows = Math.max(SMALLEST_BLOCK, Math.min(LARGEST_BLOCK, BLOCK_ELEMENTS / widest));
        this.block = rows / SMALLEST_BLOCK * SMALLEST_BLOCK;
        this.best = BestClass.of(fitted);
        this.windows = new Window[fitted.models().length];
        for (int t = 0; t < windows.length; t++) {
            LayerModel model = fitted.models()[t];
            windows[t] = model == null ? null : model.window();
        }
    }

    /** Returns the rows that go through the products together; calls are best multiples of it. */
    public int blockRows() {
        return block;
    }

    /**
     * Scores rows with the scores that have a weight.
     *
     * @throws IllegalArgumentException if the taps differ from the fitted ones
     */
    public Scored score(Activations rows) {
        return run(rows, false, null);
    }

    /** Scores rows with every score, for comparison. */
    public Scored measure(Activations rows) {
        return run(rows, true, null);
    }

    /**
     * Scores rows with every score, and hands on what the gain profile is about.
     *
     * @throws IllegalArgumentException if the taps differ from the fitted ones
     */
    public Scored measure(Activations rows, MapRows mapped) {
        return run(rows, true, mapped);
    }

    private Scored run(Activations rows, boolean all, MapRows mapped) {
        if (!rows.taps().equals(fitted.taps())) {
            throw new IllegalArgumentException(
                    "detector: taps " + fitted.taps() + " required, found " + rows.taps());
        }
        Accumulator result = new Accumulator(rows, all);
        for (int from = 0; from < rows.rows(); from += block) {
            int count = Math.min(block, rows.rows() - from);
            arena.reset();
            Projected projected =
                    projector.project(rows, windows, fitted.classes(), from, count, block);
            result.add(projected, from, count);
            if (mapped != null) {
                hand(projected, count, mapped);
            }
        }
        return result.finish();
    }

    public static double orOverflow(double value) {
        return Double.isFinite(value) ? value : OVERFLOW;
    }

    private void hand(Projected projected, int count, MapRows mapped) {
        GsvdMap map = fitted.map();
        Matrix inputs = projected.coordinates(map.from());
        double[] input = new double[inputs.columns()];
        double[] outputs = GsvdScore.outputs(projected, map.to()).toArray();
        for (int i = 0; i < count; i++) {
            inputs.row(i, input);
            int at = i * map.profile().dimension();
            double norm = Math.sqrt(Matrix.sumOfSquares(input, 0, input.length));
            mapped.row(projected.samples()[i], norm, input, outputs, at);
        }
    }

    /** Collects the blocks of one call. */
    private final class Accumulator {
        private final Activations rows;
        private final int samples;
        private final int[] predicted;
        private final int[] favoured;

        /** Per row the half-Cauchy term of the distance from its best class. */
        private final double[] fromBest;

        /** Per score the value and the half-Cauchy term of each row, then of each sample. */
        private final double[][] raw;

        private final double[][] terms;

        Accumulator(Activations rows, boolean all) {
            this.rows = rows;
            this.samples = rows.samples();
            this.predicted = new int[samples];
            this.favoured = best == null ? predicted : new int[samples];
            this.fromBest = best == null ? null : new double[rows.rows()];
            this.raw = new double[fitted.weights().length][];
            this.terms = new double[fitted.weights().length][];
            for (int s = 0; s < fitted.weights().length; s++) {
                if (all || fitted.weights()[s] > 0) {
                    raw[s] = new double[rows.rows()];
                    terms[s] = new double[rows.rows()];
                }
            }
        }

        void add(Projected block, int from, int count) {
            int[] explained = best == null ? block.predicted() : best.classes(block);
            for (int i = 0; i < count; i++) {
                boolean first = from + i == 0 || rows.sampleOf(from + i - 1) != block.samples()[i];
                if (first) {
                    // The first row of a sample names its class.
                    predicted[block.samples()[i]] = block.predicted()[i];
                    favoured[block.samples()[i]] = explained[i];
                }
            }
            for (int i = 0; best != null && i < count; i++) {
                fromBest[from + i] = best.term(block, i, explained[i]);
            }
            for (int s = 0; s < fitted.weights().length; s++) {
                if (raw[s] == null) {
                    continue;
                }
                double[] values = fitted.scores().get(s).score(block);
                for (int i = 0; i < count; i++) {
                    double value = orOverflow(values[i]);
                    raw[s][from + i] = value;
                    terms[s][from + i] = fitted.tables()[s].term(value);
                }
            }
        }

        Scored finish() {
            double[] statistic = new double[samples];
            double[] most = new double[samples];
            double[][] asked = new double[Question.values().length][samples];
            String[] loudest = new String[samples];
            Map<String, Scored.Column> columns = new LinkedHashMap<>();
            for (int s = 0; s < fitted.weights().length; s++) {
                if (raw[s] == null) {
                    continue;
                }
                SampleScore score = fitted.scores().get(s);
                double[] term = Combination.bySample(terms[s], rows);
                columns.put(
                        score.name(),
                        new Scored.Column(
                                Combination.bySample(raw[s], rows), term, score.twoSided()));
                double weight = fitted.weights()[s];
                for (int i = 0; weight > 0 && i < samples; i++) {
                    double part = weight * term[i];
                    statistic[i] += part;
                    asked[fitted.questions()[s].ordinal()][i] += part;
                    if (loudest[i] == null || part > most[i]) {
                        loudest[i] = score.name();
                        most[i] = part;
                    }
                }
            }
            Scored summed =
                    new Scored(
                            predicted,
                            favoured,
                            statistic,
                            ranks(statistic),
                            kinds(asked),
                            loudest,
                            columns);
            if (fitted.channels() == null) {
                return summed;
            }
            Channels.Joined joined = fitted.channels().join(fitted, summed);
            return new Scored(
                    predicted,
                    favoured,
                    joined.statistic(),
                    ranks(joined.statistic()),
                    joined.kinds(),
                    joined.loudest(),
                    columns);
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

        /**
         * Foreign where the distance speaks louder than confidence and consistency do: that from
         * the best class where there are classes.
         */
        private SampleVerdict.Kind[] kinds(double[][] asked) {
            double[] nearest = best == null ? null : Combination.bySample(fromBest, rows);
            double share = 0;
            for (int s = 0; s < fitted.weights().length; s++) {
                share += fitted.questions()[s] == Question.DISTANCE ? fitted.weights()[s] : 0;
            }
            SampleVerdict.Kind[] kinds = new SampleVerdict.Kind[samples];
            for (int i = 0; i < samples; i++) {
                double distance =
                        nearest == null
                                ? asked[Question.DISTANCE.ordinal()][i]
                                : share * nearest[i];
                double other =
                        Math.max(
                                asked[Question.CONFIDENCE.ordinal()][i],
                                asked[Question.CONSISTENCY.ordinal()][i]);
                kinds[i] =
                        distance > other
                                ? SampleVerdict.Kind.OUT_OF_DISTRIBUTION
                                : SampleVerdict.Kind.ADVERSARIAL;
            }
            return kinds;
        }
    }
}
