package io.spectrawatch.spectral.sequential;

/**
 * Shares of one fleet-wide level: if stream s alarms at evidence 1/(alpha w_s) and the w_s sum to
 * at most 1, the probability of any false alarm in the fleet is at most alpha under any dependence
 * (Ville's inequality and the union bound).
 */
public final class StreamWeights {
    private StreamWeights() {}

    /**
     * Returns the share of each of a known number of streams.
     *
     * @param streams at least 1
     */
    public static double equal(int streams) {
        if (streams < 1) {
            throw new IllegalArgumentException(
                    "stream weights: at least one stream expected, found " + streams);
        }
        return 1.0 / streams;
    }

    /**
     * Returns the share 1/(i (i + 1)) of stream i = 1, 2, ... of a fleet whose size is not known in
     * advance.
     */
    public static double spending(int index) {
        if (index < 1) {
            throw new IllegalArgumentException(
                    "stream weights: an index from 1 expected, found " + index);
        }
        return 1.0 / ((double) index * (index + 1.0));
    }
}
