package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.detect.combine.Channels;
import io.spectrawatch.spectral.detect.combine.ScoreTable;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.combine.Weighting;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.pairs.PairTable;
import io.spectrawatch.spectral.detect.rank.ConformalTable;
import io.spectrawatch.spectral.detect.reference.Gaussians;
import io.spectrawatch.spectral.detect.reference.ImageGrid;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.reference.Projector;
import io.spectrawatch.spectral.detect.reference.Window;
import io.spectrawatch.spectral.detect.score.LayerScore;
import io.spectrawatch.spectral.detect.score.SampleScore;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Fits a detector on clean reference samples, split in three: what the reference looks like, how
 * the scores of other clean samples are distributed, and how their combination is.
 */
final class DetectorFit {
    /** Below, the last split has fewer samples than a p-value of 1 % needs. */
    static final int MINIMUM_SAMPLES = 600;

    private static final double FIT_SHARE = 0.65;
    private static final double SCORE_SHARE = 0.175;

    /** Rows behind each window direction, at least; fewer would describe the rows themselves. */
    private static final int ROWS_PER_COORDINATE = 4;

    /** Relative spacing of bfloat16, eight significant bits. */
    private static final float BFLOAT16 = 1f / 128;

    private static final int ROUNDED_ROWS = 256;

    private final Kernels kernels;
    private final DetectorOptions options;
    private final Head head;
    private final List<Tap> taps;

    /** Those that have all rows of a sample, before the others. */
    private final List<Tap> layers;

    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private final Activations fit;
    private final Activations scoring;
    private final Activations ranking;

    DetectorFit(Activations reference, DetectorOptions options, Head head, Kernels kernels) {
        check(reference, head);
        this.kernels = kernels;
        this.options = options;
        int[] order = shuffled(reference.samples(), options.seed());
        int first = (int) (FIT_SHARE * order.length);
        int second = order.length - ranking(order.length);
        Activations whole = reference.select(Arrays.copyOfRange(order, 0, first));
        this.taps = moving(whole);
        this.layers = Tap.ofRows(taps);
        this.head = usable(head);
        this.fit = whole.only(taps);
        this.scoring = reference.select(Arrays.copyOfRange(order, first, second)).only(taps);
        this.ranking = reference.select(Arrays.copyOfRange(order, second, order.length)).only(taps);
    }

    /** Returns how many of so many reference samples give the ranks. */
    static int ranking(int samples) {
        return samples - (int) (FIT_SHARE * samples) - (int) (SCORE_SHARE * samples);
    }

    /** The taps that move; one that never does has no scale and no direction. */
    private List<Tap> moving(Activations rows) {
        List<Tap> moving = new ArrayList<>();
        for (int t = 0; t < rows.taps().size(); t++) {
            Tap tap = rows.taps().get(t);
            int own = tap.ofSample() ? rows.samples() : rows.rows();
            if (constant(rows.values(t), tap.dimension(), own)) {
                leftOut.put(
                        "layer " + tap.name(),
                        "all its " + tap.dimension() + " columns are constant on the reference");
            } else {
                moving.add(tap);
            }
        }
        List<Tap> all = Tap.ofRows(moving);
        boolean layer = all.stream().anyMatch(tap -> tap.role() != TapRole.LOGITS);
        if (all.size() < 2 || !layer) {
            throw new IllegalArgumentException(
                    "taps: at least two that move required, one of them not the logits; found "
                            + moving
                            + ", "
                            + leftOut);
        }
        return List.copyOf(moving);
    }

    private static boolean constant(float[] values, int columns, int rows) {
        for (int i = columns; i < rows * columns; i++) {
            if (values[i] != values[i - columns]) {
                return false;
            }
        }
        return true;
    }

    private Head usable(Head given) {
        boolean both = true;
        for (TapRole role : List.of(TapRole.EMBEDDING, TapRole.LOGITS)) {
            both = both && taps.stream().anyMatch(tap -> tap.role() == role);
        }
        if (given != null && !both) {
            leftOut.put("head-consistency", "the embedding or the logits are left out");
        }
        return both ? given : null;
    }

    private static void check(Activations reference, Head head) {
        if (reference.samples() < MINIMUM_SAMPLES) {
            throw new IllegalArgumentException(
                    "reference: at least "
                            + MINIMUM_SAMPLES
                            + " samples required, found "
                            + reference.samples());
        }
        List<Tap> taps = Tap.ofRows(reference.taps());
        for (int t = 0; t < taps.size() - 1; t++) {
            if (taps.get(t).role() == TapRole.LOGITS) {
                throw new IllegalArgumentException(
                        "taps: the logits come last, found '"
                                + taps.get(t).name()
                                + "' at position "
                                + t);
            }
        }
        if (taps.size() < 2) {
            throw new IllegalArgumentException(
                    "taps: at least two required, one of them not the logits; found " + taps);
        }
        if (head != null) {
            head.check(reference);
        }
    }

