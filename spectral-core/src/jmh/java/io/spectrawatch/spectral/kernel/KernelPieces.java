package io.spectrawatch.spectral.kernel;

import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The pieces of one block update on the host, l = n = 64. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 3, time = 1)
public class KernelPieces {
    private static final int L = 64;
    private static final int N = 64;
    private static final int M = L + N;

    @Param("4096")
    int dimension;

    @Param("FLOAT32")
    ElementType type;

    private Kernels kernels;
    private final BlockStep step = new BlockStep();
    private ByteBuffer raw;
    private DoubleBuffer directions;
    private DoubleBuffer rotated;
    private DoubleBuffer weights;
    private DoubleBuffer gram;
    private DoubleBuffer stack;
    private DoubleBuffer values;

    /** A full sketch of known rows, and a block of others. */
    @Setup
    public void fill() {
        kernels = KernelProviders.open(KernelChoice.HOST);
        Random random = new Random(1);
        raw = ByteBuffer.allocateDirect(N * dimension * type.bytes());
        raw.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < N * dimension * type.bytes() / Short.BYTES; i++) {
            // Finite in every type.
            raw.putShort(Short.BYTES * i, (short) (0x3C00 | random.nextInt(1 << 9)));
        }
        step.block = new RowBlock(N, dimension);
        step.block.append(raw, type, 0, N);
        step.runningMean = Workspace.allocate(dimension);
        step.pull = 0.1;
        directions = gaussian(random, L * dimension);
        rotated = Workspace.allocate((long) L * dimension);
        weights = gaussian(random, L * M);
        stack = Workspace.allocate((long) M * M);
        gram = Workspace.allocate((long) M * M);
        values = Workspace.allocate(M);
        DoubleBuffer rows = gaussian(random, M * dimension);
        for (int i = 0; i < M * dimension; i++) {
            rows.put(i, rows.get(i) * Math.pow(i % dimension + 1, -0.75));
        }
        kernels.gram(M, dimension, rows, stack, 0, M);
    }

    private static DoubleBuffer gaussian(Random random, int elements) {
        DoubleBuffer buffer = Workspace.allocate(elements);
        for (int i = 0; i < elements; i++) {
            buffer.put(i, random.nextGaussian());
        }
        return buffer;
    }

    /** Bytes of a record into the block. */
    @Benchmark
    public int append() {
        step.block.clear();
        return step.block.append(raw, type, 0, N);
    }

    /** Conversion, centring, B X^T and X X^T. */
    @Benchmark
    public double blockProducts() {
        return kernels.blockProducts(step, L, directions, gram);
    }

    /** The same without a sketch to multiply with: conversion, centring and X X^T. */
    @Benchmark
    public double blockProductsAlone() {
        return kernels.blockProducts(step, 0, directions, gram);
    }

    /** {@link #blockProductsAlone}, then W [B; X]. */
    @Benchmark
    public void blockRotate() {
        kernels.blockProducts(step, 0, directions, gram);
        kernels.blockRotate(step, L, L, directions, weights, rotated);
    }

    /** All eigenvalues and vectors. */
    @Benchmark
    public double eigen() {
        gram.put(0, stack, 0, M * M);
        kernels.eigen(M, gram, values);
        return values.get(M - 1);
    }

    /** All eigenvalues and half of the vectors. */
    @Benchmark
    public double leadingEigen() {
        gram.put(0, stack, 0, M * M);
        kernels.leadingEigen(M, L, gram, values);
        return values.get(M - 1);
    }

    /** Releases what was opened. */
    @TearDown
    public void close() {
        kernels.close();
    }
}
