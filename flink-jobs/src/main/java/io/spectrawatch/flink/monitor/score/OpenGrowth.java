package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.monitor.config.DetectSettings;
import io.spectrawatch.flink.monitor.message.GrowthSummary;
import io.spectrawatch.flink.monitor.message.StateNames;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.spectral.gsvd.GsvdProfile;
import io.spectrawatch.spectral.gsvd.ShadowProfile;

/**
 * The shadow of the gain profile in one open pane of one model on one shard. It begins anew with
 * every pane, so one extreme request shows in its own pane alone. A pane keeps the limit it began
 * with, so that the settings may change at any start.
 */
final class OpenGrowth {

    private static final String STATE_PREFIX = "growth/";

    private final ModelInput input;
    private final int shard;
    private final ShadowProfile shadow;

    private OpenGrowth(ModelInput input, int shard, ShadowProfile shadow) {
        this.input = input;
        this.shard = shard;
        this.shadow = shadow;
    }

    /** Begins a pane; null where growth is not measured. */
    static OpenGrowth open(
            ModelInput input, int shard, GsvdProfile profile, DetectSettings settings) {
        return settings.gainPoints() == 0
                ? null
                : new OpenGrowth(input, shard, profile.shadow(settings.gainPoints()));
    }

    /** Reads a pane from state; one that state does not know begins here. */
    static OpenGrowth restore(
            ModelInput input,
            int shard,
            GsvdProfile profile,
            DetectSettings settings,
            ChunkedState state)
            throws Exception {
        byte[] bytes = state.get(stateName(input));
        if (bytes == null) {
            return open(input, shard, profile, settings);
        }
        return new OpenGrowth(
                input, shard, profile.shadow(GrowthSummary.fromBytes(bytes).shadow()));
    }

    /** Takes the image of a row. */
    void row(double norm, double[] images, int at) {
        shadow.update(norm, images, at);
    }

    GrowthSummary summary() {
        return new GrowthSummary(
                shard, input.pane(), input.model(), input.baselineId(), shadow.toBytes());
    }

    void store(ChunkedState state) throws Exception {
        state.put(stateName(input), summary().toBytes());
    }

    /** Removes what may lie in state. */
    static void remove(ModelInput input, ChunkedState state) throws Exception {
        state.remove(stateName(input));
    }

    private static String stateName(ModelInput input) {
        return StateNames.of(STATE_PREFIX, input.pane(), input.model());
    }
}
