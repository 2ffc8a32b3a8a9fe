package io.spectrawatch.spectral.detect.attack;

import java.util.Collection;

/**
 * What an alert on all traffic of a model is called.
 *
 * <p>The name is a rule without a probability: an attack comes from some clients among others, a
 * change of what is asked, of a sensor or of the preprocessing shows in nearly all samples of
 * nearly all clients. An attacker who sends nearly everything is called a shift; the alert is
 * raised all the same.
 */
public enum StreamKind {
    /** Part of the traffic lies beyond the limit. */
    UNDER_ATTACK,
    /** Nearly all of it does, whoever sent it. */
    INPUT_SHIFT;

    /** Samples of a client below which its share says nothing. */
    private static final long JUDGED_SAMPLES = 5;

    /** Clients below which all samples are looked at together instead. */
    private static final long ENOUGH_CLIENTS = 3;

    /** Share of all samples below which there is no shift. */
    private static final double MOST = 0.5;

    /** Share of the clients, or of the samples, that stands for nearly all. */
    private static final double NEARLY_ALL = 0.8;

    /**
     * Names an alert on the traffic of a pane so far.
     *
     * @param counts of the pane so far, not of a beat
     */
    public static StreamKind of(BeatCounts counts) {
        double share = (double) counts.exceedances() / counts.samples();
        boolean alike =
                counts.clients() >= ENOUGH_CLIENTS
                        ? share >= MOST
                                && counts.clientsExceeding() >= NEARLY_ALL * counts.clients()
                        : share >= NEARLY_ALL;
        return alike ? INPUT_SHIFT : UNDER_ATTACK;
    }

    /** The counts of a pane or of a part of it, as {@link #of} wants them. */
    public static BeatCounts counts(
            long samples, long exceedances, Collection<HeavyHitters.Entry> clients) {
        long judged = 0;
        long exceeding = 0;
        for (HeavyHitters.Entry each : clients) {
            judged += isJudged(each.samples(), each.exceedances()) ? 1 : 0;
            exceeding += isExceeding(each.samples(), each.exceedances()) ? 1 : 0;
        }
        return new BeatCounts(samples, exceedances, judged, exceeding);
    }

    /** The same of clients that are still being counted. */
    public static BeatCounts counts(long samples, long exceedances, HeavyHitters clients) {
        return new BeatCounts(
                samples,
                exceedances,
                clients.number(StreamKind::isJudged),
                clients.number(StreamKind::isExceeding));
    }

    private static boolean isJudged(long samples, long exceedances) {
        return samples >= JUDGED_SAMPLES;
    }

    private static boolean isExceeding(long samples, long exceedances) {
        return isJudged(samples, exceedances) && exceedances >= MOST * samples;
    }
}
