package io.spectrawatch.flink.monitor.attack;

import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.record.RecordSink;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.spectral.detect.attack.HeavyHitters;
import io.spectrawatch.spectral.detect.attack.TrailOptions;
import io.spectrawatch.spectral.detect.attack.TrailState;
import java.util.Collection;
import java.util.List;

/**
 * Decides pane by pane which clients search. What shards compared within the pane is added up by
 * client; only these counts go from pane to pane, in the state of the model's merge bucket and in
 * the steps that an audit begins with, and never what was compared: that would publish inputs.
 */
final class TrailWatcher {

    private static final String TRAILS = "trails/";

    private final TrailOptions options;
    private final ChunkedState state;
    private final ReplayStart start;

    TrailWatcher(TrailOptions options, ChunkedState state, ReplayStart start) {
        this.options = options;
        this.state = state;
        this.start = start;
    }

    /**
     * Where the trails stood before and after a pane; null where none are followed.
     *
     * @param before null where none were followed
     */
    record Step(TrailState before, TrailState after) {
        static final Step NOTHING = new Step(null, null);

        boolean moved() {
            return after != null && (before == null || !before.digest().equals(after.digest()));
        }
    }

    /**
     * Takes a complete pane of a model.
     *
     * @param ended whether the trails before belong to a baseline that is in force no longer
     * @param records of the pane, of {@code former} those that ends are told by
     */
    Step take(
            ModelKey model,
            Pane pane,
            Collection<ScoreSummary> scores,
            boolean ended,
            AttackRecords records,
            AttackRecords former,
            RecordSink out)
            throws Exception {
        String name = TRAILS + model.stateKey();
        byte[] stored = state.get(name);
        TrailState before = stored == null ? start.trails(model) : TrailState.fromBytes(stored);
        boolean over = ended || !options.followed();
        if (over && before != null) {
            before.standing().forEach(client -> out.send(former.trailSuperseded(client)));
        }
        if (!options.followed()) {
            state.remove(name);
            return Step.NOTHING;
        }
        TrailState going = over || before == null ? TrailState.NONE : before;
        List<HeavyHitters.Entry> clients =
                HeavyHitters.merge(
                        scores.stream().map(ScoreSummary::trails).toList(), Integer.MAX_VALUE);
        TrailState.Decision decision = going.observe(clients, options, pane.end() - pane.start());
        TrailState after = decision.state();
        decision.transitions().forEach(each -> out.send(records.of(each, after.standing().size())));
        state.put(name, after.toBytes());
        return new Step(before, after);
    }
}
