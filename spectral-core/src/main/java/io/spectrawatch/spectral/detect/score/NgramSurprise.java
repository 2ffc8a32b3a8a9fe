package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Expected;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.linalg.Matrix;
import io.spectrawatch.spectral.text.TextNgrams;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How surprising the n-grams of a text are: the mean of -log P(bucket | class answered) over them,
 * in standard deviations above what it usually is of reference texts with as many n-grams. Short
 * texts vary more, and are not held against those who write them.
 *
 * <p>P is the share of a bucket among the n-grams of the reference texts of that class, smoothed by
 * as many n-grams as there are buckets, spread as in all texts; those have one more in each bucket
 * (Dirichlet priors; MacKay and Peto, Natural Language Engineering 1, 1995). A text without n-grams
 * scores 0.
 *
 * <pre>
 *   UTF part | int tap | UTF its name | classes x buckets fp64 -log P | what is expected
 * </pre>
 */
public final class NgramSurprise implements SampleScore {
    static final int TAG = 30;

    /** More classes share one distribution: a class costs 8 KiB. */
    private static final int MAXIMUM_CLASSES = 64;

    /** Fewer say little of how much texts of a length vary. */
    private static final int LEAST_TEXTS = 100;

    /** Which n-grams. */
    public enum Part {
        /** Words, one and two. */
        WORDS("word-surprise", 0, TextNgrams.WORDS),
        /** Three to five characters. */
        CHARACTERS("character-surprise", TextNgrams.WORDS, TextNgrams.CHARACTERS);

        private final String label;
        private final int first;
        private final int buckets;

        Part(String label, int first, int buckets) {
            this.label = label;
            this.first = first;
            this.buckets = buckets;
        }
    }

    private final Part part;
    private final int tap;
    private final String tapName;
    private final boolean ofSample;

    /** -log P, classes x buckets. */
    private final double[] surprise;

    private final Expected expected;

    private NgramSurprise(Part part, int tap, Tap read, double[] surprise, Expected expected) {
        this.part = part;
        this.tap = tap;
        this.tapName = read.name();
        this.ofSample = read.ofSample();
        this.surprise = surprise;
        this.expected = expected;
    }

    /**
     * Counts the n-grams of the reference. What is expected of a text is learnt from each with the
     * others' counts.
     *
     * @param tap index of what is read
     * @throws ArithmeticException if a value is no count
     */
    public static NgramSurprise fit(
            Part part, Projected reference, int tap, Tap read, int classes) {
        int told = classes <= MAXIMUM_CLASSES ? classes : 1;
        Tally tally = new Tally(part.buckets, told);
        double[] row = new double[TextNgrams.COLUMNS];
        int[] rows = rows(reference, read.ofSample());
        for (int i : rows) {
            reference.raw(tap, i, row);
            requireCounts(row, i);
            tally.add(row, part.first, told == 1 ? 0 : reference.predicted()[i]);
        }
        double[] length = new double[rows.length];
        double[] mean = new double[rows.length];
        int texts = 0;
        for (int i : rows) {
            reference.raw(tap, i, row);
            length[texts] = length(row, part);
            int c = told == 1 ? 0 : reference.predicted()[i];
            if (length[texts] > 0) {
                mean[texts++] = tally.without(row, part.first, c);
            }
        }
        if (texts < LEAST_TEXTS) {
            throw new ArithmeticException(
                    "at least " + LEAST_TEXTS + " reference texts required, found " + texts);
        }
        Expected expected = Expected.of(Arrays.copyOf(length, texts), Arrays.copyOf(mean, texts));
        return new NgramSurprise(part, tap, read, tally.surprise(), expected);
    }

    /** The rows that have a text of their own. */
    private static int[] rows(Projected rows, boolean ofSample) {
        return ofSample ? rows.firstOfSamples() : IntStream.range(0, rows.rows()).toArray();
    }

    private static void requireCounts(double[] row, int at) {
        for (double count : row) {
            if (!(count >= 0 && count == Math.rint(count))) {
                throw new ArithmeticException(
                        "counts of n-grams expected, found " + count + " in reference row " + at);
            }
        }
    }

