package io.spectrawatch.spectral.detect;

import java.util.List;

/**
 * How many samples of one pane exceeded the tolerance limit.
 *
 * @param samples samples scored
 * @param exceedances exceedances among them
 * @param clients the clients that sent most, in the order of {@link HeavyHitters#merge}
 */
public record PaneExceedances(long samples, long exceedances, List<HeavyHitters.Entry> clients) {
    /** Checks the counts. */
    public PaneExceedances {
        if (exceedances < 0 || exceedances > samples) {
            throw new IllegalArgumentException(
                    "pane: 0 to " + samples + " exceedances expected, found " + exceedances);
        }
        clients = List.copyOf(clients);
    }
}
