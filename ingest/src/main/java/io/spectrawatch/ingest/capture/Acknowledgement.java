package io.spectrawatch.ingest.capture;

/** Hears what became of each snapshot that was taken into the buffer. */
@FunctionalInterface
public interface Acknowledgement {

    /**
     * Called once per snapshot, on a thread that must not be held up.
     *
     * @param sequence the snapshot's
     * @param capturedAt the snapshot's, microseconds
     * @param failure null if the broker has it
     */
    void completed(long sequence, long capturedAt, Exception failure);
}
