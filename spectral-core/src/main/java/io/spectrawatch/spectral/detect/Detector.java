package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.detect.combine.Channels;
import io.spectrawatch.spectral.detect.combine.Question;
import io.spectrawatch.spectral.detect.combine.ScoreTable;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.combine.Weighting;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.detect.pairs.PairTable;
import io.spectrawatch.spectral.detect.pairs.RecentRequests;
import io.spectrawatch.spectral.detect.rank.RankTable;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.score.SampleScore;
import io.spectrawatch.spectral.gsvd.GsvdProfile;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sequential.ToleranceLimit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Scores samples of a model by their activations: is this input adversarial, or foreign?
 *
 * <pre>{@code
 * Detector detector = Detector.fit(cleanRows, DetectorOptions.defaults(), null, kernels);
 * Scored scored = detector.score(rows, kernels);
 * if (scored.p()[0] <= 0.01) { ... scored.verdict(0).kind() ... }
 * }</pre>
 *
 * <p>Fitted on clean samples alone. A sample's p-value is conformal: for a clean sample
 * exchangeable with all calibration samples, whatever its class, it is at most a with probability
 * at most a. Over a single class it may be more or less, and so it may be over traffic with another
 * mix of classes. Immutable: traffic does not move it. Any number of threads may score, each with
 * its own kernels.
 */
public final class Detector {
    /** The scores about the model's head; they have no weight. */
    public static final Set<String> OF_THE_HEAD =
            Set.of("vim", "neco", "gradnorm", "head-consistency");

    private final Scorer.Fitted fitted;
    private final PairTable pairs;

    /** Not among the bytes: what was left out has no part in scoring. */
    private final Map<String, String> leftOut;

    Detector(
            List<Tap> taps,
            int classes,
            LayerModel[] models,
            ScoreSet set,
            List<ScoreTable> tables,
            Weighting weighting,
            RankTable conformal,
            PairTable pairs,
            Channels channels,
            Map<String, String> leftOut) {
        this(
                new Scorer.Fitted(
                        taps,
                        classes,
                        models,
                        set.scores(),
                        tables.toArray(new ScoreTable[0]),
                        set.scores().stream()
                                .mapToDouble(s -> weighting.weights().getOrDefault(s.name(), 0.0))
                                .toArray(),
                        set.scores().stream()
                                .map(s -> weighting.question(s.name()))
                                .toArray(Question[]::new),
                        conformal,
                        set.map(),
                        channels),
                pairs,
                leftOut);
    }

    Detector(Scorer.Fitted fitted, PairTable pairs, Map<String, String> leftOut) {
        this.fitted = fitted;
        this.pairs = pairs;
        this.leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
    }

    /**
     * Fits a detector on clean samples.
     *
     * @param reference at least 600 samples; taps in the order of the model, logits last if tapped
     * @param head the weights behind the logits, null if they are not known
     * @throws IllegalArgumentException if the taps or the number of samples do not fit
     */
    public static Detector fit(
            Activations reference, DetectorOptions options, Head head, Kernels kernels) {
        return new DetectorFit(reference, options, head, kernels).run();
    }

    /**
     * Returns what could not be fitted and why, by the name of the score, or "layer" and the name
     * of the layer; empty for one that was read from bytes.
     */
    public Map<String, String> leftOut() {
        return leftOut;
    }

    /** Returns the taps the rows must have: those it was fitted on that move. */
    public List<Tap> taps() {
        return fitted.taps();
    }

    /** What has been learnt, for those who fit the rest. */
    Scorer.Fitted fitted() {
        return fitted;
    }

    /** Returns the number of classes told apart, 1 if they are pooled. */
    public int classes() {
        return fitted.classes();
    }

    /** Returns the weight of every score, 0 for those that are only measured. */
    public Map<String, Double> weights() {
        Map<String, Double> all = new LinkedHashMap<>();
        for (int i = 0; i < fitted.weights().length; i++) {
            all.put(fitted.scores().get(i).name(), fitted.weights()[i]);
        }
        return all;
    }

