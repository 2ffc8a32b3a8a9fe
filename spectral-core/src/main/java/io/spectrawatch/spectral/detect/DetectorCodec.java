package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.detect.combine.Channels;
import io.spectrawatch.spectral.detect.combine.Question;
import io.spectrawatch.spectral.detect.combine.ScoreTable;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.pairs.PairTable;
import io.spectrawatch.spectral.detect.rank.ConformalTable;
import io.spectrawatch.spectral.detect.rank.FallbackTable;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.LayerModel;
import io.spectrawatch.spectral.detect.reference.Projector;
import io.spectrawatch.spectral.detect.score.GsvdMap;
import io.spectrawatch.spectral.detect.score.PatchEvidence;
import io.spectrawatch.spectral.detect.score.SampleScore;
import io.spectrawatch.spectral.detect.score.ScoreCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The binary form of a detector, big-endian:
 *
 * <pre>
 *   int magic "SWDT" | int version = 9
 *   int taps | taps x (UTF name, UTF role, int dimension) | int classes
 *   taps x (boolean present, layer model) | GSVD map
 *   int scores | scores x (tagged score, score table, double weight, UTF question or "")
 *   boolean whether the confidence has a channel | channels | conformal table | pair table
 * </pre>
 *
 * <p>Version 6 knows no evidence of patches, and its confidence has a channel. Version 5 has
 * channels without the confidence, version 4 has none; either is what is written where the detector
 * has no more. Version 3 had tables per class beside one of all. A detector read from it keeps
 * them, and is written as it was read.
 */
final class DetectorCodec {
    private static final int MAGIC = 0x53574454;

    private static final int VERSION = 9;

    private static final int THREE_CHANNELS_VERSION = 6;

    /** Versions that were never released. */
    private static final Set<Integer> MISSING = Set.of(7, 8);

    private static final int TWO_CHANNELS_VERSION = 5;

    private static final int ONE_SUM_VERSION = 4;

    private static final int PER_CLASS_VERSION = 3;

    /** Two empty texts and a dimension; a tag, the smallest table, a weight and an empty text. */
    private static final int LEAST_TAP_BYTES = 8;

    private static final int LEAST_SCORE_BYTES = 36;

    private DetectorCodec() {}

    static byte[] encode(Scorer.Fitted fitted, PairTable pairs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(version(fitted));
            out.writeInt(fitted.taps().size());
            for (Tap tap : fitted.taps()) {
                out.writeUTF(tap.name());
                out.writeUTF(tap.role().name());
                out.writeInt(tap.dimension());
            }
            out.writeInt(fitted.classes());
            for (LayerModel model : fitted.models()) {
                out.writeBoolean(model != null);
                if (model != null) {
                    model.write(out);
                }
            }
            fitted.map().write(out);
            writeScores(out, fitted);
            if (version(fitted) == VERSION) {
                out.writeBoolean(fitted.channels().givenConfidence());
            }
            if (fitted.channels() != null) {
                fitted.channels().write(out);
            }
            fitted.conformal().write(out);
            pairs.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("detector: cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    private static int version(Scorer.Fitted fitted) {
        if (fitted.conformal() instanceof FallbackTable) {
            return PER_CLASS_VERSION;
        }
        if (fitted.channels() == null) {
            return ONE_SUM_VERSION;
        }
        if (fitted.scores().stream().anyMatch(PatchEvidence.class::isInstance)) {
            return VERSION;
        }
        return fitted.channels().givenConfidence() ? THREE_CHANNELS_VERSION : TWO_CHANNELS_VERSION;
    }

    private static void writeScores(DataOutput out, Scorer.Fitted fitted) throws IOException {
        out.writeInt(fitted.weights().length);
        for (int s = 0; s < fitted.weights().length; s++) {
            Question question = fitted.questions()[s];
            fitted.scores().get(s).write(out);
            fitted.tables()[s].write(out);
            out.writeDouble(fitted.weights()[s]);
            out.writeUTF(question == null ? "" : question.name());
        }
    }

    /**
     * Reads a detector.
     *
     * @throws IllegalArgumentException if the bytes are not a detector of a known version
     */
    static Detector decode(byte[] bytes) {
        try (DetectorInput in = new DetectorInput(bytes)) {
            require("magic", in.readInt(), MAGIC);
            int version = in.integer("version", PER_CLASS_VERSION, VERSION);
            if (MISSING.contains(version)) {
                throw new IOException(
                        "a version other than " + MISSING + " expected, found " + version);
            }
            Detector detector = read(in, version);
            in.end();
            return detector;
        } catch (IOException | ArithmeticException e) {
            String reason = e instanceof EOFException ? "they end early" : e.getMessage();
            throw new IllegalArgumentException(
                    "detector of " + bytes.length + " bytes: " + reason, e);
        }
    }

    private static Detector read(DetectorInput in, int version) throws IOException {
        boolean pooled = version > PER_CLASS_VERSION;
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
            if (questions[s] == Question.EVIDENCE && version < TWO_CHANNELS_VERSION) {
                throw new IOException("evidence before version " + TWO_CHANNELS_VERSION);
            }
            if (weights[s] < 0 || weights[s] > 0 && questions[s] == null) {
                throw new IOException(
                        "a weight from 0, and a question if it is more, expected, found "
                                + weights[s]
                                + " and '"
                                + question
                                + "'");
            }
        }
        if (Arrays.stream(scores).anyMatch(PatchEvidence.class::isInstance)
                != (version == VERSION)) {
            throw new IOException(
                    "evidence of patches in version " + VERSION + " alone expected, and there");
        }
        boolean sure = version == VERSION ? in.flag() : version >= THREE_CHANNELS_VERSION;
        Channels channels =
                version < TWO_CHANNELS_VERSION ? null : Channels.read(in, weights, questions, sure);
        Scorer.Fitted fitted =
                new Scorer.Fitted(
                        taps,
                        classes,
                        models,
                        Arrays.asList(scores),
                        tables,
                        weights,
                        questions,
                        pooled ? ConformalTable.read(in, 1) : FallbackTable.read(in, classes),
                        map,
                        channels);
        return new Detector(
                fitted,
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
