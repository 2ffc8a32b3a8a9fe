package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ChunkedState;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.detect.AttackDecision;
import io.spectrawatch.spectral.detect.AttackOptions;
import io.spectrawatch.spectral.detect.AttackState;
import io.spectrawatch.spectral.detect.AttackTransition;
import io.spectrawatch.spectral.detect.HeavyHitters;
import io.spectrawatch.spectral.detect.PaneExceedances;
import io.spectrawatch.spectral.detect.Verdict;
import java.util.Arrays;
import java.util.Collection;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Decides pane by pane whether a model is under attack, and says what the rate limit of sample
 * alerts left out. A function of the panes alone; between them everything lies in the state of the
 * model's merge bucket.
 */
final class AttackWatcher {

    private static final String ATTACK = "attack/";

    private final AttackOptions options;
    private final ChunkedState state;

    AttackWatcher(AttackOptions options, ChunkedState state) {
        this.options = options;
        this.state = state;
    }

    /**
     * Takes a complete pane of a model; panes come in their order.
     *
     * @param scores by shard, maybe none
     */
    void take(PaneOfModel pane, SortedMap<Integer, PaneScores> scores, Consumer<Alert> out)
            throws Exception {
        summarise(pane, scores.values(), out);
        if (pane.agreed()) {
            watch(pane, scores.values(), out);
        }
    }

    private static void summarise(
            PaneOfModel pane, Collection<PaneScores> scores, Consumer<Alert> out) {
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            long found = 0;
            long shown = 0;
            long samples = 0;
            for (PaneScores each : scores) {
                found += each.found()[kind.ordinal()];
                shown += each.shown()[kind.ordinal()];
                samples += each.samples();
            }
            if (found > shown) {
                AttackRecords records =
                        new AttackRecords(pane.pane(), pane.model(), pane.baselineId());
                out.accept(records.summary(kind, found, shown, samples));
            }
        }
    }

    private void watch(PaneOfModel pane, Collection<PaneScores> scores, Consumer<Alert> out)
            throws Exception {
        String name = ATTACK + key(pane.model());
        byte[] stored = state.get(name);
        boolean limited = !scores.isEmpty() && scores.stream().allMatch(PaneScores::limited);
        if (stored == null && !limited) {
            return;
        }
        String id = pane.baselineId();
        AttackState watched;
        if (stored == null) {
            watched = AttackState.start(id, options);
        } else {
            watched = AttackState.fromBytes(stored);
            if (!watched.baselineId().equals(id)) {
                watched = superseded(watched, pane, out);
            }
        }
        if (limited) {
            AttackDecision decision = watched.observe(exceedances(scores), options);
            AttackRecords records = new AttackRecords(pane.pane(), pane.model(), id);
            for (AttackTransition each : decision.transitions()) {
                out.accept(records.of(each, watched, decision.state(), options));
            }
            watched = decision.state();
        }
        byte[] after = watched.toBytes();
        if (!Arrays.equals(stored, after)) {
            state.put(name, after);
        }
    }

    /** Ends the alerts of a former baseline; without a new one its epoch is kept for the next. */
    private AttackState superseded(AttackState watched, PaneOfModel pane, Consumer<Alert> out) {
        AttackRecords records = new AttackRecords(pane.pane(), pane.model(), watched.baselineId());
        if (watched.active()) {
            out.accept(records.superseded(null, watched));
        }
        for (String client : watched.activeClients()) {
            out.accept(records.superseded(client, watched));
        }
        String next = pane.baselineId();
        return watched.rebase(next == null ? "" : next, options);
    }

    private static PaneExceedances exceedances(Collection<PaneScores> scores) {
        long samples = 0;
        long exceedances = 0;
        for (PaneScores each : scores) {
            samples += each.samples();
            exceedances += each.exceedances();
        }
        return new PaneExceedances(
                samples,
                exceedances,
                HeavyHitters.merge(
                        scores.stream().map(PaneScores::clients).toList(), Integer.MAX_VALUE));
    }

    private static String key(ModelKey model) {
        return Topics.key(model.model(), model.version(), model.digest());
    }
}
