package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.reference.Affine;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.score.CollapseScore;
import io.spectrawatch.spectral.detect.score.Confidence;
import io.spectrawatch.spectral.detect.score.GradNorm;
import io.spectrawatch.spectral.detect.score.GsvdMap;
import io.spectrawatch.spectral.detect.score.GsvdScore;
import io.spectrawatch.spectral.detect.score.HeadConsistency;
import io.spectrawatch.spectral.detect.score.JointChain;
import io.spectrawatch.spectral.detect.score.LayerScore;
import io.spectrawatch.spectral.detect.score.NeighbourEvidence;
import io.spectrawatch.spectral.detect.score.Neighbours;
import io.spectrawatch.spectral.detect.score.OutlierSubspace;
import io.spectrawatch.spectral.detect.score.SampleScore;
import io.spectrawatch.spectral.detect.score.SingularDefect;
import io.spectrawatch.spectral.detect.score.TokenInstability;
import io.spectrawatch.spectral.detect.score.TransportPairs;
import io.spectrawatch.spectral.detect.score.TransportResidual;
import io.spectrawatch.spectral.detect.score.VirtualLogit;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fits every score that the taps allow. */
final class ScoreSet {
    /** A head is regressed from the reference up to this width, where it is not given. */
    private static final int MAXIMUM_REGRESSED = 2048;

    /** The head is linear: the ridge only keeps dead units from being divided by. */
    private static final double HEAD_RIDGE = 1e-9;

    private static final String ONE_LOGIT = "softmax of one logit is 1, whatever it is";

    private final List<SampleScore> scores = new ArrayList<>();
    private final GsvdMap map;
    private final Map<String, String> leftOut;

    private ScoreSet(GsvdMap map, Map<String, String> leftOut) {
        this.map = map;
        this.leftOut = leftOut;
    }

    /** Fits one score. */
    private interface Fit {
        SampleScore fit();
    }

    /** Adds a score, or what keeps it from being fitted: the others go on without it. */
    private void add(String name, Fit fit) {
        try {
            scores.add(fit.fit());
        } catch (ArithmeticException e) {
            leftOut.put(name, e.getMessage());
        }
    }

    /**
     * The map from the first layer to the last tap whose outputs span their space, the logits
     * before any layer.
     */
    private static GsvdMap map(
            Projected reference, List<Tap> taps, int size, Map<String, String> leftOut) {
        StringBuilder reasons = new StringBuilder();
        int from = firstLayer(taps);
        for (int to = taps.size() - 1; to >= from; to--) {
            try {
                GsvdMap map = GsvdScore.fit(reference, from, to, size);
                if (!reasons.isEmpty()) {
                    leftOut.put(
                            "gsvd",
                            reasons + "; profiled to '" + taps.get(to).name() + "' instead");
                }
                return map;
            } catch (ArithmeticException e) {
                reasons.append(reasons.isEmpty() ? "" : "; ")
                        .append("'")
                        .append(taps.get(to).name())
                        .append("': ")
                        .append(e.getMessage());
            }
        }
        throw new ArithmeticException("gsvd: " + reasons);
    }

    static ScoreSet fit(
            Projected reference,
            List<Tap> taps,
            LayerModel[] models,
            int classes,
            DetectorOptions options,
            Head head,
            Map<String, String> leftOut) {
        int last = taps.size() - 1;
        GsvdMap map = map(reference, taps, options.coresetRows(), leftOut);
        ScoreSet set = new ScoreSet(map, leftOut);
        boolean logits = taps.get(last).role() == TapRole.LOGITS;
        if (logits) {
            SampleScore softmax = new Confidence(Confidence.Form.MAX_SOFTMAX);
            if (taps.get(last).dimension() > 1) {
                set.scores.add(softmax);
            } else {
                leftOut.put(softmax.name(), ONE_LOGIT);
            }
            set.scores.add(new Confidence(Confidence.Form.ENERGY));
            if (classes == 1 && taps.get(last).dimension() > 1) {
                set.scores.add(new TokenInstability());
            }
        }
        for (int t = 0; t < taps.size(); t++) {
            if (models[t] != null) {
                set.layer(reference, taps, t, models[t], classes, options);
            }
        }
        for (TransportPairs.Pair pair : TransportPairs.of(taps)) {
            set.add(
                    TransportResidual.label(pair.name(), 1),
                    () -> TransportResidual.fit(reference, pair.from(), pair.to(), pair.name(), 1));
            if (classes > 1 && pair.to() == last) {
                set.add(
                        TransportResidual.label(pair.name(), classes),
                        () ->
                                TransportResidual.fit(
                                        reference, pair.from(), pair.to(), pair.name(), classes));
            }
        }
        set.add(JointChain.NAME, () -> JointChain.fit(reference, taps.size(), classes));
        set.embedding(reference, taps, models, logits, options, head);
        for (GsvdScore.Form form : GsvdScore.forms()) {
            set.scores.add(new GsvdScore(form, map));
        }
        return set;
    }

