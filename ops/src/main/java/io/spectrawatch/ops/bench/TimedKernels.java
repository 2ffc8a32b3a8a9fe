package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.kernel.BlockStep;
import io.spectrawatch.spectral.kernel.KernelDescription;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.WindowStep;
import io.spectrawatch.spectral.kernel.Workspace;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/** Kernels that note the time spent in the eigenproblem. */
final class TimedKernels implements Kernels {
    private final Kernels kernels;
    private final Clock clock;
    private long eigenNanos;

    TimedKernels(Kernels kernels, Clock clock) {
        this.kernels = kernels;
        this.clock = clock;
    }

    long eigenNanos() {
        return eigenNanos;
    }

    @Override
    public KernelDescription description() {
        return kernels.description();
    }

    @Override
    public int singleChunk(int d) {
        return kernels.singleChunk(d);
    }

    @Override
    public Workspace workspace() {
        return kernels.workspace();
    }

    @Override
    public double blockProducts(
            BlockStep step, int rank, DoubleBuffer directions, DoubleBuffer gram) {
        return kernels.blockProducts(step, rank, directions, gram);
    }

    @Override
    public void blockRotate(
            BlockStep step,
            int k,
            int rank,
            DoubleBuffer directions,
            DoubleBuffer weights,
            DoubleBuffer out) {
        kernels.blockRotate(step, k, rank, directions, weights, out);
    }

    @Override
    public double blockMoment(BlockStep step, double keep, double most, DoubleBuffer moment) {
        return kernels.blockMoment(step, keep, most, moment);
    }

    @Override
    public void blockProbes(BlockStep step, int g, DoubleBuffer probes, DoubleBuffer products) {
        kernels.blockProbes(step, g, probes, products);
    }

    @Override
    public double sumOfSquares(int count, DoubleBuffer x) {
        return kernels.sumOfSquares(count, x);
    }

    @Override
    public void gram(int n, int d, DoubleBuffer a, DoubleBuffer g, int at, int ld) {
        kernels.gram(n, d, a, g, at, ld);
    }

    @Override
    public void cross(
            int m, int n, int d, DoubleBuffer a, DoubleBuffer b, DoubleBuffer out, int at, int ld) {
        kernels.cross(m, n, d, a, b, out, at, ld);
    }

    @Override
    public void addMoment(int n, int d, DoubleBuffer a, DoubleBuffer moment) {
        kernels.addMoment(n, d, a, moment);
    }

    @Override
    public void rotate(
            int k,
            int m,
            int d,
            DoubleBuffer w,
            int at,
            int ld,
            DoubleBuffer rows,
            boolean add,
            DoubleBuffer out) {
        kernels.rotate(k, m, d, w, at, ld, rows, add, out);
    }

    @Override
    public void singleProduct(int k, int m, int d, float[] w, FloatBuffer rows, float[] out) {
        kernels.singleProduct(k, m, d, w, rows, out);
    }

    @Override
    public void coordinates(
            int n, int d, int k, DoubleBuffer rows, DoubleBuffer directions, DoubleBuffer out) {
        kernels.coordinates(n, d, k, rows, directions, out);
    }

    @Override
    public void project(WindowStep step) {
        kernels.project(step);
    }

    @Override
    public void crossMoment(int k, int m, int n, DoubleBuffer a, DoubleBuffer b, DoubleBuffer out) {
        kernels.crossMoment(k, m, n, a, b, out);
    }

    @Override
    public void eigen(int m, DoubleBuffer a, DoubleBuffer values) {
        long start = clock.nanos();
        kernels.eigen(m, a, values);
        eigenNanos += clock.nanos() - start;
    }

    @Override
    public void leadingEigen(int m, int k, DoubleBuffer a, DoubleBuffer values) {
        long start = clock.nanos();
        kernels.leadingEigen(m, k, a, values);
        eigenNanos += clock.nanos() - start;
    }

    @Override
    public void close() {
        kernels.close();
    }
}
