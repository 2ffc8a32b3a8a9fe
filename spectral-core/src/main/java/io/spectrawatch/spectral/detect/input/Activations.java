package io.spectrawatch.spectral.detect.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Rows of several taps of the same model: row i of each tap belongs to the same forward pass.
 *
 * <p>Taps stand in the order of the model, from the input to the logits. Several rows may belong to
 * one sample (the tokens of one request); by default every row is a sample. A tap may have one row
 * per sample beside them (the text of the request); such taps stand behind the others.
 */
public final class Activations {
    private final List<Tap> taps;
    private final int rows;
    private final float[][] values;
    private final int[] samples;
    private final IntFunction<float[]> source;
    private final IntFunction<float[]> before;

    private Activations(
            List<Tap> taps,
            int rows,
            float[][] values,
            int[] samples,
            IntFunction<float[]> source) {
        this(taps, rows, values, samples, source, sample -> null);
    }

    private Activations(
            List<Tap> taps,
            int rows,
            float[][] values,
            int[] samples,
            IntFunction<float[]> source,
            IntFunction<float[]> before) {
        this.before = before;
        this.taps = List.copyOf(taps);
        this.rows = rows;
        this.values = values;
        this.samples = samples;
        this.source = source;
    }

    /**
     * Wraps rows that are one sample each.
     *
     * @param values per tap rows x dimension, row-major; kept, not copied
     * @throws IllegalArgumentException if sizes differ or a value is not finite
     */
    public static Activations of(List<Tap> taps, float[][] values) {
        return of(taps, values, null);
    }

    /**
     * Wraps rows of which several may belong to one sample.
     *
     * @param values per tap rows x dimension, or samples x dimension where a sample has one row
     * @param samples the sample of each row, ascending from 0 without gaps; null if rows are
     *     samples
     * @throws IllegalArgumentException if sizes differ or a value is not finite
     */
    public static Activations of(List<Tap> taps, float[][] values, int[] samples) {
        if (taps.isEmpty() || taps.size() != values.length) {
            throw new IllegalArgumentException(
                    "activations: one array per tap and at least one tap, found "
                            + taps.size()
                            + " taps and "
                            + values.length
                            + " arrays");
        }
        checkOrder(taps);
        int rows = values[0].length / taps.get(0).dimension();
        if (samples != null) {
            checkSamples(samples, rows);
        }
        Activations all = new Activations(taps, rows, values, samples, null);
        for (int t = 0; t < values.length; t++) {
            check(taps.get(t), values[t], taps.get(t).ofSample() ? all.samples() : rows);
        }
        return all;
    }

    /**
     * Wraps taps in the order of the model of which some may have one row per sample: where samples
     * have several of the others those go behind them, else they are taps like the others.
     *
     * @param tokens whether samples have several rows, here or in what these are to be compared
     *     with
     */
    public static Activations joined(
            List<Tap> taps, float[][] values, int[] samples, boolean tokens) {
        if (!tokens) {
            return of(taps.stream().map(Tap::ofRows).toList(), values, samples);
        }
        List<Tap> ordered = new ArrayList<>();
        float[][] own = new float[values.length][];
        for (int at : Tap.order(taps)) {
            own[ordered.size()] = values[at];
            ordered.add(taps.get(at));
        }
        return of(ordered, own, samples);
    }

    private static void checkOrder(List<Tap> taps) {
        int layers = Tap.ofRows(taps).size();
        if (layers == 0 || !Tap.ofRows(taps.subList(layers, taps.size())).isEmpty()) {
            throw new IllegalArgumentException(
                    "activations: taps with one row per sample behind the others expected, and one"
                            + " other at least; found "
                            + taps);
        }
    }

    /**
     * Wraps rows whose values are fetched when first asked for, so that taps nobody reads cost
     * nothing.
     *
     * @param samples as in {@link #of(List, float[][], int[])}; not empty
     * @param source returns finite values of a tap, rows x dimension row-major, or samples x
     *     dimension where a sample has one row; maybe followed by others
     */
    public static Activations lazy(List<Tap> taps, int[] samples, IntFunction<float[]> source) {
        checkOrder(taps);
        checkSamples(samples, samples.length);
        return new Activations(
                taps, samples.length, new float[taps.size()][], samples.clone(), source);
    }

    /**
     * Returns the same rows, of which some belong to samples that began before.
     *
     * @param before returns the logits of the row before the first one of a sample here, as wide as
     *     the logits tapped; null where it begins here
     */
    public Activations after(IntFunction<float[]> before) {
        return new Activations(taps, rows, values, samples, source, before);
    }

