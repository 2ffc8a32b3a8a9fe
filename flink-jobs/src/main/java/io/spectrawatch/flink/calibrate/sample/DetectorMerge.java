package io.spectrawatch.flink.calibrate.sample;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.DetectorDefinition;
import io.spectrawatch.flink.calibrate.config.ReferenceSample;
import io.spectrawatch.flink.calibrate.config.ReferenceSamples;
import io.spectrawatch.flink.calibrate.stage.CalibrationTools;
import io.spectrawatch.flink.calibrate.stage.Merge;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.weights.HeadSource;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Third stage: chooses among the samples of all shards and fits the detector on them. */
public final class DetectorMerge implements Merge {

    private final CalibrateSettings settings;
    private final CalibrationTools tools;
    private final ModelKey model;
    private final HeadSource heads;
    private final ReferenceSamples samples;

    /**
     * @param heads where the head's weights come from, null if they are not wanted
     */
    public DetectorMerge(
            CalibrateSettings settings, CalibrationTools tools, ModelKey model, HeadSource heads) {
        this.settings = settings;
        this.tools = tools;
        this.model = model;
        this.heads = heads;
        this.samples = settings.detecting().samples();
    }

    @Override
    public void accept(byte[] payload) {
        samples.add(ReferenceSample.fromBytes(payload), payload);
    }

    @Override
    public void end(Consumer<byte[]> out) {
        // Other slots have nothing to say.
        if (samples.size() > 0) {
            out.accept(fit().toBytes());
        }
    }

    private DetectorOutcome fit() {
        int count = samples.size();
        Activations reference;
        try {
            reference = activations();
        } catch (IllegalArgumentException e) {
            return DetectorOutcome.refused(count, e.getMessage());
        }
        String headless = headless(reference.taps());
        Head head = headless == null ? head(reference) : null;
        if (headless == null && head == null) {
            headless =
                    "the topic models holds no weights of "
                            + model.model()
                            + " "
                            + model.version()
                            + "; calibrate --model-file publishes them";
        }
        try {
            Detector detector =
                    Detector.fit(
                            reference, options(reference.rows() > count), head, tools.kernels());
            Set<String> beside = head == null ? Set.of() : Detector.OF_THE_HEAD;
            return new DetectorOutcome(
                    count, null, headless, detector.weighted(beside).toBytes(), detector.leftOut());
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Certificates need no detector.
            return DetectorOutcome.refused(count, e.getMessage() + room());
        } catch (RuntimeException e) {
            // Nor may what nobody thought of take them with it.
            return DetectorOutcome.refused(count, "it cannot be fitted: " + e);
        }
    }

    /** What to change where samples were left out for their bytes; else nothing. */
    private String room() {
        return samples.isFull()
                ? "; "
                        + DetectorDefinition.DETECT_MEMORY.key()
                        + " has no room for more, raise it or name fewer layers by "
                        + DetectorDefinition.DETECT_LAYERS.key()
                : "";
    }

    /** Why the head cannot be looked for, null if it can. */
    private String headless(List<Tap> taps) {
        if (heads == null) {
            return "they were not asked for";
        }
        Set<TapRole> roles = EnumSet.noneOf(TapRole.class);
        taps.forEach(tap -> roles.add(tap.role()));
        return roles.containsAll(Set.of(TapRole.EMBEDDING, TapRole.LOGITS))
                ? null
                : "a layer with the role EMBEDDING and one with LOGITS are needed, found " + roles;
    }

    /**
     * The head of the model, null if it is not published. One that is damaged or not the model's
     * ends the calibration: whoever published it meant it to be used.
     */
    private Head head(Activations reference) {
        try {
            Head head = heads.load(model).orElse(null);
            if (head != null) {
                head.check(reference);
            }
            return head;
        } catch (IOException | IllegalArgumentException e) {
            IllegalStateException refused =
                    new IllegalStateException(
                            e.getMessage()
                                    + " ("
                                    + DetectorDefinition.DETECT_HEAD.key()
                                    + "=false does without)");
            refused.addSuppressed(e);
            throw refused;
        }
    }

    private DetectorOptions options(boolean tokens) {
        DetectorOptions options =
                (tokens ? DetectorOptions.forTokens() : DetectorOptions.defaults())
                        .withSeed(settings.seed())
                        .withEvidenceLayers(settings.detecting().evidenceLayers());
        int coordinates = settings.detecting().coordinates();
        return coordinates == 0 ? options : options.withCoordinates(coordinates);
    }

    /** Each sample is let go as its rows are copied. */
    private Activations activations() {
        List<Tap> taps =
                samples.payloads().findFirst().map(ReferenceSample::fromBytes).orElseThrow().taps();
        int rows =
                samples.payloads()
                        .mapToInt(payload -> ReferenceSample.fromBytes(payload).rows())
                        .reduce(0, Math::addExact);
        int count = samples.size();
        float[][] values = new float[taps.size()][];
        for (int t = 0; t < values.length; t++) {
            int own = taps.get(t).ofSample() ? count : rows;
            values[t] = new float[Math.multiplyExact(own, taps.get(t).dimension())];
        }
        int[] owners = new int[rows];
        int at = 0;
        int s = 0;
        while (samples.size() > 0) {
            ReferenceSample sample = ReferenceSample.fromBytes(samples.poll());
            if (!sample.taps().equals(taps)) {
                throw new IllegalArgumentException(
                        "the layers change within the range: " + taps + ", also " + sample.taps());
            }
            for (int t = 0; t < values.length; t++) {
                float[] own = sample.values().get(t);
                int first = taps.get(t).ofSample() ? s : at;
                System.arraycopy(own, 0, values[t], first * taps.get(t).dimension(), own.length);
            }
            Arrays.fill(owners, at, at + sample.rows(), s);
            at += sample.rows();
            s++;
        }
        return Activations.joined(taps, values, owners, rows > count);
    }

    @Override
    public void close() {
        samples.clear();
    }
}
