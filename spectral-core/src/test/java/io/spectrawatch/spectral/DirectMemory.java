package io.spectrawatch.spectral;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/** The direct memory that this process has taken. */
public final class DirectMemory {
    private static final long SETTLING_NANOS = 10_000_000;

    private static final BufferPoolMXBean DIRECT =
            ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .findFirst()
                    .orElseThrow();

    private DirectMemory() {}

    /** Returns what counts it. */
    public static BufferPoolMXBean pool() {
        return DIRECT;
    }

    /** Returns the bytes of its buffers. */
    public static long bytes() {
        return DIRECT.getTotalCapacity();
    }

    /** Returns the bytes of its buffers once nothing of what went before is left to be freed. */
    public static long settled() {
        long before;
        long after = bytes();
        do {
            before = after;
            System.gc();
            LockSupport.parkNanos(SETTLING_NANOS);
            after = bytes();
        } while (after != before);
        return after;
    }
}
