package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.reference.ImageGrid;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.score.LayerScore;
import io.spectrawatch.spectral.detect.score.NgramSurprise;
import io.spectrawatch.spectral.detect.score.SampleScore;
import io.spectrawatch.spectral.detect.score.SurrogateEvidence;
import io.spectrawatch.spectral.detect.surrogate.Surrogates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Fits the scores that ask for evidence: independent models of one tap, fitted to the model's own
 * answers, so that no labels are needed.
 */
final class EvidenceFit {
    /** What is left out where there is no evidence. */
    static final String NAME = "evidence";

    /**
     * Rows that the nearest are searched among, at most. Texts have them all: their counts are
     * sparse, and fewer cost detection.
     */
    private static final int MOST_NEAREST = 8192;

    /** Rows of other inputs that the nearest are searched among, per class, on average. */
    private static final int NEAREST_PER_CLASS = 8;

    /** Reference rows per class, on average; fewer were not measured. */
    private static final int ROWS_PER_CLASS = 30;

    private final List<Tap> taps;
    private final int classes;
    private final List<String> wanted;
    private final IntFunction<Optional<ImageGrid>> images;
    private final long seed;
    private final Map<String, String> leftOut;

    /**
     * @param images by tap, what its rows are images of; none where they are not
     * @param leftOut takes why there is no evidence, or what it is not taken at
     */
    EvidenceFit(
            List<Tap> taps,
            int classes,
            DetectorOptions options,
            IntFunction<Optional<ImageGrid>> images,
            Map<String, String> leftOut) {
        this.images = images;
        this.seed = options.seed();
        this.taps = taps;
        this.classes = classes;
        this.wanted = options.evidenceLayers();
        this.leftOut = leftOut;
    }

    /**
     * Adds the scores.
     *
     * @param scores takes them
     * @return names of all scores that give evidence; empty if there is none
     * @throws IllegalArgumentException if a tap that evidence is wanted of does not exist
     */
    List<String> fit(Projected reference, List<SampleScore> scores) {
        List<Integer> chosen = chosen();
        if (chosen.isEmpty() || !enough(reference.rows())) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (int tap : chosen) {
            try {
                names.addAll(fit(reference, tap, scores));
            } catch (ArithmeticException e) {
                leftOut.put(NAME + "/" + taps.get(tap).name(), e.getMessage());
            }
        }
        return names;
    }

    /** Adds the scores of a tap, all of them or none; returns the names of what gives evidence. */
    private List<String> fit(Projected reference, int tap, List<SampleScore> scores) {
        Optional<ImageGrid> image = image(tap);
        int nearest = nearest(NgramSurprise.reads(taps.get(tap)), classes);
        Surrogates surrogates = Surrogates.fit(reference, tap, classes, image, nearest, seed);
        String name = taps.get(tap).name();
        List<String> names = new ArrayList<>();
        if (image.isEmpty()) {
            names.add(LayerScore.label(LayerScore.Form.CLASS_EVIDENCE, name));
        }
        for (Surrogates.Part part : surrogates.parts()) {
            SampleScore score = new SurrogateEvidence(tap, name, surrogates, part);
            scores.add(score);
            names.add(score.name());
        }
        return names;
    }

    /**
     * How many rows the nearest are searched among where these are more than the landmarks: of many
     * classes few have three landmarks.
     */
    static int nearest(boolean text, int classes) {
        return text ? MOST_NEAREST : Math.min(MOST_NEAREST, NEAREST_PER_CLASS * classes);
    }

    /** What the rows of an input are images of; what layers make is not looked at. */
    private Optional<ImageGrid> image(int tap) {
        return taps.get(tap).role() == TapRole.INPUT ? images.apply(tap) : Optional.empty();
    }

    /** Whether a score is of no use where there is no evidence. */
    static boolean isOnlyEvidence(SampleScore score) {
        return score instanceof SurrogateEvidence;
    }

    private boolean enough(int rows) {
        boolean enough = rows >= (long) ROWS_PER_CLASS * classes;
        if (!enough) {
            leftOut.put(
                    NAME,
                    "at least "
                            + ROWS_PER_CLASS
                            + " reference rows per class required, found "
                            + rows
                            + " for "
                            + classes
                            + " classes");
        }
        return enough;
    }

    private List<Integer> chosen() {
        if (wanted.equals(List.of(DetectorOptions.NO_EVIDENCE))) {
            return List.of();
        }
        Map<String, Integer> layers = new LinkedHashMap<>();
        int input = -1;
        for (int t = taps.size() - 1; t >= 0; t--) {
            if (taps.get(t).role() != TapRole.LOGITS) {
                layers.put(taps.get(t).name(), t);
                input = taps.get(t).role() == TapRole.INPUT ? t : input;
            }
        }
        for (String name : wanted) {
            if (!layers.containsKey(name)) {
                throw new IllegalArgumentException(
                        "evidence: layers among "
                                + layers.keySet()
                                + " or "
                                + DetectorOptions.NO_EVIDENCE
                                + " expected, found '"
                                + name
                                + "'");
            }
        }
        if (wanted.isEmpty() && input < 0) {
            return List.of();
        }
        if (classes == 1) {
            leftOut.put(NAME, "the model has no classes to give evidence for");
            return List.of();
        }
        return wanted.isEmpty()
                ? List.of(input)
                : wanted.stream().distinct().map(layers::get).toList();
    }
}
