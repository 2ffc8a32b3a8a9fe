package io.spectrawatch.ingest.service;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that died, because brokers fail and come back and every step is
 * transactional; gives up when threads die faster than that explains.
 */
final class FailurePolicy implements StreamsUncaughtExceptionHandler {

    static final int ALLOWED_FAILURES = 5;
    static final long WINDOW_NANOS = 5L * 60 * 1_000_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(FailurePolicy.class);

    private final LongSupplier nanoTime;
    private final Deque<Long> failures = new ArrayDeque<>();
    private final AtomicReference<Throwable> last = new AtomicReference<>();

    FailurePolicy(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The last failure of a stream thread, or null. */
    Throwable last() {
        return last.get();
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable failure) {
        last.set(failure);
        long now = nanoTime.getAsLong();
        failures.addLast(now);
        while (now - failures.getFirst() > WINDOW_NANOS) {
            failures.removeFirst();
        }
        if (failure instanceof Error || failures.size() > ALLOWED_FAILURES) {
            LOG.error("ingest stops after {} failures of its threads", failures.size(), failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.warn("a stream thread failed and is replaced", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
}
