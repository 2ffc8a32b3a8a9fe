package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.monitor.config.DetectSettings;
import io.spectrawatch.flink.monitor.message.StateNames;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.combine.MapSums;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.detect.pairs.NearPair;

/**
 * The last requests of the clients in one open pane of one model on one shard. They begin anew with
 * every pane: a pane's records follow from its own input, wherever a replay begins.
 */
final class OpenPairs {

    private static final String STATE_PREFIX = "pairs/";

    private final ModelInput input;
    private final ClientPairs pairs;

    private OpenPairs(ModelInput input, ClientPairs pairs) {
        this.input = input;
        this.pairs = pairs;
    }

    /** Begins a pane; null where requests are not compared. */
    static OpenPairs open(ModelInput input, Detector detector, DetectSettings settings) {
        if (settings.pairRequests() == 0) {
            return null;
        }
        ClientPairs pairs = detector.clientPairs(settings.pairClients(), settings.pairRequests());
        return pairs.calibrated() ? new OpenPairs(input, pairs) : null;
    }

    /** Reads a pane from state; one that state does not know begins here. */
    static OpenPairs restore(
            ModelInput input, Detector detector, DetectSettings settings, ChunkedState state)
            throws Exception {
        OpenPairs opened = open(input, detector, settings);
        byte[] bytes = opened == null ? null : state.get(stateName(input));
        if (bytes != null) {
            opened.pairs.restore(bytes);
        }
        return opened;
    }

    /** Bytes that the remembered requests take at most. */
    long mostBytes() {
        return pairs.mostBytes();
    }

    /** Bytes that the sums of a sample take. */
    long sumBytes() {
        return pairs.sumBytes();
    }

    /** Takes what goes into the profiled map and what comes out of it. */
    void row(MapSums sums, double[] row, double[] images, int at) {
        pairs.add(sums, row, images, at);
    }

    /** The pair that a scored sample makes, null if it makes none. */
    NearPair observe(OpenSample sample, SampleVerdict verdict) {
        Sample sent = sample.sample();
        String client = ClientNames.ofTenant(sent);
        MapSums sums = sample.sums().mapped();
        // Where the job did not compare requests while its first rows came, there are no sums.
        if (client == null || sums == null || sums.rows() < sample.sums().rows()) {
            return null;
        }
        return pairs.observe(sums, client, sent.getId(), sample.offset(), verdict.predicted());
    }

    void store(ChunkedState state) throws Exception {
        state.put(stateName(input), pairs.toBytes());
    }

    /** Removes what may lie in state, also where requests are not compared any more. */
    static void remove(ModelInput input, ChunkedState state) throws Exception {
        state.remove(stateName(input));
    }

    private static String stateName(ModelInput input) {
        return StateNames.of(STATE_PREFIX, input.pane(), input.model());
    }
}
