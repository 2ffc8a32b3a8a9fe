package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.score.Confidence;
import io.spectrawatch.spectral.detect.score.LayerScore;
import io.spectrawatch.spectral.detect.score.NeighbourEvidence;
import io.spectrawatch.spectral.detect.score.NgramSurprise;
import io.spectrawatch.spectral.detect.score.TransportPairs;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of the scores in the combination, chosen without attack examples.
 *
 * <p>Scores that ask the same question are strongly dependent on clean data, and thirty of them
 * would shout down the one that sees an attack. So each {@link Question} weighs the same, and
 * within a question only the forms at one layer speak: the earliest at which the class models still
 * tell the model's own answers apart on held-out clean rows. An attack has moved that layer least,
 * so it still shows the class the sample came from, and what an attack adds to the input has not
 * yet been squashed there.
 */
public final class Weighting {
    /** A layer that contradicts the model this rarely on clean rows knows the classes. */
    static final double DISAGREEMENT = 0.1;

    /** Where no layer does, one this many times worse than the best is still used. */
    private static final double TIMES_BEST = 2;

    private final Map<String, Double> weights = new LinkedHashMap<>();
    private final Map<String, Question> questions = new LinkedHashMap<>();

    /** What the choice rests on: names of the scores there are, taps, and what was measured. */
    public record Evidence(
            List<String> scores, List<Tap> taps, boolean classes, double[] disagreement) {}

    public Weighting(Evidence evidence) {
        Map<Question, List<String>> asked = new EnumMap<>(Question.class);
        List<Tap> layers = Tap.ofRows(evidence.taps());
        if (evidence.classes()) {
            String tap = evidence.taps().get(speaker(evidence.disagreement())).name();
            add(evidence, asked, Question.CONFIDENCE, Confidence.Form.MAX_SOFTMAX);
            add(evidence, asked, Question.CONSISTENCY, LayerScore.Form.CLASS_EVIDENCE, tap);
            add(evidence, asked, Question.CONSISTENCY, NeighbourEvidence.label(tap));
            add(evidence, asked, Question.DISTANCE, LayerScore.Form.CLASS_SHAPE, tap);
            add(evidence, asked, Question.DISTANCE, LayerScore.Form.MAHALANOBIS, tap);
            add(evidence, asked, Question.DISTANCE, "outlier-energy/" + tap);
        } else {
            add(evidence, asked, Question.CONFIDENCE, "token-instability");
            add(evidence, asked, Question.CONSISTENCY, "joint-chain");
            add(evidence, asked, Question.CONSISTENCY, TransportPairs.ends(layers));
            // The text, where it is tapped, is asked for by itself.
            String first =
                    layers.stream()
                            .filter(tap -> !NgramSurprise.reads(tap))
                            .findFirst()
                            .orElseThrow()
                            .name();
            add(evidence, asked, Question.DISTANCE, LayerScore.Form.MAHALANOBIS, first);
            add(evidence, asked, Question.DISTANCE, "outlier-energy/" + first);
            add(evidence, asked, Question.DISTANCE, "knn");
        }
        for (Tap tap : evidence.taps()) {
            for (NgramSurprise.Part part : NgramSurprise.Part.values()) {
                add(evidence, asked, Question.DISTANCE, NgramSurprise.label(part, tap.name()));
            }
        }
        for (Map.Entry<Question, List<String>> question : asked.entrySet()) {
            for (String name : question.getValue()) {
                weights.put(name, 1.0 / asked.size() / question.getValue().size());
                questions.put(name, question.getKey());
            }
        }
    }

    /**
     * Gives the evidence its share of the budget, the confidence that of the evidence given it, and
     * the scores that ask for DISTANCE the rest; no other question is asked. Where text is read it
     * alone is asked for DISTANCE: beside it that of the layers was noise.
     *
     * @param evidence names of scores; each weighs the same
     */
    public void withEvidence(List<String> evidence) {
        boolean sure = questions.containsValue(Question.CONFIDENCE);
        double budget = sure ? Channels.EVIDENCE_BUDGET : Channels.ALONE_BUDGET;
        double given = sure ? Channels.GIVEN_BUDGET : 0;
        weights.keySet().removeIf(name -> questions.get(name) == Question.CONSISTENCY);
        if (weights.keySet().stream().anyMatch(NgramSurprise::isName)) {
            weights.keySet().removeIf(this::isOfLayers);
        }
        questions.keySet().retainAll(weights.keySet());
        long far = questions.values().stream().filter(Question.DISTANCE::equals).count();
        weights.replaceAll(
                (name, weight) ->
                        questions.get(name) == Question.CONFIDENCE
                                ? given
                                : (1 - budget - given) / far);
        for (String name : evidence) {
            weights.put(name, budget / evidence.size());
            questions.put(name, Question.EVIDENCE);
        }
    }

    private boolean isOfLayers(String score) {
        return questions.get(score) == Question.DISTANCE && !NgramSurprise.isName(score);
    }

    /** Returns the earliest tap that tells the classes apart. */
    static int speaker(double[] disagreement) {
        double best = Double.POSITIVE_INFINITY;
        for (double rate : disagreement) {
            best = Math.min(best, rate);
        }
        double allowed = Math.max(DISAGREEMENT, TIMES_BEST * best);
        int tap = 0;
        while (!(disagreement[tap] <= allowed)) {
            tap++;
        }
        return tap;
    }

    private static void add(
            Evidence evidence,
            Map<Question, List<String>> asked,
            Question question,
            Confidence.Form form) {
        add(evidence, asked, question, new Confidence(form).name());
    }

    private static void add(
            Evidence evidence,
            Map<Question, List<String>> asked,
            Question question,
            LayerScore.Form form,
            String tap) {
        add(evidence, asked, question, LayerScore.label(form, tap));
    }

    private static void add(
            Evidence evidence, Map<Question, List<String>> asked, Question question, String name) {
        if (evidence.scores().contains(name)) {
            asked.computeIfAbsent(question, key -> new ArrayList<>()).add(name);
        }
    }

    /** Returns the weight of each score that has one; they sum to 1. */
    public Map<String, Double> weights() {
        return weights;
    }

    public Question question(String score) {
        return questions.get(score);
    }
}
