package io.spectrawatch.spectral.detect.reference;

import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.linalg.Matrix;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Rows as the scores see them.
 *
 * <p>A tap is projected when the first score asks for it, so that scores without weight cost
 * nothing; class distances are kept once computed, because three scores read them.
 */
public final class Projected {
    private final Kernels kernels;
    private final int rows;
    private final IntFunction<Window.Coordinates> projection;
    private final Window.Coordinates[] projected;
    private final Matrix logits;
    private final Supplier<Matrix> embeddingRows;
    private Matrix embedding;
    private final int[] samples;
    private final int[] predicted;
    private final IntFunction<double[]> before;
    private final RawRows raw;
    private final Matrix[] classDistances;
    private final Map<Object, Object> kept = new IdentityHashMap<>();
    private final Map<Object, Object> lasting;

    /** Rows of taps as they were captured. */
    @FunctionalInterface
    public interface RawRows {
        /** Copies a row of a tap. */
        void copy(int tap, int row, double[] out);
    }

    /**
     * @param lasting what owners keep from block to block of as many rows, by owner
     */
    public Projected(
            Kernels kernels,
            int rows,
            int taps,
            IntFunction<Window.Coordinates> projection,
            Matrix logits,
            Supplier<Matrix> embeddingRows,
            int[] samples,
            int[] predicted,
            IntFunction<double[]> before,
            RawRows raw,
            Map<Object, Object> lasting) {
        this.kernels = kernels;
        this.rows = rows;
        this.projection = projection;
        this.projected = new Window.Coordinates[taps];
        this.logits = logits;
        this.embeddingRows = embeddingRows;
        this.samples = samples;
        this.predicted = predicted;
        this.before = before;
        this.raw = raw;
        this.lasting = lasting;
        this.classDistances = new Matrix[taps];
    }

    private Window.Coordinates tap(int tap) {
        if (projected[tap] == null) {
            projected[tap] = projection.apply(tap);
        }
        return projected[tap];
    }

    public Kernels kernels() {
        return kernels;
    }

    public int rows() {
        return rows;
    }

    /** Window coordinates of a tap, about the reference mean; contrasts for the logits. */
    public Matrix coordinates(int tap) {
        return tap(tap).inside();
    }

    /** Squared distance of each row from the window of a tap. */
    public double[] residual(int tap) {
        return tap(tap).residual();
    }

    /** Returns which rows are the first of a sample here. */
    public int[] firstOfSamples() {
        return IntStream.range(0, rows).filter(this::isFirstOfSample).toArray();
    }

    /** Returns whether no row of the same sample comes before a row here. */
    public boolean isFirstOfSample(int row) {
        return row == 0 || samples[row] != samples[row - 1];
    }

    /**
     * Copies a row of a tap as it was captured, as wide as the tap: its own, or that of its sample.
     */
    public void raw(int tap, int row, double[] out) {
        raw.copy(tap, row, out);
    }

    /** Raw logits, null if none are tapped. */
    public Matrix logits() {
        return logits;
    }

    /** Raw embedding, null if none is tapped. */
    public Matrix embedding() {
        if (embedding == null) {
            embedding = embeddingRows.get();
        }
        return embedding;
    }

    /** The sample of each row. */
    public int[] samples() {
        return samples;
    }

    /**
     * The logits of the row before one that is the first of its sample in this block; null where
     * the sample begins with it.
     */
    public double[] before(int row) {
        return before.apply(row);
    }

    /** The predicted class of each row, 0 where classes are pooled. */
    public int[] predicted() {
        return predicted;
    }

    /** Returns what the owner has computed of these rows, once for all scores that read it. */
    public <T> T kept(Object owner, Supplier<T> compute) {
        return in(kept, owner, compute);
    }

    /**
     * Returns what the owner needs to look at as many rows as here, made once for all blocks of a
     * {@link Projector}; for one thread at a time.
     */
    public <T> T lasting(Object owner, Supplier<T> make) {
        return in(lasting, owner, make);
    }

    private static <T> T in(Map<Object, Object> map, Object owner, Supplier<T> make) {
        @SuppressWarnings("unchecked") // an owner keeps one type
        T found = (T) map.get(owner);
        if (found == null) {
            found = make.get();
            map.put(owner, found);
        }
        return found;
    }

    public Matrix classDistances(int tap, LayerModel model) {
        if (classDistances[tap] == null) {
            classDistances[tap] = model.classDistances(kernels, coordinates(tap));
        }
        return classDistances[tap];
    }
}