    private static double length(double[] row, Part part) {
        double length = 0;
        for (int b = 0; b < part.buckets; b++) {
            length += row[part.first + b];
        }
        return length;
    }

    /** N-grams of the reference, in all and by class. */
    private static final class Tally {
        private final int buckets;
        private final double[] all;
        private final double[][] own;
        private final double[] ofClass;
        private double total;

        Tally(int buckets, int classes) {
            this.buckets = buckets;
            this.all = new double[buckets];
            this.own = new double[classes][buckets];
            this.ofClass = new double[classes];
        }

        void add(double[] row, int first, int c) {
            for (int b = 0; b < buckets; b++) {
                double count = row[first + b];
                all[b] += count;
                own[c][b] += count;
                total += count;
                ofClass[c] += count;
            }
        }

        private double surprise(int c, int b, double less, double lessInAll) {
            double prior = (all[b] - less + 1) / (total - lessInAll + buckets);
            double share =
                    (own[c][b] - less + buckets * prior) / (ofClass[c] - lessInAll + buckets);
            return -Math.log(share);
        }

        /** The mean surprise of a text of the reference, as if it were not among them. */
        double without(double[] row, int first, int c) {
            double length = 0;
            for (int b = 0; b < buckets; b++) {
                length += row[first + b];
            }
            double sum = 0;
            for (int b = 0; b < buckets; b++) {
                double count = row[first + b];
                sum += count > 0 ? count * surprise(c, b, count, length) : 0;
            }
            return length > 0 ? sum / length : 0;
        }

        double[] surprise() {
            double[] out = new double[own.length * buckets];
            for (int i = 0; i < out.length; i++) {
                out[i] = surprise(i / buckets, i % buckets, 0, 0);
            }
            return out;
        }
    }

    /** Whether the rows of a tap are counts of n-grams. */
    public static boolean reads(Tap tap) {
        return tap.role() == TapRole.INPUT
                && tap.name().equals(TextNgrams.FORMAT)
                && tap.dimension() == TextNgrams.COLUMNS;
    }

    @Override
    public String name() {
        return label(part, tapName);
    }

    /** Whether a score of this kind has the name. */
    public static boolean isName(String score) {
        return Arrays.stream(Part.values()).anyMatch(part -> score.startsWith(part.label + "/"));
    }

    public static String label(Part part, String tapName) {
        return part.label + "/" + tapName;
    }

    @Override
    public boolean ofSample() {
        return ofSample;
    }

    /** Returns which tap it reads. */
    public int tap() {
        return tap;
    }

    @Override
    public double[] score(Projected rows) {
        int[] own = rows(rows, ofSample);
        double[] out = new double[own.length];
        double[] row = new double[TextNgrams.COLUMNS];
        for (int i = 0; i < out.length; i++) {
            rows.raw(tap, own[i], row);
            out[i] = score(row, rows.predicted()[own[i]]);
        }
        return out;
    }

    /**
     * Returns the score of a text.
     *
     * @param counts its row
     * @param answered class that the model answered
     */
    public double score(double[] counts, int answered) {
        int at = surprise.length > part.buckets ? answered * part.buckets : 0;
        double sum = 0;
        for (int b = 0; b < part.buckets; b++) {
            sum += counts[part.first + b] * surprise[at + b];
        }
        double length = length(counts, part);
        return length > 0 ? expected.excess(length, sum / length) : 0;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeUTF(part.label);
        out.writeInt(tap);
        out.writeUTF(tapName);
        Matrix.of(surprise.length / part.buckets, part.buckets, surprise).write(out);
        expected.write(out);
    }

    static NgramSurprise read(DetectorInput in) throws IOException {
        Part part = in.named("part of a text", Part.values(), each -> each.label);
        int tap = in.anyTap();
        in.tapName(tap);
        if (!reads(in.tapAt(tap))) {
            throw new IOException(
                    "tap " + tap + " with counts of n-grams expected, found " + in.tapAt(tap));
        }
        int told = in.classes() <= MAXIMUM_CLASSES ? in.classes() : 1;
        double[] surprise = in.matrix("surprise", told, part.buckets).toArray();
        return new NgramSurprise(part, tap, in.tapAt(tap), surprise, Expected.read(in));
    }
}
