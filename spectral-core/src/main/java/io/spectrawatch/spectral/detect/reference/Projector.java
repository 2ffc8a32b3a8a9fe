package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Arena;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Turns activations into what the scores read: window coordinates, logits, predicted classes. */
public final class Projector {
    /** More columns than this are a vocabulary, not classes. */
    public static final int MAXIMUM_CLASSES = 4096;

    private final List<Tap> taps;
    private final Kernels kernels;
    private final Arena arena;

    /** What owners keep from block to block, as long as blocks have as many rows. */
    private Map<Object, Object> lasting = new IdentityHashMap<>();

    private int lastingRows;

    /**
     * Creates a projector.
     *
     * @param arena where the results live, null for memory of their own
     */
    public Projector(List<Tap> taps, Kernels kernels, Arena arena) {
        this.taps = taps;
        this.kernels = kernels;
        this.arena = arena;
    }

    /** Returns the number of classes the taps offer; 1 pools everything. */
    public static int classes(List<Tap> taps, Activations reference, int rowsPerClass) {
        int logits = reference.indexOf(TapRole.LOGITS);
        if (logits < 0) {
            return 1;
        }
        int columns = taps.get(logits).dimension();
        boolean few = columns > 1 && columns <= MAXIMUM_CLASSES;
        return few && reference.rows() >= (long) columns * rowsPerClass ? columns : 1;
    }

    /** Projects rows {@code from} to {@code from + count}. */
    public Projected project(Activations rows, Window[] windows, int classes, int from, int count) {
        return project(rows, windows, classes, from, count, count);
    }

    /**
     * Projects rows into a block of a fixed size; the rows beyond {@code count} repeat the first.
     *
     * @param windows per tap, null for the logits and what a sample has one row of
     * @param classes number of classes, 1 to pool
     */
    public Projected project(
            Activations rows, Window[] windows, int classes, int from, int count, int size) {
        if (size != lastingRows) {
            lasting = new IdentityHashMap<>();
            lastingRows = size;
        }
        Matrix logits = copy(rows, TapRole.LOGITS, from, count, size);
        int[] owner = new int[size];
        for (int i = 0; i < size; i++) {
            owner[i] = rows.sampleOf(i < count ? from + i : from);
        }
        return new Projected(
                kernels,
                size,
                taps.size(),
                t ->
                        windows[t] == null
                                ? new Window.Coordinates(contrasts(logits), all -> new double[size])
                                : windows[t].project(
                                        kernels, arena, rows.values(t), from, count, size),
                logits,
                () -> copy(rows, TapRole.EMBEDDING, from, count, size),
                owner,
                predicted(logits, size, classes),
                i -> logits == null || i >= count ? null : before(rows, from + i),
                (t, i, out) -> raw(rows, t, i < count ? from + i : from, out),
                lasting);
    }

    /** The logits of the row before one of the same sample, null where it is the first. */
    private static double[] before(Activations rows, int row) {
        if (row > 0 && rows.sampleOf(row - 1) == rows.sampleOf(row)) {
            return logitsOf(rows, row - 1);
        }
        float[] earlier = rows.before(rows.sampleOf(row));
        double[] logits = earlier == null ? null : new double[earlier.length];
        for (int j = 0; earlier != null && j < logits.length; j++) {
            logits[j] = earlier[j];
        }
        return logits;
    }

    private static void raw(Activations rows, int tap, int row, double[] out) {
        float[] values = rows.values(tap);
        int at = rows.place(tap, row) * out.length;
        for (int j = 0; j < out.length; j++) {
            out[j] = values[at + j];
        }
    }

    private static double[] logitsOf(Activations rows, int row) {
        int tap = rows.indexOf(TapRole.LOGITS);
        int d = rows.taps().get(tap).dimension();
        double[] logits = new double[d];
        for (int j = 0; j < d; j++) {
            logits[j] = rows.values(tap)[row * d + j];
        }
        return logits;
    }

    private Matrix copy(Activations rows, TapRole role, int from, int count, int size) {
        int tap = rows.indexOf(role);
        if (tap < 0) {
            return null;
        }
        int d = taps.get(tap).dimension();
        float[] values = rows.values(tap);
        Matrix out = Matrix.in(arena, size, d);
        for (int i = 0; i < size * d; i++) {
            out.data().put(i, values[from * d + (i < count * d ? i : i % d)]);
        }
        return out;
    }

    /**
     * Logits less their mean over the classes, because softmax does not see that mean; the last one
     * follows from the others and is left out.
     */
    private static Matrix contrasts(Matrix logits) {
        int d = logits.columns();
        int kept = contrasts(d);
        Matrix out = logits.sibling(logits.rows(), kept);
        for (int i = 0; i < logits.rows(); i++) {
            double mean = 0;
            for (int j = 0; j < d; j++) {
                mean += logits.get(i, j);
            }
            mean = d == 1 ? 0 : mean / d;
            for (int j = 0; j < kept; j++) {
                out.set(i, j, logits.get(i, j) - mean);
            }
        }
        return out;
    }

    /** Vocabularies enter the transport and the chain with their first columns only. */
    private static final int MAXIMUM_CONTRASTS = 128;

    /** Returns how many contrasts logits of a width have. */
    static int contrasts(int logits) {
        return Math.max(1, Math.min(logits - 1, MAXIMUM_CONTRASTS));
    }

    private static int[] predicted(Matrix logits, int count, int classes) {
        int[] predicted = new int[count];
        if (classes > 1) {
            for (int i = 0; i < count; i++) {
                int best = 0;
                for (int c = 1; c < classes; c++) {
                    best = logits.get(i, c) > logits.get(i, best) ? c : best;
                }
                predicted[i] = best;
            }
        }
        return predicted;
    }
}
