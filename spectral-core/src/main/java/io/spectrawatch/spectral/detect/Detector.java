package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.detect.combine.Question;
import io.spectrawatch.spectral.detect.combine.ScoreTable;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.combine.Weighting;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.detect.pairs.PairTable;
import io.spectrawatch.spectral.detect.pairs.RecentRequests;
import io.spectrawatch.spectral.detect.rank.ConformalTable;
import io.spectrawatch.spectral.detect.rank.FallbackTable;
import io.spectrawatch.spectral.detect.rank.RankTable;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projector;
import io.spectrawatch.spectral.detect.score.GsvdMap;
import io.spectrawatch.spectral.detect.score.SampleScore;
import io.spectrawatch.spectral.detect.score.ScoreCodec;
import io.spectrawatch.spectral.gsvd.GsvdProfile;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sequential.ToleranceLimit;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
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
    /**
     * Layout of {@link #toBytes()}, big-endian:
     *
     * <pre>
     *   int magic "SWDT" | int version = 4
     *   int taps | taps x (UTF name, UTF role, int dimension) | int classes
     *   taps x (boolean present, layer model) | GSVD map
     *   int scores | scores x (tagged score, score table, double weight, UTF question or "")
     *   conformal table | pair table
     * </pre>
     *
     * <p>Version 3 had tables per class beside one of all. A detector read from it keeps them, and
     * is written as it was read.
     */
    private static final int MAGIC = 0x53574454;

    private static final int VERSION = 4;

    private static final int PER_CLASS_VERSION = 3;

    /** The scores about the model's head; they have no weight. */
    public static final Set<String> OF_THE_HEAD =
            Set.of("vim", "neco", "gradnorm", "head-consistency");

    /** Two empty texts and a dimension; a tag, the smallest table, a weight and an empty text. */
    private static final int LEAST_TAP_BYTES = 8;

    private static final int LEAST_SCORE_BYTES = 36;

    private final List<Tap> taps;
    private final int classes;
    private final LayerModel[] models;
    private final List<SampleScore> scores;
    private final GsvdMap map;
    private final ScoreTable[] tables;
    private final double[] weights;
    private final Question[] questions;
    private final RankTable conformal;
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
            Map<String, String> leftOut) {
        this(
                taps,
                classes,
                models,
                set.scores(),
                set.map(),
                tables.toArray(new ScoreTable[0]),
                set.scores().stream()
                        .mapToDouble(s -> weighting.weights().getOrDefault(s.name(), 0.0))
                        .toArray(),
                set.scores().stream()
                        .map(s -> weighting.question(s.name()))
                        .toArray(Question[]::new),
                conformal,
                pairs,
                leftOut);
    }

    private Detector(
            List<Tap> taps,
            int classes,
            LayerModel[] models,
            List<SampleScore> scores,
            GsvdMap map,
            ScoreTable[] tables,
            double[] weights,
            Question[] questions,
            RankTable conformal,
            PairTable pairs,
            Map<String, String> leftOut) {
        this.taps = List.copyOf(taps);
        this.classes = classes;
        this.models = models;
        this.scores = List.copyOf(scores);
        this.map = map;
        this.tables = tables;
        this.weights = weights;
        this.questions = questions;
        this.conformal = conformal;
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
        return taps;
    }

    /** Returns the number of classes told apart, 1 if they are pooled. */
    public int classes() {
        return classes;
    }

    /** Returns the weight of every score, 0 for those that are only measured. */
    public Map<String, Double> weights() {
        Map<String, Double> all = new LinkedHashMap<>();
        for (int i = 0; i < weights.length; i++) {
            all.put(scores.get(i).name(), weights[i]);
        }
        return all;
    }

    /** Returns the question a weighted score answers, null for the others. */
    public Question question(String score) {
        for (int i = 0; i < weights.length; i++) {
            if (scores.get(i).name().equals(score)) {
                return questions[i];
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
        int[] kept =
                IntStream.range(0, weights.length)
                        .filter(s -> weights[s] > 0 || beside.contains(scores.get(s).name()))
                        .toArray();
        return new Detector(
                taps,
                classes,
                models,
                IntStream.of(kept).mapToObj(scores::get).toList(),
                map,
                IntStream.of(kept).mapToObj(s -> tables[s]).toArray(ScoreTable[]::new),
                IntStream.of(kept).mapToDouble(s -> weights[s]).toArray(),
                IntStream.of(kept).mapToObj(s -> questions[s]).toArray(Question[]::new),
                conformal,
                pairs,
                leftOut);
    }

    /** Returns whether unusually small values of a score are suspicious too. */
    public boolean twoSided(String score) {
        for (SampleScore candidate : scores) {
            if (candidate.name().equals(score)) {
                return candidate.twoSided();
            }
        }
        throw new IllegalArgumentException("no score named '" + score + "' in " + weights());
    }

    /** Returns the profile of the map from the first tap's window to the outputs. */
    public GsvdProfile profile() {
        return map.profile();
    }

    /**
     * Returns the limit that the statistic of a clean sample exceeds with at most this probability,
     * with confidence 1 - delta over the calibration; where that is too small for it, its largest
     * statistic, with the probability it supports.
     */
    public ToleranceLimit limit(double exceedance, double delta) {
        return ToleranceLimit.supported(conformal.values(), exceedance, delta);
    }

    /**
     * Returns an empty memory of requests, which compares each with what its client sent before.
     *
     * @param clients remembered, the longest silent forgotten first
     * @param requestsPerClient remembered of each
     */
    public ClientPairs clientPairs(int clients, int requestsPerClient) {
        return new ClientPairs(pairs, classes, new RecentRequests(clients, requestsPerClient));
    }

    /** Returns the least p-value a sample of a predicted class can get. */
    public double resolution(int predicted) {
        return 1.0 / (conformal.samples(predicted) + 1);
    }

    /**
     * Returns what scores one stream of rows and keeps its memory between calls; it belongs to one
     * thread, as {@code kernels} do.
     */
    public Scorer scorer(Kernels kernels) {
        return new Scorer(
                new Scorer.Fitted(
                        taps, classes, models, scores, tables, weights, questions, conformal, map),
                kernels);
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

    /** Returns the detector in the versioned layout drawn beside the constants. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(conformal instanceof FallbackTable ? PER_CLASS_VERSION : VERSION);
            out.writeInt(taps.size());
            for (Tap tap : taps) {
                out.writeUTF(tap.name());
                out.writeUTF(tap.role().name());
                out.writeInt(tap.dimension());
            }
            out.writeInt(classes);
            for (LayerModel model : models) {
                out.writeBoolean(model != null);
                if (model != null) {
                    model.write(out);
                }
            }
            map.write(out);
            out.writeInt(weights.length);
            for (int s = 0; s < weights.length; s++) {
                scores.get(s).write(out);
                tables[s].write(out);
                out.writeDouble(weights[s]);
                out.writeUTF(questions[s] == null ? "" : questions[s].name());
            }
            conformal.write(out);
            pairs.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("detector: cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a detector.
     *
     * @throws IllegalArgumentException if the bytes are not a detector of a known version
     */
    public static Detector fromBytes(byte[] bytes) {
        try (DetectorInput in = new DetectorInput(bytes)) {
            require("magic", in.readInt(), MAGIC);
            int version = in.integer("version", PER_CLASS_VERSION, VERSION);
            Detector detector = read(in, version == VERSION);
            in.end();
            return detector;
        } catch (IOException | ArithmeticException e) {
            String reason = e instanceof EOFException ? "they end early" : e.getMessage();
            throw new IllegalArgumentException(
                    "detector of " + bytes.length + " bytes: " + reason, e);
        }
    }

    private static Detector read(DetectorInput in, boolean pooled) throws IOException {
        List<Tap> taps = readTaps(in);
        int classes = readClasses(in, taps);
        LayerModel[] models = new LayerModel[taps.size()];
        for (int t = 0; t < models.length; t++) {
            boolean present = in.flag();
            if (present == (taps.get(t).role() == TapRole.LOGITS)) {
                throw new IOException("a layer model expected for each tap but the logits");
            }
            models[t] = present ? LayerModel.read(in, taps.get(t).dimension(), classes) : null;
        }
        in.context(taps, classes, models);
        GsvdMap map = GsvdMap.read(in);
        int count = in.count("scores", 0, LEAST_SCORE_BYTES);
        SampleScore[] scores = new SampleScore[count];
        ScoreTable[] tables = new ScoreTable[count];
        double[] weights = new double[count];
        Question[] questions = new Question[count];
        for (int s = 0; s < count; s++) {
            scores[s] = ScoreCodec.read(in, map);
            tables[s] = ScoreTable.read(in);
            weights[s] = in.finite("weight");
            String question = in.text();
            questions[s] = question.isEmpty() ? null : Question.valueOf(question);
            if (weights[s] < 0 || weights[s] > 0 && questions[s] == null) {
                throw new IOException(
                        "a weight from 0, and a question if it is more, expected, found "
                                + weights[s]
                                + " and '"
                                + question
                                + "'");
            }
        }
        return new Detector(
                taps,
                classes,
                models,
                Arrays.asList(scores),
                map,
                tables,
                weights,
                questions,
                pooled ? ConformalTable.read(in, 1) : FallbackTable.read(in, classes),
                PairTable.read(in, map, pooled ? ConformalTable::read : FallbackTable::read),
                Map.of());
    }

    private static List<Tap> readTaps(DetectorInput in) throws IOException {
        int count = in.count("taps", 1, LEAST_TAP_BYTES);
        List<Tap> taps = new ArrayList<>(count);
        for (int t = 0; t < count; t++) {
            taps.add(new Tap(in.text(), TapRole.valueOf(in.text()), in.readInt()));
        }
        if (taps.stream().filter(tap -> tap.role() == TapRole.LOGITS).count() > 1) {
            throw new IOException("one tap for the logits expected, found more");
        }
        return taps;
    }

    /** Classes are the columns of the logits, or pooled. */
    private static int readClasses(DetectorInput in, List<Tap> taps) throws IOException {
        int classes = in.readInt();
        boolean told =
                taps.stream()
                        .anyMatch(
                                tap ->
                                        tap.role() == TapRole.LOGITS
                                                && tap.dimension() == classes
                                                && classes <= Projector.MAXIMUM_CLASSES);
        if (classes != 1 && !told) {
            throw new IOException("1 class or those of the logits expected, found " + classes);
        }
        return classes;
    }

    private static void require(String what, int found, int wanted) throws IOException {
        if (found != wanted) {
            throw new IOException(what + " " + wanted + " required, found " + found);
        }
    }
}