    private static int[] shuffled(int count, long seed) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        // java.util.Random and this shuffle are specified bit for bit.
        Random random = new Random(seed);
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    Detector run() {
        int classes = Projector.classes(taps, fit, Gaussians.MINIMUM_CLASS_ROWS);
        Projector projector = new Projector(taps, kernels, null);
        Window[] windows = windows();
        Projected reference = projector.project(fit, windows, classes, 0, fit.rows());
        LayerModel[] models = new LayerModel[taps.size()];
        for (int t = 0; t < models.length; t++) {
            if (windows[t] != null) {
                models[t] =
                        LayerModel.fit(
                                kernels,
                                windows[t],
                                reference.coordinates(t),
                                reference.predicted(),
                                classes);
            }
        }
        ScoreSet set = ScoreSet.fit(reference, layers, models, classes, options, head, leftOut);
        Projected clean = projector.project(scoring, windows, classes, 0, scoring.rows());
        List<String> names = new ArrayList<>();
        List<ScoreTable> tables = new ArrayList<>();
        List<String> evidence =
                new EvidenceFit(layers, classes, options, this::image, leftOut)
                        .fit(reference, set.scores());
        set.scores().addAll(TextFit.fit(reference, taps, classes, leftOut));
        List<SampleScore> finite = new ArrayList<>();
        for (SampleScore score : set.scores()) {
            double[] values = score.score(clean);
            long odd = Arrays.stream(values).filter(value -> !Double.isFinite(value)).count();
            if (odd > 0) {
                leftOut.put(
                        score.name(),
                        "no finite number on "
                                + odd
                                + " of "
                                + values.length
                                + (score.ofSample() ? " held-out samples" : " held-out rows")
                                + " of the reference");
            } else {
                finite.add(score);
                names.add(score.name());
                tables.add(ScoreTable.of(values, score.twoSided()));
            }
        }
        boolean channelled = !evidence.isEmpty() && names.containsAll(evidence);
        for (int s = finite.size() - 1; s >= 0 && !channelled; s--) {
            if (EvidenceFit.isOnlyEvidence(finite.get(s))) {
                finite.remove(s);
                names.remove(s);
                tables.remove(s);
            }
        }
        set.keep(finite);
        double[] disagreement = classes > 1 ? disagreement(clean, models) : new double[0];
        if (channelled) {
            // The input has its own channel; what is left asks how far a row lies from the layers.
            Arrays.fill(disagreement, 0, ScoreSet.firstLayer(layers), Double.POSITIVE_INFINITY);
        }
        Weighting weighting =
                new Weighting(new Weighting.Evidence(names, taps, classes > 1, disagreement));
        Channels channels = null;
        if (channelled) {
            weighting.withEvidence(evidence);
            Scorer.Fitted asked = detector(classes, models, set, tables, weighting, null).fitted();
            channels = Channels.fit(asked, new Scorer(asked, kernels).score(scoring));
        }
        Detector uncalibrated = detector(classes, models, set, tables, weighting, channels);
        Scored ranked = uncalibrated.score(ranking, kernels);
        ConformalTable conformal = ConformalTable.pooled(ranked.statistic());
        Projected last = projector.project(ranking, windows, classes, 0, ranking.rows());
        PairTable pairs =
                PairTable.fit(
                        set.map(),
                        reference,
                        List.of(clean, last),
                        rounding(windows[set.map().from()], set.map().from()),
                        options.coresetRows());
        return new Detector(
                taps, classes, models, set, tables, weighting, conformal, pairs, channels, leftOut);
    }

    private Optional<ImageGrid> image(int tap) {
        return ImageGrid.of(fit.values(tap), taps.get(tap).dimension());
    }

    private Detector detector(
            int classes,
            LayerModel[] models,
            ScoreSet set,
            List<ScoreTable> tables,
            Weighting weighting,
            Channels channels) {
        return new Detector(
                taps, classes, models, set, tables, weighting, null, null, channels, leftOut);
    }

    /**
     * How far a unit in the last place of bfloat16 moves a reference row in a window, at most: the
     * same input, run again beside others, may come back so far away.
     */
    private double rounding(Window window, int tap) {
        int rows = Math.min(ROUNDED_ROWS, fit.rows());
        int d = taps.get(tap).dimension();
        float[] exact = Arrays.copyOf(fit.values(tap), rows * d);
        float[] rounded = exact.clone();
        Random random = new Random(options.seed());
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] *= 1 + (random.nextBoolean() ? BFLOAT16 : -BFLOAT16);
        }
        Matrix here = window.project(kernels, null, exact, 0, rows, rows).inside();
        Matrix there = window.project(kernels, null, rounded, 0, rows, rows).inside();
        double[] a = new double[here.columns()];
        double[] b = new double[here.columns()];
        double largest = 0;
        for (int i = 0; i < rows; i++) {
            here.row(i, a);
            there.row(i, b);
            largest = Math.max(largest, Matrix.squaredDistance(a, b, Double.POSITIVE_INFINITY));
        }
        return Math.sqrt(largest);
    }

    private Window[] windows() {
        Window[] windows = new Window[taps.size()];
        int coordinates =
                Math.max(1, Math.min(options.coordinates(), fit.rows() / ROWS_PER_COORDINATE));
        for (int t = 0; t < windows.length; t++) {
            if (taps.get(t).role() != TapRole.LOGITS && !taps.get(t).ofSample()) {
                windows[t] =
                        Window.fit(
                                kernels,
                                fit.values(t),
                                taps.get(t).dimension(),
                                coordinates,
                                options.seed());
            }
        }
        return windows;
    }

    /** Share of held-out clean rows for which a layer's class models favour another class. */
    private static double[] disagreement(Projected clean, LayerModel[] models) {
        List<Double> rates = new ArrayList<>();
        for (int t = 0; t < models.length; t++) {
            if (models[t] != null) {
                LayerScore evidence =
                        new LayerScore(LayerScore.Form.CLASS_EVIDENCE, t, "", models[t]);
                int against = 0;
                for (double value : evidence.score(clean)) {
                    against += value > 0 ? 1 : 0;
                }
                rates.add((double) against / clean.rows());
            }
        }
        return rates.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
