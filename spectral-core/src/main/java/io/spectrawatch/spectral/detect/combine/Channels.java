package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Two channels joined by the smaller p-value, each with a share of the budget: evidence for another
 * class than the one answered, and distance from the reference.
 *
 * <pre>
 *   E = mean of -log10 p over the scores that ask for EVIDENCE
 *   D = mean of cot(p pi/2), by weight, over those that ask for DISTANCE
 *   T = -log10 min(p(E) / b, p(D) / (1 - b))
 * </pre>
 *
 * <p>A mean and no heavy tail for the evidence: its scores depend strongly on each other, and one
 * of them alone is wrong too often. A minimum and no sum for the channels: what one of them sees
 * the other need not. T may be negative.
 */
public final class Channels {
    /** Share of the budget that is the evidence's. */
    public static final double EVIDENCE_BUDGET = 0.7;

    private final double budget;
    private final ScoreTable evidence;
    private final ScoreTable distance;

    private Channels(double budget, ScoreTable evidence, ScoreTable distance) {
        this.budget = budget;
        this.evidence = evidence;
        this.distance = distance;
    }

    /**
     * Calibrates the channels.
     *
     * @param clean clean samples, scored by a detector whose weights ask both questions
     */
    public static Channels fit(Scorer.Fitted fitted, Scored clean) {
        Sums sums = Sums.of(fitted, clean);
        return new Channels(
                EVIDENCE_BUDGET,
                ScoreTable.of(sums.evidence, false),
                ScoreTable.of(sums.distance, false));
    }

    /** What the channels make of samples, one entry each. */
    record Joined(double[] statistic, SampleVerdict.Kind[] kinds, String[] loudest) {}

    Joined join(Scorer.Fitted fitted, Scored scored) {
        Sums sums = Sums.of(fitted, scored);
        int samples = sums.evidence.length;
        double[] statistic = new double[samples];
        SampleVerdict.Kind[] kinds = new SampleVerdict.Kind[samples];
        String[] loudest = new String[samples];
        for (int i = 0; i < samples; i++) {
            double answer = Math.log10(budget / evidence.p(sums.evidence[i]));
            double place = Math.log10((1 - budget) / distance.p(sums.distance[i]));
            boolean foreign = place > answer;
            statistic[i] = Math.max(answer, place);
            kinds[i] =
                    foreign
                            ? SampleVerdict.Kind.OUT_OF_DISTRIBUTION
                            : SampleVerdict.Kind.ADVERSARIAL;
            loudest[i] = foreign ? sums.farthest[i] : sums.clearest[i];
        }
        return new Joined(statistic, kinds, loudest);
    }

    /** E and D of each sample, and the score that contributes most to either. */
    private static final class Sums {
        private final double[] evidence;
        private final double[] distance;
        private final String[] clearest;
        private final String[] farthest;

        private Sums(int samples) {
            this.evidence = new double[samples];
            this.distance = new double[samples];
            this.clearest = new String[samples];
            this.farthest = new String[samples];
        }

        static Sums of(Scorer.Fitted fitted, Scored scored) {
            Sums sums = new Sums(scored.samples());
            sums.add(fitted, scored, Question.EVIDENCE, sums.evidence, sums.clearest);
            sums.add(fitted, scored, Question.DISTANCE, sums.distance, sums.farthest);
            return sums;
        }

        private void add(
                Scorer.Fitted fitted,
                Scored scored,
                Question question,
                double[] into,
                String[] loudest) {
            double whole = 0;
            double[] most = new double[into.length];
            Arrays.fill(most, -1);
            for (int s = 0; s < fitted.weights().length; s++) {
                double weight = fitted.weights()[s];
                if (weight > 0 && fitted.questions()[s] == question) {
                    whole += weight;
                    String name = fitted.scores().get(s).name();
                    double[] term = scored.terms(name);
                    for (int i = 0; i < into.length; i++) {
                        double part = weight * part(question, term[i]);
                        into[i] += part;
                        if (part > most[i]) {
                            most[i] = part;
                            loudest[i] = name;
                        }
                    }
                }
            }
            for (int i = 0; i < into.length; i++) {
                into[i] /= whole;
            }
        }

        /** From the half-Cauchy term, of one row or the mean over several, to what is averaged. */
        private static double part(Question question, double term) {
            return question == Question.EVIDENCE ? -Math.log10(Combination.p(term)) : term;
        }
    }

    /** Writes {@code double budget | score table of E | score table of D}. */
    public void write(DataOutput out) throws IOException {
        out.writeDouble(budget);
        evidence.write(out);
        distance.write(out);
    }

    /** Reads the channels of scores that ask these questions. */
    public static Channels read(DetectorInput in, double[] weights, Question[] questions)
            throws IOException {
        for (Question asked : new Question[] {Question.EVIDENCE, Question.DISTANCE}) {
            boolean found = false;
            for (int s = 0; s < weights.length; s++) {
                found |= weights[s] > 0 && questions[s] == asked;
            }
            if (!found) {
                throw new IOException("channels: a score with a weight that asks for " + asked);
            }
        }
        double budget = in.finite("budget");
        if (!(budget > 0 && budget < 1)) {
            throw new IOException("budget between 0 and 1 expected, found " + budget);
        }
        return new Channels(budget, ScoreTable.read(in), ScoreTable.read(in));
    }
}
