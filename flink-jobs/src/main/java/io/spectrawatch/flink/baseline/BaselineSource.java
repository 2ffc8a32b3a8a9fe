package io.spectrawatch.flink.baseline;

import io.spectrawatch.flink.blob.BlobException;
import java.io.IOException;
import java.io.Serializable;

/** Where operators get the baselines whose ids the log names. */
public interface BaselineSource extends Serializable {

    /**
     * Returns the binary form of a baseline, whose SHA-256 is the id.
     *
     * <p>Blocks until the baseline is complete, because a pane waits for its baseline rather than
     * going without.
     *
     * @param baselineId SHA-256 in hex, 64 lower-case digits
     * @return a copy that belongs to the caller
     * @throws BlobException if there is no such baseline in time, or it is damaged; the reason
     *     tells which
     * @throws java.io.InterruptedIOException if the thread is interrupted; it stays so
     * @throws IOException if the baselines cannot be reached
     */
    byte[] load(String baselineId) throws IOException;
}