    /** Returns the question a weighted score answers, null for the others. */
    public Question question(String score) {
        for (int i = 0; i < fitted.weights().length; i++) {
            if (fitted.scores().get(i).name().equals(score)) {
                return fitted.questions()[i];
            }
        }
        throw new IllegalArgumentException("no score named '" + score + "' in " + weights());
    }

    /** Returns the same detector without the scores that have no weight, for the stream. */
    public Detector weighted() {
        return weighted(Set.of());
    }

    /**
     * Returns the same detector without the scores that have no weight but for some, which are then
     * measured beside the combination.
     *
     * @param beside names of scores; those it does not have are passed over
     */
    public Detector weighted(Set<String> beside) {
        List<SampleScore> scores = fitted.scores();
        double[] weights = fitted.weights();
        int[] kept =
                IntStream.range(0, weights.length)
                        .filter(s -> weights[s] > 0 || beside.contains(scores.get(s).name()))
                        .toArray();
        return new Detector(
                new Scorer.Fitted(
                        fitted.taps(),
                        fitted.classes(),
                        fitted.models(),
                        IntStream.of(kept).mapToObj(scores::get).toList(),
                        IntStream.of(kept)
                                .mapToObj(s -> fitted.tables()[s])
                                .toArray(ScoreTable[]::new),
                        IntStream.of(kept).mapToDouble(s -> weights[s]).toArray(),
                        IntStream.of(kept)
                                .mapToObj(s -> fitted.questions()[s])
                                .toArray(Question[]::new),
                        fitted.conformal(),
                        fitted.map(),
                        fitted.channels()),
                pairs,
                leftOut);
    }

    /** Returns whether unusually small values of a score are suspicious too. */
    public boolean twoSided(String score) {
        for (SampleScore candidate : fitted.scores()) {
            if (candidate.name().equals(score)) {
                return candidate.twoSided();
            }
        }
        throw new IllegalArgumentException("no score named '" + score + "' in " + weights());
    }

    /** Returns the profile of the map from the first tap's window to the outputs. */
    public GsvdProfile profile() {
        return fitted.map().profile();
    }

    /**
     * Returns the limit that the statistic of a clean sample exceeds with at most this probability,
     * with confidence 1 - delta over the calibration; where that is too small for it, its largest
     * statistic, with the probability it supports.
     */
    public ToleranceLimit limit(double exceedance, double delta) {
        return ToleranceLimit.supported(fitted.conformal().values(), exceedance, delta);
    }

    /**
     * Returns an empty memory of requests, which compares each with what its client sent before.
     *
     * @param clients remembered, the longest silent forgotten first
     * @param requestsPerClient remembered of each
     */
    public ClientPairs clientPairs(int clients, int requestsPerClient) {
        return new ClientPairs(
                pairs, fitted.classes(), new RecentRequests(clients, requestsPerClient));
    }

    /**
     * Returns the least p-value of a detector fitted on so many samples: a level below it is never
     * reached.
     */
    public static double resolutionOf(int referenceSamples) {
        return 1.0 / (DetectorFit.ranking(referenceSamples) + 1);
    }

    /** Returns the least p-value a sample of a predicted class can get. */
    public double resolution(int predicted) {
        return 1.0 / (fitted.conformal().samples(predicted) + 1);
    }

    /**
     * Returns what scores one stream of rows and keeps its memory between calls; it belongs to one
     * thread, as {@code kernels} do.
     */
    public Scorer scorer(Kernels kernels) {
        return new Scorer(fitted, kernels);
    }

    /**
     * Scores rows with the scores that have a weight.
     *
     * @throws IllegalArgumentException if the taps differ from the fitted ones
     */
    public Scored score(Activations rows, Kernels kernels) {
        return scorer(kernels).score(rows);
    }

    /** Scores rows with every score, for comparison. */
    public Scored measure(Activations rows, Kernels kernels) {
        return scorer(kernels).measure(rows);
    }

    /** Returns the detector in the versioned layout drawn at {@code DetectorCodec}. */
    public byte[] toBytes() {
        return DetectorCodec.encode(fitted, pairs);
    }

    /**
     * Reads a detector.
     *
     * @throws IllegalArgumentException if the bytes are not a detector of a known version
     */
    public static Detector fromBytes(byte[] bytes) {
        return DetectorCodec.decode(bytes);
    }
}
