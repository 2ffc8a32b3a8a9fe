package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Expected;
import io.spectrawatch.spectral.detect.score.NgramSurprise;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Channels joined by the smallest p-value, each with a share of the budget: evidence for another
 * class than the one answered, the same given how sure the model is, and distance from the
 * reference.
 *
 * <pre>
 *   E = mean of -log10 p over the scores that ask for EVIDENCE
 *   G = (E - its mean) / its standard deviation, both among clean samples of the same CONFIDENCE
 *   D = mean of cot(p pi/2), by weight, over those that ask for DISTANCE
 *   T = -log10 min(p(E) / b, p(G) / g, p(D) / (1 - b - g))
 * </pre>
 *
 * <p>A mean and no heavy tail for the evidence: its scores depend strongly on each other, and one
 * of them alone is wrong too often. A minimum and no sum for the channels: what one of them sees
 * the others need not. Clean samples with much evidence against them are mostly those of which the
 * model is unsure, so a sure answer against the same evidence says more: that is G. T may be
 * negative. Where text is read a sample is foreign where p(D) is the smallest, whatever the shares:
 * what models of the answer make of text that is not of their kind is no evidence.
 *
 * <p>Beyond the least p-value there is the sums themselves decide, by so little that no other order
 * changes: one clean outlier there would else tie with whatever lies farther, and hide it. Up to
 * version 8 it did. Detectors of version 5 have no G, and shares of .7 and .3.
 */
public final class Channels {
    /** Share of the budget that is the evidence's. */
    public static final double EVIDENCE_BUDGET = 0.6;

    /** Share of the budget that is the evidence's given the confidence. */
    public static final double GIVEN_BUDGET = 0.15;

    /** Share of the budget that is the evidence's where the confidence is not known. */
    public static final double ALONE_BUDGET = 0.7;

    /** What a unit of a sum counts there: in all less than the shares of channels differ. */
    private static final double BEYOND = 1e-3;

    private final double budget;
    private final ScoreTable evidence;
    private final ScoreTable distance;

    /** Whether sums decide beyond the least p-value. */
    private final boolean beyond;

    /** Null where the confidence is not asked for. */
    private final Given given;

    /** Evidence given the confidence, with its share of the budget. */
    private record Given(double budget, Expected expected, ScoreTable table) {
        static Given fit(Sums sums) {
            Expected expected = Expected.of(sums.doubt, sums.evidence);
            double[] excess = new double[sums.evidence.length];
            for (int i = 0; i < excess.length; i++) {
                excess[i] = expected.excess(sums.doubt[i], sums.evidence[i]);
            }
            return new Given(GIVEN_BUDGET, expected, ScoreTable.of(excess, false));
        }
    }

    private Channels(
            double budget, ScoreTable evidence, ScoreTable distance, boolean beyond, Given given) {
        this.budget = budget;
        this.evidence = evidence;
        this.distance = distance;
        this.beyond = beyond;
        this.given = given;
    }

    /**
     * Calibrates the channels.
     *
     * @param clean clean samples, scored by a detector whose weights ask for evidence and distance,
     *     and for the confidence or not
     */
    public static Channels fit(Scorer.Fitted fitted, Scored clean) {
        Sums sums = Sums.of(fitted, clean);
        boolean sure = asked(fitted.weights(), fitted.questions(), Question.CONFIDENCE);
        return new Channels(
                sure ? EVIDENCE_BUDGET : ALONE_BUDGET,
                ScoreTable.of(sums.evidence, false),
                ScoreTable.of(sums.distance, false),
                true,
                sure ? Given.fit(sums) : null);
    }

    /** Returns whether the confidence has a channel. */
    public boolean givenConfidence() {
        return given != null;
    }

    private static boolean asked(double[] weights, Question[] questions, Question question) {
        boolean found = false;
        for (int s = 0; s < weights.length; s++) {
            found |= weights[s] > 0 && questions[s] == question;
        }
        return found;
    }

    /** What the channels make of samples, one entry each. */
    record Joined(double[] statistic, SampleVerdict.Kind[] kinds, String[] loudest) {}

