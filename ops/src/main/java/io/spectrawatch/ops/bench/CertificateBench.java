package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;

/**
 * Measures what certificates add to sketching: a {@link CertifiedChain} does both by turns, so that
 * both meet the same machine.
 */
public final class CertificateBench {
    private static final long TURN_NANOS = 100_000_000L;
    private static final int WARM_UP_TURNS = 15;
    private static final int TURNS = 40;

    private final KernelBenchOptions options;
    private final int rank;
    private final Clock clock;

    /**
     * Creates a benchmark.
     *
     * @param rank k, directions of a window
     * @throws IllegalArgumentException if the rank is not between 1 and what a sketch resolves
     */
    public CertificateBench(KernelBenchOptions options, int rank) {
        int most = Math.min(options.dimension(), options.sketch().sketchRows());
        if (rank < 1 || rank > most) {
            throw new IllegalArgumentException(
                    "bench: windows of 1 to " + most + " directions expected, found " + rank);
        }
        this.options = options;
        this.rank = rank;
        this.clock = Clock.of(options.provider());
    }

    /** Returns the report with the cost of certificates. */
    public KernelBenchReport measure(KernelBenchReport report) {
        try (Kernels kernels = KernelProviders.open(options.provider());
                CertifiedChain chain = new CertifiedChain(options, rank, kernels)) {
            double without = 0;
            double with = 0;
            for (int turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
                double one = nanosPerRow(chain, chain::sketch);
                double other = nanosPerRow(chain, chain::certify);
                without += turn < 0 ? 0 : one / TURNS;
                with += turn < 0 ? 0 : other / TURNS;
            }
            return report.withCertificates(1e9 / with, with / without - 1);
        }
    }

    /** Returns nanoseconds per row and layer. */
    private double nanosPerRow(CertifiedChain chain, Runnable work) {
        long runs = 0;
        long start = clock.nanos();
        long spent = 0;
        while (spent < TURN_NANOS) {
            work.run();
            runs++;
            spent = clock.nanos() - start;
        }
        return (double) spent / runs / chain.rowsPerRun();
    }
}
