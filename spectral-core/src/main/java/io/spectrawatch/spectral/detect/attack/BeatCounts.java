package io.spectrawatch.spectral.detect.attack;

/**
 * What one beat of an open pane holds.
 *
 * @param samples samples scored in the beat
 * @param exceedances those beyond the calibration's limit
 * @param clients clients of the pane so far that sent enough samples to be judged
 * @param clientsExceeding those most of whose samples lie beyond the limit
 */
public record BeatCounts(long samples, long exceedances, long clients, long clientsExceeding) {

    /**
     * @throws IllegalArgumentException if a part exceeds its whole
     */
    public BeatCounts {
        if (exceedances < 0
                || exceedances > samples
                || clientsExceeding < 0
                || clientsExceeding > clients) {
            throw new IllegalArgumentException(
                    "beat: parts of "
                            + samples
                            + " samples and "
                            + clients
                            + " clients expected, found "
                            + exceedances
                            + " and "
                            + clientsExceeding);
        }
    }

    /** The counts of two shards together. */
    public BeatCounts plus(BeatCounts other) {
        return new BeatCounts(
                Math.addExact(samples, other.samples),
                Math.addExact(exceedances, other.exceedances),
                Math.addExact(clients, other.clients),
                Math.addExact(clientsExceeding, other.clientsExceeding));
    }
}