    Joined join(Scorer.Fitted fitted, Scored scored) {
        Sums sums = Sums.of(fitted, scored);
        int samples = sums.evidence.length;
        double[] statistic = new double[samples];
        SampleVerdict.Kind[] kinds = new SampleVerdict.Kind[samples];
        String[] loudest = new String[samples];
        double shared = given == null ? 0 : given.budget;
        boolean text = fitted.scores().stream().anyMatch(NgramSurprise.class::isInstance);
        for (int i = 0; i < samples; i++) {
            double pOfEvidence = evidence.p(sums.evidence[i]);
            double answer = Math.log10(budget / pOfEvidence) + past(pOfEvidence, sums.evidence[i]);
            if (given != null) {
                double excess = given.expected.excess(sums.doubt[i], sums.evidence[i]);
                double p = given.table.p(excess);
                answer = Math.max(answer, Math.log10(shared / p) + past(p, Math.log1p(excess)));
                pOfEvidence = Math.min(pOfEvidence, p);
            }
            double pOfDistance = distance.p(sums.distance[i]);
            double place =
                    Math.log10((1 - budget - shared) / pOfDistance)
                            + past(pOfDistance, Math.log1p(sums.distance[i]));
            boolean foreign = text ? pOfDistance <= pOfEvidence : place > answer;
            statistic[i] = Math.max(answer, place);
            kinds[i] =
                    foreign
                            ? SampleVerdict.Kind.OUT_OF_DISTRIBUTION
                            : SampleVerdict.Kind.ADVERSARIAL;
            loudest[i] = foreign ? sums.farthest[i] : sums.clearest[i];
        }
        return new Joined(statistic, kinds, loudest);
    }

    private double past(double p, double sum) {
        return beyond && p <= ScoreTable.LEAST ? BEYOND * sum : 0;
    }

    /** E and D of each sample, and the score that contributes most to either; its doubt. */
    private static final class Sums {
        private final double[] evidence;
        private final double[] distance;
        private final double[] doubt;
        private final String[] clearest;
        private final String[] farthest;

        private Sums(int samples) {
            this.evidence = new double[samples];
            this.distance = new double[samples];
            this.doubt = new double[samples];
            this.clearest = new String[samples];
            this.farthest = new String[samples];
        }

        static Sums of(Scorer.Fitted fitted, Scored scored) {
            Sums sums = new Sums(scored.samples());
            sums.add(fitted, scored, Question.EVIDENCE, sums.evidence, sums.clearest);
            sums.add(fitted, scored, Question.DISTANCE, sums.distance, sums.farthest);
            for (int s = 0; s < fitted.weights().length; s++) {
                if (fitted.weights()[s] > 0 && fitted.questions()[s] == Question.CONFIDENCE) {
                    double[] value = scored.values(fitted.scores().get(s).name());
                    System.arraycopy(value, 0, sums.doubt, 0, value.length);
                }
            }
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

    /**
     * Writes {@code double budget of E | score table of E | score table of D}, and where the
     * confidence has a channel {@code double budget of G | what is expected | score table of G}.
     */
    public void write(DataOutput out) throws IOException {
        out.writeDouble(budget);
        evidence.write(out);
        distance.write(out);
        if (given != null) {
            out.writeDouble(given.budget);
            given.expected.write(out);
            given.table.write(out);
        }
    }

    /**
     * Reads the channels of scores that ask these questions.
     *
     * @param sure whether the confidence has a channel
     * @param beyond whether sums decide beyond the least p-value
     */
    public static Channels read(
            DetectorInput in, double[] weights, Question[] questions, boolean sure, boolean beyond)
            throws IOException {
        for (Question question : Question.values()) {
            boolean wanted =
                    question == Question.EVIDENCE
                            || question == Question.DISTANCE
                            || sure && question == Question.CONFIDENCE;
            if (wanted && !asked(weights, questions, question)) {
                throw new IOException("channels: a score with a weight that asks for " + question);
            }
        }
        double budget = share(in, 1);
        ScoreTable evidence = ScoreTable.read(in);
        ScoreTable distance = ScoreTable.read(in);
        Given given =
                sure
                        ? new Given(share(in, 1 - budget), Expected.read(in), ScoreTable.read(in))
                        : null;
        return new Channels(budget, evidence, distance, beyond, given);
    }

    private static double share(DetectorInput in, double most) throws IOException {
        double share = in.finite("budget");
        if (!(share > 0 && share < most)) {
            throw new IOException("budget between 0 and " + most + " expected, found " + share);
        }
        return share;
    }
}
