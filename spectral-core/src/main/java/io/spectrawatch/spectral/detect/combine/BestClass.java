package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.score.Favouring;
import io.spectrawatch.spectral.detect.score.KernelEvidence;
import io.spectrawatch.spectral.detect.score.LayerScore;
import io.spectrawatch.spectral.detect.score.NgramSurprise;
import io.spectrawatch.spectral.detect.score.SampleScore;
import io.spectrawatch.spectral.detect.score.SurrogateEvidence;

/**
 * Which class the layer behind the class scores explains best, and how far a row lies even from
 * that one.
 *
 * <p>The weighted distances are those from the predicted class. They are large for a foreign input,
 * but also for an attack whose early layers still show the class it came from; only the distance
 * from the best class tells the two apart. Where channels judge, the kind is theirs, and this only
 * names the class.
 */
final class BestClass {
    private final Favouring evidence;

    /** What it is the distance of; null where only the class is asked for. */
    private final LayerScore shape;

    /** Null where text is asked for the distance, and no class has a say in it. */
    private final ScoreTable shapes;

    private BestClass(Favouring evidence, LayerScore shape, ScoreTable shapes) {
        this.evidence = evidence;
        this.shape = shape;
        this.shapes = shapes;
    }

    /** Returns null where classes are pooled or nothing with a weight favours one. */
    static BestClass of(Scorer.Fitted fitted) {
        LayerScore evidence = null;
        Favouring kernel = null;
        ScoreTable shapes = null;
        for (int s = 0; s < fitted.weights().length; s++) {
            if (fitted.weights()[s] > 0 && fitted.scores().get(s) instanceof LayerScore layer) {
                evidence = layer.form() == LayerScore.Form.CLASS_EVIDENCE ? layer : evidence;
                boolean shape = layer.form() == LayerScore.Form.CLASS_SHAPE;
                shapes = shape ? fitted.tables()[s] : shapes;
            }
            SampleScore score = fitted.scores().get(s);
            boolean machine = score instanceof KernelEvidence || score instanceof SurrogateEvidence;
            if (fitted.weights()[s] > 0 && machine) {
                kernel = (Favouring) score;
            }
        }
        boolean known = shapes != null || fitted.channels() != null && readsText(fitted);
        if (evidence != null) {
            return known ? new BestClass(evidence, evidence, shapes) : null;
        }
        return kernel == null ? null : new BestClass(kernel, null, null);
    }

    private static boolean readsText(Scorer.Fitted fitted) {
        return fitted.scores().stream().anyMatch(NgramSurprise.class::isInstance);
    }

    /** Returns the class of each row. */
    int[] classes(Projected rows) {
        return evidence.favoured(rows);
    }

    /** Returns the half-Cauchy term of a row's distance from a class, 0 where it is not asked. */
    double term(Projected rows, int row, int c) {
        return shape == null || shapes == null ? 0 : shapes.term(shape.distance(rows, row, c));
    }
}
