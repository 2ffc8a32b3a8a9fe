package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.kernel.Workspace;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.lang.management.ManagementFactory;
import java.nio.DoubleBuffer;
import java.util.Arrays;

/**
 * Measures a sketch against the machine's own limits and against the algorithms it replaces, all on
 * the same rows in one run.
 */
public final class KernelBench {
    /**
     * Power iterations on the error matrix; a handful of vectors makes close eigenvalues harmless.
     */
    private static final int ITERATIONS = 12;

    private static final long WARM_UP_NANOS = 1_000_000_000L;

    private static final int VECTORS = 4;

    /** Rows for the slow peers: enough for several steps of each. */
    private static final long PEER_ROWS = 4096;

    private final KernelBenchOptions options;
    private final SketchKind kind;
    private final BenchRows rows;
    private final RowBlock block;
    private final Clock clock;

    private KernelBench(KernelBenchOptions options) {
        this.options = options;
        this.clock = Clock.of(options.provider());
        this.kind = options.sketch().resolve(options.dimension());
        int n = options.sketch().blockRows();
        int multiple = lcm(n, HostPeers.StackedSvd.BATCH);
        this.rows =
                new BenchRows(
                        options.dimension(),
                        options.rows(),
                        multiple,
                        options.elementType(),
                        options.seed());
        this.block = new RowBlock(n, options.dimension());
    }

    private static int lcm(int a, int b) {
        int x = a;
        int y = b;
        while (y != 0) {
            int rest = x % y;
            x = y;
            y = rest;
        }
        return a / x * b;
    }

    /** Runs the benchmark; takes about as long as the rows need, plus the peers. */
    public static KernelBenchReport run(KernelBenchOptions options) {
        return run(options, WARM_UP_NANOS);
    }

    static KernelBenchReport run(KernelBenchOptions options, long warmUpNanos) {
        try (TimedKernels kernels =
                        new TimedKernels(
                                KernelProviders.open(options.provider()),
                                Clock.of(options.provider()));
                Kernels host = KernelProviders.open(KernelChoice.HOST)) {
            return new KernelBench(options).measure(kernels, host, warmUpNanos);
        }
    }

    private KernelBenchReport measure(TimedKernels kernels, Kernels host, long warmUpNanos) {
        double fp32 = HostPeers.gemmFp32Gflops();
        double fp64 = HostPeers.gemmFp64Gflops();
        int d = options.dimension();
        int n = block.capacity();
        long passes = Math.max(1, options.rows() / rows.count());
        long total = passes * rows.count();
        warmUp(kernels, warmUpNanos);
        try (SecondMomentSketch sketch = Sketches.create(options.sketch(), d, kernels)) {
            long eigenBefore = kernels.eigenNanos();
            long allocatedBefore = allocated();
            long start = clock.nanos();
            feed(sketch, 0, total);
            double seconds = (clock.nanos() - start) / 1e9;
            double allocation = (allocated() - allocatedBefore) / (double) (total / n);
            double eigen = (kernels.eigenNanos() - eigenBefore) / 1e9;
            double rate = total / seconds;
            Ledger ledger = sketch.ledger();
            double syrk =
                    kind == SketchKind.EXACT
                            ? HostPeers.symmetricProductRowsPerSecond(n, d, total)
                            : 0;
            Peer stacked = options.peers() ? stackedSvd(host) : new Peer(0, 0);
            return new KernelBenchReport(
                    kernels.description().provider(),
                    kernels.description().coreName(),
                    kind.name(),
                    d,
                    options.sketch().sketchRows(),
                    n,
                    total,
                    rate,
                    eigen / seconds,
                    fp32,
                    fp64,
                    rate * flopsPerRow() / 1e9 / fp64,
                    syrk,
                    syrk == 0 ? 0 : rate / syrk,
                    error(host, rows.count(), passes, ledger.energy(), sketch::multiply),
                    (ledger.deltaPlus() + ledger.roundoff()) / ledger.energy(),
                    ledger.roundoff() / ledger.energy(),
                    overDouble(kernels, warmUpNanos),
                    stacked.rowsPerSecond(),
                    stacked.error(),
                    options.peers() && kind == SketchKind.FREQUENT_DIRECTIONS ? rowBuffered() : 0,
                    allocation,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0);
        }
    }

    /** How many times as fast products that may be fp32 make it, 0 where there are none. */
    private double overDouble(Kernels kernels, long warmUpNanos) {
        SketchOptions sketch = options.sketch();
        if (kind != SketchKind.EXACT || sketch.rounding() == 0) {
            return 0;
        }
        Turns turns = new Turns(warmUpNanos / 20, 4, 31);
        double[] ratios = new double[turns.count()];
        try (SecondMomentSketch own = Sketches.create(sketch, options.dimension(), kernels);
                SecondMomentSketch other =
                        Sketches.create(sketch.withRounding(0), options.dimension(), kernels)) {
            for (int turn = -turns.warmUp(); turn < turns.count(); turn++) {
                double single = turns.nanosPerRun(clock, () -> feed(own, 0, block.capacity()));
                double whole = turns.nanosPerRun(clock, () -> feed(other, 0, block.capacity()));
                if (turn >= 0) {
                    ratios[turn] = whole / single;
                }
            }
        }
        Arrays.sort(ratios);
        return ratios[turns.count() / 2];
    }

    private void feed(SecondMomentSketch sketch, long from, long to) {
        for (long row = from; row < to; row += block.capacity()) {
            rows.next(block, row);
            sketch.update(block);
        }
    }