    private static void check(Tap tap, float[] values, int rows) {
        if (values.length != (long) rows * tap.dimension()) {
            throw new IllegalArgumentException(
                    "activations of '"
                            + tap.name()
                            + "': "
                            + rows
                            + " rows of "
                            + tap.dimension()
                            + " expected, found "
                            + values.length
                            + " values");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "activations of '"
                                + tap.name()
                                + "': finite values required, found "
                                + values[i]
                                + " in row "
                                + i / tap.dimension()
                                + ", column "
                                + i % tap.dimension());
            }
        }
    }

    private static void checkSamples(int[] samples, int rows) {
        if (samples.length != rows) {
            throw new IllegalArgumentException(
                    "samples: one per row (" + rows + "), found " + samples.length);
        }
        for (int i = 0; i < rows; i++) {
            int least = i == 0 ? 0 : samples[i - 1];
            int most = i == 0 ? 0 : least + 1;
            if (samples[i] < least || samples[i] > most) {
                throw new IllegalArgumentException(
                        "samples: ascending from 0 without gaps, found "
                                + samples[i]
                                + " in row "
                                + i);
            }
        }
    }

    /** Returns the taps in the order of the model. */
    public List<Tap> taps() {
        return taps;
    }

    /** Returns the number of rows. */
    public int rows() {
        return rows;
    }

    /**
     * Returns the values of a tap, rows x dimension row-major, or samples x dimension where a
     * sample has one row; maybe followed by others. Not a copy.
     */
    public float[] values(int tap) {
        if (values[tap] == null) {
            values[tap] = source.apply(tap);
        }
        return values[tap];
    }

    /** Returns which row of a tap's values is that of a row. */
    public int place(int tap, int row) {
        return taps.get(tap).ofSample() ? sampleOf(row) : row;
    }

    /** Returns the sample a row belongs to. */
    public int sampleOf(int row) {
        return samples == null ? row : samples[row];
    }

    /** Returns the logits of the row before the first one of a sample, null where none was. */
    public float[] before(int sample) {
        return before.apply(sample);
    }

    /** Returns the number of samples. */
    public int samples() {
        return samples == null || rows == 0 ? rows : samples[rows - 1] + 1;
    }

    /** Returns the index of the tap with a role, or -1. */
    public int indexOf(TapRole role) {
        for (int t = taps.size() - 1; t >= 0; t--) {
            if (taps.get(t).role() == role) {
                return t;
            }
        }
        return -1;
    }

    /**
     * Returns the same rows with some of the taps, which must be among these.
     *
     * @throws IllegalArgumentException if one is not
     */
    public Activations only(List<Tap> wanted) {
        float[][] kept = new float[wanted.size()][];
        for (int t = 0; t < kept.length; t++) {
            int at = taps.indexOf(wanted.get(t));
            if (at < 0) {
                throw new IllegalArgumentException(
                        "activations: a tap " + wanted.get(t) + " required among " + taps);
            }
            kept[t] = values(at);
        }
        return new Activations(wanted, rows, kept, samples, null);
    }

    /** Returns the rows of the samples named, in that order. */
    public Activations select(int[] chosen) {
        if (samples == null) {
            return new Activations(taps, chosen.length, gather(chosen, chosen), null, null);
        }
        int[] start = new int[samples() + 1];
        for (int row = 0; row < rows; row++) {
            start[samples[row] + 1]++;
        }
        for (int s = 0; s < samples(); s++) {
            start[s + 1] += start[s];
        }
        int total = Arrays.stream(chosen).map(s -> start[s + 1] - start[s]).sum();
        int[] from = new int[total];
        int[] owner = new int[total];
        int at = 0;
        for (int i = 0; i < chosen.length; i++) {
            for (int row = start[chosen[i]]; row < start[chosen[i] + 1]; row++) {
                from[at] = row;
                owner[at++] = i;
            }
        }
        return new Activations(taps, total, gather(from, chosen), owner, null);
    }

    private float[][] gather(int[] fromRows, int[] fromSamples) {
        float[][] selected = new float[values.length][];
        for (int t = 0; t < values.length; t++) {
            int d = taps.get(t).dimension();
            int[] from = taps.get(t).ofSample() ? fromSamples : fromRows;
            selected[t] = new float[from.length * d];
            for (int i = 0; i < from.length; i++) {
                System.arraycopy(values(t), from[i] * d, selected[t], i * d, d);
            }
        }
        return selected;
    }
}
