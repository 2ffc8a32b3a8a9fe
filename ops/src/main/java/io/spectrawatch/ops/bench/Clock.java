package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.kernel.KernelChoice;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.LongSupplier;

/** Where time comes from. */
final class Clock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /**
     * CPU time of the calling thread: on the host one thread does all, and a busy machine measures
     * alike.
     */
    static final Clock CPU = new Clock(THREADS::getCurrentThreadCpuTime);

    /** Elapsed time, for work on a device. */
    static final Clock WALL = new Clock(System::nanoTime);

    private final LongSupplier nanos;

    private Clock(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Returns what measures kernels of a provider. */
    static Clock of(KernelChoice provider) {
        return provider == KernelChoice.HOST ? CPU : WALL;
    }

    long nanos() {
        return nanos.getAsLong();
    }
}
