package io.spectrawatch.spectral.detect.combine;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What the rows of one sample add up to, as far as they have come. Rows are added strictly in their
 * order, so that the sums do not depend on how the rows were cut into calls.
 */
public final class SampleSums {
    /**
     * Layout of {@link #toBytes()}, big-endian:
     *
     * <pre>
     *   int32 magic "SWQS" | int32 version = 1
     *   int64 rows | int32 predicted, favoured class | fp64 terms of the best class
     *   fp64 weighted terms of all scores
     *   int32 scores | scores x fp64 sum of values | scores x fp64 sum of half-Cauchy terms
     *   int32 rows kept | rows kept x (int64 position | int8 phase | fp64 weighted terms)
     *   int32 logits of the last row, -1 for none | fp32 logits
     *   flag whether inputs are summed | sums as {@link MapSums} writes them
     * </pre>
     *
     * <p>Version 2 is the same of a sample whose text has been read; the sums of a score that a
     * sample has one of are that one. Version 1 is written where none has been.
     */
    private static final int MAGIC = 0x53575153;

    private static final int VERSION = 1;

    private static final int READ_VERSION = 2;
    private static final int FIXED_BYTES = 256;

    /** Rows that are named as the loudest, at most. */
    private static final int LOUDEST = 5;

    private static final int SPOKEN_BYTES = Long.BYTES + 1 + Double.BYTES;

    private final double[] values;
    private final double[] terms;
    private final List<Spoken> spoken = new ArrayList<>(0);
    private final MapSums mapped;
    private long rows;
    private int predicted;
    private int favoured;
    private double fromBest;
    private double total;
    private float[] before;
    private boolean textRead;

    /** A row with the sum of its weighted half-Cauchy terms. */
    private record Spoken(long position, int phase, double term) {}

    /**
     * Begins with no row.
     *
     * @param scores of the detector
     * @param mapped whether its inputs and images are summed too
     */
    SampleSums(int scores, boolean mapped) {
        this(new double[scores], new double[scores], mapped ? new MapSums() : null);
    }

    private SampleSums(double[] values, double[] terms, MapSums mapped) {
        this.values = values;
        this.terms = terms;
        this.mapped = mapped;
    }

    /** Returns the number of rows added. */
    public long rows() {
        return rows;
    }

    /** Returns the sums of inputs and images; null where they are not asked for. */
    public MapSums mapped() {
        return mapped;
    }

    /** Returns the logits of the last row; null where none are kept. */
    public float[] before() {
        return before;
    }

    /** Keeps the logits of the last row for the one that follows; null keeps none. */
    public void keep(float[] logits) {
        before = logits;
    }

    /** The first row names the class. */
    void answer(int predictedClass, int favouredClass) {
        if (rows == 0) {
            predicted = predictedClass;
            favoured = favouredClass;
        }
    }

    /** Adds the value of a score and its term. */
    void score(int score, double value, double term) {
        values[score] = rows == 0 ? value : values[score] + value;
        terms[score] = rows == 0 ? term : terms[score] + term;
    }

    /** Whether a text with n-grams has been read. */
    boolean textRead() {
        return textRead;
    }

    /** Notes that it has been. */
    void readText() {
        textRead = true;
    }

    /** Takes the one value of a score that the sample has, and its term. */
    void ofSample(int score, double value, double term) {
        values[score] = value;
        terms[score] = term;
    }

    /**
     * Ends a row.
     *
     * @param combined its weighted terms
     * @param best its term of the best class
     */
    void end(long position, int phase, double combined, double best) {
        fromBest = rows == 0 ? best : fromBest + best;
        total += combined;
        rows++;
        int at = spoken.size();
        while (at > 0 && isLouder(combined, position, spoken.get(at - 1))) {
            at--;
        }
        if (combined > 0 && at < LOUDEST) {
            if (spoken.size() == LOUDEST) {
                spoken.remove(LOUDEST - 1);
            }
            spoken.add(at, new Spoken(position, phase, combined));
        }
    }

    private static boolean isLouder(double combined, long position, Spoken other) {
        return combined > other.term() || combined == other.term() && position < other.position();
    }

    int predicted() {
        return predicted;
    }

    int favoured() {
        return favoured;
    }

    /**
     * The mean value of a score.
     *
     * @param ofSample whether the sample has one; then that
     */
    double value(int score, boolean ofSample) {
        return ofSample ? values[score] : mean(values[score]);
    }

