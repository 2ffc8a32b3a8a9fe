package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.monitor.config.DetectSettings;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.attack.HeavyHitters;
import io.spectrawatch.spectral.detect.attack.TrailOptions;
import io.spectrawatch.spectral.detect.pairs.NearPair;
import java.util.List;

/**
 * Which clients of one open pane of one model on one shard send long trails of requests, each close
 * to one before. Like the requests themselves, the counts begin anew with every pane.
 */
final class OpenTrails {

    private final HeavyHitters clients;
    private final double logThreshold;

    private OpenTrails(HeavyHitters clients, double logThreshold) {
        this.clients = clients;
        this.logThreshold = logThreshold;
    }

    /**
     * Goes on with a pane; null where trails are not followed. A model without classes answers
     * nothing that a search could turn, and conversations repeat themselves.
     */
    static OpenTrails of(
            ModelInput input,
            Detector detector,
            DetectSettings settings,
            List<HeavyHitters.Entry> counted) {
        TrailOptions options = settings.trails();
        if (!options.followed() || detector.classes() < 2) {
            return null;
        }
        return new OpenTrails(
                HeavyHitters.of(settings.clientsPerShard(), counted),
                options.logThreshold(input.pane().end() - input.pane().start()));
    }

    /**
     * Counts a request.
     *
     * @param pair with an earlier one, null if none is near
     * @return whether it is part of a search: close itself, with enough evidence within the pane
     */
    boolean observe(Sample sample, NearPair pair) {
        String client = ClientNames.ofTenant(sample);
        if (client == null) {
            return false;
        }
        boolean close = pair != null && pair.depth() >= TrailOptions.LEAST_DEPTH;
        HeavyHitters.Entry own = clients.count(client, close);
        return close && TrailOptions.logEvidence(own.samples(), own.exceedances()) >= logThreshold;
    }

    List<HeavyHitters.Entry> entries() {
        return clients.entries();
    }
}
