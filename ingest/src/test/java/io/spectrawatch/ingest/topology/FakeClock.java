package io.spectrawatch.ingest.topology;

import io.spectrawatch.ingest.clock.IngestClock;

/** A clock that a test sets. */
public final class FakeClock implements IngestClock {

    public long now;

    @Override
    public long nowMicros() {
        return now;
    }
}