    /** The mean half-Cauchy term of a score, or that of the one value. */
    double term(int score, boolean ofSample) {
        return ofSample ? terms[score] : mean(terms[score]);
    }

    /** The mean term of the best class. */
    double fromBest() {
        return mean(fromBest);
    }

    private double mean(double sum) {
        return rows == 0 ? 0 : sum / rows;
    }

    /**
     * The rows that contribute most, the loudest first; none where there is one row.
     *
     * @param beside what no row contributes to the statistic
     */
    List<LoudRow> loudest(double beside) {
        double whole = total + rows * beside;
        return rows < 2
                ? List.of()
                : spoken.stream()
                        .map(
                                each ->
                                        new LoudRow(
                                                each.position(), each.phase(), each.term() / whole))
                        .toList();
    }

    /** Returns the sums in the versioned layout drawn beside the constants. */
    public byte[] toBytes() {
        ByteWriter out =
                new ByteWriter(ByteOrder.BIG_ENDIAN, FIXED_BYTES + 2 * Double.BYTES * terms.length);
        out.int32(MAGIC)
                .int32(textRead ? READ_VERSION : VERSION)
                .int64(rows)
                .int32(predicted)
                .int32(favoured);
        out.fp64(fromBest).fp64(total).int32(values.length).fp64(values).fp64(terms);
        out.int32(spoken.size());
        for (Spoken each : spoken) {
            out.int64(each.position()).int8(each.phase()).fp64(each.term());
        }
        out.int32(before == null ? -1 : before.length);
        for (int j = 0; before != null && j < before.length; j++) {
            out.int32(Float.floatToRawIntBits(before[j]));
        }
        out.flag(mapped != null);
        if (mapped != null) {
            mapped.write(out);
        }
        return out.toBytes();
    }

    /**
     * Reads sums.
     *
     * @param scores of the detector
     * @param classes of it
     * @throws IllegalStateException if the bytes are anything else, or of another detector
     */
    static SampleSums fromBytes(byte[] bytes, int scores, int classes) {
        ByteReader in =
                new ByteReader(
                        bytes,
                        ByteOrder.BIG_ENDIAN,
                        "sums of a sample",
                        IllegalStateException::new);
        in.magic(MAGIC, "sums of a sample").version(in.int32(), VERSION, READ_VERSION);
        long rows = in.int64();
        in.require(rows >= 0, "0 rows or more", rows);
        int predicted = in.int32("predicted class", 0, classes - 1);
        int favoured = in.int32("favoured class", 0, classes - 1);
        double fromBest = in.finite(1)[0];
        double total = in.finite(1)[0];
        in.int32("scores", scores, scores);
        double[] values = in.fp64(scores);
        double[] terms = in.finite(scores);
        List<Spoken> spoken = spoken(in, rows, total);
        float[] before = logits(in);
        SampleSums sums = new SampleSums(values, terms, in.flag() ? MapSums.read(in) : null);
        in.end();
        sums.rows = rows;
        sums.predicted = predicted;
        sums.favoured = favoured;
        sums.fromBest = fromBest;
        sums.total = total;
        sums.spoken.addAll(spoken);
        sums.before = before;
        sums.textRead = in.version() == READ_VERSION;
        return sums;
    }

    private static List<Spoken> spoken(ByteReader in, long rows, double total) {
        int count = in.count(SPOKEN_BYTES);
        in.require(count <= Math.min(rows, LOUDEST), "at most " + LOUDEST + " rows", count);
        List<Spoken> spoken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Spoken next = new Spoken(in.int64(), in.int8(), in.finite(1)[0]);
            boolean follows = i == 0 || !(next.term() > spoken.get(i - 1).term());
            in.require(
                    next.position() >= 0 && next.term() > 0 && next.term() <= total && follows,
                    "rows with a part of the terms, the loudest first",
                    next);
            spoken.add(next);
        }
        return spoken;
    }

    private static float[] logits(ByteReader in) {
        int columns = in.int32();
        if (columns == -1) {
            return null;
        }
        in.require(
                columns >= 0 && columns <= in.remaining() / Float.BYTES,
                "-1 or logits as announced",
                columns);
        float[] logits = new float[columns];
        for (int j = 0; j < columns; j++) {
            logits[j] = Float.intBitsToFloat(in.int32());
            in.require(Float.isFinite(logits[j]), "finite logits", logits[j]);
        }
        return logits;
    }
}
