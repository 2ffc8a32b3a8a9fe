package io.spectrawatch.ingest.topology;

/** A clock that a test sets. */
final class FakeClock implements IngestClock {

    long now;

    @Override
    public long nowMicros() {
        return now;
    }
}
