package io.spectrawatch.ingest.clock;

/**
 * The clock by which an idle shard's time goes on.
 *
 * <p>It must agree with the clock that stamps the records of the activations topic (the brokers',
 * with log append time) to within the configured lateness, and must not go back: when it reads
 * {@code t}, no record may be appended afterwards with a time before {@code t}.
 */
@FunctionalInterface
public interface IngestClock {

    /** Microseconds since the epoch, UTC. */
    long nowMicros();

    /** The machine's clock, for brokers whose clocks are synchronised with it. */
    static IngestClock system() {
        return () -> Math.multiplyExact(System.currentTimeMillis(), 1000L);
    }
}