    private void layer(
            Projected reference,
            List<Tap> taps,
            int t,
            LayerModel model,
            int classes,
            DetectorOptions options) {
        String name = taps.get(t).name();
        scores.add(new LayerScore(LayerScore.Form.MAHALANOBIS, t, name, model));
        scores.add(OutlierSubspace.fit(t, name, model.window(), reference.rows()));
        if (classes > 1) {
            scores.add(new LayerScore(LayerScore.Form.CLASS_EVIDENCE, t, name, model));
            scores.add(NeighbourEvidence.fit(reference, t, name, classes, options.coresetRows()));
            if (model.shaped()) {
                scores.add(new LayerScore(LayerScore.Form.CLASS_SHAPE, t, name, model));
            }
        }
    }

    private void embedding(
            Projected reference,
            List<Tap> taps,
            LayerModel[] models,
            boolean logits,
            DetectorOptions options,
            Head head) {
        int tap = lastHidden(taps);
        scores.add(
                Neighbours.fit(
                        reference, tap, models[tap], options.neighbours(), options.coresetRows()));
        scores.add(SingularDefect.fit(reference, tap, models[tap]));
        if (taps.get(tap).role() != TapRole.EMBEDDING) {
            return;
        }
        add(CollapseScore.NAME, () -> CollapseScore.fit(reference));
        if (models[tap].means().rows() > 1) {
            scores.add(
                    new LayerScore(
                            LayerScore.Form.RELATIVE_MAHALANOBIS,
                            tap,
                            taps.get(tap).name(),
                            models[tap]));
        }
        if (!logits) {
            return;
        }
        if (taps.get(taps.size() - 1).dimension() > 1) {
            scores.add(new GradNorm());
        } else {
            leftOut.put(new GradNorm().name(), ONE_LOGIT);
        }
        if (head != null) {
            scores.add(new HeadConsistency(head));
        }
        boolean narrow = taps.get(tap).dimension() <= MAXIMUM_REGRESSED;
        if (reference.logits().columns() <= MAXIMUM_REGRESSED && (head != null || narrow)) {
            add(VirtualLogit.NAME, () -> VirtualLogit.fit(reference, affine(reference, head)));
        }
    }

    private static Affine affine(Projected reference, Head head) {
        return head == null
                ? Affine.fit(
                        reference.kernels(), reference.embedding(), reference.logits(), HEAD_RIDGE)
                : new Affine(
                        Matrix.of(head.bias().length, head.dimension(), head.weights()),
                        head.bias());
    }

    /** The first tap that is not the input, or the input where nothing but the logits follows. */
    static int firstLayer(List<Tap> taps) {
        int first = 0;
        while (first < lastHidden(taps) && taps.get(first).role() == TapRole.INPUT) {
            first++;
        }
        return first;
    }

    static int lastHidden(List<Tap> taps) {
        int tap = taps.size() - 1;
        return taps.get(tap).role() == TapRole.LOGITS ? tap - 1 : tap;
    }

    /** Goes on with some of the scores. */
    void keep(List<SampleScore> kept) {
        scores.retainAll(kept);
    }

    List<SampleScore> scores() {
        return scores;
    }

    GsvdMap map() {
        return map;
    }
}
