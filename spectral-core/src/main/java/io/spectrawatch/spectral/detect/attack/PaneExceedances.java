package io.spectrawatch.spectral.detect.attack;

import java.util.List;

/**
 * How many samples of one pane exceeded the tolerance limit.
 *
 * @param samples samples scored
 * @param exceedances exceedances among them
 * @param clients the clients that sent most, in the order of {@link HeavyHitters#merge}
 * @param references calibration samples that the limit rests on, 0 if that is not known
 * @param rank the limit's among them, ascending from 1
 */
public record PaneExceedances(
        long samples,
        long exceedances,
        List<HeavyHitters.Entry> clients,
        int references,
        int rank) {
    /** Checks the counts. */
    public PaneExceedances {
        if (exceedances < 0 || exceedances > samples) {
            throw new IllegalArgumentException(
                    "pane: 0 to " + samples + " exceedances expected, found " + exceedances);
        }
        if (references < 0 || rank < Math.min(1, references) || rank > references) {
            throw new IllegalArgumentException(
                    "pane: a rank among "
                            + references
                            + " calibration samples expected, found "
                            + rank);
        }
        clients = List.copyOf(clients);
    }

    /** A pane of which the calibration is not known: what the options tolerate is taken for it. */
    public PaneExceedances(long samples, long exceedances, List<HeavyHitters.Entry> clients) {
        this(samples, exceedances, clients, 0, 0);
    }

    /** Whether it is known what the limit rests on. */
    boolean calibrated() {
        return references > 0;
    }
}