    /** Enough updates for the compiler and for a full sketch. */
    private void warmUp(Kernels kernels, long nanos) {
        try (SecondMomentSketch sketch =
                Sketches.create(options.sketch(), options.dimension(), kernels)) {
            long until = System.nanoTime() + nanos;
            for (long row = 0; System.nanoTime() < until; row += block.capacity()) {
                rows.next(block, row);
                sketch.update(block);
            }
        }
    }

    /** Matrix products an update cannot do without, per row. */
    private double flopsPerRow() {
        double d = options.dimension();
        if (kind == SketchKind.EXACT) {
            return d * (d + 1);
        }
        double l = options.sketch().sketchRows();
        double n = block.capacity();
        return (2 * l * n * d + n * (n + 1) * d + 2 * l * (l + n) * d) / n;
    }

    private static long allocated() {
        java.lang.management.ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads instanceof com.sun.management.ThreadMXBean sun
                ? sun.getCurrentThreadAllocatedBytes()
                : 0;
    }

    private record Peer(double rowsPerSecond, double error) {}

    private Peer stackedSvd(Kernels host) {
        int d = options.dimension();
        HostPeers.StackedSvd peer = new HostPeers.StackedSvd(d);
        RowBlock batch = new RowBlock(HostPeers.StackedSvd.BATCH, d);
        int batches = (int) Math.max(1, Math.min(PEER_ROWS, rows.count()) / batch.capacity());
        long start = 0;
        for (int i = 0; i < batches; i++) {
            if (i == 1) {
                // The first batch has no components to stack.
                start = Clock.CPU.nanos();
            }
            rows.next(batch, (long) i * batch.capacity());
            peer.update(batch);
        }
        double seconds = (Clock.CPU.nanos() - start) / 1e9;
        int measured = batches * batch.capacity();
        double rate = batches < 2 ? 0 : (measured - batch.capacity()) / seconds;
        DoubleBuffer directions = peer.directions();
        int k = peer.components();
        DoubleBuffer along = Workspace.allocate((long) VECTORS * k);
        Product product =
                (g, vectors, out) -> {
                    host.cross(g, k, d, vectors, directions, along, 0, k);
                    host.rotate(g, k, d, along, 0, k, directions, false, out);
                };
        return new Peer(rate, error(host, measured, 1, 0, product));
    }

    private double rowBuffered() {
        int d = options.dimension();
        HostPeers.RowBuffered peer = new HostPeers.RowBuffered(options.sketch().sketchRows(), d);
        long total = Math.min(PEER_ROWS, rows.count());
        long start = Clock.CPU.nanos();
        for (long row = 0; row < total; row += block.capacity()) {
            rows.next(block, row);
            peer.update(block);
        }
        return total / ((Clock.CPU.nanos() - start) / 1e9);
    }

    private interface Product {
        void multiply(int k, DoubleBuffer vectors, DoubleBuffer out);
    }

    /**
     * Estimates |A^T A - B^T B|_2 / F from below by block power iteration on the first {@code
     * count} rows of the pool, each counted {@code weight} times.
     *
     * @param energy F, or 0 to take it from the rows
     */
    private double error(Kernels host, int count, long weight, double energy, Product held) {
        int d = options.dimension();
        DoubleBuffer mean = Workspace.allocate(d);
        for (int row = 0; row < count; row += block.capacity()) {
            rows.next(block, row);
            DoubleBuffer x = block.values();
            for (int i = 0; i < block.rows() * d; i++) {
                mean.put(i % d, mean.get(i % d) + x.get(i) / count);
            }
        }
        int g = Math.min(VECTORS, d);
        DoubleBuffer vectors = host.workspace().gaussian(g, d, options.seed());
        DoubleBuffer image = Workspace.allocate((long) g * d);
        DoubleBuffer other = Workspace.allocate((long) g * d);
        DoubleBuffer along = Workspace.allocate((long) g * block.capacity());
        double largest = 0;
        double total = 0;
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            orthonormalise(vectors, g, d);
            for (int i = 0; i < g * d; i++) {
                image.put(i, 0);
            }
            total = 0;
            for (int row = 0; row < count; row += block.capacity()) {
                rows.next(block, row);
                DoubleBuffer x = block.values();
                int n = block.rows();
                for (int i = 0; i < n * d; i++) {
                    x.put(i, x.get(i) - mean.get(i % d));
                }
                total += host.sumOfSquares(n * d, x);
                host.cross(g, n, d, vectors, x, along, 0, n);
                host.rotate(g, n, d, along, 0, n, x, true, image);
            }
            held.multiply(g, vectors, other);
            largest = 0;
            for (int i = 0; i < g; i++) {
                double rayleigh = 0;
                for (int j = i * d; j < (i + 1) * d; j++) {
                    image.put(j, weight * image.get(j) - other.get(j));
                    rayleigh += image.get(j) * vectors.get(j);
                }
                largest = Math.max(largest, Math.abs(rayleigh));
            }
            vectors.put(0, image, 0, g * d);
        }
        return largest / (energy > 0 ? energy : weight * total);
    }

    private static void orthonormalise(DoubleBuffer vectors, int g, int d) {
        for (int i = 0; i < g; i++) {
            for (int k = 0; k < i; k++) {
                double along = 0;
                for (int j = 0; j < d; j++) {
                    along += vectors.get(i * d + j) * vectors.get(k * d + j);
                }
                for (int j = 0; j < d; j++) {
                    vectors.put(i * d + j, vectors.get(i * d + j) - along * vectors.get(k * d + j));
                }
            }
            double square = 0;
            for (int j = 0; j < d; j++) {
                square += vectors.get(i * d + j) * vectors.get(i * d + j);
            }
            double scale = square > 0 ? 1 / Math.sqrt(square) : 0;
            for (int j = 0; j < d; j++) {
                vectors.put(i * d + j, scale * vectors.get(i * d + j));
            }
        }
    }
}
