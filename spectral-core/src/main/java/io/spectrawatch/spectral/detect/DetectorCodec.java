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
import io.spectrawatch.spectral.detect.score.NgramSurprise;
import io.spectrawatch.spectral.detect.score.PatchEvidence;
import io.spectrawatch.spectral.detect.score.SampleScore;
import io.spectrawatch.spectral.detect.score.ScoreCodec;
import io.spectrawatch.spectral.detect.score.SurrogateEvidence;
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

/**
 * The binary form of a detector, big-endian:
 *
 * <pre>
 *   int magic "SWDT" | int version = 10
 *   int taps | taps x (UTF name, UTF role, int dimension, boolean one row per sample)
 *   int classes | taps x (boolean present, layer model) | GSVD map
 *   int scores | scores x (tagged score, score table, double weight, UTF question or "")
 *   byte channels: 0 for none, 1 without and 2 with the confidence | channels | conformal table
 *   pair table
 * </pre>
 *
 * <p>Version 10 is written where a sample has one row of a tap, which then has no layer model and
 * stands behind those it has all rows of; the versions before say nothing of it. Else version 9 is
 * written where there are surrogates, version 8 where there is the evidence of patches that came
 * before them, version 7 where scores read text. Version 6 has channels with the confidence,
 * version 5 without, version 4 has none, and none says which; one of them is what is written where
 * the detector has no more. Version 3 had tables per class beside one of all. A detector read from
 * it keeps them, and is written as it was read.
 */
final class DetectorCodec {
    private static final int MAGIC = 0x53574454;

    private static final int VERSION = 10;

    private static final int SURROGATES_VERSION = 9;

    private static final int PATCHES_VERSION = 8;

    private static final int TEXT_VERSION = 7;

    private static final int THREE_CHANNELS_VERSION = 6;

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
            int version = version(fitted);
            out.writeInt(MAGIC);
            out.writeInt(version);
            out.writeInt(fitted.taps().size());
            for (Tap tap : fitted.taps()) {
                out.writeUTF(tap.name());
                out.writeUTF(tap.role().name());
                out.writeInt(tap.dimension());
                if (version == VERSION) {
                    out.writeBoolean(tap.ofSample());
                }
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
            if (version >= TEXT_VERSION) {
                out.writeByte(channels(fitted));
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
        if (fitted.taps().stream().anyMatch(Tap::ofSample)) {
            return VERSION;
        }
        if (fitted.scores().stream().anyMatch(SurrogateEvidence.class::isInstance)) {
            return SURROGATES_VERSION;
        }
        if (fitted.scores().stream().anyMatch(PatchEvidence.class::isInstance)) {
            return PATCHES_VERSION;
        }
        if (fitted.scores().stream().anyMatch(NgramSurprise.class::isInstance)) {
            return TEXT_VERSION;
        }
        return ONE_SUM_VERSION + channels(fitted);
    }

    /** 0 for no channels, 1 for those without and 2 for those with the confidence. */
    private static int channels(Scorer.Fitted fitted) {
        if (fitted.channels() == null) {
            return 0;
        }
        return fitted.channels().givenConfidence() ? 2 : 1;
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
        List<Tap> taps = readTaps(in, version);
        int classes = readClasses(in, taps);
        LayerModel[] models = new LayerModel[taps.size()];
        for (int t = 0; t < models.length; t++) {
            boolean present = in.flag();
            if (present == (taps.get(t).role() == TapRole.LOGITS || taps.get(t).ofSample())) {
                throw new IOException(
                        "a layer model expected for each tap but the logits and what a sample has"
                                + " one row of");
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
            if (scores[s] instanceof NgramSurprise && version < TEXT_VERSION) {
                throw new IOException("a score of text before version " + TEXT_VERSION);
            }
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
        requireOnlyIn(PATCHES_VERSION, version, scores, PatchEvidence.class);
        boolean former = Arrays.stream(scores).anyMatch(ScoreCodec::isFormer);
        if (former && version >= SURROGATES_VERSION) {
            throw new IOException("evidence of versions before " + SURROGATES_VERSION);
        }
        if (version < VERSION) {
            requireOnlyIn(SURROGATES_VERSION, version, scores, SurrogateEvidence.class);
        }
        int form =
                version >= TEXT_VERSION
                        ? in.readUnsignedByte()
                        : Math.max(0, version - ONE_SUM_VERSION);
        if (form > THREE_CHANNELS_VERSION - ONE_SUM_VERSION) {
            throw new IOException("channels 0, 1 or 2 expected, found " + form);
        }
        boolean beyond = version >= SURROGATES_VERSION;
        Channels channels =
                form == 0 ? null : Channels.read(in, weights, questions, form == 2, beyond);
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

    /** Scores of some class are what a version is there for. */
    private static void requireOnlyIn(
            int only, int version, SampleScore[] scores, Class<? extends SampleScore> type)
            throws IOException {
        if (Arrays.stream(scores).anyMatch(type::isInstance) != (version == only)) {
            throw new IOException(
                    type.getSimpleName() + " in version " + only + " alone expected, and there");
        }
    }

    private static List<Tap> readTaps(DetectorInput in, int version) throws IOException {
        int count = in.count("taps", 1, LEAST_TAP_BYTES);
        List<Tap> taps = new ArrayList<>(count);
        for (int t = 0; t < count; t++) {
            taps.add(
                    new Tap(
                            in.text(),
                            TapRole.valueOf(in.text()),
                            in.readInt(),
                            version == VERSION && in.flag()));
        }
        int layers = Tap.ofRows(taps).size();
        boolean behind = Tap.ofRows(taps.subList(layers, count)).isEmpty();
        boolean text = count == layers + 1 && NgramSurprise.reads(taps.get(layers));
        if (layers == 0 || !(version == VERSION ? behind && text : layers == count)) {
            throw new IOException(
                    "a text with one row per sample behind the other taps, in version "
                            + VERSION
                            + " alone and there, expected, found "
                            + taps);
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
