package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.detect.score.NgramSurprise;
import io.spectrawatch.spectral.detect.score.SampleScore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Turns the sums over the rows of samples into what the detector says about them. */
final class Verdicts {
    private final Scorer.Fitted fitted;
    private final boolean nearest;
    private final List<SampleSums> sums;
    private final int samples;
    private final double[] statistic;
    private final double[] most;
    private final double[][] asked;
    private final String[] loudest;

    /** What the models of trusted text contribute. */
    private final double[] text;

    /** What scores contribute that a sample has one of, whatever its rows. */
    private final double[] beside;

    /**
     * @param nearest whether the distance from the best class is known
     */
    Verdicts(Scorer.Fitted fitted, boolean nearest, List<SampleSums> sums) {
        this.fitted = fitted;
        this.nearest = nearest;
        this.sums = sums;
        this.samples = sums.size();
        this.statistic = new double[samples];
        this.most = new double[samples];
        this.asked = new double[Question.values().length][samples];
        this.loudest = new String[samples];
        this.text = new double[samples];
        this.beside = new double[samples];
    }

    /**
     * @param all whether scores without weight were measured too
     */
    Scored of(boolean all) {
        Map<String, Scored.Column> columns = new LinkedHashMap<>();
        for (int s = 0; s < fitted.weights().length; s++) {
            if (all || fitted.weights()[s] > 0) {
                SampleScore score = fitted.scores().get(s);
                columns.put(score.name(), column(s, score));
            }
        }
        Scored summed = scored(statistic, kinds(), loudest, columns);
        if (fitted.channels() == null) {
            return summed;
        }
        Channels.Joined joined = fitted.channels().join(fitted, summed);
        return scored(joined.statistic(), joined.kinds(), joined.loudest(), columns);
    }

    private Scored scored(
            double[] statistics,
            SampleVerdict.Kind[] kinds,
            String[] names,
            Map<String, Scored.Column> columns) {
        return new Scored(
                sums.stream().mapToInt(SampleSums::predicted).toArray(),
                sums.stream().mapToInt(SampleSums::favoured).toArray(),
                statistics,
                ranks(statistics),
                kinds,
                names,
                columns,
                IntStream.range(0, samples).mapToObj(i -> sums.get(i).loudest(beside[i])).toList());
    }

    private Scored.Column column(int s, SampleScore score) {
        double[] value = new double[samples];
        double[] term = new double[samples];
        double weight = fitted.weights()[s];
        for (int i = 0; i < samples; i++) {
            value[i] = sums.get(i).value(s, score.ofSample());
            term[i] = sums.get(i).term(s, score.ofSample());
            if (weight > 0 && sums.get(i).rows() > 0) {
                double part = weight * term[i];
                statistic[i] += part;
                beside[i] += score.ofSample() ? part : 0;
                asked[fitted.questions()[s].ordinal()][i] += part;
                text[i] += score instanceof NgramSurprise ? part : 0;
                if (loudest[i] == null || part > most[i]) {
                    loudest[i] = score.name();
                    most[i] = part;
                }
            }
        }
        return new Scored.Column(value, term, score.twoSided());
    }

    private double[] ranks(double[] statistics) {
        double[] p = new double[samples];
        for (int i = 0; i < samples; i++) {
            p[i] =
                    fitted.conformal() == null
                            ? 1
                            : fitted.conformal().p(statistics[i], sums.get(i).predicted());
        }
        return p;
    }

    /**
     * Foreign where the distance speaks louder than confidence and consistency do: that from the
     * best class where there are classes, or that of the text from trusted text.
     */
    private SampleVerdict.Kind[] kinds() {
        double share = 0;
        for (int s = 0; s < fitted.weights().length; s++) {
            share += fitted.questions()[s] == Question.DISTANCE ? fitted.weights()[s] : 0;
        }
        SampleVerdict.Kind[] kinds = new SampleVerdict.Kind[samples];
        for (int i = 0; i < samples; i++) {
            double distance =
                    nearest
                            ? Math.max(share * sums.get(i).fromBest(), text[i])
                            : asked[Question.DISTANCE.ordinal()][i];
            double other =
                    Math.max(
                            asked[Question.CONFIDENCE.ordinal()][i],
                            asked[Question.CONSISTENCY.ordinal()][i]);
            kinds[i] =
                    distance > other
                            ? SampleVerdict.Kind.OUT_OF_DISTRIBUTION
                            : SampleVerdict.Kind.ADVERSARIAL;
        }
        return kinds;
    }
}
