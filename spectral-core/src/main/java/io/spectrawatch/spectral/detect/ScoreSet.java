package io.spectrawatch.spectral.detect;

import java.util.ArrayList;
import java.util.List;

/** Fits every score that the taps allow. */
final class ScoreSet {
    /** A head is regressed from the reference up to this width, where it is not given. */
    private static final int MAXIMUM_REGRESSED = 2048;

    /** The head is linear: the ridge only keeps dead units from being divided by. */
    private static final double HEAD_RIDGE = 1e-9;

    private final List<SampleScore> scores = new ArrayList<>();
    private final GsvdMap map;

    private ScoreSet(GsvdMap map) {
        this.map = map;
    }

    static ScoreSet fit(
            Projected reference,
            List<Tap> taps,
            LayerModel[] models,
            int classes,
            DetectorOptions options,
            Head head) {
        int last = taps.size() - 1;
        GsvdMap map = GsvdScore.fit(reference, 0, last, options.coresetRows());
        ScoreSet set = new ScoreSet(map);
        boolean logits = taps.get(last).role() == TapRole.LOGITS;
        if (logits) {
            set.scores.add(new Confidence(Confidence.Form.MAX_SOFTMAX));
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
            set.scores.add(
                    TransportResidual.fit(reference, pair.from(), pair.to(), pair.name(), 1));
            if (classes > 1 && pair.to() == last) {
                set.scores.add(
                        TransportResidual.fit(
                                reference, pair.from(), pair.to(), pair.name(), classes));
            }
        }
        set.scores.add(JointChain.fit(reference, taps.size(), classes));
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
        scores.add(CollapseScore.fit(reference));
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
        scores.add(new GradNorm());
        if (head != null) {
            scores.add(new HeadConsistency(head));
        }
        boolean narrow = taps.get(tap).dimension() <= MAXIMUM_REGRESSED;
        if (reference.logits().columns() <= MAXIMUM_REGRESSED && (head != null || narrow)) {
            scores.add(VirtualLogit.fit(reference, affine(reference, head)));
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

    static int lastHidden(List<Tap> taps) {
        int tap = taps.size() - 1;
        return taps.get(tap).role() == TapRole.LOGITS ? tap - 1 : tap;
    }

    List<SampleScore> scores() {
        return scores;
    }

    GsvdMap map() {
        return map;
    }
}
