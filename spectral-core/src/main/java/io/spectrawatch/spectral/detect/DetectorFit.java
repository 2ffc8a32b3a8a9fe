package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    private final Activations fit;
    private final Activations scoring;
    private final Activations ranking;

    DetectorFit(Activations reference, DetectorOptions options, Head head, Kernels kernels) {
        check(reference, head);
        this.kernels = kernels;
        this.options = options;
        this.head = head;
        this.taps = reference.taps();
        int[] order = shuffled(reference.samples(), options.seed());
        int first = (int) (FIT_SHARE * order.length);
        int second = first + (int) (SCORE_SHARE * order.length);
        this.fit = reference.select(Arrays.copyOfRange(order, 0, first));
        this.scoring = reference.select(Arrays.copyOfRange(order, first, second));
        this.ranking = reference.select(Arrays.copyOfRange(order, second, order.length));
    }

    private static void check(Activations reference, Head head) {
        if (reference.samples() < MINIMUM_SAMPLES) {
            throw new IllegalArgumentException(
                    "reference: at least "
                            + MINIMUM_SAMPLES
                            + " samples required, found "
                            + reference.samples());
        }
        List<Tap> taps = reference.taps();
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
        ScoreSet set = ScoreSet.fit(reference, taps, models, classes, options, head);
        Projected clean = projector.project(scoring, windows, classes, 0, scoring.rows());
        List<String> names = new ArrayList<>();
        List<ScoreTable> tables = new ArrayList<>();
        for (SampleScore score : set.scores()) {
            names.add(score.name());
            tables.add(ScoreTable.of(score.score(clean), score.twoSided()));
        }
        double[] disagreement = classes > 1 ? disagreement(clean, models) : new double[0];
        Weighting weighting =
                new Weighting(new Weighting.Evidence(names, taps, classes > 1, disagreement));
        Detector uncalibrated =
                new Detector(taps, classes, models, set, tables, weighting, null, null);
        ConformalTable conformal =
                ConformalTable.pooled(uncalibrated.score(ranking, kernels).statistic());
        Projected last = projector.project(ranking, windows, classes, 0, ranking.rows());
        PairTable pairs =
                PairTable.fit(
                        set.map(),
                        reference,
                        List.of(clean, last),
                        rounding(windows[set.map().from()], set.map().from()),
                        options.coresetRows());
        return new Detector(taps, classes, models, set, tables, weighting, conformal, pairs);
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
            if (taps.get(t).role() != TapRole.LOGITS) {
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
