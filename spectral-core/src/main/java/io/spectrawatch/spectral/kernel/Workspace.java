package io.spectrawatch.spectral.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Direct fp64 buffers: scratch by role, reused by every sketch of a kernels instance, and
 * long-lived state buffers, taken and given back.
 *
 * <p>Scratch contents are undefined between operations. State buffers are pooled by size, because
 * freeing direct memory waits for the garbage collector while panes open and close all the time. So
 * that ever new sizes do not fill the pool for ever, it is emptied when what is taken and what it
 * holds would pass a limit together.
 */
public final class Workspace {
    /** What a scratch buffer is used for; one operation uses a role once. */
    public enum Role {
        /** Centred rows. */
        ROWS,
        /** Rows about an anchor, kept for whoever wants them next. */
        ANCHORED,
        /** A mean or a difference of means. */
        VECTOR,
        /** What centring subtracts. */
        OFFSET,
        /** The Gram matrix of the stack, then its eigenvectors. */
        GRAM,
        /** Eigenvalues. */
        VALUES,
        /** Rotation coefficients. */
        WEIGHTS,
        /** Eigensolver work space. */
        EIGEN,
        /** A d x d moment. */
        MOMENT,
        /** Probe products. */
        PROBES,
        /** Leading unit directions. */
        UNIT,
        /** Rows without their leading directions. */
        RESIDUAL,
        /**
         * Results that ONNX Runtime returns contiguously, before they are put where they belong.
         */
        GRAPH
    }

    private long limit = Long.MAX_VALUE;
    private long takenBytes;
    private long pooledBytes;
    private DoubleBuffer ones = allocate(0);
    private final DoubleBuffer[] scratch = new DoubleBuffer[Role.values().length];
    private final Map<Integer, ArrayDeque<DoubleBuffer>> pool = new HashMap<>();

    /**
     * The buffer given back last: an update takes one and gives one back, without touching the
     * pool.
     */
    private DoubleBuffer given;

    private final Map<Gaussian, DoubleBuffer> gaussians = new HashMap<>();

    /**
     * Returns the scratch buffer of a role with room for at least {@code elements}, positioned at
     * 0.
     */
    public DoubleBuffer scratch(Role role, int elements) {
        DoubleBuffer buffer = scratch[role.ordinal()];
        if (buffer == null || buffer.capacity() < elements) {
            buffer = allocate(elements);
            scratch[role.ordinal()] = buffer;
        }
        return buffer.clear();
    }

    /** Returns a buffer of at least {@code n} ones, which nobody writes to. */
    DoubleBuffer ones(int n) {
        if (ones.capacity() < n) {
            ones = allocate(n);
            for (int i = 0; i < n; i++) {
                ones.put(i, 1.0);
            }
        }
        return ones;
    }

    /**
     * Sets how many bytes of state buffers may be taken and pooled together; what is taken alone is
     * the caller's to bound.
     */
    public void limit(long bytes) {
        limit = bytes;
    }

    /** Returns the bytes of the state buffers that are taken and not given back. */
    public long takenBytes() {
        return takenBytes;
    }

    /** Returns the bytes of the state buffers that wait to be taken again. */
    public long pooledBytes() {
        return pooledBytes;
    }

    /** Returns a state buffer of exactly {@code elements} with undefined contents. */
    public DoubleBuffer takeUndefined(int elements) {
        long bytes = (long) Double.BYTES * elements;
        takenBytes += bytes;
        DoubleBuffer last = given;
        if (last != null && last.capacity() == elements) {
            given = null;
            pooledBytes -= bytes;
            return last.clear();
        }
        ArrayDeque<DoubleBuffer> free = pool.get(elements);
        if (free != null && !free.isEmpty()) {
            pooledBytes -= bytes;
            return free.pop().clear();
        }
        if (takenBytes + pooledBytes > limit) {
            pool.clear();
            given = null;
            pooledBytes = 0;
        }
        return allocate(elements);
    }

    /** Returns a zeroed state buffer of exactly {@code elements}. */
    public DoubleBuffer take(int elements) {
        DoubleBuffer buffer = takeUndefined(elements);
        for (int i = 0; i < elements; i++) {
            buffer.put(i, 0.0);
        }
        return buffer;
    }

    /**
     * Returns a k x d matrix of standard normal numbers drawn from a seed, shared by all who ask
     * for the same. java.util.Random is specified bit for bit, so every process draws alike.
     */
    public DoubleBuffer gaussian(int k, int d, long seed) {
        return gaussians.computeIfAbsent(
                new Gaussian(k, d, seed),
                key -> {
                    DoubleBuffer values = allocate((long) k * d);
                    Random random = new Random(seed);
                    for (int i = 0; i < k * d; i++) {
                        values.put(i, random.nextGaussian());
                    }
                    return values;
                });
    }

    private record Gaussian(int k, int d, long seed) {}

    /** Gives a state buffer back; the caller must not use it again. */
    public void give(DoubleBuffer buffer) {
        long bytes = (long) Double.BYTES * buffer.capacity();
        takenBytes -= bytes;
        pooledBytes += bytes;
        DoubleBuffer previous = given;
        given = buffer;
        if (previous != null) {
            pool.computeIfAbsent(previous.capacity(), size -> new ArrayDeque<>()).push(previous);
        }
    }

    /**
     * Allocates a direct native-order buffer.
     *
     * @throws IllegalArgumentException if it would exceed 2 GiB
     */
    public static DoubleBuffer allocate(long elements) {
        if (elements < 0 || elements > Integer.MAX_VALUE / Double.BYTES) {
            throw new IllegalArgumentException(
                    "buffer: at most "
                            + Integer.MAX_VALUE / Double.BYTES
                            + " doubles, asked for "
                            + elements);
        }
        return ByteBuffer.allocateDirect((int) elements * Double.BYTES)
                .order(ByteOrder.nativeOrder())
                .asDoubleBuffer();
    }
}
