package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.rank.RankTable;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.Projector;
import io.spectrawatch.spectral.detect.reference.Window;
import io.spectrawatch.spectral.detect.score.GsvdMap;
import io.spectrawatch.spectral.detect.score.GsvdScore;
import io.spectrawatch.spectral.detect.score.NgramSurprise;
import io.spectrawatch.spectral.detect.score.SampleScore;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Arena;
import io.spectrawatch.spectral.linalg.Matrix;
import io.spectrawatch.spectral.text.TextNgrams;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores rows with a fitted {@code Detector}, block by block in memory it keeps between calls; for
 * one thread at a time.
 *
 * <p>Every block has the same number of rows, the last one is filled up: a row then goes through
 * the same products whatever rows come with it, and its score is the same to the last bit however
 * the rows are cut into calls.
 */
public final class Scorer {
    private static final int LARGEST_BLOCK = 5 * Kernels.EVEN_ROWS;

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

    /** The scores that a sample has one of: those of its text. */
    private final int[] texts;

    private final double[] text = new double[TextNgrams.COLUMNS];

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
        int widest =
                Tap.ofRows(fitted.taps()).stream().mapToInt(Tap::dimension).max().orElseThrow();
        int rows = Math.max(Kernels.EVEN_ROWS, Math.min(LARGEST_BLOCK, BLOCK_ELEMENTS / widest));
        this.block = rows / Kernels.EVEN_ROWS * Kernels.EVEN_ROWS;
        this.best = BestClass.of(fitted);
        this.texts =
                IntStream.range(0, fitted.weights().length)
                        .filter(s -> fitted.scores().get(s).ofSample())
                        .toArray();
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
        SampleSums[] sums = new SampleSums[rows.samples()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sums(false);
        }
        add(rows, sums, null, all, mapped);
        return scored(List.of(sums), all);
    }

    /** Begins a sample whose rows come in several calls; {@code mapped} as there. */
    public SampleSums sums(boolean mapped) {
        return new SampleSums(fitted.weights().length, mapped);
    }

    /**
     * Reads the sums of a sample.
     *
     * @throws IllegalStateException if the bytes are anything else, or of another detector
     */
    public SampleSums sums(byte[] bytes) {
        return SampleSums.fromBytes(bytes, fitted.weights().length, fitted.classes());
    }

    /** Returns whether a row's scores depend on the logits of the row before in its sample. */
    public boolean readsBefore() {
        return fitted.scores().stream().anyMatch(SampleScore::readsBefore);
    }

    /** Returns how many bytes the sums of a sample take at most, without those of the map. */
    public long sumBytes() {
        long logits = 0;
        for (Tap tap : fitted.taps()) {
            logits += tap.role() == TapRole.LOGITS ? tap.dimension() : 0;
        }
        long terms = 2L * Double.BYTES * fitted.weights().length;
        return terms + (readsBefore() ? Float.BYTES * logits : 0);
    }

    /** Where the rows of a call stand in their samples; one array each, an entry per row. */
    public record Places(long[] positions, byte[] phases) {}

    /**
     * Adds rows to sums of samples that may go on, with every score.
     *
     * @param sums by sample of the rows; where a sample comes several times, the same in each
     * @param mapped takes what the gain profile is about, null for nobody
     * @throws IllegalArgumentException if the taps differ from the fitted ones
     */
    public void add(Activations rows, SampleSums[] sums, Places places, MapRows mapped) {
        add(rows, sums, places, true, mapped);
    }

    private void add(
            Activations rows, SampleSums[] sums, Places places, boolean all, MapRows mapped) {
        if (!rows.taps().equals(fitted.taps())) {
            throw new IllegalArgumentException(
                    "detector: taps " + fitted.taps() + " required, found " + rows.taps());
        }
        for (int from = 0; from < rows.rows(); from += block) {
            int count = Math.min(block, rows.rows() - from);
            arena.reset();
            Projected projected =
                    projector.project(rows, windows, fitted.classes(), from, count, block);
            add(projected, from, count, sums, places, all);
            if (mapped != null) {
                hand(projected, count, mapped);
            }
        }
    }

    /** Adds a block, row after row. */
    private void add(
            Projected projected,
            int from,
            int count,
            SampleSums[] sums,
            Places places,
            boolean all) {
        double[][] values = new double[fitted.weights().length][];
        for (int s = 0; s < values.length; s++) {
            SampleScore score = fitted.scores().get(s);
            boolean wanted = (all || fitted.weights()[s] > 0) && !score.ofSample();
            values[s] = wanted ? score.score(projected) : null;
        }
        int[] explained = best == null ? projected.predicted() : best.classes(projected);
        for (int i = 0; i < count; i++) {
            SampleSums own = sums[projected.samples()[i]];
            own.answer(projected.predicted()[i], explained[i]);
            if (texts.length > 0) {
                read(projected, i, own);
            }
            double combined = 0;
            for (int s = 0; s < values.length; s++) {
                if (values[s] != null) {
                    double value = orOverflow(values[s][i]);
                    double term = fitted.tables()[s].term(value);
                    own.score(s, value, term);
                    combined += fitted.weights()[s] * term;
                }
            }
            own.end(
                    places == null ? own.rows() : places.positions()[from + i],
                    places == null ? 0 : places.phases()[from + i],
                    combined,
                    best == null ? 0 : best.term(projected, i, explained[i]));
        }
    }

    /**
     * Reads the text of a sample, once: that of the first of its parts with n-grams, for the class
     * that its first row answers. As long as there is none the text is one without n-grams.
     */
    private void read(Projected projected, int row, SampleSums own) {
        boolean begins = own.rows() == 0;
        if (own.textRead() || !begins && !projected.isFirstOfSample(row)) {
            return;
        }
        projected.raw(((NgramSurprise) fitted.scores().get(texts[0])).tap(), row, text);
        boolean any = false;
        for (double count : text) {
            any |= count != 0;
        }
        if (!begins && !any) {
            return;
        }
        for (int s : texts) {
            NgramSurprise score = (NgramSurprise) fitted.scores().get(s);
            double value = orOverflow(score.score(text, own.predicted()));
            own.ofSample(s, value, fitted.tables()[s].term(value));
        }
        if (any) {
            own.readText();
        }
    }

    /**
     * Judges samples by the sums over their rows, with every score; one without rows gets the least
     * suspicious numbers there are.
     */
    public Scored scored(List<SampleSums> samples) {
        return scored(samples, true);
    }

    private Scored scored(List<SampleSums> samples, boolean all) {
        return new Verdicts(fitted, best != null, samples).of(all);
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
}
