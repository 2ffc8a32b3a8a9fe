package io.spectrawatch.spectral.detect.combine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightingTest {
    private static final List<Tap> TAPS =
            List.of(
                    new Tap("a", TapRole.HIDDEN, 4),
                    new Tap("b", TapRole.EMBEDDING, 4),
                    new Tap("y", TapRole.LOGITS, 3));

    @Test
    void theEarliestLayerThatKnowsTheClassesSpeaks() {
        assertEquals(0, Weighting.speaker(new double[] {0.09, 0.01}));
        assertEquals(1, Weighting.speaker(new double[] {0.5, 0.08, 0.01}));
        assertEquals(2, Weighting.speaker(new double[] {0.9, 0.7, 0.3}), "twice the best");
    }

    @Test
    void everyQuestionWeighsTheSame() {
        List<String> scores =
                List.of(
                        "msp",
                        "energy",
                        "class-evidence/a",
                        "class-evidence/b",
                        "neighbour-evidence/b",
                        "class-shape/b",
                        "mahalanobis/b",
                        "outlier-energy/b",
                        "vim");
        Weighting weighting =
                new Weighting(new Weighting.Evidence(scores, TAPS, true, new double[] {0.4, 0.01}));
        Map<String, Double> weights = weighting.weights();
        assertEquals(1.0 / 3, weights.get("msp"));
        assertEquals(1.0 / 6, weights.get("class-evidence/b"));
        assertEquals(1.0 / 6, weights.get("neighbour-evidence/b"));
        assertEquals(1.0 / 9, weights.get("class-shape/b"));
        assertEquals(6, weights.size());
        assertEquals(Question.CONFIDENCE, weighting.question("msp"));
        assertNull(weighting.question("vim"));
    }

    @Test
    void withoutClassesTheLayersAnswerForEachOther() {
        List<String> scores =
                List.of("joint-chain", "transport/a>y", "mahalanobis/a", "outlier-energy/a", "knn");
        Map<String, Double> weights =
                new Weighting(new Weighting.Evidence(scores, TAPS, false, new double[0])).weights();
        assertEquals(0.25, weights.get("joint-chain"));
        assertEquals(0.25, weights.get("transport/a>y"));
        assertEquals(1.0 / 6, weights.get("knn"));
    }
}
