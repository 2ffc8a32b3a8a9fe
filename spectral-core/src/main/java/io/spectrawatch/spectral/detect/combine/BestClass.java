package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.score.LayerScore;
import io.spectrawatch.spectral.detect.score.NgramSurprise;

/**
 * Which class the layer behind the class scores explains best, and how far a row lies even from
 * that one.
 *
 * <p>The weighted distances are those from the predicted class. They are large for a foreign input,
 * but also for an attack whose early layers still show the class it came from; only the distance
 * from the best class tells the two apart.
 */
final class BestClass {
    private final LayerScore evidence;

    /** Null where text is asked for the distance, and no class has a say in it. */
    private final ScoreTable shapes;

    private BestClass(LayerScore evidence, ScoreTable shapes) {
        this.evidence = evidence;
        this.shapes = shapes;
    }

    /** Returns null where classes are pooled or have no shapes of their own. */
    static BestClass of(Scorer.Fitted fitted) {
        LayerScore evidence = null;
        ScoreTable shapes = null;
        for (int s = 0; s < fitted.weights().length; s++) {
            if (fitted.weights()[s] > 0 && fitted.scores().get(s) instanceof LayerScore layer) {
                evidence = layer.form() == LayerScore.Form.CLASS_EVIDENCE ? layer : evidence;
                boolean shape = layer.form() == LayerScore.Form.CLASS_SHAPE;
                shapes = shape ? fitted.tables()[s] : shapes;
            }
        }
        boolean known = shapes != null || fitted.channels() != null && readsText(fitted);
        return evidence == null || !known ? null : new BestClass(evidence, shapes);
    }

    private static boolean readsText(Scorer.Fitted fitted) {
        return fitted.scores().stream().anyMatch(NgramSurprise.class::isInstance);
    }

    /** Returns the class of each row. */
    int[] classes(Projected rows) {
        return evidence.favoured(rows);
    }

    /** Returns the half-Cauchy term of a row's distance from a class. */
    double term(Projected rows, int row, int c) {
        return shapes == null ? 0 : shapes.term(evidence.distance(rows, row, c));
    }
}
