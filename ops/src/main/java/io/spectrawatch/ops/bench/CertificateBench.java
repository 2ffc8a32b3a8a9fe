package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;

/**
 * Measures what certificates add to sketching: a {@link CertifiedChain} does both by turns, so that
 * both meet the same machine.
 */
public final class CertificateBench {
    private static final Turns USUAL = new Turns(100_000_000L, 15, 40);

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
        return measure(report, USUAL);
    }

    KernelBenchReport measure(KernelBenchReport report, Turns turns) {
        try (Kernels kernels = KernelProviders.open(options.provider());
                CertifiedChain chain = new CertifiedChain(options, rank, kernels)) {
            double without = 0;
            double with = 0;
            for (int turn = -turns.warmUp(); turn < turns.count(); turn++) {
                double one = turns.nanosPerRun(clock, chain::sketch) / chain.rowsPerRun();
                double other = turns.nanosPerRun(clock, chain::certify) / chain.rowsPerRun();
                without += turn < 0 ? 0 : one / turns.count();
                with += turn < 0 ? 0 : other / turns.count();
            }
            return report.withCertificates(1e9 / with, with / without - 1);
        }
    }
}
