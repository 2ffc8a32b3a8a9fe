package io.spectrawatch.ops.bench;

import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.gsvd.ShadowProfile;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.List;

/**
 * Requests of clients scored in the monitor's order: a call of rows, the shadow of the gain profile
 * beside it, then each request against the last ones of its client; both begin anew with a pane.
 */
final class ScoredStream {
    /** What the monitor keeps by default. */
    private static final int SHADOW_POINTS = 128;

    private static final int REQUESTS_PER_CLIENT = 8;

    private static final int CALLS_PER_PANE = 64;

    private final Detector detector;
    private final Scorer scorer;
    private final List<Activations> calls;
    private final String[] clients;
    private ShadowProfile shadow;
    private ClientPairs pairs;
    private int nextScored;

    /** Counts by itself: who is compared with whom must not depend on how often rows are scored. */
    private int nextMonitored;

    private long requests;
    private long compared;

    ScoredStream(Detector detector, Kernels kernels, List<Activations> calls, int clients) {
        this.detector = detector;
        this.scorer = detector.scorer(kernels);
        this.calls = calls;
        this.clients = new String[clients];
        for (int c = 0; c < clients; c++) {
            this.clients[c] = "client-" + c;
        }
    }

    /** Scores a call and nothing else. */
    void score() {
        scorer.measure(calls.get(nextScored++ % calls.size()));
    }

    /** Scores a call as the monitor does. */
    void monitor() {
        if (nextMonitored % CALLS_PER_PANE == 0 || pairs == null) {
            shadow = detector.profile().shadow(SHADOW_POINTS);
            pairs = detector.clientPairs(clients.length, REQUESTS_PER_CLIENT);
        }
        Activations call = calls.get(nextMonitored++ % calls.size());
        Scored scored = scorer.measure(call, this::mapped);
        for (int i = 0; i < scored.samples(); i++) {
            String client = clients[(int) (requests++ % clients.length)];
            boolean near =
                    pairs.observe(i, client, client, 0, scored.verdict(i).predicted()) != null;
            compared += near ? 1 : 0;
        }
        pairs.clear();
    }

    private void mapped(int sample, double norm, double[] row, double[] images, int at) {
        shadow.update(norm, images, at);
        pairs.row(sample, norm, row, images, at);
    }

    /** Returns the share of the monitored requests that came near an earlier one. */
    double pairShare() {
        return (double) compared / requests;
    }
}
