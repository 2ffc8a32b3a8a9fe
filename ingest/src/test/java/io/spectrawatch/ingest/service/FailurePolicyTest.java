package io.spectrawatch.ingest.service;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailurePolicyTest {

    private final AtomicLong now = new AtomicLong();
    private final FailurePolicy policy = new FailurePolicy(now::get);

    @Test
    void threadsAreReplacedUntilTheyDieTooFast() {
        for (int i = 0; i < FailurePolicy.ALLOWED_FAILURES; i++) {
            assertEquals(REPLACE_THREAD, policy.handle(new IllegalStateException("n" + i)));
        }
        Exception last = new IllegalStateException("last");

        assertEquals(SHUTDOWN_CLIENT, policy.handle(last));
        assertSame(last, policy.last());
    }

    @Test
    void oldFailuresAreForgotten() {
        for (int i = 0; i < 3 * FailurePolicy.ALLOWED_FAILURES; i++) {
            now.addAndGet(FailurePolicy.WINDOW_NANOS / 2);
            assertEquals(REPLACE_THREAD, policy.handle(new IllegalStateException("n" + i)));
        }
    }

    @Test
    void anErrorOfTheMachineStopsAtOnce() {
        assertEquals(SHUTDOWN_CLIENT, policy.handle(new OutOfMemoryError("test")));
    }
}
